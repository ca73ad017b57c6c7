"""2D-Doc, the seal on French bills and tax notices: a barcode that holds what the paper says, signed by who issued it.

France Titres (ANTS), technical specification of 2D-Doc, in the form of text (C40): a header of fixed length, fields one
behind the other, a separator, and the signature in base 32. What follows the signature is not signed, and is dropped.
Who signed is two names of four signs: of the authority, and of its certificate.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from ostiary.domain.seals.field_lengths import FIXED, LONGEST

SEAL_FORM = "2D-DOC"
"""What a reader is asked for, as it is for a zone or a barcode by its form."""
MOST_SEAL_CHARACTERS = 3_116
"""As many figures as a DataMatrix holds (ISO/IEC 16022); real seals have 200 to 600 signs."""
MOST_SIGNATURE_BYTES = 132
"""Of a curve of 521 bits, the longest that the specification has."""
LEAST_VERSION, MOST_VERSION = 2, 4
TEXT_PERIMETER = "01"
"""The perimeter whose fields are known here: that of France Titres."""
_FIELDS_END, _CUT, _SIGNATURE = "\x1d", "\x1e", "\x1f"
_SEPARATORS = (_FIELDS_END, _CUT)
_WITHOUT_SEPARATORS = str.maketrans("", "", "".join(_SEPARATORS))
_EPOCH, _NO_DATE = date(2000, 1, 1), "FFFF"
_HEADER_SIGNS = {2: 22, 3: 24, 4: 26}
_HEX = frozenset("0123456789ABCDEF")


class SealMalformed(ValueError):
    """No seal of a version that is known; the message says why."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal as it was read. `issued` is the document's day, where its kind has one. `cut` names the fields that did
    not fit in whole; `unknown` is the first field that is not known here: what comes behind it cannot be told apart."""

    version: int
    authority: str
    certificate: str
    issued: date | None
    signed_on: date
    kind: str
    perimeter: str
    fields: Mapping[str, str] = field(repr=False)
    cut: frozenset[str]
    unknown: str
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def value(self, name: str) -> str:
        """Of a field; nothing where it is not there."""
        return self.fields.get(name, "")


def looks_like_seal(text: str) -> bool:
    """Whether a barcode's text begins as a seal does."""
    return text.startswith("DC") and text[2:4].isdecimal() and _SIGNATURE in text


def parse_seal(text: str) -> Seal:
    """Raises SealMalformed."""
    if len(text) > MOST_SEAL_CHARACTERS:
        raise SealMalformed(f"a seal has at most {MOST_SEAL_CHARACTERS:,} signs")
    if not text.isascii() or not looks_like_seal(text):
        raise SealMalformed("it does not begin as a 2D-Doc does, or has no signature")
    version = int(text[2:4])
    if not LEAST_VERSION <= version <= MOST_VERSION:
        raise SealMalformed(f"version {version}; {LEAST_VERSION} to {MOST_VERSION} are known")
    signed, _, behind = text.partition(_SIGNATURE)
    if not signed.translate(_WITHOUT_SEPARATORS).isprintable():
        raise SealMalformed("it has signs that nobody prints")
    length = _HEADER_SIGNS[version]
    if len(signed) < length:
        raise SealMalformed("its header is cut short")
    header = signed[:length]
    signed_on = _day(header[16:20])
    if signed_on is None:
        raise SealMalformed("it does not say when it was signed")
    fields, cut, unknown = _fields(signed[length:])
    return Seal(
        version=version,
        authority=header[4:8],
        certificate=header[8:12],
        issued=_day(header[12:16]),
        signed_on=signed_on,
        kind=header[20:22],
        perimeter=header[22:24] or TEXT_PERIMETER,
        fields=fields,
        cut=cut,
        unknown=unknown,
        signed=signed.encode(),
        signature=_signature(behind),
    )


def _day(signs: str) -> date | None:
    """Days since the year 2000, in four hexadecimal figures."""
    if signs == _NO_DATE:
        return None
    if not _HEX.issuperset(signs):
        raise SealMalformed("a date in its header is none")
    return _EPOCH + timedelta(days=int(signs, 16))


def _signature(behind: str) -> bytes:
    text = behind.partition(_FIELDS_END)[0].partition(_CUT)[0]
    try:
        signature = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error:
        raise SealMalformed("its signature is not written in base 32") from None
    if not signature or len(signature) % 2 or len(signature) > MOST_SIGNATURE_BYTES:
        raise SealMalformed("its signature is not two numbers of one length")
    return signature


def _fields(message: str) -> tuple[dict[str, str], frozenset[str], str]:
    """By their names; which of them are cut; and the first that is not known."""
    fields, cut, at = dict[str, str](), set[str](), 0
    while at < len(message):
        name = message[at : at + 2]
        if name not in FIXED and name not in LONGEST:
            return fields, frozenset(cut), name
        if name in fields:
            raise SealMalformed(f"the field {name} twice")
        value, at, is_cut = _value(message, at + 2, name)
        fields[name] = value
        if is_cut:
            cut.add(name)
    return fields, frozenset(cut), ""


def _value(message: str, at: int, name: str) -> tuple[str, int, bool]:
    """A field's value, where the next begins, and whether it is cut. One that is as long as it can be needs no
    separator behind it, and may have one."""
    longest = FIXED.get(name) or LONGEST[name] or len(message)
    end = min(_ends(message, at), default=len(message))
    if end - at > longest:
        end = at + longest
    value = message[at:end]
    if name in FIXED and value and len(value) != longest:
        raise SealMalformed(f"the field {name} is not as long as it always is")
    has_separator = message[end : end + 1] in _SEPARATORS and end < len(message)
    return value, end + has_separator, has_separator and message[end] == _CUT


def _ends(message: str, at: int) -> Iterator[int]:
    return (end for sign in _SEPARATORS if (end := message.find(sign, at)) >= 0)
