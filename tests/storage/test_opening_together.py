"""Several processes open an empty PostgreSQL database at the same moment, or migrate one that is in use."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import asyncpg
import pytest

from ostiary.adapters.crypto.keyring import Keyring
from ostiary.domain.errors import KeyMismatch
from ostiary.storage import opening
from ostiary.storage.engine import Engine
from tests.servers.postgresql import shared

TOGETHER, END_S = 3, 180
BEFORE_INDEXES = "0003"
HELD_S = 6.0
"""Longer than a migration waits for a table before it gives up and tries again."""
UPGRADE = [sys.executable, "-m", "ostiary.storage.schema.upgrade"]


@pytest.fixture
def place() -> Iterator[opening.PostgresDatabase]:
    """An empty database."""
    name = shared().create()
    yield opening.PostgresDatabase(shared().url(name), "")
    shared().drop([name])


def upgraded(place: opening.PostgresDatabase, revision: str) -> subprocess.Popen[str]:
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    running: subprocess.Popen[str] = subprocess.Popen(UPGRADE, text=True, **pipes)  # type: ignore[call-overload]
    assert running.stdin is not None
    running.stdin.write(f"{place.url()} {revision}")
    running.stdin.close()
    running.stdin = None  # communicate() must not close it again
    return running


def ended(running: subprocess.Popen[str]) -> tuple[str, int | None]:
    return running.communicate(timeout=END_S)[1][-400:], running.returncode


def test_processes_that_migrate_at_once_wait_for_the_first(place: opening.PostgresDatabase) -> None:
    """Who waits must not hold up the indexes that are built beside others, which wait for every older statement."""
    running = [upgraded(place, opening.FINISHED) for _ in range(TOGETHER)]
    assert [ended(child) for child in running] == [("", 0)] * TOGETHER
    assert place.schema() == opening.FINISHED


async def test_a_migration_that_cannot_have_a_table_tries_again(place: opening.PostgresDatabase) -> None:
    assert await asyncio.to_thread(ended, upgraded(place, BEFORE_INDEXES)) == ("", 0)
    holder = await asyncpg.connect(place.url())
    try:
        transaction = holder.transaction()
        await transaction.start()
        await holder.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
        running = upgraded(place, opening.SCHEMA)
        await asyncio.sleep(HELD_S)  # the time is what is tested
        await transaction.rollback()
        assert await asyncio.to_thread(ended, running) == ("", 0)
    finally:
        await holder.close()


def test_of_servers_with_master_keys_of_their_own_exactly_one_gets_the_database(
    place: opening.PostgresDatabase,
) -> None:
    """Not some lookup keys of one and some of another, with which nobody could ever start again."""
    opening.migrate(place)
    engines = [place.engine() for _ in range(TOGETHER)]
    barrier = Barrier(TOGETHER)

    def install(number: int, engine: Engine) -> str:
        cipher = Keyring({1: bytes([number]) * 32})
        barrier.wait(END_S)
        try:
            opening.install_lookup_keys(engine, cipher)
        except KeyMismatch:
            return "refused"
        return "has it"

    with ThreadPoolExecutor(TOGETHER) as servers:
        ends = list(servers.map(install, range(TOGETHER), engines))
    assert sorted(ends) == ["has it", *["refused"] * (TOGETHER - 1)]
    winner = Keyring({1: bytes([ends.index("has it")]) * 32})
    opening.install_lookup_keys(engines[0], winner)
