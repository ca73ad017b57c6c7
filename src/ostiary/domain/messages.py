"""What is announced to the world after a change, as rows that are delivered later.

A message is made in the same unit of work as the change it tells of, and keeps its id over every try.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ostiary.domain.enablement import Enablement, Status
from ostiary.domain.queues import Lane, queue_of
from ostiary.domain.rejections import Rejection
from ostiary.domain.times import shown
from ostiary.domain.values import quick, replace

EVENT_TYPE = "product_enablement_status_changed"
ENVELOPE_STATUS = {
    Status.REQUESTED: "pending",
    Status.PENDING_DOCUMENTATION: "pending",
    Status.IN_KYC: "pending",
    Status.ENABLED: "success",
    Status.REJECTED: "failed",
}


NEVER_MS = 1 << 53
"""Due when something else has happened: an earlier message of the same enablement was taken or given up."""
TEST_EVENT_TYPE = "webhook_test"


class Topic(StrEnum):
    """Who a message is for. An enquiry asks a provider that has been silent for long."""

    WEBHOOK = "webhook"
    PROVIDER = "provider"
    ENQUIRY = "enquiry"


class Outcome(StrEnum):
    """How a message stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


@quick
@dataclass(frozen=True, slots=True)
class Message:
    """One outgoing message. `sequence` orders those of one enablement; `attempts` counts tries begun.

    `provider` names who is told when it is not the built-in provider. `lane` is the one it was claimed from.
    """

    id: str
    company_id: str
    topic: Topic
    client_id: str
    enablement_id: str
    sequence: int
    due_at_ms: int
    body: dict[str, object] = field(repr=False)
    attempts: int = 0
    provider: str = ""
    lane: Lane = Lane.PROVEN

    @property
    def queue(self) -> str:
        """What waits in one line: a company's messages to one receiver."""
        return queue_of(self.topic.value, self.provider)


@quick
@dataclass(frozen=True, slots=True)
class Sent:
    """How a try went. `status` is the HTTP status, None when there was no answer; `answer` its first bytes."""

    status: int | None
    problem: str = ""
    ms: int = 0
    answer: bytes = field(default=b"", repr=False)
    retry_after_s: float | None = None

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@quick
@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a message, as it is kept."""

    at_ms: int
    ms: int
    status: int | None
    problem: str
    answer: bytes = field(default=b"", repr=False)


@quick
@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to a company's webhook as the company sees it: how it stands, and its tries where they were asked for.

    `waits` while an earlier one of the same request has to be taken first; `is_under_way` while it is being sent.
    """

    message: Message
    state: Outcome
    created_at_ms: int
    ended_at_ms: int | None
    is_under_way: bool = False
    tries: tuple[Attempt, ...] = ()

    @property
    def waits(self) -> bool:
        return self.state is Outcome.PENDING and self.message.due_at_ms >= NEVER_MS

    def again(self, now_ms: int) -> Delivery:
        """As it is once it was asked to be sent again."""
        message = replace(self.message, due_at_ms=now_ms, attempts=0)
        return replace(self, message=message, state=Outcome.PENDING, ended_at_ms=None)


def status_changed(
    message_id: str, before: Status, after: Enablement, rejections: tuple[Rejection, ...], now_ms: int,
    *, with_sequence: bool = False,
) -> Message:  # fmt: skip
    """The message to the company's webhook, in the documented envelope; with its sequence where that was asked for."""
    data: dict[str, object] = {
        "client_id": after.client_id,
        "product_request_id": after.id,
        "product": after.product,
        "status": after.status.value,
        "previous_status": before.value,
        "rejected_items": [as_item(one) for one in rejections],
        "occurred_at": shown(now_ms),
    }
    if with_sequence:
        data["sequence"] = after.sequence
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


def submitted(message_id: str, enablement: Enablement, now_ms: int, provider: str = "") -> Message:
    """The one notification to the provider for a submission."""
    body: dict[str, object] = {"attempt": enablement.attempt, "product": enablement.product}
    return Message(
        message_id, enablement.company_id, Topic.PROVIDER, enablement.client_id, enablement.id,
        enablement.sequence, now_ms, body, provider=provider,
    )  # fmt: skip


def enquiry(message_id: str, about: Message, external_id: str, due_at_ms: int) -> Message:
    """Asks the provider what became of a submission, unless its verdict comes before."""
    body: dict[str, object] = {**about.body, "external_id": external_id}
    return replace(about, id=message_id, topic=Topic.ENQUIRY, due_at_ms=due_at_ms, body=body, attempts=0)


def probe_event(message_id: str, company_id: str, now_ms: int) -> Message:
    """A message that only shows that an endpoint takes what is sent to it."""
    body: dict[str, object] = {
        "product": "company_activity",
        "event_type": TEST_EVENT_TYPE,
        "operation_id": message_id,
        "status": "success",
        "data": {"occurred_at": shown(now_ms)},
    }
    return Message(message_id, company_id, Topic.WEBHOOK, "", message_id, 0, now_ms, body)


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
