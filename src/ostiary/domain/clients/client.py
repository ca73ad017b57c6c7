"""Clients: the individuals a company onboards, and the rules their details must keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from hashlib import sha256

from ostiary.domain.catalogue.catalogue import BUILT_IN_ATTRIBUTES, DataType, Field
from ostiary.domain.catalogue.field_rules import name_fault, text_fault, value_fault
from ostiary.domain.clients.accepted_terms import AcceptedTerms
from ostiary.domain.clients.contradictions import Contradiction
from ostiary.domain.clients.risk_override import RiskOverride
from ostiary.domain.companies.company import NO_CHAIN, Chain
from ostiary.domain.errors import Fault
from ostiary.domain.ports import Lookups
from ostiary.domain.rejections import Kind, Rejection
from ostiary.domain.sentences import N_, joined, sentence, spoken
from ostiary.domain.times import completed_years, iso_date
from ostiary.domain.value import replace, value_type

OLDEST_YEARS = 130
"""Nobody on record lived longer (the longest, 122 years); an older birth date is a typing error."""
NAME_CHARACTERS = 100
LINE_CHARACTERS = 200
POSTAL_CODE_CHARACTERS = 20
CITY_CHARACTERS = 100
REFERENCE_CHARACTERS = 100
"""A company's own key of a client: whatever its systems call one, and long enough for any of them."""
REVIEWED = ("first_name", "second_name", "last_name", "birth_date", "address.country")
"""What a reviewer compares with the documents: it must not move while a review runs."""


class ClientStatus(StrEnum):
    """`active` with the first enabled product; `rejected` when the client as such is refused."""

    PENDING = "pending"
    ACTIVE = "active"
    REJECTED = "rejected"


@value_type
class Address:
    """Where a client lives. `country` ISO 3166-1 alpha-3, `state` alpha-3 with the ISO 3166-2 suffix (ARG-B)."""

    street_line1: str
    city: str
    country: str
    street_line2: str | None = None
    postal_code: str | None = None
    state: str | None = None


@value_type
class Profile:
    """What a company tells us of a client. `birth_date` is YYYY-MM-DD; `attributes` those the catalogue declares;
    `reference` what the company itself calls the client, compared exactly: nobody else reads it."""

    first_name: str
    last_name: str
    email: str
    birth_date: str
    address: Address
    second_name: str | None = None
    phone_country_code: int | None = None
    phone_number: int | None = None
    attributes: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    reference: str | None = None


@value_type
class Client:
    """One client of one company. `version` counts every change to anything of the client: it is the lock.

    `refusals` are what verdicts refused and is not mended yet. `data_key` is wrapped. `email_key` is the e-mail
    in the form in which duplicates are found. `contradictions` are what spoke against who the client said to be,
    until a person decided. `risk_override` is an operator's word on its class of risk, also once its day is over.
    `accepted` are the terms it accepted, in the order in which that came to us.
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
    contradictions: tuple[Contradiction, ...] = field(default=(), repr=False)
    risk_override: RiskOverride | None = None
    accepted: tuple[AcceptedTerms, ...] = ()


@value_type
class PastProfile:
    """What a profile was until a moment; `version` is the client's that had it last."""

    profile: Profile = field(repr=False)
    version: int
    until_ms: int


def profile_at(client: Client, past: Iterable[PastProfile], at_ms: int) -> Profile:
    """What a client was said to be at a moment. `past` is what it was before each change, oldest first."""
    return next((each.profile for each in past if each.until_ms >= at_ms), client.profile)


def profile_faults(profile: Profile, declared: Mapping[str, Field], today: date, lookups: Lookups) -> tuple[Fault, ...]:
    """Every rule a profile breaks, all at once."""
    return tuple(
        Fault(name, "VALUE_INVALID", sentence("%(field)s %(problem)s", field=name, problem=spoken(problem)))
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
    for name, text in (
        ("first_name", profile.first_name),
        ("second_name", profile.second_name),
        ("last_name", profile.last_name),
    ):
        if text is not None and (problem := name_fault(text, NAME_CHARACTERS)):
            yield name, problem
    for name, text, most in (
        ("address.street_line1", address.street_line1, LINE_CHARACTERS),
        ("address.street_line2", address.street_line2, LINE_CHARACTERS),
        ("address.city", address.city, CITY_CHARACTERS),
        ("address.postal_code", address.postal_code, POSTAL_CODE_CHARACTERS),
        ("reference", profile.reference, REFERENCE_CHARACTERS),
    ):
        if text is not None and (problem := text_fault(text, most)):
            yield name, problem


_HIJRI_YEARS = range(1270, 1500)
"""In which people who live were born by Iran's solar and Arabia's lunar calendar. Thailand's and Nepal's lie ahead."""
_OF_OTHER_CALENDAR = N_("dates are Gregorian, and this looks like a year of another calendar")


def _birth_date_problem(text: str, today: date) -> str | None:
    birth = iso_date(text)
    if birth is None:
        return N_("must be a real date written YYYY-MM-DD")
    if birth > today:
        problem = sentence("lies in the future")
    elif completed_years(birth, today) > OLDEST_YEARS:
        problem = sentence("lies more than %(most)s years back", most=OLDEST_YEARS)
    else:
        return None
    is_of_another = birth.year in _HIJRI_YEARS or birth.year > today.year
    return joined((problem, _OF_OTHER_CALENDAR), "; ") if is_of_another else problem


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
        yield "phone_country_code", N_("is needed together with phone_number")
    elif number is None:
        yield "phone_number", N_("is needed together with phone_country_code")
    elif problem := lookups.phone_fault(code, number):
        yield "phone_number", problem


def attribute_value(profile: Profile, key: str) -> str | int | float | bool | None:
    """The value of an attribute by the key that requirements use (`phone`, `occupation`), or None when absent."""
    if key == "phone":
        return None if profile.phone_number is None else f"+{profile.phone_country_code}{profile.phone_number}"
    own = _OWN.get(key)
    return profile.attributes.get(key) if own is None else own(profile)


_OWN: Mapping[str, Callable[[Profile], str | None]] = {
    "first_name": lambda profile: profile.first_name,
    "second_name": lambda profile: profile.second_name,
    "last_name": lambda profile: profile.last_name,
    "email": lambda profile: profile.email,
    "birth_date": lambda profile: profile.birth_date,
    "state": lambda profile: profile.address.state,
    "postal_code": lambda profile: profile.address.postal_code,
    "country": lambda profile: profile.address.country,
}


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
    attribute = declared.get(key) or BUILT_IN_ATTRIBUTES.get(key)
    return attribute or Field(
        key, _CORE_NAMES.get(key) or key.replace("_", " ").capitalize(), _CORE_TYPES.get(key, DataType.STRING)
    )


_CORE = ("first_name", "last_name", "email", "birth_date", "country")
_CORE_NAMES: Mapping[str, str] = {
    "first_name": sentence("First name"),
    "last_name": sentence("Last name"),
    "email": sentence("Email"),
    "birth_date": sentence("Birth date"),
    "country": sentence("Country"),
}
_CORE_TYPES = {"birth_date": DataType.DATE, "email": DataType.EMAIL, "country": DataType.COUNTRY}


def with_profile(client: Client, profile: Profile, now_ms: int) -> Client:
    """The client with new details; refusals of values that are no longer there are mended."""
    open_ones = tuple(
        refusal
        for refusal in client.refusals
        if refusal.kind is not Kind.DATA or refusal.subject == value_mark(profile, refusal.key)
    )
    return replace(client, profile=profile, refusals=open_ones, updated_at_ms=now_ms)
