"""Composing what machines read on cards, visas and licences: ICAO Doc 9303 parts 6 (TD2) and 7 (visas), the French
identity card of 1988 to 2021, and the barcode of AAMVA's DL/ID Card Design Standard, annex D. For specimens.

Passports and TD1 cards are in `zone_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from ostiary.domain.mrz.zone import Format
from ostiary.domain.names.letters import spellings
from ostiary.specimens.zone_lines import FILLER, Holder, check_digit, passport_lines

MOST_FRENCH_NUMBER_CHARACTERS = 12
"""Year and month of issue, department, and a serial number fill the place exactly."""
MOST_LICENCE_NUMBER_CHARACTERS = 25
"""AAMVA D.12.5, element DAQ."""
ISSUER_OF_NOBODY = "000000"
"""AAMVA gives no such issuer identification number, so no specimen names one of its jurisdictions."""

_VISA_LENGTHS: Mapping[Format, int] = {Format.MRV_A: 44, Format.MRV_B: 36}
_TD2_LENGTH = 36
_COMMON_LENGTH = 28
"""To the check digit of the expiration date, the second line of every form of two lines is the same."""
_FRENCH_SURNAME, _FRENCH_GIVEN_NAMES, _FRENCH_OFFICE = 25, 14, "075001"
_LICENCE_SEXES: Mapping[str, str] = {"M": "1", "F": "2"}
_LICENCE_DATES: Mapping[str, str] = {"USA": "%m%d%Y", "CAN": "%Y%m%d"}
_VERSION, _NO_VERSION, _SUBFILES = "10", "00", "01"


def td2_lines(holder: Holder) -> tuple[str, str]:
    """TD2: two lines of 36 characters. ValueError for a number of other than 1 to 9 letters and digits."""
    first, second = passport_lines(holder)
    body = second[:_COMMON_LENGTH].ljust(_TD2_LENGTH - 1, FILLER)
    composite = check_digit(body[:10] + body[13:20] + body[21:])
    return f"I{FILLER}{first[2:_TD2_LENGTH]}", body + composite


def visa_lines(holder: Holder, form: Format = Format.MRV_A) -> tuple[str, str]:
    """MRV-A or MRV-B: two lines of 44 or 36 characters, without a composite digit (part 7, 4.2.2). ValueError for a
    number of other than 1 to 9 letters and digits, and for another form."""
    if form not in _VISA_LENGTHS:
        raise ValueError(f"{form} is no form of a visa")
    length = _VISA_LENGTHS[form]
    first, second = passport_lines(holder)
    return f"V{FILLER}{first[2:length]}", second[:_COMMON_LENGTH].ljust(length, FILLER)


def french_lines(holder: Holder) -> tuple[str, str]:
    """The French card: two lines of 36 characters. ValueError for another country, and for a number of other than 1
    to 12 letters and digits."""
    if holder.country != "FRA":
        raise ValueError("the French identity card is issued by FRA only")
    first = f"IDFRA{_filled(_spelled(holder.surname), _FRENCH_SURNAME)}{_FRENCH_OFFICE}"
    number = _filled(_numbered(holder.number, MOST_FRENCH_NUMBER_CHARACTERS), MOST_FRENCH_NUMBER_CHARACTERS)
    given_names = _filled(_spelled(holder.given_names).replace(FILLER, FILLER * 2), _FRENCH_GIVEN_NAMES)
    birth_date = f"{holder.birth_date:%y%m%d}"
    sex = holder.sex if holder.sex in ("F", "M") else FILLER
    second = f"{number}{check_digit(number)}{given_names}{birth_date}{check_digit(birth_date)}{sex}"
    return first, second + check_digit(first + second)


def aamva_text(holder: Holder) -> str:
    """What the barcode of a licence says, in version 10 of the standard. ValueError for another country than USA and
    CAN, and for a number of other than 1 to 25 letters and digits."""
    if holder.country not in _LICENCE_DATES:
        raise ValueError(f"a licence with AAMVA's barcode is issued by one of {', '.join(_LICENCE_DATES)}")
    subfile = "DL" + "\n".join(name + value for name, value in _elements(holder).items()) + "\r"
    header = f"@\n\x1e\rANSI {ISSUER_OF_NOBODY}{_VERSION}{_NO_VERSION}{_SUBFILES}"
    offset = len(header) + len("DLoooollll")  # the one designator of the directory: type, offset and length
    return f"{header}DL{offset:04d}{len(subfile):04d}{subfile}"


def _elements(holder: Holder) -> dict[str, str]:
    """The elements that D.12.5 wants on every licence, which say nothing about a real place."""
    pattern = _LICENCE_DATES[holder.country]
    first, _, middle = _spelled(holder.given_names).partition(FILLER)
    return {
        "DAQ": _numbered(holder.number, MOST_LICENCE_NUMBER_CHARACTERS),
        "DCS": _spelled(holder.surname).replace(FILLER, " "),
        "DDE": "N",
        "DAC": first,
        "DDF": "N",
        "DAD": middle.replace(FILLER, " ") or "NONE",
        "DDG": "N",
        "DCA": "C",
        "DCB": "NONE",
        "DCD": "NONE",
        "DBD": _years_before(holder.expiration_date).strftime(pattern),
        "DBB": holder.birth_date.strftime(pattern),
        "DBA": holder.expiration_date.strftime(pattern),
        "DBC": _LICENCE_SEXES.get(holder.sex, "9"),
        "DAU": "170 cm",
        "DAY": "UNK",
        "DAG": "1 HYTHLODAY STREET",
        "DAI": "AMAUROT",
        "DAJ": "XX",
        "DAK": "000000000  ",
        "DCF": "SPECIMEN",
        "DCG": holder.country,
    }


def _years_before(day: date) -> date:
    """Ten years earlier, on the first of the month, which every year has."""
    return day.replace(year=day.year - 10, day=1)


def _spelled(name: str) -> str:
    """The usual spelling, words parted by a filler; nothing of a name in letters that have none."""
    return next(iter(spellings(name)), "").replace(" ", FILLER)


def _numbered(number: str, most: int) -> str:
    symbols = re.sub("[^0-9A-Z]", "", number.upper())
    if not 1 <= len(symbols) <= most:
        raise ValueError(f"a number of 1 to {most} letters and digits fits")
    return symbols


def _filled(text: str, length: int) -> str:
    return text[:length].ljust(length, FILLER)
