"""A migration of a database in use: nobody who reads or writes waits for it, also while it waits for somebody."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

import asyncpg
import pytest

from ostiary.storage import opening
from ostiary.storage.schema.tables import TABLES
from tests.acceptance.onboarding import until
from tests.material import NOW_MS
from tests.servers import warm
from tests.servers.postgresql import shared
from tests.storage.postgres_shelf import partition

BEFORE = "0003"
EARLIER = pytest.mark.release
"""Migrations that were released never change; how all are carried out is seen by the latest."""
NOTICED_S = 2.0
"""Less than the 3 s for which a migration would hold a place in a table's line of waiting locks."""
WATCHED_S = 5.0
LOOKED_AGAIN_S = 0.1
"""Far less than `NOTICED_S`: whoever comes while the migration stands in line waits as long as it does."""
END_S = 180


@pytest.fixture
def old() -> Iterator[str]:
    """The address of a database as the version before left it."""
    name = shared().create()
    _upgraded(shared().url(name), BEFORE)
    yield shared().url(name)
    shared().drop([name])


def _upgraded(url: str, revision: str) -> None:
    warm.run("ostiary.storage.schema.upgrade:main", given=f"{url} {revision}").check_returncode()


def _upgrade(url: str, revision: str) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "ostiary.storage.schema.upgrade"]
    running = subprocess.Popen(line, stdin=subprocess.PIPE, text=True)
    assert running.stdin is not None
    running.stdin.write(f"{url} {revision}")
    running.stdin.close()
    return running


async def _columns(connection: asyncpg.Connection[asyncpg.Record]) -> dict[str, list[str]]:
    """The tables of a request that the version before has, with their columns in its order."""
    rows = await connection.fetch(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "ORDER BY table_name, ordinal_position"
    )
    by_table: dict[str, list[str]] = {}
    for name, column in rows:
        if name in {table.name for table in TABLES}:
            by_table.setdefault(name, []).append(column)
    return by_table


async def _uses(connection: asyncpg.Connection[asyncpg.Record], by_table: dict[str, list[str]]) -> float:
    """Reads and writes every table that a request does, without changing it; how long the slowest took."""
    slowest = 0.0
    for table in (table for table in TABLES if table.name in by_table):
        columns, last = ", ".join(table.key), by_table[table.name][-1]
        for text in (
            f"SELECT {columns} FROM {table.name} ORDER BY {columns} LIMIT 1",  # noqa: S608
            f"UPDATE {table.name} SET {last} = {last}",  # noqa: S608
            f"DELETE FROM {table.name} WHERE false",  # noqa: S608
        ):
            began = time.monotonic()
            await connection.execute(text, timeout=END_S)
            slowest = max(slowest, time.monotonic() - began)
    return slowest


@pytest.mark.parametrize(
    ("start", "revision", "is_split"),
    [
        pytest.param(BEFORE, "0004", False, marks=EARLIER), pytest.param("0004", "0005", False, marks=EARLIER),
        pytest.param("0005", "0006", False, marks=EARLIER), ("0006", opening.FINISHED, False),
        ("0006", opening.FINISHED, True),
    ],
)  # fmt: skip
async def test_nobody_waits_for_a_migration_that_waits_for_a_long_transaction(
    old: str, start: str, revision: str, is_split: bool
) -> None:
    """A report that reads, and a write that was not committed: the migration waits for both, and nobody for it."""
    if start != BEFORE:
        _upgraded(old, start)
    if is_split:
        partition(old.rpartition("/")[2])
    long, other = await asyncpg.connect(old), await asyncpg.connect(old)
    by_table = await _columns(other)
    transaction = long.transaction()
    await transaction.start()
    for name in by_table:
        await long.execute(f"SELECT count(*) FROM {name}")  # noqa: S608
        await long.execute(f"LOCK TABLE {name} IN ROW EXCLUSIVE MODE")  # as any write does
    await long.execute("INSERT INTO catalogues VALUES ('long', 'source', $1)", NOW_MS)
    migration = _upgrade(old, revision)
    waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    end = time.monotonic() + END_S
    while not await other.fetch(waits):
        assert time.monotonic() < end, "the migration came to where it has to wait"
        assert migration.poll() is None
        await asyncio.sleep(LOOKED_AGAIN_S)
    watched = time.monotonic() + WATCHED_S
    while time.monotonic() < watched:
        assert await _uses(other, by_table) < NOTICED_S
        await asyncio.sleep(LOOKED_AGAIN_S)
    assert migration.poll() is None, "it waits still"
    await transaction.commit()
    until(lambda: migration.poll() == 0, "it ends when the long transaction has", END_S)
    assert await other.fetchval("SELECT version_num FROM alembic_version") == revision
    invalid = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
    assert await other.fetch(invalid) == []
    for connection in (long, other):
        with suppress(asyncpg.PostgresError):
            await connection.close()
