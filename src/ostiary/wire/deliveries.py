"""Deliveries and the health of an endpoint, as companies and operators see them."""

from __future__ import annotations

from typing import Annotated, Any

from ostiary.domain.delivery.attempts import BECAUSE_FAILING, BECAUSE_GONE
from ostiary.domain.delivery.messages import EVENT_TYPE, TEST_EVENT_TYPE, Attempt, Delivery, MessageOutcome
from ostiary.domain.delivery.queues import Health
from ostiary.domain.delivery.renewal_events import RenewalEvent
from ostiary.domain.hosted.events import HostedEvent, is_hosted_event
from ostiary.domain.privacy.events import ErasureEvent, is_erasure_event
from ostiary.domain.times import format_timestamp
from ostiary.wire.answer import Answer, Id, Timestamp, about, one_of


class DeliveryStateAnswer(Answer, kw_only=True, frozen=True):
    """How a delivery stands."""

    id: Annotated[Id, about("The operation_id and webhook-id of what was sent.")]
    event_type: Annotated[str, one_of([EVENT_TYPE, *HostedEvent, *RenewalEvent, *ErasureEvent, TEST_EVENT_TYPE])]
    state: Annotated[
        MessageOutcome, about("`failed` was given up; `dropped` was due when there was no subscription any more.")
    ]
    client_id: Id | None = None
    product_request_id: Id | None = None
    link_id: Annotated[Id | None, about("Of an event about a client on the page.")] = None
    sequence: int | None = None
    tries: Annotated[int, about("Since it was last asked for.")]
    created_at: Timestamp
    next_try_at: Annotated[Timestamp | None, about("While it is pending: not before.")] = None
    waits_for_earlier: Annotated[
        bool | None, about("An earlier delivery of the same request has to be taken first.")
    ] = None
    ended_at: Timestamp | None = None


class DeliveryAttemptAnswer(Answer, kw_only=True, frozen=True):
    """One try: the status, or the problem when there was no answer."""

    at: Timestamp
    ms: int
    status: int | None = None
    problem: str | None = None
    answer: Annotated[str | None, about("The first 2,048 bytes, as UTF-8.")] = None


class TriedDeliveryAnswer(DeliveryStateAnswer, kw_only=True, frozen=True):
    """A delivery with what is sent and how each try went."""

    payload: dict[str, Any]
    attempts: list[DeliveryAttemptAnswer]


class WebhookHealthAnswer(Answer, kw_only=True, frozen=True):
    """How the endpoint does."""

    state: Annotated[str, one_of(("untried", "working", "failing", "disabled"))]
    last_success_at: Annotated[Timestamp | None, about("To the minute.")] = None
    failing_since: Timestamp | None = None
    disabled_at: Timestamp | None = None
    disabled_because: Annotated[
        str | None, one_of((BECAUSE_GONE, BECAUSE_FAILING), "It answered 410, or took nothing for 5 days.")
    ] = None


def health_answer(health: Health) -> WebhookHealthAnswer:
    """The health of an endpoint; what never happened is absent."""
    return WebhookHealthAnswer(
        state=health.state,
        last_success_at=_timestamp(health.succeeded_at_ms),
        failing_since=_timestamp(health.failing_since_ms),
        disabled_at=_timestamp(health.disabled_at_ms),
        disabled_because=health.disabled_because,
    )


def delivery_answer(delivery: Delivery) -> DeliveryStateAnswer:
    """The state of a delivery; what a test event lacks, and what did not happen, is absent."""
    return DeliveryStateAnswer(**_state(delivery))


def tried_answer(delivery: Delivery) -> TriedDeliveryAnswer:
    """A delivery with what was sent, and each try."""
    attempts = [_attempt(attempt) for attempt in delivery.tries]
    return TriedDeliveryAnswer(**_state(delivery), payload=delivery.message.body, attempts=attempts)


def _state(delivery: Delivery) -> dict[str, Any]:
    message = delivery.message
    is_hosted = is_hosted_event(message)
    is_of_request = bool(message.client_id) and not is_hosted and not is_erasure_event(message)
    is_due = delivery.state is MessageOutcome.PENDING and not delivery.waits
    return {
        "id": message.id,
        "event_type": str(message.body["event_type"]),
        "state": delivery.state,
        "client_id": message.client_id or None,
        "product_request_id": message.enablement_id if is_of_request else None,
        "link_id": message.enablement_id if is_hosted else None,
        "sequence": message.sequence or None,
        "tries": message.attempts,
        "created_at": format_timestamp(delivery.created_at_ms),
        "next_try_at": format_timestamp(message.due_at_ms) if is_due else None,
        "waits_for_earlier": True if delivery.waits else None,
        "ended_at": _timestamp(delivery.ended_at_ms),
    }


def _attempt(attempt: Attempt) -> DeliveryAttemptAnswer:
    return DeliveryAttemptAnswer(
        at=format_timestamp(attempt.at_ms),
        ms=attempt.ms,
        status=attempt.status,
        problem=attempt.problem or None,
        answer=attempt.answer.decode("utf-8", "replace") if attempt.answer else None,
    )


def _timestamp(at_ms: int | None) -> str | None:
    return None if at_ms is None else format_timestamp(at_ms)
