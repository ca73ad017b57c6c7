"""Units in stages that share a transaction on PostgreSQL: a row that somebody keeps holds up only who wants it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from ostiary.domain.delivery.messages import MessageOutcome
from ostiary.domain.unit import MessageResult
from tests.material import NOW_MS
from tests.storage.postgres_shelf import PostgresShelf
from tests.storage.values import Trade, found_company

SETTLED_AT_ONCE, HELD = 6, 3
SOON_S = 5
"""Half of what a statement may take: by then who shared a transaction with a held row would be waiting still."""


@pytest.fixture
async def shelf() -> AsyncIterator[PostgresShelf]:
    """A database on a server, which is shared with others."""
    shelf = PostgresShelf()
    yield shelf
    await shelf.close()


@pytest.fixture
async def company(shelf: PostgresShelf) -> Trade:
    """A company in it."""
    return await found_company(shelf.open(), shelf.cipher)


async def test_who_wants_a_row_that_somebody_keeps_holds_up_nobody_else(shelf: PostgresShelf, company: Trade) -> None:
    posted = await company.posted(*[NOW_MS] * SETTLED_AT_ONCE)
    assert len(await company.store.outbox.claim("a", NOW_MS, NOW_MS + 1, SETTLED_AT_ONCE)) == SETTLED_AT_ONCE
    keeper = await asyncpg.connect(shelf.direct)
    try:
        await keeper.execute("BEGIN")
        await keeper.fetch("SELECT 1 FROM messages WHERE message_id = $1 FOR UPDATE", posted[HELD].id)
        settling = []
        for each in posted:
            unit = company.unit(changes=(MessageResult(each.id, "a", MessageOutcome.DELIVERED, 0),))
            settling.append(asyncio.create_task(company.store.commit(unit, company.company)))
        others = [task for task in settling if task is not settling[HELD]]
        async with asyncio.timeout(SOON_S):
            assert await asyncio.gather(*others) == [None] * len(others)
        assert not settling[HELD].done()
        await keeper.execute("ROLLBACK")
        assert await settling[HELD] is None
    finally:
        await keeper.close()
    assert {row[0] for row in shelf.rows("SELECT state FROM messages")} == {"delivered"}
