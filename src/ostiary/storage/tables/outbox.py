"""The outbox of the worker: claiming what is due, queue by queue in turn, and handing it back.

A claimed message is due again when its lease runs out.

The claim serves the whole installation; every other statement names the company.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.messages import NEVER_MS, Message, MessageOutcome
from ostiary.domain.delivery.queues import EVERYTHING, OF_FAILING, OF_PROVIDERS, Capacity, Health, Lane
from ostiary.domain.delivery.retry import next_wait_s
from ostiary.domain.errors import KeyMismatch, StoredByNewer, Tampered
from ostiary.domain.ports import Cipher
from ostiary.domain.unit import Guard, MessageResult, Unit
from ostiary.storage.engine import Engine, Row, Script
from ostiary.storage.tables import queues
from ostiary.storage.tables.companies import Companies
from ostiary.storage.tables.messages import MESSAGE_COLUMNS, forget, message_of
from ostiary.storage.tables.queues import DUE_FROM, DUE_QUEUES, MERGE_ARRIVALS, ROTATE_QUEUE, WOKEN_UP_TO
from ostiary.storage.unit_context import company_box

PROVIDER_LEASES = 10
"""Handing a submission to a vendor takes a request for each picture, each as long as a delivery: so many usual leases,
5 min by default."""
CANNOT_BE_OPENED = (Tampered, KeyMismatch, StoredByNewer)

# ---- statements -----------------------------------------------------------------------------------------------------

CLAIM_MESSAGES = f"""UPDATE messages SET lease = ?4, leased_until_ms = ?5, due_at_ms = ?5, attempts = attempts + 1
 WHERE company_id = ?1 AND message_id IN (SELECT message_id FROM messages
  WHERE company_id = ?1 AND queue = ?2 AND state = 'pending' AND due_at_ms <= ?3 ORDER BY due_at_ms LIMIT ?6)
 RETURNING {MESSAGE_COLUMNS}"""  # noqa: S608
HAND_BACK = """UPDATE messages SET due_at_ms = ?4, lease = NULL, leased_until_ms = 0, attempts = attempts - 1
 WHERE company_id = ?1 AND message_id = ?2 AND lease = ?3 AND state = 'pending' RETURNING queue"""
"""A claimed message that is nobody's again, as if it had not been claimed."""
WOKEN_TOGETHER = 200
"""Messages that are made due in one go: a few milliseconds of one commit, and more than a receiver takes until the next
go. All at once, a hundred thousand held up everybody's commits for seconds."""
WAKE_END = f"""SELECT due_at_ms FROM messages WHERE company_id = ?1 AND queue = ?2 AND state = 'pending'
 AND due_at_ms > ?3 AND due_at_ms < {NEVER_MS} ORDER BY due_at_ms LIMIT 1 OFFSET {WOKEN_TOGETHER - 1}"""  # noqa: S608
WAKE_MESSAGES = """UPDATE messages SET due_at_ms = ?5, woken = 1 - ?6 WHERE company_id = ?1 AND queue = ?2
 AND state = 'pending' AND due_at_ms > ?3 AND due_at_ms <= ?4 AND lease IS NULL AND (woken = 0 OR ?6 = 1)"""
"""One that was woken and failed again waits its whole next wait, or every success beside it would use up a try. Whoever
subscribes anew (?6 is 1) has all of them."""

# ---- claiming -------------------------------------------------------------------------------------------------------


def claim(lease: str, now_ms: int, until_ms: int, most: int, room: Capacity) -> Script[list[tuple[Row, Lane]]]:
    """Takes due messages under a lease, as many as there is room for."""
    claimed: list[tuple[Row, Lane]] = []
    places = room.copy()
    yield MERGE_ARRIVALS, ()
    for lane, most_queues in places.open_lanes():
        for company_id, queue, wake_from_ms, wakes_all in (yield DUE_QUEUES, (lane, now_ms, most_queues)):
            wanted = min(places.free(lane, company_id, queue), most - len(claimed))
            if wanted <= 0:
                continue
            until = now_ms + PROVIDER_LEASES * (until_ms - now_ms) if lane in OF_PROVIDERS else until_ms
            rows = yield CLAIM_MESSAGES, (company_id, queue, now_ms, lease, until, wanted)
            if wake_from_ms is None or lane in OF_FAILING:
                yield ROTATE_QUEUE, (company_id, queue, now_ms)
            elif len(rows) == wanted:
                yield WOKEN_UP_TO, (company_id, queue, wake_from_ms, now_ms)
            else:
                yield from _wake(company_id, queue, wake_from_ms, wakes_all, now_ms)
                left = wanted - len(rows)
                rows = [*rows, *(yield CLAIM_MESSAGES, (company_id, queue, now_ms, lease, until, left))]
            places.take(lane, company_id, queue, len(rows))
            claimed += ((row, lane) for row in rows)
    return claimed


def _wake(company_id: str, queue: str, from_ms: int, wakes_all: int, now_ms: int) -> Script[None]:
    """Makes the next batch due of what waits for a receiver that works again; the next claim goes on from there."""
    rows = yield WAKE_END, (company_id, queue, from_ms)
    upto_ms = rows[0][0] if rows else NEVER_MS - 1
    yield WAKE_MESSAGES, (company_id, queue, from_ms, upto_ms, now_ms, wakes_all)
    yield WOKEN_UP_TO, (company_id, queue, upto_ms if rows else None, now_ms)


def hand_back(company_id: str, message_id: str, lease: str, now_ms: int) -> Script[bool]:
    """Frees a claimed message at once. False when the lease does not hold."""
    rows = yield HAND_BACK, (company_id, message_id, lease, now_ms)
    for (queue,) in rows:
        yield DUE_FROM, (company_id, queue, now_ms)
    return bool(rows)


def unreadable(row: Row, lease: str, problem: Exception, now_ms: int, first_retry_s: float) -> Unit:
    """What becomes of a claimed message that cannot be opened: it must not hold up others, nor come back for ever.

    A master key that is missing may be put back, and a newer version may come back: until then the usual waits.
    """
    end = MessageResult(row[1], lease, MessageOutcome.FAILED, queue=row[9])
    wait_s = next_wait_s(row[7], 0.0, first_retry_s)
    if isinstance(problem, KeyMismatch | StoredByNewer) and wait_s is not None:
        due = now_ms + int(wait_s * 1000)
        end = MessageResult(row[1], lease, MessageOutcome.PENDING, due_at_ms=due, queue=row[9])
    return Unit(row[0], now_ms, changes=(end,))


# ---- for the worker -------------------------------------------------------------------------------------------------


class Outbox:
    """Messages of all companies. `commit` settles what cannot be opened; it is looked at again after `first_retry_s`
    where a missing key may come back."""

    def __init__(
        self,
        engine: Engine,
        cipher: Cipher,
        companies: Companies,
        commit: Callable[[Unit], Awaitable[Guard | None]],
        first_retry_s: float,
    ) -> None:
        self._engine, self._cipher, self._companies = engine, cipher, companies
        self._commit, self._first_retry_s = commit, first_retry_s

    async def claim(
        self, lease: str, now_ms: int, until_ms: int, most: int, room: Capacity | None = None
    ) -> list[tuple[Message, Company]]:
        """Takes due messages under a lease, where there is room for them; each comes with its company as it is now.

        A machine that loses its power may forget the lease, and no more: nobody holds the message then, and it is due.
        """
        places = Capacity(EVERYTHING) if room is None else room.copy()
        script = partial(claim, lease, now_ms, until_ms, most, places)
        rows: list[tuple[Row, Lane]] = await self._engine.perform(script, may_be_lost=True)
        claimed, companies = [], dict[str, Company | None]()
        for row, lane in rows:
            try:
                if row[0] not in companies:  # a company's messages come together: it is read once
                    companies[row[0]] = await self._companies.find(row[0])
                company = companies[row[0]]
                if company is not None:
                    message = message_of(company_box(self._cipher, company), row, lane)
                    claimed.append((message, company))
            except CANNOT_BE_OPENED as problem:
                await self._commit(unreadable(row, lease, problem, now_ms, self._first_retry_s))
        return claimed

    async def hand_back(self, company_id: str, message_id: str, lease: str, now_ms: int) -> bool:
        """Frees a claimed message at once, the try not counted. False when it is under that lease no more."""
        script = partial(hand_back, company_id, message_id, lease, now_ms)
        is_back: bool = await self._engine.perform(script)
        return is_back

    async def next_due_ms(self) -> int | None:
        """When there may be something to do next, if anything waits."""
        return await queues.next_due_ms(self._engine)

    async def health(self, company_id: str, queue: str) -> Health:
        """What is thought of a receiver."""
        return await queues.health(self._engine, company_id, queue)

    async def forget(self, company_id: str, before_id: str) -> int:
        """Removes a batch of ended messages made before an id, with their attempts; how many."""
        removed: int = await self._engine.perform(partial(forget, company_id, before_id))
        return removed
