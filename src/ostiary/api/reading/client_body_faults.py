"""Reports wrong types and broken rules of a client's body together.

Malformed fields are replaced by harmless values, the rules are applied to the result, and faults of replaced fields are
dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

import msgspec

from ostiary.api.reading.bodies import ClientBodies
from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.clients.client import Profile, profile_faults
from ostiary.domain.companies.company import Company
from ostiary.domain.errors import InvalidRequest
from ostiary.usecases.context import Context
from ostiary.web.json_body import MOST_FAULTS

_HARMLESS = {"first_name": "X", "last_name": "X", "email": "x@example.com", "birth_date": "2000-01-01"}
_HARMLESS_ADDRESS = {"street_line1": "X", "city": "X", "country": "ARG"}
_COUNTRY = "address.country"


def with_rules(
    refused: InvalidRequest, raw: bytes | bytearray, bodies: ClientBodies, context: Context, company: Company
) -> InvalidRequest:
    """Adds to a refusal for wrong types the rules that the well-formed fields break."""
    wrong = {fault.field for fault in refused.faults}
    if not wrong:
        return refused  # no object at all: there are no fields to look at
    body: Any = msgspec.convert(_put_right(msgspec.json.decode(raw), wrong, bodies), bodies.create)
    declared = context.catalogues.attributes
    profile = _without_tax_ids(bodies.profile(body), declared) if _COUNTRY in _spread(wrong) else bodies.profile(body)
    broken = profile_faults(profile, declared, context.today_of(company), context.lookups_for(company))
    more = tuple(fault for fault in broken if fault.field not in wrong)
    return InvalidRequest(faults=(*refused.faults, *more)[:MOST_FAULTS])


def _put_right(value: Mapping[str, Any], wrong: Set[str], bodies: ClientBodies) -> dict[str, Any]:
    """The body without its malformed fields, and with required fields filled in."""
    names = {field.encode_name for field in msgspec.structs.fields(bodies.create)}
    good = {name: given for name, given in value.items() if name in names and name not in wrong}
    address = value.get("address") if "address" not in wrong else None
    parts = {name: given for name, given in (address or {}).items() if f"address.{name}" not in wrong}
    if _COUNTRY in _spread(wrong):
        parts.pop("state", None)
    if {"phone_country_code", "phone_number"} & wrong:
        good = {name: given for name, given in good.items() if not name.startswith("phone_")}
    return {**_HARMLESS, **good, "address": {**_HARMLESS_ADDRESS, **parts}}


def _spread(wrong: Set[str]) -> Set[str]:
    return wrong | {_COUNTRY} if "address" in wrong else wrong


def _without_tax_ids(profile: Profile, declared: Mapping[str, Field]) -> Profile:
    """Tax ids are judged by country, which is unknown here."""
    others = {
        name: given for name, given in profile.attributes.items() if declared[name].data_type is not DataType.TAX_ID
    }
    return replace(profile, attributes=others)
