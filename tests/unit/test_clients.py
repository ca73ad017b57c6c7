"""Clients: every rule their details must keep, and what moves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.clients.client import (
    REVIEWED,
    Profile,
    attribute_value,
    condition_values,
    field_of,
    is_attribute,
    moved_fields,
    profile_faults,
    value_mark,
    with_profile,
)
from ostiary.domain.rejections import Code, Kind, reject
from tests.material import ATTRIBUTES, LOOKUPS, NOW_MS, TODAY, client, profile


def fields_at_fault(profile: Profile) -> list[str]:
    return [profile_fault.field for profile_fault in profile_faults(profile, ATTRIBUTES, TODAY, LOOKUPS)]


def test_the_documented_client_breaks_no_rule() -> None:
    assert profile_faults(profile(), ATTRIBUTES, TODAY, LOOKUPS) == ()


BROKEN: list[tuple[dict[str, Any], str, str]] = [
    ({"first_name": " "}, "first_name", "must not be blank"),
    *(
        ({field: filler}, field, "must not be blank")
        for field in ("first_name", "second_name", "last_name")
        for filler in (
            "\u3164",
            "\u115f\u1160",
            "\u00ad",
            "\u2060",
            "\u0301",
            ".",
            "\u2800",
            "\ufe0f",
            " - ",
            "’",
            "12",
            "\uffa0 \u3164",
            "\u034f",
            "\u180b",
            "\u20dd",
        )
    ),
    ({"first_name": "x" * 101}, "first_name", "at most 100"),
    ({"second_name": ""}, "second_name", "must not be blank"),
    ({"last_name": "Bar\tber"}, "last_name", "control characters"),
    ({"email": "maria"}, "email", "e-mail"),
    ({"birth_date": "1984-02-30"}, "birth_date", "must be a real date written YYYY-MM-DD"),
    ({"birth_date": "2026-04-16"}, "birth_date", "lies in the future"),
    ({"birth_date": "1895-04-15"}, "birth_date", "lies more than 130 years back"),
    ({"address": {"street_line1": ""}}, "address.street_line1", "must not be blank"),
    ({"address": {"street_line2": "x" * 201}}, "address.street_line2", "at most 200"),
    ({"address": {"city": ""}}, "address.city", "must not be blank"),
    ({"address": {"postal_code": "1" * 21}}, "address.postal_code", "at most 20"),
    *(
        ({"reference": text}, "reference", message)
        for text, message in (
            ("", "must not be blank"),
            (" ", "must not be blank"),
            ("\u2800", "must not be blank"),
            ("x" * 101, "at most 100"),
            ("A\n1", "control characters"),
            ("A\x00", "control characters"),
            ("A\u202e1", "control characters"),
            ("A\x7f1", "control characters"),
        )
    ),
    ({"address": {"country": "AR"}}, "address.country", "three letters"),
    ({"address": {"state": "USA-CA"}}, "address.state", "belongs to USA"),
    ({"phone_country_code": None}, "phone_country_code", "is needed together with phone_number"),
    ({"phone_number": None}, "phone_number", "is needed together with phone_country_code"),
    ({"phone_number": 12}, "phone_number", ""),
    ({"attributes": {"salary": "a lot"}}, "salary", "must be a number"),
]


@pytest.mark.parametrize(("changes", "field", "message"), BROKEN, ids=[f"{row[1]} {row[2]}" for row in BROKEN])
def test_a_broken_rule_names_its_field(changes: dict[str, Any], field: str, message: str) -> None:
    (fault,) = profile_faults(profile(**changes), ATTRIBUTES, TODAY, LOOKUPS)
    assert (fault.field, fault.code) == (field, "VALUE_INVALID")
    assert fault.message.startswith(f"{field} ")
    assert message in fault.message


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_date": "2026-04-15"},
        {"birth_date": "1895-04-16"},
        {"phone_country_code": None, "phone_number": None},
        {"second_name": None, "address": {"state": None, "postal_code": None}},
    ],
    ids=["born today", "130 years old", "no phone", "optional ones absent"],
)
def test_what_is_just_allowed_is_no_fault(changes: dict[str, Any]) -> None:
    assert fields_at_fault(profile(**changes)) == []


def test_all_broken_rules_are_named_at_once() -> None:
    given = profile(
        first_name="",
        last_name="",
        email="x",
        birth_date="x",
        phone_number=None,
        attributes={"salary": "x"},
        address={"street_line1": "", "city": "", "country": "XXX", "state": "ARG-B"},
    )
    assert fields_at_fault(given) == [
        "first_name",
        "last_name",
        "address.street_line1",
        "address.city",
        "email",
        "birth_date",
        "address.country",
        "phone_number",
        "salary",
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("phone", "+541168860622"),
        ("first_name", "Maria"),
        ("second_name", "Julia"),
        ("last_name", "Barber"),
        ("email", "mjuliabarber@example.com"),
        ("birth_date", "1984-11-21"),
        ("state", "ARG-B"),
        ("postal_code", "1669"),
        ("country", "ARG"),
        ("occupation", "Teacher"),
        ("salary", None),
    ],
)
def test_an_attribute_is_found_by_the_key_that_requirements_use(key: str, value: str | None) -> None:
    assert attribute_value(profile(), key) == value


def test_an_absent_phone_is_none() -> None:
    assert attribute_value(profile(phone_country_code=None, phone_number=None), "phone") is None


def test_conditions_read_country_state_age_and_what_is_declared() -> None:
    given = profile(attributes={"occupation": "Teacher", "salary": "1500.50", "of an older catalogue": "x"})
    assert condition_values(given, ATTRIBUTES, TODAY) == {
        "country": "ARG",
        "state": "ARG-B",
        "age": 41,
        "occupation": "Teacher",
        "salary": 1500.5,
    }


def test_what_is_absent_is_absent_from_conditions() -> None:
    given = profile(attributes={}, birth_date="unknown", address={"state": None})
    assert condition_values(given, ATTRIBUTES, TODAY) == {"country": "ARG"}


@pytest.mark.parametrize(
    ("changes", "moved"),
    [
        ({}, ()),
        ({"first_name": "Mary"}, ("first_name",)),
        ({"second_name": None, "last_name": "Smith"}, ("second_name", "last_name")),
        ({"birth_date": "1984-11-22"}, ("birth_date",)),
        ({"address": {"country": "BRA", "state": None}}, ("address.country",)),
        ({"email": "x@example.com", "phone_number": 1168860623, "attributes": {}, "address": {"city": "X"}}, ()),
    ],
    ids=["nothing", "first name", "two names", "birth date", "country", "only what is not reviewed"],
)
def test_only_what_a_reviewer_compares_counts_as_moved(changes: dict[str, Any], moved: tuple[str, ...]) -> None:
    assert moved_fields(profile(), profile(**changes)) == moved
    assert set(moved) <= set(REVIEWED)


def test_the_mark_of_a_value_changes_with_the_value_alone() -> None:
    mark = value_mark(profile(), "phone")
    assert mark == value_mark(profile(first_name="Mary"), "phone")
    assert mark != value_mark(profile(phone_number=1168860623), "phone")
    assert value_mark(profile(), "salary") != value_mark(profile(attributes={"salary": "None"}), "salary")


def test_a_refusal_of_a_value_is_mended_by_another_value_and_by_nothing_else() -> None:
    given = profile()
    phone = replace(reject(Kind.DATA, "phone", Code.DATA_INVALID, "phone"), subject=value_mark(given, "phone"))
    passport = replace(reject(Kind.DOCUMENT, "passport", Code.IMAGE_BLURRED, "image_front"), subject="a document")
    refused = client(refusals=(phone, passport))
    assert with_profile(refused, replace(given, first_name="Mary"), NOW_MS).refusals == (phone, passport)
    mended = with_profile(refused, replace(given, phone_number=1168860623), NOW_MS + 5)
    assert mended.refusals == (passport,)
    assert mended.updated_at_ms == NOW_MS + 5
    assert mended.profile.phone_number == 1168860623


@pytest.mark.parametrize(
    ("key", "name", "data_type"),
    [
        ("occupation", "Occupation", DataType.STRING),
        ("phone", "Phone", DataType.PHONE),
        ("birth_date", "Birth date", DataType.DATE),
        ("email", "Email", DataType.EMAIL),
        ("country", "Country", DataType.COUNTRY),
        ("first_name", "First name", DataType.STRING),
    ],
)
def test_everything_that_can_be_asked_for_has_a_declaration(key: str, name: str, data_type: DataType) -> None:
    declaration = field_of(key, ATTRIBUTES)
    assert (declaration.id, declaration.name, declaration.data_type) == (key, name, data_type)
    assert is_attribute(key, ATTRIBUTES)


def test_the_catalogues_word_counts_before_the_built_in_one() -> None:
    mine = Field("phone", "Mobile phone", DataType.PHONE)
    assert field_of("phone", {"phone": mine}) is mine


def test_what_nobody_can_change_is_no_attribute() -> None:
    assert not is_attribute("moon_phase", ATTRIBUTES)
    assert not is_attribute("phone_number", ATTRIBUTES)


def test_what_is_personal_stays_out_of_logs() -> None:
    assert "Maria" not in repr(client())
    assert "example.com" not in repr(client())


@pytest.mark.parametrize(
    ("birth_date", "is_hinted"),
    [
        ("1363-08-30", True),  # Iran's 1984
        ("1405-02-27", True),  # Saudi Arabia's 1984
        ("2527-11-21", True),  # Thailand's 1984
        ("2041-08-06", True),  # Nepal's 1984
        ("1269-12-31", False),
        ("1500-01-01", False),
        ("1895-04-15", False),
        ("2026-04-16", False),
    ],
)
def test_a_year_of_another_calendar_is_pointed_out(birth_date: str, is_hinted: bool) -> None:
    (fault,) = profile_faults(profile(birth_date=birth_date), ATTRIBUTES, TODAY, LOOKUPS)
    assert ("dates are Gregorian, and this looks like a year of another calendar" in fault.message) is is_hinted
