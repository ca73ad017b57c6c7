"""What a company may hear of the end of a client's data, in the envelope of all that is sent to it."""

from __future__ import annotations

from enum import StrEnum

from ostiary.domain.delivery.messages import Message, Topic, envelope
from ostiary.domain.privacy.erasure import Erasure, receipt_mark
from ostiary.domain.times import format_timestamp


class ErasureEvent(StrEnum):
    """Told only to a subscription that lists it; wire-stable."""

    ERASED = "client_erased"


def erasure_event(message_id: str, erasure: Erasure, now_ms: int) -> Message:
    """The message about an erasure that ended: ids and times, and what vouches for the receipt. Its id stands where a
    request's would."""
    assert erasure.receipt is not None  # noqa: S101 (it ended)
    data: dict[str, object] = {
        "client_id": erasure.client_id,
        "erasure_id": erasure.id,
        "cause": erasure.cause.value,
        "requested_at": format_timestamp(erasure.requested_at_ms),
        "erased_at": format_timestamp(erasure.erased_at_ms),
        "receipt_sha256": receipt_mark(erasure.receipt),
        "occurred_at": format_timestamp(now_ms),
    }
    body = envelope(message_id, ErasureEvent.ERASED.value, "success", data)
    return Message(
        id=message_id,
        company_id=erasure.company_id,
        topic=Topic.WEBHOOK,
        client_id=erasure.client_id,
        enablement_id=erasure.id,
        sequence=0,
        due_at_ms=now_ms,
        body=body,
    )


def is_erasure_event(message: Message) -> bool:
    """Whether a message tells of an erasure, and not of a request."""
    return message.body.get("event_type") in set(ErasureEvent)
