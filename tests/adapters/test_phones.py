"""Telephone numbers: a leading 0 that belongs to the number is put back; an example in a message is itself taken."""

from __future__ import annotations

import re

import phonenumbers
import pytest

from ostiary.adapters.lookups.phones import MOST_NUMBER, phone_e164, phone_fault

KINDS = [kind for kind in phonenumbers.PhoneNumberType.values() if kind != phonenumbers.PhoneNumberType.UNKNOWN]
WITH_ZERO = {"BJ", "CG", "CI", "GA", "IT", "SM", "VA"}
"""Where subscribers' numbers may begin with 0, by the numbering plans."""


@pytest.mark.parametrize(
    ("code", "number", "dialled"),
    [
        (225, 701234567, "+2250701234567"),  # Ivory Coast, mobile, since 31 January 2021
        (225, 707123456, "+2250707123456"),
        (225, 2721234567, "+2252721234567"),  # and a land line
        (229, 195123456, "+2290195123456"),  # Benin, since 30 November 2024
        (39, 612345678, "+390612345678"),  # Rome
        (39, 669812345, "+390669812345"),  # the Vatican
        (39, 3123456789, "+393123456789"),  # an Italian mobile number has no 0
        (39, 332123456, "+39332123456"),  # an old mobile number, or Varese without its 0: as it was sent
        (241, 6031234, "+24106031234"),  # Gabon
        (241, 66031234, "+24166031234"),
        (242, 61234567, "+242061234567"),  # Congo
        (225, 601234567, "+2250601234567"),  # ranges that nobody has yet, and may have tomorrow
        (229, 301234567, "+2290301234567"),
        (242, 71234567, "+242071234567"),
        (378, 549886377, "+3780549886377"),  # San Marino
        (378, 886377, "+3780549886377"),  # and as it is dialled there
        (54, 1168860622, "+541168860622"),
        (1, 2015550123, "+12015550123"),
    ],
)
def test_a_leading_0_that_belongs_to_the_number_is_put_back(code: int, number: int, dialled: str) -> None:
    assert (phone_fault(code, number), phone_e164(code, number)) == (None, dialled)


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_every_region_s_numbers_of_every_kind_survive_being_whole_numbers(region: str) -> None:
    examples = [phonenumbers.example_number_for_type(region, kind) for kind in KINDS]
    for example in examples:
        if example is not None:
            dialled = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
            code, number = int(example.country_code or 0), int(example.national_number or 0)
            assert (phone_fault(code, number), phone_e164(code, number)) == (None, dialled)
    usual = phonenumbers.PhoneNumberType
    subscribers = (phonenumbers.example_number_for_type(region, kind) for kind in (usual.FIXED_LINE, usual.MOBILE))
    assert any(subscriber is not None and subscriber.italian_leading_zero for subscriber in subscribers) is (
        region in WITH_ZERO
    )


@pytest.mark.parametrize("code", sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
def test_the_example_in_a_message_is_itself_taken(code: int) -> None:
    messages = [fault for number in (1, MOST_NUMBER - 1) if (fault := phone_fault(code, number))]
    assert messages
    for message in messages:
        example = re.search(r", as ([0-9]+)$", message)
        assert example is not None
        assert phone_fault(code, int(example[1])) is None


@pytest.mark.parametrize(("code", "number"), [(0, 1), (-1, -1), (10**4, 5), (999, 1), (54, 10**400), (39, 0), (39, 1)])
def test_an_impossible_number_is_told_as_its_digits(code: int, number: int) -> None:
    assert phone_e164(code, number) == f"+{code}{number}"


@pytest.mark.parametrize(("code", "number"), [(225, 22501234), (229, 40123456), (1, 212555123), (47, 2234567)])
def test_no_0_is_put_where_none_makes_a_number(code: int, number: int) -> None:
    """Those of before in Ivory Coast and Benin, too short also with one; and plans whose numbers begin with none."""
    assert phone_fault(code, number) is not None
    assert phone_e164(code, number) == f"+{code}{number}"
