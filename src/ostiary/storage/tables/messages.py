"""Messages and the attempts at them: added, settled, sent again, shown to companies, and forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.messages import (
    MOST_PENDING_TESTS,
    NEVER_MS,
    Attempt,
    Delivery,
    Message,
    MessageOutcome,
    Topic,
)
from ostiary.domain.delivery.queues import NEW, WEBHOOK_QUEUE, Lane, lane_of
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.unit import AddMessage, Guard, MessageResult, Redeliver
from ostiary.storage.engine import Engine, Row, Script
from ostiary.storage.paging import AFTER_ALL_IDS
from ostiary.storage.statement import Statement
from ostiary.storage.stored import messages as stored
from ostiary.storage.tables import queues
from ostiary.storage.tables.queues import DUE_FROM, DUE_IF_ANY, FILL_QUEUE
from ostiary.storage.unit_context import UnitContext, company_box

MOST_OF_REQUEST = 1_000
"""SentMessages of one request that are looked through for a state: five hundred submissions of it."""

# ---- statements -----------------------------------------------------------------------------------------------------

MESSAGE_COLUMNS = "company_id, message_id, topic, client_id, enablement_id, sequence, due_at_ms, attempts, body, queue"
ADD_MESSAGE = f"""INSERT INTO messages (company_id, message_id, topic, client_id, enablement_id, sequence, state,
 due_at_ms, lease, leased_until_ms, attempts, body, created_at_ms, ended_at_ms, queue, woken)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'pending',
  CASE WHEN EXISTS (SELECT 1 FROM messages e INDEXED BY messages_of_request WHERE e.company_id = ?1
   AND e.enablement_id = ?5 AND e.queue = ?10 AND e.state = 'pending') THEN {NEVER_MS} ELSE ?7 END,
  NULL, 0, 0, ?8, ?9, NULL, ?10, 0)"""  # noqa: S608
"""A message waits for the earlier ones of its enablement in the same queue. Left to itself, SQLite looks for those
through everything that the company ever sent."""

PENDING_TESTS = f"""SELECT count(*) FROM (SELECT 1 FROM messages INDEXED BY messages_tests WHERE company_id = ?1
 AND client_id = '' AND state = 'pending' LIMIT {MOST_PENDING_TESTS}) waiting"""  # noqa: S608
HOLD_COMPANY = "UPDATE companies SET chain_length = chain_length WHERE company_id = ?1"
"""Changes nothing: of two that add a test event at the same moment, the second waits, and then counts the first's."""
ROOM_FOR_TEST = f"""{HOLD_COMPANY} AND ({PENDING_TESTS}) < {MOST_PENDING_TESTS}"""
SETTLE_MESSAGE = """UPDATE messages SET state = ?4, due_at_ms = ?5, lease = NULL, leased_until_ms = 0, ended_at_ms = ?6,
  attempts = attempts - ?7, woken = CASE woken WHEN 1 THEN 2 ELSE 0 END
 WHERE company_id = ?1 AND message_id = ?2 AND lease = ?3 AND state = 'pending'"""
ADD_ATTEMPT = """INSERT INTO attempts (company_id, message_id, attempt_id, at_ms, ms, status, problem, answer)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"""
RELEASE_NEXT = f"""UPDATE messages SET due_at_ms = ?3 WHERE company_id = ?1 AND due_at_ms = {NEVER_MS}
 AND message_id = (SELECT n.message_id FROM messages m JOIN messages n ON n.company_id = m.company_id
   AND n.enablement_id = m.enablement_id AND n.queue = m.queue
  WHERE m.company_id = ?1 AND m.message_id = ?2 AND n.state = 'pending' ORDER BY n.sequence, n.message_id LIMIT 1)"""  # noqa: S608
REDELIVER = f"""UPDATE messages SET state = 'pending', due_at_ms = ?3, ended_at_ms = NULL, attempts = 0, woken = 0
 WHERE company_id = ?1 AND message_id = ?2 AND lease IS NULL AND due_at_ms < {NEVER_MS}"""  # noqa: S608

DELIVERY_COLUMNS = f"{MESSAGE_COLUMNS}, state, created_at_ms, ended_at_ms, lease IS NOT NULL"
DELIVERIES = f"""SELECT {DELIVERY_COLUMNS} FROM messages WHERE company_id = ?1 AND message_id < ?2
 AND topic = 'webhook' ORDER BY message_id DESC LIMIT ?3"""  # noqa: S608
DELIVERED = f"""SELECT {DELIVERY_COLUMNS} FROM messages WHERE company_id = ?1 AND message_id < ?2
 AND topic = 'webhook' AND state = 'delivered' ORDER BY message_id DESC LIMIT ?3"""  # noqa: S608
UNDELIVERED = f"""SELECT {DELIVERY_COLUMNS} FROM messages WHERE company_id = ?1 AND message_id < ?2
 AND topic = 'webhook' AND state = ?4 AND state <> 'delivered' ORDER BY message_id DESC LIMIT ?3"""  # noqa: S608
DELIVERIES_OF_REQUEST = f"""SELECT {DELIVERY_COLUMNS} FROM messages WHERE company_id = ?1 AND enablement_id = ?4
 AND queue = 'webhook' AND message_id || '' < ?2 ORDER BY sequence DESC, message_id DESC LIMIT ?3"""  # noqa: S608
"""`|| ''` keeps SQLite from the key, which looks as good to it as the request's index: it would read and sort all that
the company ever sent."""
DELIVERY = f"""SELECT {DELIVERY_COLUMNS} FROM messages WHERE company_id = ?1 AND message_id = ?2
 AND topic = 'webhook'"""  # noqa: S608
ATTEMPTS = """SELECT attempt_id, at_ms, ms, status, problem, answer FROM attempts
 WHERE company_id = ?1 AND message_id = ?2 ORDER BY attempt_id"""
MESSAGE_COUNTS = """SELECT topic, state, count(*) FROM messages WHERE state = 'pending' GROUP BY topic, state
 UNION ALL SELECT topic, state, count(*) FROM messages WHERE state = 'failed' GROUP BY topic, state"""
FORGOTTEN_TOGETHER = 500
"""Old messages are removed in batches small enough not to hold up a commit. Written into the statements: without a
number a planner expects a tenth of the table, and would rather read all of it."""

FORGET_ATTEMPTS = f"""DELETE FROM attempts WHERE company_id = ?1 AND message_id IN (SELECT message_id FROM messages
 WHERE company_id = ?1 AND message_id < ?2 AND state IN ('delivered', 'dropped', 'failed')
 ORDER BY message_id LIMIT {FORGOTTEN_TOGETHER})"""  # noqa: S608
FORGET_MESSAGES = f"""DELETE FROM messages WHERE company_id = ?1 AND message_id IN (SELECT message_id FROM messages
 WHERE company_id = ?1 AND message_id < ?2 AND state IN ('delivered', 'dropped', 'failed')
 ORDER BY message_id LIMIT {FORGOTTEN_TOGETHER}) RETURNING 1"""  # noqa: S608

# ---- rows -----------------------------------------------------------------------------------------------------------


def message_of(box: Box, row: Row, lane: Lane = Lane.PROVEN) -> Message:
    """Raises Tampered, StoredByNewer."""
    company_id, message_id, topic, client_id, enablement_id, sequence, due, attempts, body, queue = row
    opened = stored.open_body(box.open(f"messages/{message_id}/body", body))
    return Message(
        message_id,
        company_id,
        Topic(topic),
        client_id,
        enablement_id,
        sequence,
        due,
        opened,
        attempts,
        queue.partition("/")[2],
        lane,
    )


def seal_body(box: Box, message: Message) -> bytes:
    """What is kept of a message."""
    return box.seal(f"messages/{message.id}/body", stored.body_of(message.body))


def attempt_of(box: Box, row: Row, message_id: str) -> Attempt:
    """Raises Tampered."""
    attempt_id, at_ms, ms, status, problem, answer = row
    opened = b"" if answer is None else box.open(f"attempts/{message_id}/{attempt_id}", answer)
    return Attempt(at_ms, ms, status, problem, opened)


def seal_answer(box: Box, message_id: str, attempt_id: str, attempt: Attempt) -> bytes | None:
    """What is kept of what a receiver answered."""
    return box.seal(f"attempts/{message_id}/{attempt_id}", attempt.answer) if attempt.answer else None


# ---- reads ----------------------------------------------------------------------------------------------------------


class SentMessages:
    """What companies may see of what is sent to them."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def pending_tests(self, company_id: str) -> int:
        """How many test events of a company wait; counted no further than as many as may."""
        return int((await self._engine.rows(PENDING_TESTS, company_id))[0][0])

    async def page(
        self, company: Company, state: MessageOutcome | None, enablement_id: str | None, before: str | None, limit: int
    ) -> list[Delivery]:
        """A company's deliveries, newest first, from before an id; of one enablement where it is named."""
        start = before or AFTER_ALL_IDS
        if enablement_id is not None:
            rows = await self._engine.rows(DELIVERIES_OF_REQUEST, company.id, start, MOST_OF_REQUEST, enablement_id)
            wanted = [row for row in rows if state in (None, row[10])][:limit]
            return [self._delivery(row, company) for row in wanted]
        if state is None:
            rows = await self._engine.rows(DELIVERIES, company.id, start, limit)
        elif state is MessageOutcome.DELIVERED:
            rows = await self._engine.rows(DELIVERED, company.id, start, limit)
        else:
            rows = await self._engine.rows(UNDELIVERED, company.id, start, limit, state)
        return [self._delivery(row, company) for row in rows]

    async def find(self, company: Company, message_id: str) -> Delivery | None:
        """One delivery with its attempts."""
        rows = await self._engine.rows(DELIVERY, company.id, message_id)
        if not rows:
            return None
        return self._delivery(rows[0], company, await self._engine.rows(ATTEMPTS, company.id, message_id))

    def _delivery(self, row: Row, company: Company, attempts: Sequence[Row] = ()) -> Delivery:
        box = company_box(self._cipher, company)
        message = message_of(box, row[:10])
        opened = tuple(attempt_of(box, attempt, message.id) for attempt in attempts)
        return Delivery(message, MessageOutcome(row[10]), row[11], row[12], bool(row[13]), opened)


def forget(company_id: str, before_id: str) -> Script[int]:
    """Removes a batch of ended messages made before an id, with their attempts; how many."""
    key = (company_id, before_id)
    yield FORGET_ATTEMPTS, key
    return len((yield FORGET_MESSAGES, key))


# ---- writes ---------------------------------------------------------------------------------------------------------


def add_messages(context: UnitContext, changes: Sequence[AddMessage]) -> Iterator[Statement]:
    """New messages, each at the end of its queue."""
    before = set[tuple[str, str]]()
    if any(change.is_test for change in changes):
        yield from _room_for_test(context)
    for change in changes:
        message = change.message
        line = (message.enablement_id, message.queue)
        due = NEVER_MS if line in before else message.due_at_ms  # an engine may not see what the unit added before
        before.add(line)
        key = (message.company_id, message.id, message.topic, message.client_id, message.enablement_id)
        values = (message.sequence, due, seal_body(context.company_box, message), context.at_ms, message.queue)
        yield Statement(ADD_MESSAGE, (*key, *values))
        lane = lane_of(message.queue, NEW)
        yield Statement(FILL_QUEUE, (message.company_id, message.queue, message.due_at_ms, lane))


def end_messages(context: UnitContext, changes: Sequence[MessageResult]) -> Iterator[Statement]:
    """How claimed messages stand. The first statement is guarded by the lease, the rest follows from it.

    What the receiver answered is kept where the company is there to seal it.
    """
    for end in changes:
        is_over = end.outcome is not MessageOutcome.PENDING
        ended_at, uncounted = context.at_ms if is_over else None, int(not end.is_counted)
        values = (context.company_id, end.message_id, end.lease, end.outcome, end.due_at_ms, ended_at, uncounted)
        yield Statement(SETTLE_MESSAGE, values, Guard.LEASE)
        yield from _attempt(context, end)
        where = (context.company_id, end.queue)
        if end.health is not None:
            yield queues.judge(*where, end.health, wake_from_ms=context.at_ms if end.wakes_others else None)
        if end.wakes_others:
            yield Statement(DUE_FROM, (*where, context.at_ms))
        if is_over:
            yield Statement(RELEASE_NEXT, (context.company_id, end.message_id, context.at_ms), is_late=True)
            yield Statement(DUE_IF_ANY, (*where, context.at_ms), is_late=True)
        else:
            yield Statement(DUE_FROM, (*where, end.due_at_ms))


def _attempt(context: UnitContext, end: MessageResult) -> Iterator[Statement]:
    attempt = end.attempt
    if attempt is None:
        return
    answer = None
    if context.for_company is not None:
        answer = seal_answer(context.company_box, end.message_id, end.lease, attempt)
    values = (end.lease, attempt.at_ms, attempt.ms, attempt.status, attempt.problem, answer)
    yield Statement(ADD_ATTEMPT, (context.company_id, end.message_id, *values))


def redeliver(context: UnitContext, changes: Sequence[Redeliver]) -> Iterator[Statement]:
    """Messages that are sent again."""
    for change in changes:
        if change.is_test:
            yield from _room_for_test(context)
        yield Statement(REDELIVER, (context.company_id, change.message_id, context.at_ms), Guard.MESSAGE)
        yield Statement(FILL_QUEUE, (context.company_id, WEBHOOK_QUEUE, context.at_ms, Lane.UNTRIED))


def _room_for_test(context: UnitContext) -> Iterator[Statement]:
    yield Statement(HOLD_COMPANY, (context.company_id,), Guard.COMPANY)
    yield Statement(ROOM_FOR_TEST, (context.company_id,), Guard.TESTS, is_late=True)
