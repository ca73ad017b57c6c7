"""What is sent to a company's webhook when the status of a request changes.

The message is made with the change and stored before it is sent (`domain.delivery.messages.status_changed`); these
structs describe it.
"""

from __future__ import annotations

from typing import Annotated

from ostiary.domain.delivery.messages import ENVELOPE_STATUS, EVENT_TYPE
from ostiary.domain.onboarding.enablement import Status
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


class DeliveryAnswer(Answer, kw_only=True, frozen=True):
    """A change of a request's status."""

    product: Annotated[str, one_of(["company_activity"])]
    event_type: Annotated[str, one_of([EVENT_TYPE])]
    operation_id: Annotated[Id, about("The same at every try: handle each once.")]
    status: Annotated[
        str, one_of(dict.fromkeys(ENVELOPE_STATUS.values()), "pending, success (enabled), failed (rejected).")
    ]
    data: DeliveryDataAnswer
