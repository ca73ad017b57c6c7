"""What is sent to a company's webhook when the status of a request changes.

The message is made with the change and stored before it is sent (`domain.delivery.messages.status_changed`); these
structs describe it.
"""

from __future__ import annotations

from typing import Annotated

from ostiary.domain.catalogue.renewal_rules import AtDeadline
from ostiary.domain.delivery.messages import ENVELOPE_STATUS, EVENT_TYPE
from ostiary.domain.delivery.renewal_events import RENEWAL_STATUS, RenewalEvent
from ostiary.domain.hosted.events import EVENT_STATUS, HostedEvent
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.privacy.erasure import Cause
from ostiary.domain.privacy.events import ErasureEvent
from ostiary.domain.renewals.deadlines import TOLD_REASONS
from ostiary.wire.answer import Answer, Id, Timestamp, about, one_of
from ostiary.wire.rejections import RejectedItemAnswer


class DeliveryDataAnswer(Answer, kw_only=True, frozen=True):
    """What changed."""

    client_id: Id
    product_request_id: Id
    product: str
    status: Status
    previous_status: Status
    rejected_items: list[RejectedItemAnswer]
    occurred_at: Timestamp
    sequence: Annotated[int | None, about("With `include_sequence`: counts the changes of status.")] = None
    rejection_description: str | None = None


class OnboardingDataAnswer(Answer, kw_only=True, frozen=True):
    """What a client did on the page."""

    client_id: Id
    link_id: Id
    product_request_ids: list[Id]
    occurred_at: Timestamp
    step: Annotated[str | None, about("Which one was completed.")] = None


class OnboardingDeliveryAnswer(Answer, kw_only=True, frozen=True):
    """A client came to the page, did something there, or did not."""

    product: Annotated[str, one_of(["company_activity"])]
    event_type: Annotated[str, one_of(HostedEvent)]
    operation_id: Annotated[Id, about("The same at every try: handle each once.")]
    status: Annotated[
        str, one_of(dict.fromkeys(EVENT_STATUS.values()), "pending, success (finished), failed (expired).")
    ]
    data: OnboardingDataAnswer


class RenewalDataAnswer(Answer, kw_only=True, frozen=True):
    """How a renewal stands."""

    client_id: Id
    product_request_id: Id
    product: str
    due_at: Annotated[Timestamp, about("The end of the day on which it is due.")]
    days_left: Annotated[int, about("To the day on which it is due; below 0 once that has passed.")]
    reasons: list[Annotated[str, one_of(TOLD_REASONS)]]
    consequence: Annotated[AtDeadline, about("What follows when it is not completed in its days of grace.")]
    consequence_at: Timestamp
    rejected_items: Annotated[list[RejectedItemAnswer], about("Of `renewal_returned`: what to redo.")]
    occurred_at: Timestamp


class RenewalDeliveryAnswer(Answer, kw_only=True, frozen=True):
    """An enabled request is due again, or was renewed."""

    product: Annotated[str, one_of(["company_activity"])]
    event_type: Annotated[str, one_of(RenewalEvent)]
    operation_id: Annotated[Id, about("The same at every try: handle each once.")]
    status: Annotated[str, one_of(dict.fromkeys(RENEWAL_STATUS.values()), "pending, success (renewed).")]
    data: RenewalDataAnswer


class ErasureDataAnswer(Answer, kw_only=True, frozen=True):
    """How a client's data ended."""

    client_id: Id
    erasure_id: Annotated[Id, about("The `id` that Erase individual client answered.")]
    cause: Annotated[
        str,
        one_of(Cause, "Somebody asked; before its period was over; the period itself; a backup was restored."),
    ]
    requested_at: Timestamp
    erased_at: Annotated[Timestamp, about("Since when it is not found.")]
    receipt_sha256: Annotated[str, about("Of the receipt, as in the audit trail.")]
    occurred_at: Annotated[Timestamp, about("When nothing of it was left anywhere.")]


class ErasureDeliveryAnswer(Answer, kw_only=True, frozen=True):
    """The data of a client ended, in the database, in the store of pictures, and at providers."""

    product: Annotated[str, one_of(["company_activity"])]
    event_type: Annotated[str, one_of(ErasureEvent)]
    operation_id: Annotated[Id, about("The same at every try: handle each once.")]
    status: Annotated[str, one_of(["success"])]
    data: ErasureDataAnswer


class DeliveryAnswer(Answer, kw_only=True, frozen=True):
    """A change of a request's status."""

    product: Annotated[str, one_of(["company_activity"])]
    event_type: Annotated[str, one_of([EVENT_TYPE])]
    operation_id: Annotated[Id, about("The same at every try: handle each once.")]
    status: Annotated[
        str, one_of(dict.fromkeys(ENVELOPE_STATUS.values()), "pending, success (enabled), failed (rejected).")
    ]
    data: DeliveryDataAnswer
