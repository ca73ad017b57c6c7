"""The queues that messages wait in, and what is thought of the receiver behind each.

A queue's row says when the first of its messages is due, so that finding work never reads through messages. It may
be early (then there is nothing to do yet) but never late.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.delivery.messages import NEVER_MS
from ostiary.domain.delivery.queues import EVERY_LANE, NEW, WEBHOOK_QUEUE, Health, lane_of
from ostiary.domain.unit import ReopenWebhook
from ostiary.storage.engine import Engine
from ostiary.storage.statement import Statement
from ostiary.storage.unit_context import UnitContext

# ---- statements -----------------------------------------------------------------------------------------------------

FILL_QUEUE = """INSERT INTO queues (company_id, queue, due_at_ms, lane) VALUES (?1, ?2, ?3, ?4)
 ON CONFLICT (company_id, queue) DO UPDATE SET due_at_ms = ?3 WHERE queues.due_at_ms > ?3"""
MERGE_ARRIVALS = "SELECT 1 WHERE 0 = 1"
"""Where a queue's row is not filled at once, what arrived is brought there before claiming."""
NEXT_DUE = "SELECT due_at_ms FROM queues WHERE lane = ?1 ORDER BY due_at_ms LIMIT 1"
DUE_QUEUES = """SELECT company_id, queue, wake_from_ms, wakes_all FROM queues WHERE lane = ?1 AND due_at_ms <= ?2
 ORDER BY due_at_ms LIMIT ?3"""
ROTATE_QUEUE = f"""UPDATE queues SET due_at_ms = max(?3, coalesce((SELECT due_at_ms FROM messages m
  WHERE m.company_id = ?1 AND m.queue = ?2 AND m.state = 'pending' ORDER BY due_at_ms LIMIT 1), {NEVER_MS}))
 WHERE company_id = ?1 AND queue = ?2"""  # noqa: S608
"""What is still due goes to the end of the line: queues are served in turn."""
WOKEN_UP_TO = """UPDATE queues SET wake_from_ms = ?3, due_at_ms = ?4,
  wakes_all = CASE WHEN ?3 >= wake_from_ms THEN wakes_all ELSE 0 END WHERE company_id = ?1 AND queue = ?2"""
"""Up to ?3, or all of them where it is NULL. The rest next time: the queue goes to the end of the line, like every
other that has more due."""
DUE_FROM = "UPDATE queues SET due_at_ms = ?3 WHERE company_id = ?1 AND queue = ?2 AND due_at_ms > ?3"
DUE_IF_ANY = """UPDATE queues SET due_at_ms = ?3 WHERE company_id = ?1 AND queue = ?2 AND due_at_ms > ?3
 AND EXISTS (SELECT 1 FROM messages m WHERE m.company_id = ?1 AND m.queue = ?2 AND m.state = 'pending'
  AND m.due_at_ms <= ?3)"""
JUDGE_QUEUE = """UPDATE queues SET lane = ?3, failing_since_ms = ?4, succeeded_at_ms = ?5, disabled_at_ms = ?6,
  disabled_because = ?7 WHERE company_id = ?1 AND queue = ?2"""
JUDGE_AND_WAKE = f"""{JUDGE_QUEUE.partition(" WHERE")[0]}, wake_from_ms = ?8,
  wakes_all = CASE WHEN ?9 = 1 THEN 1 ELSE wakes_all END WHERE company_id = ?1 AND queue = ?2"""
"""What waits for a receiver that recovered is woken a batch at a time, from here on, by who claims for it."""
HEALTH = """SELECT failing_since_ms, succeeded_at_ms, disabled_at_ms, disabled_because FROM queues
 WHERE company_id = ?1 AND queue = ?2"""

# ---- reads ----------------------------------------------------------------------------------------------------------


async def next_due_ms(engine: Engine) -> int | None:
    """When there may be something to do next, if anything waits."""
    asked = await engine.gather(*((NEXT_DUE, (lane,)) for lane in EVERY_LANE))
    due = [row[0] for rows in asked for row in rows if row[0] is not None]
    return min((at_ms for at_ms in due if at_ms < NEVER_MS), default=None)


async def health(engine: Engine, company_id: str, queue: str) -> Health:
    """What is thought of a receiver."""
    rows = await engine.rows(HEALTH, company_id, queue)
    return Health(*rows[0]) if rows else NEW


# ---- writes ---------------------------------------------------------------------------------------------------------


def judge(
    company_id: str, queue: str, health: Health, *, wake_from_ms: int | None = None, wakes_all: bool = False
) -> Statement:
    """What is thought of a receiver from now on. What is due for it after `wake_from_ms` is woken, batch by batch."""
    values = (health.failing_since_ms, health.succeeded_at_ms, health.disabled_at_ms, health.disabled_because)
    judged = (company_id, queue, lane_of(queue, health), *values)
    if wake_from_ms is None:
        return Statement(JUDGE_QUEUE, judged)
    return Statement(JUDGE_AND_WAKE, (*judged, wake_from_ms, int(wakes_all)))


def reopen_webhooks(context: UnitContext, _: Sequence[ReopenWebhook]) -> Iterator[Statement]:
    """The company's endpoint is as good as new."""
    where = (context.company_id, WEBHOOK_QUEUE)
    yield judge(*where, NEW, wake_from_ms=context.at_ms, wakes_all=True)
    yield Statement(DUE_FROM, (*where, context.at_ms))
