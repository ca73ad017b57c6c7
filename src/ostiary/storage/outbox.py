"""The outbox: claiming what is due, queue by queue in turn, and what companies may see of their deliveries."""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.domain.companies import Company
from ostiary.domain.errors import KeyMismatch, Tampered
from ostiary.domain.messages import NEVER_MS, Delivery, Message, Outcome
from ostiary.domain.queues import EVERY_LANE, NEW, OF_PROVIDERS, Health, Lane, Room
from ostiary.domain.retry import next_wait_s
from ostiary.domain.units import Settled, Unit
from ostiary.storage import message_statements as sql
from ostiary.storage.engine import Engine, Row, Script
from ostiary.storage.records import Records

PROVIDER_LEASE_MS = 300_000
"""Handing a submission to a vendor takes a request for each picture, of up to 15 s."""
MOST_OF_REQUEST = 1_000
"""Deliveries of one request that are looked through for a state: five hundred submissions of it."""


class Outbox:
    """Messages of companies, as rows."""

    def __init__(self, records: Records, engine: Engine) -> None:
        self._records, self._engine = records, engine

    # ---- claiming ----

    @staticmethod
    def claim(lease: str, now_ms: int, until_ms: int, most: int, room: Room) -> Script[list[tuple[Row, Lane]]]:
        """Takes due messages under a lease, as many as there is room for."""
        claimed: list[tuple[Row, Lane]] = []
        places = room.copy()
        yield sql.GATHER, ()
        for lane, queues in places.open_lanes():
            for company_id, queue in (yield sql.DUE_QUEUES, (lane, now_ms, queues)):
                wanted = min(places.free(lane, company_id, queue), most - len(claimed))
                if wanted <= 0:
                    continue
                until = now_ms + PROVIDER_LEASE_MS if lane in OF_PROVIDERS else until_ms
                rows = yield sql.CLAIM_MESSAGES, (company_id, queue, now_ms, lease, until, wanted)
                yield sql.SERVE_QUEUE, (company_id, queue, now_ms)
                places.take(lane, company_id, queue, len(rows))
                claimed += ((row, lane) for row in rows)
        return claimed

    @staticmethod
    def hand_back(company_id: str, message_id: str, lease: str, now_ms: int) -> Script[bool]:
        """Frees a claimed message at once. False when the lease does not hold."""
        rows = yield sql.HAND_BACK, (company_id, message_id, lease, now_ms)
        for (queue,) in rows:
            yield sql.DUE_FROM, (company_id, queue, now_ms)
        return bool(rows)

    def opened(self, row: Row, lane: Lane, company: Company) -> Message:
        """Raises Tampered."""
        return self._records.message(row, self._records.company_box(company), lane)

    async def next_due_ms(self) -> int | None:
        """When there may be something to do next, if anything waits."""
        asked = await self._engine.gather(*((sql.NEXT_DUE, (lane,)) for lane in EVERY_LANE))
        due = [row[0] for rows in asked for row in rows if row[0] is not None]
        return min((one for one in due if one < NEVER_MS), default=None)

    # ---- what is known ----

    async def health(self, company_id: str, queue: str) -> Health:
        """What is thought of a receiver."""
        rows = await self._engine.rows(sql.HEALTH, company_id, queue)
        return Health(*rows[0]) if rows else NEW

    async def counts(self) -> dict[tuple[str, str], int]:
        """Pending and failed messages by topic: what indexes hold, however many were delivered before."""
        return {(row[0], row[1]): row[2] for row in await self._engine.rows(sql.MESSAGE_COUNTS)}

    async def deliveries(
        self, company: Company, state: Outcome | None, enablement_id: str | None, before: str, limit: int
    ) -> list[Delivery]:
        """Newest first, from before an id; of one enablement where it is named."""
        if enablement_id is not None:
            rows = await self._engine.rows(
                sql.DELIVERIES_OF_REQUEST, company.id, before, MOST_OF_REQUEST, enablement_id
            )
            wanted = [row for row in rows if state in (None, row[10])][:limit]
            return [self._delivery(row, company) for row in wanted]
        if state is None:
            rows = await self._engine.rows(sql.DELIVERIES, company.id, before, limit)
        elif state is Outcome.DELIVERED:
            rows = await self._engine.rows(sql.DELIVERED, company.id, before, limit)
        else:
            rows = await self._engine.rows(sql.UNDELIVERED, company.id, before, limit, state)
        return [self._delivery(row, company) for row in rows]

    async def delivery(self, company: Company, message_id: str) -> Delivery | None:
        """One with its tries."""
        rows = await self._engine.rows(sql.DELIVERY, company.id, message_id)
        if not rows:
            return None
        return self._delivery(rows[0], company, await self._engine.rows(sql.ATTEMPTS, company.id, message_id))

    def _delivery(self, row: Row, company: Company, tries: Sequence[Row] = ()) -> Delivery:
        message, box = self.opened(row[:10], Lane.PROVEN, company), self._records.company_box(company)
        made = tuple(self._records.attempt(one, message.id, box) for one in tries)
        return Delivery(message, Outcome(row[10]), row[11], row[12], bool(row[13]), made)

    # ---- forgetting ----

    @staticmethod
    def forget(company_id: str, before_id: str) -> Script[int]:
        """Removes ended messages made before an id, with their tries; how many, at most a batch."""
        key = (company_id, before_id)
        yield sql.FORGET_ATTEMPTS, key
        return len((yield sql.FORGET_MESSAGES, key))


def unreadable(row: Row, lease: str, problem: Exception, now_ms: int) -> Unit:
    """What becomes of a claimed message that cannot be opened: it must not hold up others, nor come back for ever.

    A master key that is missing may be put back: until then the usual waits.
    """
    end = Settled(row[1], lease, Outcome.FAILED, queue=row[9])
    if isinstance(problem, KeyMismatch) and (wait_s := next_wait_s(row[7], 0.0)) is not None:
        due = now_ms + int(wait_s * 1000)
        end = Settled(row[1], lease, Outcome.PENDING, due_at_ms=due, queue=row[9])
    return Unit(row[0], now_ms, settled=end)


CANNOT_BE_OPENED = (Tampered, KeyMismatch)
