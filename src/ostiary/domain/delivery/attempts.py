"""What follows from one try of a delivery: it was taken, is tried again at a time, or is given up; and the health of
its endpoint.

Sources: Standard Webhooks (schedule, 410, 429 and 503), RFC 9110 10.2.3 (Retry-After).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ostiary.domain.delivery.messages import Attempt, Message, MessageOutcome, SendResult
from ostiary.domain.delivery.queues import Health
from ostiary.domain.times import DAY_MS, HOUR_MS

GONE = 410
DISABLED_AFTER_MS = 5 * DAY_MS
"""An endpoint that took nothing for so long is not coming back by itself: the schedule of one message is over in three
days, so that at least two messages in a row were given up."""
LONGEST_RETRY_AFTER_S = 86_400.0
"""The longest wait of the schedule: an endpoint may not put a message off for longer."""
HELD_MS = HOUR_MS
"""How often a held message, whose endpoint is disabled, is rechecked."""
NOT_TRIED_MS = 5_000
"""When a message that could not be tried comes again."""
MOST_HELD_MS = 30 * DAY_MS
"""After this the message of a disabled endpoint is given up."""
BECAUSE_GONE, BECAUSE_FAILING = "gone", "failing"


@dataclass(frozen=True, slots=True)
class AttemptOutcome:
    """How a message stands after a try, and how its endpoint does. `attempt` is None when nothing was sent.

    `disables`: the endpoint gets nothing more until its company asks for it.
    """

    outcome: MessageOutcome
    health: Health
    due_at_ms: int = 0
    attempt: Attempt | None = None
    wakes_others: bool = False
    disables: bool = False


def after_try(
    message: Message, sent: SendResult, health: Health, now_ms: int, wait_s: float | None, *, may_disable: bool = True
) -> AttemptOutcome:
    """What follows from a try that was made. `wait_s` is what the schedule says comes next; None: it is over.

    A provider that the operator configured is not disabled, whatever it answers: it is corrected.
    """
    attempt = Attempt(at_ms=now_ms - sent.ms, ms=sent.ms, status=sent.status, problem=sent.problem, answer=sent.answer)
    if sent.is_success:
        healthy = replace(health, failing_since_ms=None, succeeded_at_ms=now_ms)
        was_failing = health.failing_since_ms is not None
        return AttemptOutcome(MessageOutcome.DELIVERED, healthy, 0, attempt, wakes_others=was_failing)
    since = now_ms if health.failing_since_ms is None else health.failing_since_ms
    failing = replace(health, failing_since_ms=since)
    because = _disabled_because(sent, now_ms - since) if may_disable else None
    if because is not None:
        disabled = replace(failing, disabled_at_ms=now_ms, disabled_because=because)
        return AttemptOutcome(MessageOutcome.PENDING, disabled, now_ms + HELD_MS, attempt, disables=True)
    if wait_s is None:
        return AttemptOutcome(MessageOutcome.FAILED, failing, 0, attempt)
    asked_s = min(sent.retry_after_s or 0.0, LONGEST_RETRY_AFTER_S)
    return AttemptOutcome(MessageOutcome.PENDING, failing, now_ms + int(max(wait_s, asked_s) * 1000), attempt)


def not_tried(health: Health, now_ms: int) -> AttemptOutcome:
    """What becomes of a message that could not be tried, as when too many names are being looked up: it counts against
    nobody, and comes again soon."""
    return AttemptOutcome(MessageOutcome.PENDING, health, now_ms + NOT_TRIED_MS)


def held(created_at_ms: int, health: Health, now_ms: int) -> AttemptOutcome:
    """What becomes of a message whose endpoint is disabled: it waits to be woken, but not for ever."""
    if now_ms - created_at_ms >= MOST_HELD_MS:
        return AttemptOutcome(MessageOutcome.FAILED, health)
    return AttemptOutcome(MessageOutcome.PENDING, health, now_ms + HELD_MS)


def _disabled_because(sent: SendResult, failing_ms: int) -> str | None:
    if sent.status == GONE:
        return BECAUSE_GONE
    return BECAUSE_FAILING if failing_ms >= DISABLED_AFTER_MS else None
