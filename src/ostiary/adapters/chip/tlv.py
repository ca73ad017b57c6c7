"""Tag, length, value: the form of a chip's files (ISO/IEC 7816-4), and of certificates and signed data (ITU-T X.690).

Only what is signed has to be DER, and is taken as the bytes that came. Around it some states use BER's lengths without
an end (New Zealand), and texts in pieces. Whatever is wrong is one kind of error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

INTEGER, BIT_STRING, OCTET_STRING, NULL, OID, SEQUENCE, SET = 0x02, 0x03, 0x04, 0x05, 0x06, 0x30, 0x31
BOOLEAN, UTC_TIME, GENERALIZED_TIME = 0x01, 0x17, 0x18
CONSTRUCTED_OCTETS = 0x24
_HAS_MEMBERS = 0x20
DEPTH_MOST = 16
"""Of elements without a length within each other; signed data has six levels."""
_LENGTH_BYTES_MOST = 4
"""Four billion bytes: whatever says more is refused long before."""
_OID_BYTES_MOST = 64
_LAST_CENTURY = "50"
"""Two figures of a year from here on are of the 1900s (RFC 5280, 4.1.2.5.1)."""


class Malformed(ValueError):
    """Bytes are not of the form that they should have; the message says which."""


@dataclass(frozen=True, slots=True)
class Element:
    """One value with its tag (all its bytes as a number, as 0x5F1F), and the bytes of both as they came."""

    tag: int
    value: bytes
    encoded: bytes


def element(data: bytes, tag: int | None = None) -> Element:
    """The first element; bytes behind it are left out. Raises Malformed for another tag than wanted."""
    first, _ = _next(data, 0)
    if tag is not None and first.tag != tag:
        raise Malformed(f"tag {tag:X} is wanted, and there is {first.tag:X}")
    return first


def whole(data: bytes, tag: int | None = None) -> Element:
    """The only element. Raises Malformed when anything follows it."""
    only = element(data, tag)
    if len(only.encoded) != len(data):
        raise Malformed(f"{len(data) - len(only.encoded)} bytes follow what is there")
    return only


def elements(data: bytes) -> Iterator[Element]:
    """One after the other, to the last byte."""
    at = 0
    while at < len(data):
        each, at = _next(data, at)
        yield each


def members(data: bytes, tag: int = SEQUENCE) -> list[Element]:
    """What stands in a sequence that is all there is."""
    return list(elements(whole(data, tag).value))


def number(item: Element) -> int:
    """An INTEGER, which may be negative."""
    if item.tag != INTEGER or not item.value:
        raise Malformed("a number is wanted")
    return int.from_bytes(item.value, "big", signed=True)


def identifier(item: Element) -> str:
    """An OBJECT IDENTIFIER, with dots."""
    if item.tag != OID or not 0 < len(item.value) <= _OID_BYTES_MOST or item.value[-1] & 0x80:
        raise Malformed("an object identifier is wanted")
    arcs, arc = list[int](), 0
    for byte in item.value:
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def bits(item: Element) -> bytes:
    """A BIT STRING of whole bytes."""
    if item.tag != BIT_STRING or not item.value or item.value[0]:
        raise Malformed("bits in whole bytes are wanted")
    return item.value[1:]


def octets(item: Element, depth: int = 0) -> bytes:
    """An OCTET STRING, whole or in pieces."""
    if item.tag == OCTET_STRING:
        return item.value
    if item.tag != CONSTRUCTED_OCTETS or depth >= DEPTH_MOST:
        raise Malformed("octets are wanted")
    return b"".join(octets(piece, depth + 1) for piece in elements(item.value))


def moment(item: Element) -> datetime:
    """A UTCTime or GeneralizedTime, in UTC (RFC 5280, 4.1.2.5; some leave the seconds out)."""
    if item.tag not in (UTC_TIME, GENERALIZED_TIME):
        raise Malformed("a time is wanted")
    text = item.value.decode("ascii", "replace")
    if item.tag == UTC_TIME:
        text = ("19" if text[:2] >= _LAST_CENTURY else "20") + text
    for form in ("%Y%m%d%H%M%SZ", "%Y%m%d%H%MZ", "%Y%m%d%H%M%S%z"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC) if "z" not in form else _in_utc(text, form)
        except ValueError:
            continue
    raise Malformed("a time that is none")


def _in_utc(text: str, form: str) -> datetime:
    return datetime.strptime(text, form).astimezone(UTC)


def encoded(tag: int, value: bytes) -> bytes:
    """As DER; a tag of one or two bytes."""
    size = len(value)
    if size < 0x80:
        length = bytes([size])
    else:
        figures = size.to_bytes((size.bit_length() + 7) // 8, "big")
        length = bytes([0x80 | len(figures)]) + figures
    return tag.to_bytes(2 if tag > 0xFF else 1, "big") + length + value


def _next(data: bytes, start: int, depth: int = 0) -> tuple[Element, int]:
    try:
        tag, at = _tag(data, start)
        length, at = _length(data, at)
    except IndexError:
        raise Malformed("the end comes within a tag or a length") from None
    if length is None:
        return _without_length(data, start, at, depth)
    end = at + length
    if end > len(data):
        raise Malformed(f"{end - len(data)} bytes are missing at the end")
    return Element(tag, data[at:end], data[start:end]), end


def _without_length(data: bytes, start: int, at: int, depth: int) -> tuple[Element, int]:
    """What goes on until an element of two noughts (BER): only what has members may."""
    if not data[start] & _HAS_MEMBERS or depth >= DEPTH_MOST:
        raise Malformed("a length without an end where there can be none")
    end = at
    while data[end : end + 2] != b"\0\0":
        _, end = _next(data, end, depth + 1)
    tag, _ = _tag(data, start)
    return Element(tag, data[at:end], data[start : end + 2]), end + 2


def _tag(data: bytes, at: int) -> tuple[int, int]:
    tag, at = data[at], at + 1
    if tag & 0x1F == 0x1F:  # the number goes on in one more byte; files of chips use no longer ones
        if data[at] & 0x80:
            raise Malformed("a tag of more than two bytes")
        tag, at = tag << 8 | data[at], at + 1
    return tag, at


def _length(data: bytes, at: int) -> tuple[int | None, int]:
    length, at = data[at], at + 1
    if length < 0x80:
        return length, at
    count = length & 0x7F
    if count > _LENGTH_BYTES_MOST:
        raise Malformed("a length of more than four bytes")
    if at + count > len(data):
        raise IndexError
    return int.from_bytes(data[at : at + count], "big") if count else None, at + count
