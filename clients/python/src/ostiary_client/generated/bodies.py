"""What is sent.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.extras import NewClientExtras, Value
from ostiary_client.generated.clients import Address
from ostiary_client.generated.terms import Acceptor


class NewClient(NewClientExtras, kw_only=True, frozen=True, omit_defaults=True):
    """A client to be made, or to take another's place. `attributes` are those of the catalogue."""

    first_name: str
    last_name: str
    email: str
    birth_date: str
    address: Address
    second_name: str | None = None
    phone_country_code: int | None = None
    phone_number: int | None = None
    reference: str | None = None


class NewOnboardingLink(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What a link to the page for clients is for; everything may be left out."""

    product_request_ids: tuple[str, ...] | None = None
    return_url: str | None = None
    refresh_url: str | None = None
    state: str | None = None
    language: str | None = None
    expires_in_minutes: int | None = None


class NewTermsAcceptance(Value, kw_only=True, frozen=True, omit_defaults=True):
    """Which text was accepted, by whom, when and how."""

    terms_id: str
    version: str
    language: str
    sha256: str
    accepted_by: Acceptor
    accepted_at: str
    channel: str
    ip_address: str | None = None
    user_agent: str | None = None


class NewBrand(Value, kw_only=True, frozen=True, omit_defaults=True):
    """The whole brand: what is left out is as it usually is."""

    name: str
    primary_colour: str = "#1d4f91"
    text_on_primary: str = "white"
    background_colour: str = "#ffffff"
    text_on_background: str = "black"
    support: str | None = None
    privacy: dict[str, str] | None = None
    frame_origins: tuple[str, ...] | None = None
