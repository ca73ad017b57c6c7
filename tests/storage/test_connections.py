"""The pool: a connection that is given back reaches somebody who waits, whatever happens to the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ostiary.storage.postgres.connections import Connections
from tests.storage.postgres_shelf import PostgresShelf

SOON_S = 2
"""Well below the time after which who waits gives up."""


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
