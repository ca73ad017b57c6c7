"""Messages that follow from a change, as rows that are sent later.

A message is made in the same unit of work as the change it reports, and keeps its id over every try.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from ostiary.domain.companies.company import STATUS_CHANGED
from ostiary.domain.delivery.queues import Lane, queue_of
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.rejections import Rejection
from ostiary.domain.times import format_timestamp
from ostiary.domain.value import replace, value_type

EVENT_TYPE = STATUS_CHANGED
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
MOST_PENDING_TESTS = 100
"""Of one company: more than any check of an endpoint needs, and they are for nothing else. An endpoint that is away for
days would collect as many as one cares to send."""


class Topic(StrEnum):
    """Who a message is for. An enquiry asks a provider that has been silent for long."""

    WEBHOOK = "webhook"
    PROVIDER = "provider"
    ENQUIRY = "enquiry"


class MessageOutcome(StrEnum):
    """How a message stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


@value_type
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
    def is_test(self) -> bool:
        """It tells of no client, and is only sent to show that it is taken."""
        return not self.client_id

    @property
    def queue(self) -> str:
        """What waits in one line: a company's messages to one receiver."""
        return queue_of(self.topic.value, self.provider)


@value_type
class SendResult:
    """How a try went. `status` is the HTTP status, None when there was no answer; `answer` its first bytes.

    `is_tried` is false when nothing was begun for reasons that are not the receiver's.
    """

    status: int | None
    problem: str = ""
    ms: int = 0
    answer: bytes = field(default=b"", repr=False)
    retry_after_s: float | None = None
    is_tried: bool = True

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@value_type
class Attempt:
    """One try of a message, as it is kept."""

    at_ms: int
    ms: int
    status: int | None
    problem: str
    answer: bytes = field(default=b"", repr=False)


@value_type
class Delivery:
    """A message to a company's webhook as the company sees it: how it stands, and its tries where they were asked for.

    `waits` while an earlier one of the same request has to be taken first; `is_under_way` while it is being sent.
    """

    message: Message
    state: MessageOutcome
    created_at_ms: int
    ended_at_ms: int | None
    is_under_way: bool = False
    tries: tuple[Attempt, ...] = ()

    @property
    def waits(self) -> bool:
        return self.state is MessageOutcome.PENDING and self.message.due_at_ms >= NEVER_MS

    def again(self, now_ms: int) -> Delivery:
        """As it is once it was asked to be sent again."""
        message = replace(self.message, due_at_ms=now_ms, attempts=0)
        return replace(self, message=message, state=MessageOutcome.PENDING, ended_at_ms=None)


def envelope(message_id: str, event_type: str, status: str, data: dict[str, object]) -> dict[str, object]:
    """The body of every event, as the contract has it: what happened, of which message, and what of it."""
    return {
        "product": "company_activity",
        "event_type": event_type,
        "operation_id": message_id,
        "status": status,
        "data": data,
    }


def status_changed(
    message_id: str,
    before: Status,
    after: Enablement,
    rejections: tuple[Rejection, ...],
    now_ms: int,
    *,
    with_sequence: bool = False,
) -> Message:
    """The message to the company's webhook, in the documented envelope; with its sequence where that was asked for."""
    data: dict[str, object] = {
        "client_id": after.client_id,
        "product_request_id": after.id,
        "product": after.product,
        "status": after.status.value,
        "previous_status": before.value,
        "rejected_items": [as_item(rejection) for rejection in rejections],
        "occurred_at": format_timestamp(after.updated_at_ms),
    }
    if with_sequence:
        data["sequence"] = after.sequence
    if after.rejection_description is not None:
        data["rejection_description"] = after.rejection_description
    body = envelope(message_id, EVENT_TYPE, ENVELOPE_STATUS[after.status], data)
    return Message(
        id=message_id,
        company_id=after.company_id,
        topic=Topic.WEBHOOK,
        client_id=after.client_id,
        enablement_id=after.id,
        sequence=after.sequence,
        due_at_ms=now_ms,
        body=body,
    )


RENEWAL = "renewal"
"""In the body of a submission's notification: which renewal of an enabled request it is, counted from 1."""


def submitted(message_id: str, enablement: Enablement, now_ms: int, provider: str = "", *, renewal: int = 0) -> Message:
    """The one notification to the provider for a submission, or for one of a renewal of an enabled request."""
    body: dict[str, object] = {"attempt": enablement.attempt, "product": enablement.product}
    if renewal:
        body[RENEWAL] = renewal
    return Message(
        id=message_id,
        company_id=enablement.company_id,
        topic=Topic.PROVIDER,
        client_id=enablement.client_id,
        enablement_id=enablement.id,
        sequence=enablement.sequence,
        due_at_ms=now_ms,
        body=body,
        provider=provider,
    )


def enquiry(message_id: str, about: Message, external_id: str, due_at_ms: int) -> Message:
    """Asks the provider what became of a submission, unless its verdict comes before."""
    body: dict[str, object] = {**about.body, "external_id": external_id}
    return replace(about, id=message_id, topic=Topic.ENQUIRY, due_at_ms=due_at_ms, body=body, attempts=0)


def probe_event(message_id: str, company_id: str, now_ms: int) -> Message:
    """A message that only shows that an endpoint takes what is sent to it."""
    body = envelope(message_id, TEST_EVENT_TYPE, "success", {"occurred_at": format_timestamp(now_ms)})
    return Message(
        id=message_id,
        company_id=company_id,
        topic=Topic.WEBHOOK,
        client_id="",
        enablement_id=message_id,
        sequence=0,
        due_at_ms=now_ms,
        body=body,
    )


def as_item(rejection: Rejection) -> dict[str, object]:
    """A rejection as partners see it: the documented triple and what Ostiary adds."""
    return {
        "type": rejection.kind.value,
        "key": rejection.key,
        "reason": str(rejection.reason),
        "code": rejection.code.value,
        "field": rejection.field,
        "retryable": rejection.retryable,
        "action": str(rejection.action),
    }
