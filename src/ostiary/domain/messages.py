"""What is announced to the world after a change, as rows that are delivered later.

A message is made in the same unit of work as the change it tells of, and keeps its id over every try.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ostiary.domain.enablement import Enablement, Status
from ostiary.domain.rejections import Rejection
from ostiary.domain.times import shown

EVENT_TYPE = "product_enablement_status_changed"
ENVELOPE_STATUS = {
    Status.REQUESTED: "pending",
    Status.PENDING_DOCUMENTATION: "pending",
    Status.IN_KYC: "pending",
    Status.ENABLED: "success",
    Status.REJECTED: "failed",
}


class Topic(StrEnum):
    """Who a message is for."""

    WEBHOOK = "webhook"
    PROVIDER = "provider"


class Outcome(StrEnum):
    """How a message stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Message:
    """One outgoing message. `sequence` orders those of one enablement; `attempts` counts tries begun."""

    id: str
    company_id: str
    topic: Topic
    client_id: str
    enablement_id: str
    sequence: int
    due_at_ms: int
    body: dict[str, object] = field(repr=False)
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """How a try went. `status` is the HTTP status, None when there was no answer."""

    status: int | None
    problem: str = ""

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def status_changed(
    message_id: str, before: Status, after: Enablement, rejections: tuple[Rejection, ...], now_ms: int
) -> Message:
    """The message to the company's webhook, in the documented envelope."""
    data: dict[str, object] = {
        "client_id": after.client_id,
        "product_request_id": after.id,
        "product": after.product,
        "status": after.status.value,
        "previous_status": before.value,
        "rejected_items": [as_item(one) for one in rejections],
        "occurred_at": shown(now_ms),
    }
    if after.rejection_description is not None:
        data["rejection_description"] = after.rejection_description
    body: dict[str, object] = {
        "product": "company_activity",
        "event_type": EVENT_TYPE,
        "operation_id": message_id,
        "status": ENVELOPE_STATUS[after.status],
        "data": data,
    }
    return Message(message_id, after.company_id, Topic.WEBHOOK, after.client_id, after.id, after.sequence, now_ms, body)


def submitted(message_id: str, enablement: Enablement, now_ms: int) -> Message:
    """The one notification to the provider for a submission."""
    body: dict[str, object] = {"attempt": enablement.attempt, "product": enablement.product}
    return Message(
        message_id, enablement.company_id, Topic.PROVIDER, enablement.client_id, enablement.id,
        enablement.sequence, now_ms, body,
    )  # fmt: skip


def as_item(rejection: Rejection) -> dict[str, object]:
    """A rejection as partners see it: the documented triple and what Ostiary adds."""
    return {
        "type": rejection.kind.value,
        "key": rejection.key,
        "reason": rejection.reason,
        "code": rejection.code.value,
        "field": rejection.field,
        "retryable": rejection.retryable,
        "action": rejection.action,
    }
