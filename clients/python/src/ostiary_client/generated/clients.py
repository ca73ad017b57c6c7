"""Clients, as the service answers with them.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.extras import ClientExtras, Value
from ostiary_client.generated.words import ClientStatus


class Address(Value, kw_only=True, frozen=True, omit_defaults=True):
    """Where a client lives."""

    street_line1: str
    street_line2: str | None = None
    city: str
    postal_code: str | None = None
    state: str | None = None
    country: str


class IndividualClient(ClientExtras, kw_only=True, frozen=True, omit_defaults=True):
    """An individual client; what was not given is absent, not null."""

    id: str
    type: str
    """One of: `individual`."""
    status: ClientStatus
    """`active` with the first enabled product; `rejected` when refused as a client."""
    first_name: str
    second_name: str | None = None
    last_name: str
    email: str
    birth_date: str
    address: Address
    phone_country_code: int | None = None
    phone_number: int | None = None
    reference: str | None = None
    """What you call the client."""
    created_at: str | None = None
    """With `expand=timestamps`. UTC, whole seconds, no zone."""
    updated_at: str | None = None
    """With `expand=timestamps`. UTC, whole seconds, no zone."""


class Erasure(Value, kw_only=True, frozen=True, omit_defaults=True):
    """How far the erasure of a client is."""

    id: str
    client_id: str
    status: str
    """`waiting`: within a minute. `erased`: gone from the database. `done`: gone everywhere. One of: `waiting`,
    `erased`, `done`.
    """
    requested_at: str
    """UTC, whole seconds, no zone."""
    kept_until: str | None = None
    """When its retention period was over. UTC, whole seconds, no zone."""
