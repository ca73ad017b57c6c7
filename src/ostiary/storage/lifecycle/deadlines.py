"""When enabled requests are due again: one row for each that can be, sealed for its client. When there is something to
do, and until when, stands beside it for the worker and for lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.clients.client import Client
from ostiary.domain.errors import Broken, Tampered
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.renewals.changes import DropDeadline, KeepDeadline
from ostiary.domain.renewals.deadlines import Deadline, DeadlineLine
from ostiary.domain.times import END_MS
from ostiary.domain.unit import Guard
from ostiary.storage.engine import BlockingConnection, Engine, Row
from ostiary.storage.paging import AFTER_ALL_IDS
from ostiary.storage.statement import Statement
from ostiary.storage.stored import lifecycle as stored
from ostiary.storage.tables.clients import CLIENT_COLUMNS, client_of
from ostiary.storage.unit_context import UnitContext, client_box

LOOKED_AT_TOGETHER = 2_000
"""Requests that one statement looks through for those without a deadline: some 5 ms. Nearly all have one, so that
without a bound a statement would go through all there are, for seconds where they are a million."""

# ---- statements -----------------------------------------------------------------------------------------------------

COLUMNS = "company_id, client_id, enablement_id, product, state, due_at_ms, next_at_ms, terms, content"
OF_DEADLINE = ", ".join(f"d.{column}" for column in COLUMNS.split(", "))
OF_CLIENT = ", ".join(f"c.{column}" for column in CLIENT_COLUMNS.split(", "))
WIDTH = COLUMNS.count(",") + 1
DEADLINES_OF_CLIENT = f"SELECT {COLUMNS} FROM deadlines WHERE company_id = ?1 AND client_id = ?2"  # noqa: S608
DUE_DEADLINES = """SELECT client_id, enablement_id FROM deadlines WHERE company_id = ?1 AND next_at_ms <= ?2
 ORDER BY next_at_ms, enablement_id LIMIT ?3"""
NEXT_DEADLINE = """SELECT next_at_ms FROM deadlines WHERE company_id = ?1 ORDER BY next_at_ms LIMIT 1"""
DEADLINES_BEFORE = f"""SELECT {OF_DEADLINE}, {OF_CLIENT} FROM deadlines d
  JOIN clients c ON c.company_id = d.company_id AND c.client_id = d.client_id
 WHERE d.company_id = ?1 AND d.due_at_ms < ?2 AND (d.due_at_ms, d.enablement_id) > (?3, ?4)
 ORDER BY d.due_at_ms, d.enablement_id LIMIT ?5"""  # noqa: S608
ALL_DEADLINES = f"""SELECT {OF_DEADLINE}, {OF_CLIENT} FROM deadlines d
  JOIN clients c ON c.company_id = d.company_id AND c.client_id = d.client_id"""  # noqa: S608
REQUEST_AHEAD = """SELECT enablement_id FROM enablements WHERE company_id = ?1 AND enablement_id > ?2
 ORDER BY enablement_id LIMIT 1 OFFSET ?3"""
REQUESTS_OF_OTHER_RULES = """SELECT e.client_id, e.enablement_id FROM enablements e
  LEFT JOIN deadlines d ON d.company_id = e.company_id AND d.client_id = e.client_id
   AND d.enablement_id = e.enablement_id
 WHERE e.company_id = ?1 AND e.enablement_id > ?4 AND e.enablement_id <= ?6 AND e.status = 'enabled' AND e.product = ?2
  AND (d.terms IS NULL OR d.terms <> ?3)
 ORDER BY e.enablement_id LIMIT ?5"""
DEADLINES_OF_PRODUCT = """SELECT client_id, enablement_id FROM deadlines
 WHERE company_id = ?1 AND product = ?2 AND enablement_id > ?3 ORDER BY enablement_id LIMIT ?4"""
KEEP_DEADLINE = """INSERT INTO deadlines (company_id, client_id, enablement_id, product, state, due_at_ms, next_at_ms,
 terms, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
 ON CONFLICT (company_id, client_id, enablement_id) DO UPDATE SET state = excluded.state,
 due_at_ms = excluded.due_at_ms, next_at_ms = excluded.next_at_ms, terms = excluded.terms, content = excluded.content"""
PUT_OFF_DEADLINE = """UPDATE deadlines SET next_at_ms = ?4
 WHERE company_id = ?1 AND client_id = ?2 AND enablement_id = ?3 AND next_at_ms < ?4"""
DROP_DEADLINE = "DELETE FROM deadlines WHERE company_id = ?1 AND client_id = ?2 AND enablement_id = ?3"

# ---- rows -----------------------------------------------------------------------------------------------------------


def seal_deadline(box: Box, deadline: Deadline) -> bytes:
    """What is kept of it."""
    return box.seal(_place(deadline.enablement_id), stored.content_of(deadline))


def deadline_of(box: Box, row: Row) -> Deadline:
    """Raises Tampered, StoredByNewer."""
    *place, content = row
    beside = stored.DeadlinePlace(*place)
    opened = box.open(_place(beside.enablement_id), content)
    try:
        return stored.deadline_from(beside, opened)
    except ValueError:  # a state that there is none of: what stands beside the content is not sealed
        raise Tampered from None


def _line(cipher: Cipher, row: Row) -> DeadlineLine:
    """A row with its client's behind it, whether it opens or not."""
    _, client_id, enablement_id, _, _, due_at_ms, *_ = row
    try:
        deadline = deadline_of(client_box(cipher, client_of(cipher, row[WIDTH:])), row[:WIDTH])
    except Broken as problem:  # changed, sealed with a key that is missing, or written by a newer version
        return DeadlineLine(client_id, enablement_id, due_at_ms, None, type(problem).__name__)
    return DeadlineLine(client_id, enablement_id, due_at_ms, deadline)


def unopened(aside: BlockingConnection, cipher: Cipher) -> Iterator[tuple[str, DeadlineLine]]:
    """Each company's deadlines that do not open. Blocks, and reads all there are."""
    for row in aside.stream(ALL_DEADLINES):
        line = _line(cipher, row)
        if line.deadline is None:
            yield row[0], line


def _place(enablement_id: str) -> str:
    return f"deadlines/{enablement_id}/content"


# ---- reads ----------------------------------------------------------------------------------------------------------


class Deadlines:
    """Of all companies. Places are ids of a client and its request."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def of_client(self, client: Client) -> list[Deadline]:
        """Of all requests of a client. Raises Tampered."""
        box = client_box(self._cipher, client)
        return [
            deadline_of(box, row) for row in await self._engine.rows(DEADLINES_OF_CLIENT, client.company_id, client.id)
        ]

    async def due(self, company_id: str, now_ms: int, most: int) -> list[tuple[str, str]]:
        """Of which there is something to do by now, what came first in front."""
        return [(row[0], row[1]) for row in await self._engine.rows(DUE_DEADLINES, company_id, now_ms, most)]

    async def next_due(self, company_id: str) -> int | None:
        """When there is something to do next in a company; None: nothing that is known."""
        rows = await self._engine.rows(NEXT_DEADLINE, company_id)
        return None if not rows or rows[0][0] >= END_MS else int(rows[0][0])

    async def page(self, company_id: str, before_ms: int, after: tuple[int, str], limit: int) -> list[DeadlineLine]:
        """Those due before a moment, the next in front, behind a moment and a request's id."""
        rows = await self._engine.rows(DEADLINES_BEFORE, company_id, before_ms, *after, limit)
        return [_line(self._cipher, row) for row in rows]

    async def of_other_rules(
        self, company_id: str, product: str, rules: str, after: str, most: int
    ) -> tuple[list[tuple[str, str]], str | None]:
        """Enabled requests of a product that have no deadline, or one by other rules, among the next behind a request's
        id, so many at the most; and behind which id to go on. None: there are no more."""
        ahead = await self._engine.rows(REQUEST_AHEAD, company_id, after, LOOKED_AT_TOGETHER - 1)
        last = ahead[0][0] if ahead else AFTER_ALL_IDS
        rows = await self._engine.rows(REQUESTS_OF_OTHER_RULES, company_id, product, rules, after, most, last)
        places = [(row[0], row[1]) for row in rows]
        if len(places) == most:
            return places, places[-1][1]
        return places, last if ahead else None

    async def of_product(self, company_id: str, product: str, after: str, most: int) -> list[tuple[str, str]]:
        """Requests of a product that have a deadline, behind a request's id."""
        return [
            (row[0], row[1]) for row in await self._engine.rows(DEADLINES_OF_PRODUCT, company_id, product, after, most)
        ]

    async def put_off(self, company_id: str, client_id: str, enablement_id: str, until_ms: int) -> None:
        """Looks at one later, whatever is in it."""
        await self._engine.write(PUT_OFF_DEADLINE, company_id, client_id, enablement_id, until_ms)


# ---- writes ---------------------------------------------------------------------------------------------------------


def keep_deadlines(context: UnitContext, changes: Sequence[KeepDeadline]) -> Iterator[Statement]:
    """Deadlines as they shall be."""
    for change in changes:
        deadline = change.deadline
        key = (context.company_id, context.client.id, deadline.enablement_id)
        beside = (deadline.product, deadline.state, deadline.due_at_ms, deadline.next_at_ms, deadline.rules)
        content = seal_deadline(context.client_box, deadline)
        yield Statement(KEEP_DEADLINE, (*key, *beside, content), Guard.CLIENT)


def drop_deadlines(context: UnitContext, changes: Sequence[DropDeadline]) -> Iterator[Statement]:
    """Requests that are enabled no more, whether anything was due for them or not."""
    for change in changes:
        yield Statement(DROP_DEADLINE, (context.company_id, context.client.id, change.enablement_id))
