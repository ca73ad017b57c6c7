"""A table that grows fast is analysed before autovacuum comes, so that no plan made for an empty one outlives that."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from ostiary.storage.postgres import statistics
from ostiary.storage.postgres.pool import PLANS, Connections, Raw
from tests.storage.postgres_shelf import PostgresShelf

FILL = """INSERT INTO likenesses (company_id, band_mark, client_id, document_id)
 SELECT 'company', decode(lpad(to_hex(i), 16, '0'), 'hex'), 'client', 'document'
 FROM generate_series({first}, {last}) i"""
MANY = 10 * statistics.FEWEST_CHANGES


@pytest.fixture
async def shelf() -> AsyncIterator[PostgresShelf]:
    database = PostgresShelf()
    database.spoil_schema("ALTER TABLE likenesses SET (autovacuum_enabled = off)")  # or the server may be there first
    yield database
    await database.close()


@asynccontextmanager
async def connected(shelf: PostgresShelf) -> AsyncIterator[Raw]:
    connection: Raw = await asyncpg.connect(shelf.direct)
    try:
        yield connection
    finally:
        await connection.close()


async def grown(shelf: PostgresShelf) -> list[str]:
    async with connected(shelf) as connection:
        return await statistics.refresh(connection)


def fill(shelf: PostgresShelf, first: int, last: int) -> None:
    """Rows of these numbers, which the server has counted."""
    shelf.spoil_schema(FILL.format(first=first, last=last) + "; SELECT pg_stat_force_next_flush()")


@pytest.mark.parametrize(
    ("before", "more", "is_analysed"),
    [
        (0, statistics.FEWEST_CHANGES, False),
        (0, statistics.FEWEST_CHANGES + 1, True),
        (MANY, statistics.GROWN_BY * MANY, False),
        (MANY, statistics.GROWN_BY * MANY + 1, True),
    ],
)
async def test_a_table_that_grew_is_analysed(shelf: PostgresShelf, before: int, more: int, is_analysed: bool) -> None:
    if before:
        fill(shelf, 1, before)
    shelf.spoil_schema("VACUUM ANALYZE likenesses")
    fill(shelf, before + 1, before + more)
    assert await grown(shelf) == (["likenesses"] if is_analysed else [])
    [(rows,)] = shelf.rows("SELECT reltuples::bigint FROM pg_class WHERE relname = 'likenesses'")
    assert rows == (before + more if is_analysed else before)


async def test_once_is_enough(shelf: PostgresShelf) -> None:
    fill(shelf, 1, MANY)
    assert await grown(shelf) == ["likenesses"]
    assert await grown(shelf) == []


async def test_one_that_takes_long_costs_no_connection(shelf: PostgresShelf) -> None:
    """Longer than a statement of a request may take, and than the role is given."""
    fill(shelf, 1, MANY)
    connection: Raw = await asyncpg.connect(shelf.direct, command_timeout=0.5)
    await connection.execute("SET statement_timeout = '300ms'")
    await connection.execute("SET vacuum_cost_delay = 20")
    await connection.execute("SET vacuum_cost_limit = 1")
    began = time.monotonic()
    assert await statistics.refresh(connection) == ["likenesses"]
    assert time.monotonic() - began > 0.5
    assert not connection.is_closed()
    await connection.close()


async def test_tables_of_others_are_left_to_them(shelf: PostgresShelf) -> None:
    shelf.spoil_schema("CREATE TABLE theirs (number bigint)")
    shelf.spoil_schema(f"INSERT INTO theirs SELECT generate_series(1, {MANY})")
    fill(shelf, 1, MANY)
    name = f"reader_{shelf.name}"
    shelf.spoil_schema(f"CREATE ROLE {name}")
    async with connected(shelf) as connection:
        await connection.execute(f"SET ROLE {name}")
        assert await statistics.refresh(connection) == [], "may not analyse what another role owns"
        await connection.execute("RESET ROLE")
        assert await statistics.refresh(connection) == ["likenesses"]
    shelf.spoil_schema(f"DROP ROLE {name}")


async def test_one_that_another_is_at_is_left_to_it(shelf: PostgresShelf) -> None:
    fill(shelf, 1, MANY)
    async with connected(shelf) as other, connected(shelf) as connection:
        async with other.transaction():
            await other.execute("LOCK TABLE likenesses IN SHARE UPDATE EXCLUSIVE MODE")
            await statistics.refresh(connection)
        assert await statistics.refresh(connection) == ["likenesses"], "still to be done"


async def test_connections_of_requests_never_read_through_a_table_that_has_an_index(shelf: PostgresShelf) -> None:
    pool = Connections(shelf.direct)
    taken = await pool.take()
    assert {name: (await taken.fetch(f"SHOW {name}", ()))[0][0] for name in PLANS} == PLANS
    pool.give(taken)
    await pool.close()


async def test_behind_a_pooler_that_takes_no_settings_they_are_the_roles(shelf: PostgresShelf, bouncer: int) -> None:
    shelf.spoil_schema(f"ALTER ROLE CURRENT_USER IN DATABASE {shelf.name} SET enable_seqscan = off")
    pool = Connections(shelf.cluster.url(shelf.name, bouncer))
    first, second = await pool.take(), await pool.take()
    for connection in (first, second):
        assert [(await connection.fetch(f"SHOW {name}", ()))[0][0] for name in PLANS] == ["off", "on"]
        pool.give(connection)
    await pool.close()


async def test_of_a_table_split_by_company_the_part_that_grew_is_analysed() -> None:
    shelf = PostgresShelf(is_partitioned=True)
    for (part,) in shelf.rows(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'likenesses'::regclass"
    ):
        shelf.spoil_schema(f"ALTER TABLE {part} SET (autovacuum_enabled = off)")  # or the server may be there first
    fill(shelf, 1, statistics.FEWEST_CHANGES + 1)
    [part] = await grown(shelf)
    assert shelf.rows("SELECT tableoid::regclass::text FROM likenesses LIMIT 1") == [(part,)]
    await shelf.close()
