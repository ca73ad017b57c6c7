"""Reading the text of the barcode on driver's licences and identity cards of North America: AAMVA's DL/ID Card Design
Standard, annex D, in versions 1 (2000) to 10 (2020), and the forms before it that name their elements alike.

Elements are known by three letters at a line's start. The directory of subfiles and its offsets are passed over: many
issuers count wrongly, and readers write control characters in ways of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from ostiary.domain.machine_readable.zone import Format, PartialDate, Zone

MOST_BARCODE_CHARACTERS = 7_400
"""A PDF417 symbol holds 1,850 characters (ISO/IEC 15438), of which readers may write a control character as four."""

_HEADER = re.compile(
    r"@.{0,16}?(?:ANSI ?|AAMVA)([0-9]{6})[0-9]{2,6}(?:[A-Z0-9]{0,128}?(DL|ID)(?=D[A-D][A-Z]))?", re.DOTALL
)
"""D.12.3: compliance indicator, three separators, file type, issuer, versions and number of subfiles; then the
directory of subfiles, 10 characters each, and the type with which the first subfile begins."""
_SEPARATORS = re.compile("[\n\r\x1c\x1d\x1e]|<(?:LF|CR|FS|GS|RS)>")
"""As they are, or by name as barcode readers show them."""
_ELEMENT = re.compile("(?:DL|ID)?(D[A-D][A-Z])(.*)")
_READ = {
    "DAQ": "number", "DCS": "surname", "DAB": "surname", "DAC": "given_names", "DCT": "given_names", "DAA": "surname",
    "DAD": "given_names", "DBB": "birth_date", "DBA": "expiration_date", "DBC": "sex", "DCG": "country", "DDE": "",
    "DDF": "", "DDG": "",
}  # fmt: skip
"""The elements that are read, and of which field. Address, height, weight and the rest are not kept."""
_ABSENT = frozenset({"", "NONE", "UNAVL", "UNAVAIL"})
"""D.12.4: what stands in an element that is required and has nothing to say."""
_SEXES = {"1": "M", "2": "F", "9": "X", "M": "M", "F": "F", "X": "X"}
_COUNTRIES = {"USA": "USA", "US": "USA", "CAN": "CAN", "CA": "CAN", "MEX": "MEX", "MX": "MEX"}
_ISSUERS = {
    "CAN": (
        "604426", "604428", "604429", "604432", "604433", "604434", "636012", "636013", "636016", "636017", "636028",
        "636044", "636048",
    ),
    "MEX": ("636056", "636057"),
}  # fmt: skip
"""AAMVA's issuer identification numbers; all others are of the United States. Cards before 2003 name no country."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_UNKNOWN = PartialDate(None, None, None)


def parse_aamva(text: str) -> Zone | None:
    """What a barcode says, or None for a text that is none of AAMVA's, or lacks the number, the surname or the birth
    date. Never raises for what it holds. The zone's `lines` are the elements that were read."""
    if len(text) > MOST_BARCODE_CHARACTERS:
        return None
    header = _HEADER.search(text)
    if header is None:
        return None
    elements = _elements(text[header.end() :])
    surname, given_names = _names(elements)
    if not (elements.get("DAQ") and surname and "DBB" in elements):
        return None
    return Zone(
        Format.AAMVA,
        tuple(name + value for name, value in elements.items()),
        document_code=header.group(2) or "",
        country=_country(elements, header.group(1)),
        number=elements["DAQ"],
        surname=surname,
        given_names=given_names,
        nationality="",
        birth_date=_birth_date(elements["DBB"]),
        expiration_date=_date(elements.get("DBA", "")),
        sex=_SEXES.get(elements.get("DBC", ""), ""),
        checks={},
        names_truncated="T" in (elements.get(one) for one in ("DDE", "DDF", "DDG")),
        places={field: f"barcode, element {name}" for name, field in _READ.items() if field and name in elements},
    )


def _elements(text: str) -> Mapping[str, str]:
    """Element by name, the first of each, without those that say that there is nothing to say."""
    found: dict[str, str] = {}
    for name, value in _named(text):
        if name in _READ and value.upper() not in _ABSENT:
            found.setdefault(name, value)
    return found


def _named(text: str) -> Iterator[tuple[str, str]]:
    for line in _SEPARATORS.split(text):
        element = _ELEMENT.match(line.strip())
        if element is not None:
            printed = "".join(one if one.isprintable() else " " for one in element.group(2))
            yield element.group(1), " ".join(printed.split())


def _names(elements: Mapping[str, str]) -> tuple[str, str]:
    """Surname and given names, from whichever elements a version has: DCS or DAB; DAC with DAD, or DCT; or all in DAA,
    as `DOE,JANE,ANN,JR`, of which the suffix is left out."""
    surname = elements.get("DCS") or elements.get("DAB", "")
    given_names = elements.get("DCT", "")
    if "DAC" in elements:
        given_names = f"{elements['DAC']} {elements.get('DAD', '')}"
    if not surname:
        surname, *others = elements.get("DAA", "").split(",")
        given_names = given_names or " ".join(others[:2])
    return _plain(surname), _plain(given_names)


def _plain(name: str) -> str:
    return " ".join(name.replace(",", " ").split())


def _country(elements: Mapping[str, str], issuer: str) -> str:
    named = _COUNTRIES.get(elements.get("DCG", "").upper())
    return named or next((country for country, numbers in _ISSUERS.items() if issuer in numbers), "USA")


def _birth_date(text: str) -> PartialDate:
    day = _date(text)
    return PartialDate(day.year, day.month, day.day) if day else _UNKNOWN


def _date(text: str) -> date | None:
    """MMDDCCYY (United States) or CCYYMMDD (Canada, and version 1 everywhere). No text is a date in both: what is a
    year from 1900 to 2199 has no month to begin with."""
    if not re.fullmatch("[0-9]{8}", text):
        return None
    for year, month, day in ((text[:4], text[4:6], text[6:]), (text[4:], text[:2], text[2:4])):
        found = PartialDate(int(year), int(month), int(day)).whole
        if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR:
            return found
    return None
