"""The pool: a connection that is given back reaches somebody who waits, whatever happens to the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ostiary.storage.postgres.pool import Connections
from tests.storage.postgres_shelf import PostgresShelf

SOON_S = 60
"""Well below the time after which who waits gives up."""
TURN_S = 0.0005
"""About a round trip to a server on this machine."""


@pytest.fixture
async def pool() -> AsyncIterator[Connections]:
    """With room for one connection."""
    shelf = PostgresShelf()
    pool = Connections(shelf.direct, most=1)
    yield pool
    await pool.close()
    await shelf.close()


@pytest.mark.parametrize("gone", ["while it waits", "once it was called"])
async def test_who_gives_up_waiting_lets_the_next_have_the_connection(pool: Connections, gone: str) -> None:
    taken = await pool.take()
    first, second = (asyncio.create_task(pool.take()) for _ in range(2))
    await asyncio.sleep(0)
    if gone == "while it waits":
        first.cancel()
        await asyncio.sleep(0)
    pool.give(taken)
    first.cancel()
    async with asyncio.timeout(SOON_S):
        assert await second is taken
    assert first.cancelled()
    pool.give(taken)


@pytest.mark.parametrize("turns", range(6))
async def test_who_goes_away_while_a_statement_is_prepared_anew_leaves_no_transaction_to_the_next(
    pool: Connections, turns: int
) -> None:
    taken = await pool.take()
    preparing = asyncio.create_task(taken.again("SELECT 1"))
    for _ in range(turns):  # of the loop: before it began, at BEGIN, and at what comes after that
        await asyncio.sleep(TURN_S)
    is_cut_short = preparing.cancel()
    await asyncio.wait((preparing,))
    pool.give(taken)
    after = await pool.take()
    assert (after is taken) == (not is_cut_short or turns == 0), "who was interrupted is not used again"
    assert not after.is_in_transaction
    assert [list(row) for row in await after.fetch("SELECT 1", ())] == [[1]]
    pool.give(after)
