"""Clients: the individuals a company onboards, and the rules their details must keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256

from ostiary.domain.catalogue import BUILT_IN_ATTRIBUTES, DataType, Field
from ostiary.domain.companies import NO_CHAIN, Chain
from ostiary.domain.data import text_fault, value_fault
from ostiary.domain.errors import Fault
from ostiary.domain.ports import Lookups
from ostiary.domain.rejections import Kind, Rejection
from ostiary.domain.times import completed_years, iso_date
from ostiary.domain.values import quick, replace

OLDEST_YEARS = 130
"""Nobody on record lived longer (the longest, 122 years); an older birth date is a typing error."""
NAME_CHARACTERS = 100
LINE_CHARACTERS = 200
POSTAL_CODE_CHARACTERS = 20
CITY_CHARACTERS = 100
REVIEWED = ("first_name", "second_name", "last_name", "birth_date", "address.country")
"""What a reviewer compares with the documents: it must not move while a review runs."""


class ClientStatus(StrEnum):
    """`active` with the first enabled product; `rejected` when the client as such is refused."""

    PENDING = "pending"
    ACTIVE = "active"
    REJECTED = "rejected"


@quick
@dataclass(frozen=True, slots=True)
class Address:
    """Where a client lives. `country` ISO 3166-1 alpha-3, `state` alpha-3 with the ISO 3166-2 suffix (ARG-B)."""

    street_line1: str
    city: str
    country: str
    street_line2: str | None = None
    postal_code: str | None = None
    state: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Profile:
    """What a company tells us of a client. `birth_date` is YYYY-MM-DD; `attributes` those the catalogue declares."""

    first_name: str
    last_name: str
    email: str
    birth_date: str
    address: Address
    second_name: str | None = None
    phone_country_code: int | None = None
    phone_number: int | None = None
    attributes: Mapping[str, str | int | float | bool] = field(default_factory=dict)


@quick
@dataclass(frozen=True, slots=True)
class Client:
    """One client of one company. `version` counts every change to anything of the client: it is the lock.

    `refusals` are what verdicts refused and is not mended yet. `data_key` is wrapped. `email_key` is the e-mail
    in the form in which duplicates are found.
    """

    id: str
    company_id: str
    profile: Profile = field(repr=False)
    status: ClientStatus
    created_at_ms: int
    updated_at_ms: int
    data_key: bytes = field(repr=False)
    email_key: str = field(default="", repr=False)
    refusals: tuple[Rejection, ...] = ()
    version: int = 1
    chain: Chain = NO_CHAIN


def profile_faults(profile: Profile, declared: Mapping[str, Field], today: date, lookups: Lookups) -> tuple[Fault, ...]:
    """Every rule a profile breaks, all at once."""
    return tuple(
        Fault(name, "VALUE_INVALID", f"{name} {problem}")
        for name, problem in _problems(profile, declared, today, lookups)
    )


def _problems(
    profile: Profile, declared: Mapping[str, Field], today: date, lookups: Lookups
) -> Iterator[tuple[str, str]]:
    yield from _text_problems(profile)
    if problem := lookups.email_fault(profile.email):
        yield "email", problem
    if problem := _birth_date_problem(profile.birth_date, today):
        yield "birth_date", problem
    yield from _place_problems(profile.address, lookups)
    yield from _phone_problems(profile, lookups)
    for name, value in profile.attributes.items():
        if problem := value_fault(declared[name], value, profile.address.country, lookups):
            yield name, problem


def _text_problems(profile: Profile) -> Iterator[tuple[str, str]]:
    address = profile.address
    for name, text, most in (
        ("first_name", profile.first_name, NAME_CHARACTERS),
        ("second_name", profile.second_name, NAME_CHARACTERS),
        ("last_name", profile.last_name, NAME_CHARACTERS),
        ("address.street_line1", address.street_line1, LINE_CHARACTERS),
        ("address.street_line2", address.street_line2, LINE_CHARACTERS),
        ("address.city", address.city, CITY_CHARACTERS),
        ("address.postal_code", address.postal_code, POSTAL_CODE_CHARACTERS),
    ):
        if text is not None and (problem := text_fault(text, most)):
            yield name, problem


def _birth_date_problem(text: str, today: date) -> str | None:
    birth = iso_date(text)
    if birth is None:
        return "must be a real date written YYYY-MM-DD"
    if birth > today:
        return "lies in the future"
    if completed_years(birth, today) > OLDEST_YEARS:
        return f"lies more than {OLDEST_YEARS} years back"
    return None


def _place_problems(address: Address, lookups: Lookups) -> Iterator[tuple[str, str]]:
    if problem := lookups.country_fault(address.country):
        yield "address.country", problem
    elif address.state is not None and (problem := lookups.state_fault(address.country, address.state)):
        yield "address.state", problem


def _phone_problems(profile: Profile, lookups: Lookups) -> Iterator[tuple[str, str]]:
    code, number = profile.phone_country_code, profile.phone_number
    if code is None and number is None:
        return
    if code is None:
        yield "phone_country_code", "is needed together with phone_number"
    elif number is None:
        yield "phone_number", "is needed together with phone_country_code"
    elif problem := lookups.phone_fault(code, number):
        yield "phone_number", problem


def attribute_value(profile: Profile, key: str) -> str | int | float | bool | None:
    """The value of an attribute by the key that requirements use (`phone`, `occupation`), or None when absent."""
    match key:
        case "phone":
            return None if profile.phone_number is None else f"+{profile.phone_country_code}{profile.phone_number}"
        case "second_name" | "first_name" | "last_name" | "email" | "birth_date":
            value: str | None = getattr(profile, key)
            return value
        case "state" | "postal_code" | "country":
            part: str | None = getattr(profile.address, key)
            return part
        case _:
            return profile.attributes.get(key)


def condition_values(profile: Profile, declared: Mapping[str, Field], today: date) -> dict[str, object]:
    """The variables that conditions can read of a client; absent attributes are absent, amounts are floats."""
    birth = iso_date(profile.birth_date)
    values: dict[str, object] = {"country": profile.address.country}
    for key, value in profile.attributes.items():
        if key in declared:
            values[key] = float(value) if declared[key].data_type is DataType.DECIMAL else value
    if profile.address.state is not None:
        values["state"] = profile.address.state
    if birth is not None:
        values["age"] = completed_years(birth, today)
    return values


def value_mark(profile: Profile, key: str) -> str:
    """What stands for an attribute's value in a refusal (kept encrypted), so that a change to it is noticed."""
    return sha256(repr(attribute_value(profile, key)).encode()).hexdigest()


def moved_fields(before: Profile, after: Profile) -> tuple[str, ...]:
    """Which of the reviewed details differ."""
    pairs = (
        (before.first_name, after.first_name),
        (before.second_name, after.second_name),
        (before.last_name, after.last_name),
        (before.birth_date, after.birth_date),
        (before.address.country, after.address.country),
    )
    return tuple(name for name, (old, new) in zip(REVIEWED, pairs, strict=True) if old != new)


def is_attribute(key: str, declared: Mapping[str, Field]) -> bool:
    """Whether a key that a requirement or a verdict may name stands for something a company can change."""
    return key in declared or key in BUILT_IN_ATTRIBUTES or key in _CORE


def field_of(key: str, declared: Mapping[str, Field]) -> Field:
    """The declaration behind a key that is asked for, whoever declares it."""
    known = declared.get(key) or BUILT_IN_ATTRIBUTES.get(key)
    return known or Field(key, key.replace("_", " ").capitalize(), _CORE_TYPES.get(key, DataType.STRING))


_CORE = ("first_name", "last_name", "email", "birth_date", "country")
_CORE_TYPES = {"birth_date": DataType.DATE, "email": DataType.EMAIL, "country": DataType.COUNTRY}


def with_profile(client: Client, profile: Profile, now_ms: int) -> Client:
    """The client with new details; refusals of values that are no longer there are mended."""
    open_ones = tuple(
        one for one in client.refusals if one.kind is not Kind.DATA or one.subject == value_mark(profile, one.key)
    )
    return replace(client, profile=profile, refusals=open_ones, updated_at_ms=now_ms)
