"""Rules for persons' tax ids where python-stdnum's are older than the law, or narrower than what is printed.

Each takes the number in capitals without separators, and says whether a person may have it. Where the law is in motion,
or a registry gave up its check digit, only the form is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

Rule = Callable[[str], bool]


def form(pattern: str) -> Rule:
    """Whether a number has a form, and no more: for registries that publish no check digit, or dropped it."""
    compiled = re.compile(pattern, re.ASCII)
    return lambda number: compiled.fullmatch(number) is not None


def argentina(number: str) -> bool:
    """CUIL and CUIT of persons begin with 20 and 23 to 27 (ARCA, ANSES); the library knows neither 25 nor 26."""
    if not re.fullmatch(r"2[56]\d{9}", number, re.ASCII):
        return False
    return "012345678990"[11 - _weighed(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11] == number[-1]


def austria(number: str) -> bool:
    """Nine digits, the last by Luhn (BMF). Which offices may stand in front changes: they were merged on 1 January
    2021."""
    return bool(re.fullmatch(r"\d{9}", number, re.ASCII)) and _luhn(number)


def belgium(number: str) -> bool:
    """Numbers of the national register and bis numbers: 97 less the remainder of the first nine digits, with a 2 before
    them for who was born since 2000. The month goes up by 20 or 40 in bis numbers, and where a day has run out."""
    if not re.fullmatch(r"\d{11}", number, re.ASCII):
        return False
    return any(97 - int(century + number[:9]) % 97 == int(number[9:]) for century in ("", "2"))


def canada(number: str) -> bool:
    """A first digit 0 is assigned by the tax agency: individual and temporary tax numbers (CRA, T1261)."""
    return bool(re.fullmatch(r"0\d{8}", number, re.ASCII)) and _luhn(number)


def chile(number: str) -> bool:
    """The oldest RUN have six digits before the check digit. 55.555.555-5 and 66.666.666-6 stand for nobody (SII)."""
    if number in ("555555555", "666666666") or not re.fullmatch(r"\d{6,8}[\dK]", number, re.ASCII):
        return False
    weighed = sum(int(digit) * (2 + at % 6) for at, digit in enumerate(reversed(number[:-1])))
    return "0K987654321"[weighed % 11] == number[-1]


def china(number: str) -> bool:
    """Eighteen characters after GB 11643: identity cards of any county there was, residence permits of 2018 (81 to 83)
    and permanent residence cards of December 2023 (9, province, nationality)."""
    if not re.fullmatch(r"(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9\d)\d{15}[\dX]", number, re.ASCII):
        return False
    return _is_date(number[6:14]) and "10X98765432"[_polynomial(number[:-1])] == number[-1]


def el_salvador(number: str) -> bool:
    """The DUI is the NIT of adults (decree 203 of 2021): eight digits and a check digit."""
    if not re.fullmatch(r"\d{9}", number, re.ASCII):
        return False
    return (10 - _weighed(number, tuple(range(9, 1, -1))) % 10) % 10 == int(number[-1])


def guatemala(number: str) -> bool:
    """The CUI is the NIT of persons since 17 March 2025 (SAT-DSI-393-2025): the ninth digit checks the eight before."""
    if not re.fullmatch(r"\d{13}", number, re.ASCII):
        return False
    return _weighed(number, tuple(range(2, 10))) % 11 == int(number[8])


def iceland(number: str) -> bool:
    """Ten digits. The check digit is no more since 18 February 2026 (Þjóðskrá); system numbers, which begin with 8 or
    9, hold no date."""
    if not re.fullmatch(r"\d{9}[089]", number, re.ASCII):
        return False
    return number[0] in "89" or (1 <= int(number[:2]) % 40 <= 31 and 1 <= int(number[2:4]) <= 12)


def indonesia(number: str) -> bool:
    """The NIK is the tax number of residents, other numbers got a 0 in front (PMK 112/2022, in force since 2024). Its
    first digits are the home ministry's, which adds provinces: four in 2022; day + 40 for women."""
    if re.fullmatch(r"0\d{15}", number, re.ASCII):
        return True
    has_form = bool(re.fullmatch(r"[1-9]\d{15}", number, re.ASCII))
    return has_form and 1 <= int(number[6:8]) % 40 <= 31 and 1 <= int(number[8:10]) <= 12


def ireland(number: str) -> bool:
    """A second letter from A to I since 1 January 2013 (Revenue), weighed by its place; W, T and X of before by 0."""
    match = re.fullmatch(r"(\d{7})([A-W])([A-IWTX])", number, re.ASCII)
    if match is None:
        return False
    more = "WABCDEFGHI".index(match[3]) if match[3] not in "TX" else 0
    weighed = _weighed(match[1], tuple(range(8, 1, -1))) + 9 * more
    return "WABCDEFGHIJKLMNOPQRSTUV"[weighed % 23] == match[2]


def korea(number: str) -> bool:
    """Since 5 October 2020 the last six digits are random, also for who registers now and was born before."""
    if not re.fullmatch(r"\d{6}[1-8]\d{6}", number, re.ASCII):
        return False
    return _is_date(("19" if number[6] in "1256" else "20") + number[:6])


def mexico(number: str) -> bool:
    """A CURP says X for neither man nor woman since October 2023 (RENAPO); the check digit is as ever."""
    if not re.fullmatch(r"[A-ZÑ]{4}\d{6}X[A-Z]{2}[B-DF-HJ-NP-TV-ZÑ]{3}[0-9A-Z]\d", number):
        return False
    letters = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    weighed = sum(letters.index(letter) * (18 - at) for at, letter in enumerate(number[:17]))
    return (10 - weighed % 10) % 10 == int(number[-1])


def romania(number: str) -> bool:
    """CNP, whose counties grow (70 for any since 2021), and the NIF of who has none, which begins with 9 and holds no
    date."""
    if not re.fullmatch(r"[1-9]\d{12}", number, re.ASCII):
        return False
    if number[0] != "9" and not _is_date(("20" if number[0] in "56" else "19") + number[1:7]):
        return False
    return "01234567891"[_weighed(number, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11] == number[-1]


def netherlands(number: str) -> bool:
    """Eight or nine digits (a leading 0 is often left out) that 11 divides when weighed, the last as -1 (RvIG)."""
    if not re.fullmatch(r"\d{8,9}", number, re.ASCII):
        return False
    return _weighed(number.zfill(9), (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def new_zealand(number: str) -> bool:
    """Eight or nine digits and their check digit. The end of what was issued, which the library has at 150 million, was
    meant for ten years (Inland Revenue, specification of 2013 and 2016)."""
    if not re.fullmatch(r"0?[1-9]\d{7}|1\d{8}", number, re.ASCII):
        return False
    digits = number[:-1].zfill(8)
    ways = ((3, 2, 7, 6, 5, 4, 3, 2), (7, 4, 3, 2, 5, 2, 7, 6))  # the second where the first gives 10
    check_digit = next((left for way in ways if (left := -_weighed(digits, way) % 11) != 10), None)
    return check_digit == int(number[-1])


def peru(number: str) -> bool:
    """A RUC that begins with 16 is a person's too, whose document is none of the DNI (SUNAT)."""
    if not re.fullmatch(r"16\d{9}", number, re.ASCII):
        return False
    return (11 - _weighed(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 10 == int(number[-1])


def slovakia(number: str) -> bool:
    """DIČ: ten digits that 11 divides, as birth numbers."""
    return bool(re.fullmatch(r"[1-9]\d{9}", number, re.ASCII)) and int(number) % 11 == 0


def spain(number: str) -> bool:
    """A DNI below ten million written without its leading zeros."""
    match = re.fullmatch(r"(\d{6,7})([A-Z])", number, re.ASCII)
    return match is not None and "TRWAGMYFPDXBNJZSQVHLCKE"[int(match[1]) % 23] == match[2]


def sweden(number: str) -> bool:
    """Personnummer, and coordination numbers: day + 60, month or day 00 where they are not known (Skatteverket, law
    2022:1697)."""
    match = re.fullmatch(r"(?:1[89]|20)?(\d{2})(\d{2})(\d{2})\d{4}", number, re.ASCII)
    if match is None or not _luhn(number[-10:]):
        return False
    month, day = int(match[2]), int(match[3])
    if day >= 60:
        return month <= 12 and day <= 91
    return 1 <= month <= 12 and 1 <= day <= 31


def _luhn(number: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    doubled = (sum(divmod(int(digit) * (1 + at % 2), 10)) for at, digit in enumerate(reversed(number)))
    return sum(doubled) % 10 == 0


def _weighed(number: str, weights: tuple[int, ...]) -> int:
    return sum(weight * int(digit) for weight, digit in zip(weights, number, strict=False))


def _polynomial(number: str) -> int:
    """ISO/IEC 7064 MOD 11-2: the remainder, before the check character is chosen by it."""
    return sum(int(digit) * pow(2, len(number) - at, 11) for at, digit in enumerate(number)) % 11


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True
