"""What groups of a chip say: the zone in DG1, names and dates in DG11, the day of issue in DG12, the key in DG15.

ICAO Doc 9303 part 10, 4.7.1, 4.7.11, 4.7.12, 4.7.15. Portraits (DG2) are hashed, and not looked into.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ostiary.adapters.chip.keys import PublicKey, read_key
from ostiary.adapters.chip.tlv import Element, Malformed, element, elements
from ostiary.domain.mrz.parsing import parse
from ostiary.domain.mrz.zone import PartialDate, Zone

_DG1, _DG11, _DG12, _DG15 = 0x61, 0x6B, 0x6C, 0x6F
_ZONE, _FULL_NAME, _FULL_BIRTH_DATE, _ISSUE_DATE = 0x5F1F, 0x5F0E, 0x5F2B, 0x5F26
_LINE_LENGTHS = {88: 44, 72: 36, 90: 30}
"""Characters of a zone, and of each of its lines: TD3, TD2, TD1."""


@dataclass(frozen=True, slots=True)
class PersonalDetails:
    """DG11: the whole name (`surname  given names`, as written) and the whole date of birth, as far as it has them."""

    full_name: str = field(default="", repr=False)
    birth_date: PartialDate | None = field(default=None, repr=False)


def zone_of(content: bytes, today: date) -> Zone:
    """DG1's zone. Raises Malformed when there is none, or none of a known form."""
    text = element(element(content, _DG1).value, _ZONE).value.decode("ascii", "replace")
    length = _LINE_LENGTHS.get(len(text))
    if length is None:
        raise Malformed(f"a zone of {len(text)} characters")
    zone = parse([text[at : at + length] for at in range(0, len(text), length)], today)
    if zone is None:
        raise Malformed("a zone of no known form")
    return zone


def personal_details(content: bytes) -> PersonalDetails:
    """DG11. Raises Malformed."""
    items = {each.tag: each for each in elements(element(content, _DG11).value)}
    name = items[_FULL_NAME].value.decode("utf-8", "replace") if _FULL_NAME in items else ""
    surname, _, given = name.partition("<<")
    words = "  ".join(" ".join(part.replace("<", " ").split()) for part in (surname, given) if part.strip("< "))
    return PersonalDetails(words, _partial(_figures(items[_FULL_BIRTH_DATE])) if _FULL_BIRTH_DATE in items else None)


def issue_date(content: bytes) -> date | None:
    """DG12's, or None where it has none. Raises Malformed."""
    items = {each.tag: each for each in elements(element(content, _DG12).value)}
    return _partial(_figures(items[_ISSUE_DATE])).whole if _ISSUE_DATE in items else None


def answering_key(content: bytes) -> PublicKey:
    """DG15's: what a chip proves with that it is no copy. Raises Malformed, or UnsupportedForm."""
    return read_key(element(content, _DG15).value)


def _figures(item: Element) -> str:
    """YYYYMMDD, as text, or as four bytes of two figures each (first editions of part 10)."""
    return item.value.hex() if len(item.value) == 4 else item.value.decode("ascii", "replace")


def _partial(text: str) -> PartialDate:
    """A date of which noughts or anything but figures are unknown parts."""
    year, month, day = (
        int(part) or None if part.isascii() and part.isdecimal() else None for part in (text[:4], text[4:6], text[6:8])
    )
    return PartialDate(year, month, day) if len(text) == 8 else PartialDate(None, None, None)
