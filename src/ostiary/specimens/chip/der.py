"""Writing DER (ITU-T X.690): what certificates, signed data and a chip's files are made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ostiary.adapters.chip.tlv import (
    BIT_STRING,
    BOOLEAN,
    GENERALIZED_TIME,
    INTEGER,
    NULL,
    OCTET_STRING,
    OID,
    SEQUENCE,
    SET,
    UTC_TIME,
    encoded,
)

PRINTABLE, UTF8 = 0x13, 0x0C
_LAST_UTC_YEAR = 2049


def sequence(*parts: bytes) -> bytes:
    return encoded(SEQUENCE, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """In the order of DER."""
    return encoded(SET, b"".join(sorted(parts)))


def tagged(number: int, value: bytes, *, is_primitive: bool = False) -> bytes:
    """`[number]` around a value, or in its place."""
    return encoded((0x80 if is_primitive else 0xA0) | number, value)


def integer(value: int) -> bytes:
    return encoded(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def boolean(value: bool) -> bytes:
    return encoded(BOOLEAN, b"\xff" if value else b"\0")


def octets(value: bytes) -> bytes:
    return encoded(OCTET_STRING, value)


def bit_string(value: bytes, unused: int = 0) -> bytes:
    return encoded(BIT_STRING, bytes([unused]) + value)


def null() -> bytes:
    return encoded(NULL, b"")


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    return encoded(OID, b"".join(_base_128(arc) for arc in (40 * first + second, *rest)))


def _base_128(arc: int) -> bytes:
    figures = [arc & 0x7F]
    while arc := arc >> 7:
        figures.append(arc & 0x7F | 0x80)
    return bytes(reversed(figures))


def text(value: str, tag: int = UTF8) -> bytes:
    return encoded(tag, value.encode())


def moment(value: datetime) -> bytes:
    """As RFC 5280 has it: two figures of a year until 2049, four from then on."""
    if value.year <= _LAST_UTC_YEAR:
        return encoded(UTC_TIME, f"{value:%y%m%d%H%M%SZ}".encode())
    return generalized(value)


def generalized(value: datetime) -> bytes:
    return encoded(GENERALIZED_TIME, f"{value:%Y%m%d%H%M%SZ}".encode())


def name(parts: Iterable[tuple[str, str]], tag: int = UTF8) -> bytes:
    """A name of object identifiers and texts; countries are PrintableString, as they have to be."""
    groups = (
        encoded(SET, sequence(oid(kind), text(value, PRINTABLE if kind == "2.5.4.6" else tag))) for kind, value in parts
    )
    return sequence(*groups)
