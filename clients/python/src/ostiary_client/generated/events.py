"""Events that a webhook receives.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.extras import Value
from ostiary_client.generated.forms import RejectedItem
from ostiary_client.generated.words import AtDeadline, Status


class StatusChange(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What changed."""

    client_id: str
    product_request_id: str
    product: str
    status: Status
    previous_status: Status
    rejected_items: tuple[RejectedItem, ...]
    occurred_at: str
    """UTC, whole seconds, no zone."""
    sequence: int | None = None
    """With `include_sequence`: counts the changes of status."""
    rejection_description: str | None = None


class StatusChanged(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A change of a request's status."""

    product: str
    """One of: `company_activity`."""
    event_type: str
    """One of: `product_enablement_status_changed`."""
    operation_id: str
    """The same at every try: handle each once."""
    status: str
    """pending, success (enabled), failed (rejected). One of: `pending`, `success`, `failed`."""
    data: StatusChange


class OnboardingStep(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What a client did on the page."""

    client_id: str
    link_id: str
    product_request_ids: tuple[str, ...]
    occurred_at: str
    """UTC, whole seconds, no zone."""
    step: str | None = None
    """Which one was completed."""


class OnboardingEvent(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A client came to the page, did something there, or did not."""

    product: str
    """One of: `company_activity`."""
    event_type: str
    """One of: `onboarding_opened`, `onboarding_step_completed`, `onboarding_finished`, `onboarding_expired`."""
    operation_id: str
    """The same at every try: handle each once."""
    status: str
    """pending, success (finished), failed (expired). One of: `pending`, `success`, `failed`."""
    data: OnboardingStep


class RenewalState(Value, kw_only=True, frozen=True, omit_defaults=True):
    """How a renewal stands."""

    client_id: str
    product_request_id: str
    product: str
    due_at: str
    """UTC, whole seconds, no zone. The end of the day on which it is due."""
    days_left: int
    """To the day on which it is due; below 0 once that has passed."""
    reasons: tuple[str, ...]
    consequence: AtDeadline
    """What follows when it is not completed in its days of grace."""
    consequence_at: str
    """UTC, whole seconds, no zone."""
    rejected_items: tuple[RejectedItem, ...]
    """Of `renewal_returned`: what to redo."""
    occurred_at: str
    """UTC, whole seconds, no zone."""


class RenewalEvent(Value, kw_only=True, frozen=True, omit_defaults=True):
    """An enabled request is due again, or was renewed."""

    product: str
    """One of: `company_activity`."""
    event_type: str
    """One of: `renewal_opened`, `renewal_due_soon`, `renewal_overdue`, `renewal_returned`, `renewal_completed`."""
    operation_id: str
    """The same at every try: handle each once."""
    status: str
    """pending, success (renewed). One of: `pending`, `success`."""
    data: RenewalState


class ErasedClient(Value, kw_only=True, frozen=True, omit_defaults=True):
    """How a client's data ended."""

    client_id: str
    erasure_id: str
    """The `id` that Erase individual client answered."""
    cause: str
    """Somebody asked; before its period was over; the period itself; a backup was restored. One of: `request`,
    `early`, `retention`, `restored`.
    """
    requested_at: str
    """UTC, whole seconds, no zone."""
    erased_at: str
    """UTC, whole seconds, no zone. Since when it is not found."""
    receipt_sha256: str
    """Of the receipt, as in the audit trail."""
    occurred_at: str
    """UTC, whole seconds, no zone. When nothing of it was left anywhere."""


class ErasureEvent(Value, kw_only=True, frozen=True, omit_defaults=True):
    """The data of a client ended, in the database, in the store of pictures, and at providers."""

    product: str
    """One of: `company_activity`."""
    event_type: str
    """One of: `client_erased`."""
    operation_id: str
    """The same at every try: handle each once."""
    status: str
    """One of: `success`."""
    data: ErasedClient
