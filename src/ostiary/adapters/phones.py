"""Phone numbers: possible by the numbering plan of their country (ITU-T E.164, as Google's libphonenumber keeps them).

Possible, not assigned: plans change faster than any copy of them, and a refused good number costs a client.
"""

from __future__ import annotations

from functools import cache
from typing import Any

MOST_CODE = 999
MOST_NUMBER = 10**15
"""E.164: a country code has at most 3 digits, the whole number at most 15."""


def phone_fault(country_code: int, number: int) -> str | None:
    """None for a possible number, else what would be right."""
    if not 1 <= country_code <= MOST_CODE:
        return "needs a country calling code of 1 to 3 digits in phone_country_code, as 54"
    if not 1 <= number < MOST_NUMBER:
        return "must be the national number, at most 15 digits and without the calling code, as 1168860622"
    phonenumbers = _phonenumbers()
    if phonenumbers.is_possible_number(phonenumbers.PhoneNumber(country_code=country_code, national_number=number)):
        return None
    return _reason(phonenumbers, country_code, number)


def _reason(phonenumbers: Any, country_code: int, number: int) -> str:
    regions = phonenumbers.region_codes_for_country_code(country_code)
    if not regions:
        return f"needs a country calling code that exists in phone_country_code; {country_code} does not"
    example = phonenumbers.example_number(regions[0])
    such = f", as {example.national_number}" if example else ""
    verdict = phonenumbers.is_possible_number_with_reason(
        phonenumbers.PhoneNumber(country_code=country_code, national_number=number)
    )
    what = {
        phonenumbers.ValidationResult.TOO_SHORT: "is too short",
        phonenumbers.ValidationResult.TOO_LONG: "is too long",
    }.get(verdict, "has a length that does not exist")
    return f"{what} for a number under +{country_code}; send the national number without the calling code{such}"


@cache
def _phonenumbers() -> Any:
    """Imported on first use."""
    import phonenumbers

    return phonenumbers
