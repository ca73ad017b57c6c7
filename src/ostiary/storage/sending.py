"""What of a unit of work is about messages, as statements: added, settled, sent again."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.domain.messages import NEVER_MS, Outcome
from ostiary.domain.ports import Box
from ostiary.domain.queues import NEW, WEBHOOK_QUEUE, Health, Lane, lane_of
from ostiary.domain.units import Guard, Settled, Unit
from ostiary.storage import message_statements as sql
from ostiary.storage.records import Records
from ostiary.storage.running import Statement


def added(unit: Unit, records: Records, box: Box) -> Iterator[Statement]:
    """New messages, each at the end of its queue."""
    before = set[tuple[str, str]]()
    for one in unit.messages:
        line = (one.enablement_id, one.queue)
        due = NEVER_MS if line in before else one.due_at_ms  # an engine may not see what the same unit added before
        before.add(line)
        key = (one.company_id, one.id, one.topic, one.client_id, one.enablement_id, one.sequence, due)
        yield Statement(sql.ADD_MESSAGE, (*key, records.seal_message(box, one), unit.at_ms, one.queue))
        lane = lane_of(one.queue, NEW)
        yield Statement(sql.FILL_QUEUE, (one.company_id, one.queue, one.due_at_ms, lane))


def settled(unit: Unit, end: Settled, records: Records, box: Box | None) -> Iterator[Statement]:
    """How a claimed message stands. The first statement is guarded by the lease, the rest follows from it.

    `box` seals what the receiver answered; without it that is not kept.
    """
    is_over = end.outcome is not Outcome.PENDING
    ended_at = unit.at_ms if is_over else None
    uncounted = int(not end.is_counted)
    values = (unit.company_id, end.message_id, end.lease, end.outcome, end.due_at_ms, ended_at, uncounted)
    yield Statement(sql.SETTLE_MESSAGE, values, Guard.LEASE)
    if end.attempt is not None:
        one = end.attempt
        answer = None if box is None else records.seal_attempt(box, end.message_id, end.lease, one)
        tried = (end.lease, one.at_ms, one.ms, one.status, one.problem, answer)
        yield Statement(sql.ADD_ATTEMPT, (unit.company_id, end.message_id, *tried))
    if end.health is not None:
        yield judged(unit.company_id, end.queue, end.health)
    where = (unit.company_id, end.queue)
    if end.wakes_others:
        yield Statement(sql.WAKE_MESSAGES, (*where, unit.at_ms))
    if is_over:
        yield Statement(sql.RELEASE_NEXT, (unit.company_id, end.message_id, unit.at_ms), is_late=True)
        yield Statement(sql.DUE_IF_ANY, (*where, unit.at_ms), is_late=True)
    else:
        yield Statement(sql.DUE_FROM, (*where, end.due_at_ms))


def judged(company_id: str, queue: str, health: Health) -> Statement:
    """What is thought of a receiver from now on."""
    values = (health.failing_since_ms, health.succeeded_at_ms, health.disabled_at_ms, health.disabled_because)
    return Statement(sql.JUDGE_QUEUE, (company_id, queue, lane_of(queue, health), *values))


def by_hand(unit: Unit) -> Iterator[Statement]:
    """A message sent again, and an endpoint that is as good as new."""
    where = (unit.company_id, WEBHOOK_QUEUE)
    if unit.reopens_webhook:
        yield judged(*where, NEW)
        yield Statement(sql.WAKE_ALL, (*where, unit.at_ms))
        yield Statement(sql.DUE_IF_ANY, (*where, unit.at_ms))
    if unit.redelivered is not None:
        yield Statement(sql.REDELIVER, (unit.company_id, unit.redelivered, unit.at_ms), Guard.MESSAGE)
        yield Statement(sql.FILL_QUEUE, (*where, unit.at_ms, Lane.UNTRIED))
