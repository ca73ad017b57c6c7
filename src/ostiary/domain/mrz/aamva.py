"""Reading the text of the barcode on driver's licences and identity cards of North America: AAMVA's DL/ID Card Design
Standard, annex D, in versions 1 (2000) to 10 (2020), and the forms before it that name their elements alike.

Elements are known by three letters at a line's start. The directory of subfiles and its offsets are passed over: many
issuers count wrongly, and readers write control characters in ways of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from ostiary.domain.mrz.zone import Format, PartialDate, Zone

MOST_BARCODE_CHARACTERS = 7_400
"""A PDF417 symbol holds 1,850 characters (ISO/IEC 15438), of which readers may write a control character as four."""

_HEADER = re.compile(r"@.{0,16}?(?:ANSI ?|AAMVA)([0-9]{6})([0-9]{2})[0-9]{0,4}", re.DOTALL)
"""D.12.3: compliance indicator, three separators, file type, issuer, the standard's version, the issuer's version (not
in version 1) and the number of subfiles."""
_DIRECTORY = re.compile(r"\s*(DL|ID)?[A-Z0-9 ]{0,128}?(DL|ID)?(?=D[A-D][A-Z])")
"""What stands between the header and the first element: type, offset and length of each subfile, 10 characters each,
then the type of the first once more, which some issuers leave out."""
_SEPARATORS = re.compile("[\n\r\x1c\x1d\x1e]|<(?:LF|CR|FS|GS|RS)>")
"""As they are, or by name as barcode readers show them."""
_ELEMENT = re.compile("(?:DL|ID)?(D[A-D][A-Z])(.*)")
_READ = {
    "DAQ": "number", "DCS": "surname", "DAB": "surname", "DAC": "given_names", "DCT": "given_names", "DAA": "surname",
    "DAD": "given_names", "DBB": "birth_date", "DBA": "expiration_date", "DBC": "sex", "DCG": "country", "DDE": "",
    "DDF": "", "DDG": "", "DAJ": "", "DAO": "",
}  # fmt: skip
"""The elements that are read, and of which field. Address, height, weight and the rest are not kept."""
_ABSENT = frozenset({"", "NONE", "UNAVL", "UNAVAIL"})
"""D.12.4: what stands in an element that is required and has nothing to say."""
_SEXES = {"1": "M", "2": "F", "9": "X", "M": "M", "F": "F", "X": "X"}
_COUNTRIES = {"USA": "USA", "US": "USA", "CAN": "CAN", "CA": "CAN", "MEX": "MEX", "MX": "MEX"}
_ISSUERS = {
    "CAN": (
        "604426",
        "604428",
        "604429",
        "604432",
        "604433",
        "604434",
        "636012",
        "636013",
        "636016",
        "636017",
        "636028",
        "636044",
        "636048",
    ),
    "MEX": ("636056", "636057"),
}
_AMERICAN_ISSUERS = frozenset({"604427", "604430", "604431", *(str(number) for number in range(636000, 636063))})
"""AAMVA's issuer identification numbers, those of the United States less those above. Cards before 2003 name no
country."""
_ALL_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI"
)
_ALL_PROVINCES = "AB BC MB NB NL NF NS NT NU ON PE QC PQ SK YT YK"
_STATES = {"USA": frozenset(_ALL_STATES.split()), "CAN": frozenset(_ALL_PROVINCES.split())}
"""What stands in DAJ (address) or DAO (mailing address): D.12.5.1. No abbreviation is in both."""
_NOT_KEPT = frozenset({"DAJ", "DAO"})
"""Of an address nothing is kept; it tells only whose document it is."""
_VERSION_OF_ONE_DATE_FORM = 1
"""In the first version every issuer wrote CCYYMMDD."""
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
    kind, elements = _elements(text[header.end() :])
    surname, given_names = _names(elements)
    if not (elements.get("DAQ") and surname and "DBB" in elements):
        return None
    return Zone(
        Format.AAMVA,
        tuple(name + value for name, value in elements.items() if name not in _NOT_KEPT),
        document_code=kind,
        country=_country(elements, header.group(1), int(header.group(2))),
        number=elements["DAQ"],
        surname=surname,
        given_names=given_names,
        nationality="",
        birth_date=_birth_date(elements["DBB"]),
        expiration_date=_date(elements.get("DBA", "")),
        sex=_SEXES.get(elements.get("DBC", ""), ""),
        checks={},
        names_truncated="T" in (elements.get(mark) for mark in ("DDE", "DDF", "DDG")),
        places={field: f"barcode, element {name}" for name, field in _READ.items() if field and name in elements},
    )


def _elements(text: str) -> tuple[str, Mapping[str, str]]:
    """The type of the subfile (DL, ID or nothing); element by name, the first of each, without those that say that
    there is nothing to say."""
    directory = _DIRECTORY.match(text)
    kind = (directory.group(2) or directory.group(1) or "") if directory else text[:2] * text.startswith(("DL", "ID"))
    elements: dict[str, str] = {}
    for name, value in _named(text[directory.end() if directory else 0 :]):
        if name in _READ and value.upper() not in _ABSENT:
            elements.setdefault(name, value)
    return kind, elements


def _named(text: str) -> Iterator[tuple[str, str]]:
    for line in _SEPARATORS.split(text):
        element = _ELEMENT.match(line.strip())
        if element is not None:
            printed = "".join(character if character.isprintable() else " " for character in element.group(2))
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


def _country(elements: Mapping[str, str], issuer: str, version: int) -> str:
    """As named, else the issuer's. An issuer that is not on AAMVA's list tells nothing: then the state and the form of
    dates decide, and where they tell nothing or contradict each other, nothing does."""
    if named := _COUNTRIES.get(elements.get("DCG", "").upper()):
        return named
    if issuers_own := next((country for country, numbers in _ISSUERS.items() if issuer in numbers), ""):
        return issuers_own
    if issuer in _AMERICAN_ISSUERS:
        return "USA"
    signs = {_country_of_state(elements), _country_of_dates(elements["DBB"], version)} - {""}
    return signs.pop() if len(signs) == 1 else ""


def _country_of_state(elements: Mapping[str, str]) -> str:
    state = (elements.get("DAJ") or elements.get("DAO", "")).upper()
    return next((country for country, states in _STATES.items() if state in states), "")


def _country_of_dates(text: str, version: int) -> str:
    """The United States write MMDDCCYY, Canada CCYYMMDD; in the first version all wrote as Canada does."""
    if _date(text) is None:
        return ""
    if int(text[:4]) < _FIRST_YEAR:
        return "USA"
    return "" if version <= _VERSION_OF_ONE_DATE_FORM else "CAN"


def _birth_date(text: str) -> PartialDate:
    day = _date(text)
    return PartialDate(day.year, day.month, day.day) if day else _UNKNOWN


def _date(text: str) -> date | None:
    """MMDDCCYY (United States) or CCYYMMDD (Canada, and version 1 everywhere). No text is a date in both: what is a
    year from 1900 to 2199 has no month to begin with."""
    if not re.fullmatch("[0-9]{8}", text):
        return None
    for year, month, day in ((text[:4], text[4:6], text[6:]), (text[4:], text[:2], text[2:4])):
        whole = PartialDate(int(year), int(month), int(day)).whole
        if whole is not None and _FIRST_YEAR <= whole.year <= _LAST_YEAR:
            return whole
    return None
