"""The company's webhook, its deliveries, and how its page looks.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from typing import Any

from ostiary_client.extras import Value
from ostiary_client.generated.words import Ink, MessageOutcome


class Privacy(Value, kw_only=True, frozen=True, omit_defaults=True):
    """The privacy notice, in each language that it is there in."""

    en: str
    es: str | None = None
    pt: str | None = None


class Brand(Value, kw_only=True, frozen=True, omit_defaults=True):
    """How the company's page looks; what is not set is absent."""

    name: str
    primary_colour: str
    """The ground of buttons."""
    text_on_primary: Ink
    background_colour: str
    """The ground of the page."""
    text_on_background: Ink
    support: str | None = None
    """Where clients ask."""
    privacy: Privacy | None = None
    frame_origins: tuple[str, ...] | None = None
    """Whose pages may show it within their own; absent: nobody's."""
    has_logo: bool


class WebhookSettings(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A company's webhook settings; what is not set is absent."""

    name: str
    email: str | None = None
    webhook_url: str | None = None
    webhook_key: str | None = None
    event_types: tuple[str, ...] | None = None
    """What it hears of, where that is not changes of requests' status alone."""


class SigningSecret(Value, kw_only=True, frozen=True, omit_defaults=True):
    """The secret that deliveries are signed with."""

    signing_secret: str


class RotatedSecret(Value, kw_only=True, frozen=True, omit_defaults=True):
    """The new secret, and until when the one before signs beside it."""

    signing_secret: str
    previous_until: str
    """UTC, whole seconds, no zone."""


class WebhookHealth(Value, kw_only=True, frozen=True, omit_defaults=True):
    """How the endpoint does."""

    state: str
    """One of: `untried`, `working`, `failing`, `disabled`."""
    last_success_at: str | None = None
    """To the minute. UTC, whole seconds, no zone."""
    failing_since: str | None = None
    """UTC, whole seconds, no zone."""
    disabled_at: str | None = None
    """UTC, whole seconds, no zone."""
    disabled_because: str | None = None
    """It answered 410, or took nothing for 5 days. One of: `gone`, `failing`."""


class DeliveryState(Value, kw_only=True, frozen=True, omit_defaults=True):
    """How a delivery stands."""

    id: str
    """The operation_id and webhook-id of what was sent."""
    event_type: str
    """One of: `product_enablement_status_changed`, `onboarding_opened`, `onboarding_step_completed`,
    `onboarding_finished`, `onboarding_expired`, `renewal_opened`, `renewal_due_soon`, `renewal_overdue`,
    `renewal_returned`, `renewal_completed`, `client_erased`, `webhook_test`.
    """
    state: MessageOutcome
    """`failed` was given up; `dropped` was due when there was no subscription any more."""
    client_id: str | None = None
    product_request_id: str | None = None
    link_id: str | None = None
    """Of an event about a client on the page."""
    sequence: int | None = None
    tries: int
    """Since it was last asked for."""
    created_at: str
    """UTC, whole seconds, no zone."""
    next_try_at: str | None = None
    """While it is pending: not before. UTC, whole seconds, no zone."""
    waits_for_earlier: bool | None = None
    """An earlier delivery of the same request has to be taken first."""
    ended_at: str | None = None
    """UTC, whole seconds, no zone."""


class DeliveryAttempt(Value, kw_only=True, frozen=True, omit_defaults=True):
    """One try: the status, or the problem when there was no answer."""

    at: str
    """UTC, whole seconds, no zone."""
    ms: int
    status: int | None = None
    problem: str | None = None
    answer: str | None = None
    """The first 2,048 bytes, as UTF-8."""


class TriedDelivery(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A delivery with what is sent and how each try went."""

    id: str
    """The operation_id and webhook-id of what was sent."""
    event_type: str
    """One of: `product_enablement_status_changed`, `onboarding_opened`, `onboarding_step_completed`,
    `onboarding_finished`, `onboarding_expired`, `renewal_opened`, `renewal_due_soon`, `renewal_overdue`,
    `renewal_returned`, `renewal_completed`, `client_erased`, `webhook_test`.
    """
    state: MessageOutcome
    """`failed` was given up; `dropped` was due when there was no subscription any more."""
    client_id: str | None = None
    product_request_id: str | None = None
    link_id: str | None = None
    """Of an event about a client on the page."""
    sequence: int | None = None
    tries: int
    """Since it was last asked for."""
    created_at: str
    """UTC, whole seconds, no zone."""
    next_try_at: str | None = None
    """While it is pending: not before. UTC, whole seconds, no zone."""
    waits_for_earlier: bool | None = None
    """An earlier delivery of the same request has to be taken first."""
    ended_at: str | None = None
    """UTC, whole seconds, no zone."""
    payload: dict[str, Any]
    attempts: tuple[DeliveryAttempt, ...]
