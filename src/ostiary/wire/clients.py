"""A client as companies see it: what was sent, with id, type and status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, ClassVar, cast

from ostiary.domain.catalogue.field_rules import decimal_text
from ostiary.domain.clients.client import Address, Client, ClientStatus
from ostiary.domain.times import format_timestamp
from ostiary.wire.answer import Answer, Exactly, Id, Timestamp, about, fields_of, one_of

TIMESTAMPS, DECIMALS = "timestamps", "decimals"
CLIENT_EXPANSIONS = (TIMESTAMPS, DECIMALS)
"""Of answers that are clients; the others are of requests."""
TIMESTAMP_FIELDS = ("created_at", "updated_at")
_ASKED = about("With `expand=timestamps`. UTC, whole seconds, no zone.")


class AddressAnswer(Answer, kw_only=True, frozen=True):
    """Where a client lives."""

    street_line1: str
    street_line2: str | None = None
    city: str
    postal_code: str | None = None
    state: str | None = None
    country: str


class IndividualClientAnswer(Answer, kw_only=True, frozen=True):
    """An individual client; what was not given is absent, not null."""

    id: Id
    type: Annotated[str, one_of(["individual"])]
    status: Annotated[
        ClientStatus, about("`active` with the first enabled product; `rejected` when refused as a client.")
    ]
    first_name: str
    second_name: str | None = None
    last_name: str
    email: str
    birth_date: Annotated[str, Exactly({"type": "string", "format": "date"})]
    address: AddressAnswer
    phone_country_code: int | None = None
    phone_number: int | None = None
    reference: Annotated[str | None, about("What you call the client.")] = None
    created_at: Annotated[Timestamp | None, _ASKED] = None
    updated_at: Annotated[Timestamp | None, _ASKED] = None
    described_first: ClassVar[tuple[str, ...]] = TIMESTAMP_FIELDS


def client_answer(client: Client, expand: Sequence[str] = (), decimals: Iterable[str] = ()) -> dict[str, Any]:
    """The fields of an `IndividualClientAnswer`, and beside them the attributes that a catalogue declares.

    A struct has no place for these, so it is a dict, in which they come before the timestamps. `decimals` are the
    attributes whose type is DECIMAL: texts when that is asked for.
    """
    profile = client.profile
    attributes = profile.attributes
    fields = fields_of(
        IndividualClientAnswer(
            id=client.id,
            type="individual",
            status=client.status,
            first_name=profile.first_name,
            second_name=profile.second_name,
            last_name=profile.last_name,
            email=profile.email,
            birth_date=profile.birth_date,
            address=_address(profile.address),
            phone_country_code=profile.phone_country_code,
            phone_number=profile.phone_number,
            # a catalogue of an earlier release may have declared an attribute of this name
            reference=cast("str | None", attributes.get("reference", profile.reference)),
        )
    )
    fields |= attributes
    if DECIMALS in expand:
        given = ((name, attributes.get(name)) for name in decimals)
        fields |= {name: decimal_text(value) for name, value in given if value is not None}
    if TIMESTAMPS in expand:
        moments = (format_timestamp(client.created_at_ms), format_timestamp(client.updated_at_ms))
        fields |= zip(TIMESTAMP_FIELDS, moments, strict=True)
    return fields


def _address(address: Address) -> AddressAnswer:
    return AddressAnswer(
        street_line1=address.street_line1,
        street_line2=address.street_line2,
        city=address.city,
        postal_code=address.postal_code,
        state=address.state,
        country=address.country,
    )
