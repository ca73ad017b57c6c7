"""A client's details as the page's forms give them: which attribute is which part of a profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ostiary.domain.clients.client import Profile
from ostiary.domain.value import replace

Value = str | int | float | bool | None
PHONE_CODE, PHONE_NUMBER = "phone_country_code", "phone_number"
_OWN = ("first_name", "second_name", "last_name", "email", "birth_date")
_OF_ADDRESS = ("state", "postal_code", "country")


def with_details(profile: Profile, values: Mapping[str, Value]) -> Profile:
    """The profile with other values, by the keys that requirements use; a phone by its two parts. What is not among
    them stays; a state of the country before does not."""
    own: dict[str, Any] = {key: values[key] for key in _OWN if key in values}
    place: dict[str, Any] = {key: values[key] for key in _OF_ADDRESS if key in values}
    if place.get("country", profile.address.country) != profile.address.country:
        place.setdefault("state", None)
    phone: dict[str, Any] = {key: values[key] for key in (PHONE_CODE, PHONE_NUMBER) if key in values}
    taken = {*own, *place, *phone}
    attributes = {**profile.attributes, **{key: value for key, value in values.items() if key not in taken}}
    return replace(
        profile,
        **own,
        **phone,
        address=replace(profile.address, **place),
        attributes={key: value for key, value in attributes.items() if value is not None},
    )
