"""A migration of a database in use: nobody who reads or writes waits for it, also while it waits for somebody."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

import asyncpg
import pytest

from ostiary.storage import opening
from ostiary.storage.tables import TABLES
from tests.acceptance.onboarding import until
from tests.material import NOW_MS
from tests.servers.postgresql import shared

BEFORE = "0003"
NOTICED_S = 2.0
"""Less than the 3 s for which a migration would hold a place in a table's line of waiting locks."""
WATCHED_S = 5.0
END_S = 60


@pytest.fixture
def old() -> Iterator[str]:
    """The address of a database as the version before left it."""
    name = shared().create()
    assert _upgrade(shared().url(name), BEFORE).wait(END_S) == 0
    yield shared().url(name)
    shared().drop([name])


def _upgrade(url: str, revision: str) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "ostiary.storage.upgrade"]
    running = subprocess.Popen(line, stdin=subprocess.PIPE, text=True)
    assert running.stdin is not None
    running.stdin.write(f"{url} {revision}")
    running.stdin.close()
    return running


async def _uses(connection: asyncpg.Connection[asyncpg.Record]) -> float:
    """Reads and writes every table that a request does, without changing it; how long the slowest took."""
    slowest = 0.0
    for table in TABLES:
        columns = ", ".join(table.key)
        for text in (
            f"SELECT {columns} FROM {table.name} ORDER BY {columns} LIMIT 1",  # noqa: S608
            f"UPDATE {table.name} SET {table.columns[-1]} = {table.columns[-1]}",  # noqa: S608
            f"DELETE FROM {table.name} WHERE false",  # noqa: S608
        ):
            began = time.monotonic()
            await connection.execute(text, timeout=END_S)
            slowest = max(slowest, time.monotonic() - began)
    return slowest


@pytest.mark.parametrize("revision", [opening.SCHEMA, opening.FINISHED], ids=["before deployment", "after deployment"])
async def test_nobody_waits_for_a_migration_that_waits_for_a_long_transaction(old: str, revision: str) -> None:
    """A report that reads, and a write that was not committed: the migration waits for both, and nobody for it."""
    if revision == opening.FINISHED:
        assert _upgrade(old, opening.SCHEMA).wait(END_S) == 0
    long, other = await asyncpg.connect(old), await asyncpg.connect(old)
    transaction = long.transaction()
    await transaction.start()
    for table in TABLES:
        await long.execute(f"SELECT count(*) FROM {table.name}")  # noqa: S608
        await long.execute(f"LOCK TABLE {table.name} IN ROW EXCLUSIVE MODE")  # as any write does
    await long.execute("INSERT INTO catalogues VALUES ('long', 'source', $1)", NOW_MS)
    migration = _upgrade(old, revision)
    waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    end = time.monotonic() + END_S
    while not await other.fetch(waits):
        assert time.monotonic() < end, "the migration came to where it has to wait"
        assert migration.poll() is None
    watched = time.monotonic() + WATCHED_S
    while time.monotonic() < watched:
        assert await _uses(other) < NOTICED_S
    assert migration.poll() is None, "it waits still"
    await transaction.commit()
    until(lambda: migration.poll() == 0, "it ends when the long transaction has", END_S)
    assert await other.fetchval("SELECT version_num FROM alembic_version") == revision
    invalid = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
    assert await other.fetch(invalid) == []
    for one in (long, other):
        with suppress(asyncpg.PostgresError):
            await one.close()
