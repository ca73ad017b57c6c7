"""Composing the machine-readable lines of travel documents: ICAO Doc 9303, parts 3 (rules), 4 (TD3) and 5 (TD1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ostiary.domain.mrz.check_digits import FILLER, check_digit
from ostiary.domain.names.letters import spellings

__all__ = ["FILLER", "MOST_NUMBER_CHARACTERS", "Holder", "card_lines", "check_digit", "passport_lines"]

MOST_NUMBER_CHARACTERS = 9
"""Positions for the document's number in TD3 and, without the overflow rule, TD1."""
_PRINTED_OTHERWISE = {"DEU": "D", "XKX": "RKS"}
"""Doc 9303 part 3, section 5 A: countries whose code in a zone is not ISO's."""


@dataclass(frozen=True, slots=True)
class Holder:
    """What the lines say. `country` is ISO 3166-1 alpha-3, UTO for Utopia, or another code of Doc 9303."""

    number: str
    surname: str
    given_names: str
    country: str
    birth_date: date
    expiration_date: date
    sex: str  # F, M or X


def passport_lines(holder: Holder) -> tuple[str, str]:
    """TD3: two lines of 44 characters."""
    number, birth, expiry = _number(holder), _checked(_date(holder.birth_date)), _checked(_date(holder.expiration_date))
    personal = FILLER * 15  # personal number and its check digit: none
    composite = check_digit(number + birth + expiry + personal)
    first = _filled(f"P<{_country(holder)}{_names(holder, 39)}", 44)
    return first, f"{number}{_country(holder)}{birth}{_sex(holder)}{expiry}{personal}{composite}"


def card_lines(holder: Holder) -> tuple[str, str, str]:
    """TD1: three lines of 30 characters."""
    number, birth, expiry = _number(holder), _checked(_date(holder.birth_date)), _checked(_date(holder.expiration_date))
    first = _filled(f"I<{_country(holder)}{number}", 30)
    composite = check_digit(first[5:] + birth + expiry + FILLER * 11)
    second = f"{birth}{_sex(holder)}{expiry}{_country(holder)}{FILLER * 11}{composite}"
    return first, second, _names(holder, 30)


def _checked(text: str) -> str:
    return text + check_digit(text)


def _filled(text: str, length: int) -> str:
    return text[:length].ljust(length, FILLER)


def _number(holder: Holder) -> str:
    number = re.sub("[^0-9A-Z]", "", holder.number.upper())
    if not 1 <= len(number) <= MOST_NUMBER_CHARACTERS:
        raise ValueError(f"a number of 1 to {MOST_NUMBER_CHARACTERS} letters and digits fits the lines: {number!r}")
    return _checked(_filled(number, MOST_NUMBER_CHARACTERS))


def _country(holder: Holder) -> str:
    return _filled(_PRINTED_OTHERWISE.get(holder.country, holder.country), 3)


def _date(day: date) -> str:
    return day.strftime("%y%m%d")


def _sex(holder: Holder) -> str:
    return holder.sex if holder.sex in ("F", "M") else FILLER


def _names(holder: Holder, length: int) -> str:
    return _filled(f"{_letters(holder.surname)}<<{_letters(holder.given_names)}", length)


def _letters(name: str) -> str:
    """The usual spelling; nothing of a name in letters that have none."""
    return next(iter(spellings(name)), "").replace(" ", FILLER)
