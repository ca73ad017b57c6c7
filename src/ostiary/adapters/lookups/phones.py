"""Phone numbers: possible by the numbering plan of their country (ITU-T E.164, as Google's libphonenumber keeps them).

Possible, not assigned: plans change faster than any copy of them, and a refused good number costs a client.

In some plans a leading 0 belongs to the number and is dialled from abroad too (Italy since 1998, Ivory Coast since 31
January 2021, Benin since 30 November 2024, each announced in the ITU's Operational Bulletin). A whole number in JSON
cannot carry it, so it is put back here.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ostiary.domain.sentences import N_, sentence

MOST_CODE = 999
MOST_NUMBER = 10**15
"""E.164: a country code has at most 3 digits, the whole number at most 15."""
_NO_COUNTRY = "001"
"""What libphonenumber calls the region of a calling code that belongs to a service (+800, +870)."""


def phone_fault(country_code: int, number: int) -> str | None:
    """None for a possible number, with the leading 0 that it may have lost or without; else what would be right."""
    if not 1 <= country_code <= MOST_CODE:
        return N_("needs a country calling code of 1 to 3 digits in phone_country_code, as 54")
    if not 1 <= number < MOST_NUMBER:
        return N_("must be the national number, at most 15 digits and without the calling code, as 1168860622")
    phonenumbers = _phonenumbers()
    plain = phonenumbers.PhoneNumber(country_code=country_code, national_number=number)
    if phonenumbers.is_possible_number_with_reason(plain) == phonenumbers.ValidationResult.IS_POSSIBLE:
        return None  # with or without a 0: whether it has one need not be known, which costs more than all other rules
    if phonenumbers.is_possible_number(_whole(country_code, number)):
        return None
    return _reason(country_code, number)


def phone_e164(country_code: int, number: int) -> str:
    """The number as it is dialled from abroad (E.164, as +390612345678), its leading 0 put back where it has one.

    Any two whole numbers give a text; that of an impossible number is their digits.
    """
    if not 1 <= country_code <= MOST_CODE or not 1 <= number < MOST_NUMBER:
        return f"+{country_code}{number}"
    whole = _whole(country_code, number)
    text: str = _phonenumbers().format_number(whole, _phonenumbers().PhoneNumberFormat.E164)
    return text


def _whole(country_code: int, number: int) -> Any:
    """The library's number, with a leading 0 where the plan knows it so and not without, or has no room without."""
    phonenumbers = _phonenumbers()
    plain = phonenumbers.PhoneNumber(country_code=country_code, national_number=number)
    with_zero = phonenumbers.PhoneNumber(
        country_code=country_code, national_number=number, italian_leading_zero=True
    )  # the library's word for any country's
    if phonenumbers.is_valid_number(with_zero):
        return with_zero if _has_lost_its_zero(plain, with_zero) else plain
    if phonenumbers.is_possible_number_with_reason(plain) == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return _completed(plain)
    is_with_zero = _has_leading_zeros(country_code) and phonenumbers.is_possible_number(with_zero)
    return with_zero if is_with_zero and not phonenumbers.is_possible_number(plain) else plain


@cache
def _has_leading_zeros(country_code: int) -> bool:
    """Whether subscribers' numbers of a plan begin with a 0 that belongs to them: then one that is too short without it
    had one, also where it is of a range that no copy of the plan knows yet."""
    phonenumbers = _phonenumbers()
    kinds = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
    examples = (
        phonenumbers.example_number_for_type(region, kind)
        for region in phonenumbers.region_codes_for_country_code(country_code)
        for kind in kinds
    )
    return any(example is not None and example.italian_leading_zero for example in examples)


def _has_lost_its_zero(plain: Any, with_zero: Any) -> bool:
    """Whether a number that is assigned with a leading 0 had one. Where both are, a number of another kind is as it was
    sent (an Italian mobile number is no land line), and one of the same kind is as the plan's own example (Gabon's)."""
    phonenumbers = _phonenumbers()
    if not phonenumbers.is_valid_number(plain):
        return True
    kind = phonenumbers.number_type(with_zero)
    if phonenumbers.number_type(plain) != kind:
        return False
    example = phonenumbers.example_number_for_type(phonenumbers.region_code_for_number(with_zero), kind)
    return example is not None and bool(example.italian_leading_zero)


def _completed(plain: Any) -> Any:
    """A number without its area code, with it where the country has but one that begins with 0 (San Marino's 0549)."""
    phonenumbers = _phonenumbers()
    try:
        parsed = phonenumbers.parse(f"+{plain.country_code}{plain.national_number}")
    except phonenumbers.NumberParseException:
        return plain
    return parsed if parsed.italian_leading_zero and phonenumbers.is_valid_number(parsed) else plain


def _reason(country_code: int, number: int) -> str:
    phonenumbers = _phonenumbers()
    regions = phonenumbers.region_codes_for_country_code(country_code)
    if not regions:
        return sentence(
            "needs a country calling code that exists in phone_country_code; %(sent)s does not", sent=str(country_code)
        )
    verdict = phonenumbers.is_possible_number_with_reason(
        phonenumbers.PhoneNumber(country_code=country_code, national_number=number)
    )
    what = {
        phonenumbers.ValidationResult.TOO_SHORT: sentence("is too short"),
        phonenumbers.ValidationResult.TOO_LONG: sentence("is too long"),
    }.get(verdict, sentence("has a length that does not exist"))
    wanted = sentence(
        "%(what)s for a number under +%(code)s; send the national number without the calling code",
        what=what,
        code=str(country_code),
    )
    example = _example(country_code, regions[0])
    return sentence("%(wanted)s, as %(example)s", wanted=wanted, example=example) if example else wanted


def _example(country_code: int, region: str) -> str:
    """A number that would be taken; empty where none is known."""
    phonenumbers = _phonenumbers()
    if region == _NO_COUNTRY:
        example = phonenumbers.example_number_for_non_geo_entity(country_code)
    else:
        example = phonenumbers.example_number(region)
    return str(example.national_number) if example else ""


@cache
def _phonenumbers() -> Any:
    """Imported on first use."""
    import phonenumbers

    return phonenumbers
