"""Turns at writing, between processes: who waits is next, who is stopped or dies stops nobody for long."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ostiary.domain.errors import Unavailable
from ostiary.storage.sqlite import writer as sqlite
from ostiary.storage.sqlite.turns import WriterTurns
from tests.conventions.sources import ROOT

PATIENCE_S = 60
SHORT_S = 0.3
WRITES_ALL_THE_TIME = """
import asyncio, sys
from pathlib import Path
from ostiary.storage.sqlite import writer as sqlite
async def main():
    writer = sqlite.Writer(Path(sys.argv[1]))
    async def write():
        while True:
            await writer.write(lambda one: one.execute("INSERT INTO noted VALUES ('other')"))
    await asyncio.gather(*(write() for _ in range(8)))
asyncio.run(main())
"""
HOLDS = """
import sys, time
from pathlib import Path
from ostiary.storage.sqlite import writer as sqlite
from ostiary.storage.sqlite.turns import WriterTurns
path, what = Path(sys.argv[1]), sys.argv[2]
turns, connection = WriterTurns(path, 10), sqlite.connect(path)
if what == "turn":
    assert turns._take()
else:
    turns.begin(connection)
print("held", flush=True)
time.sleep(600)
"""
SINGLE_WRITES = 60
BETWEEN_S = 0.005
MOST_COMMITS_BETWEEN = 12
"""Of another that writes all the time, between asking for a commit and having it: one that is under way, one more that
began before the turn was taken, and some for a busy machine, where a look comes late."""


@pytest.fixture
def path() -> Iterator[Path]:
    """On a disk, whose pace the bounds are about: in memory the other commits many times while one looks."""
    home = ROOT / ".pytest_cache"
    home.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=home) as folder:
        path = Path(folder) / "noted.sqlite3"
        with closing(sqlite.connect(path)) as database:
            database.execute("CREATE TABLE noted (who TEXT NOT NULL)")
        yield path


@contextmanager
def beside(program: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs meanwhile."""
    process = subprocess.Popen([sys.executable, "-c", program, *words], stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE_S)
        assert process.stdout is not None
        process.stdout.close()


def noted(path: Path) -> int:
    with closing(sqlite.connect(path, read_only=True)) as look:
        return int(look.execute("SELECT count(*) FROM noted").fetchone()[0])


async def note(writer: sqlite.Writer) -> None:
    await writer.write(lambda connection: connection.execute("INSERT INTO noted VALUES ('me')"))


async def test_who_waits_is_next_beside_one_that_writes_all_the_time(path: Path) -> None:
    """Counted in the other's commits and not in seconds, which a busy machine stretches."""
    with beside(WRITES_ALL_THE_TIME, str(path)):
        deadline = time.monotonic() + PATIENCE_S
        while not noted(path) and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        writer = sqlite.Writer(path)
        overtaken = []
        for _ in range(SINGLE_WRITES):
            with closing(sqlite.connect(path, read_only=True)) as look:
                version = "SELECT count(*) FROM noted"
                before = look.execute(version).fetchone()[0]
                await note(writer)
                overtaken.append((look.execute(version).fetchone()[0] - before - 1) / 8)
            await asyncio.sleep(BETWEEN_S)
        writer.close()
    overtaken.sort()
    assert overtaken[SINGLE_WRITES * 9 // 10] <= MOST_COMMITS_BETWEEN, overtaken


@pytest.mark.parametrize("what", ["turn", "lock"])
async def test_who_dies_with_it_gives_it_back(path: Path, what: str) -> None:
    with beside(HOLDS, str(path), what) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        writer = sqlite.Writer(path)
        waiting = asyncio.ensure_future(note(writer))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        holder.send_signal(signal.SIGKILL)
        async with asyncio.timeout(PATIENCE_S):
            await waiting
        writer.close()
    assert noted(path) == 1


async def test_who_stands_still_with_the_turn_only_does_not_keep_others_from_writing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS", SHORT_S * 1000)
    with beside(HOLDS, str(path), "turn") as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        writer = sqlite.Writer(path)
        began = time.monotonic()
        async with asyncio.timeout(PATIENCE_S):
            await note(writer)
        assert time.monotonic() - began >= SHORT_S
        writer.close()


async def test_who_stands_still_amid_a_commit_makes_others_unavailable_after_their_patience(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS", SHORT_S * 1000)
    with beside(HOLDS, str(path), "lock") as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        writer = sqlite.Writer(path)
        for _ in range(2):
            async with asyncio.timeout(PATIENCE_S):
                with pytest.raises(Unavailable):
                    await note(writer)
        holder.send_signal(signal.SIGKILL)
        holder.wait(PATIENCE_S)
        await note(writer)
        writer.close()
    assert noted(path) == 1


def test_the_turn_is_given_back_as_soon_as_the_transaction_has_begun(path: Path) -> None:
    mine, other = WriterTurns(path, 1.0), WriterTurns(path, SHORT_S)
    with closing(sqlite.connect(path)) as first, closing(sqlite.connect(path)) as second:
        second.execute("PRAGMA busy_timeout=0")
        mine.begin(first)
        assert other._take(), "so that whoever waits for the lock has it"
        fcntl.flock(other._turn, fcntl.LOCK_UN)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.begin(second)
        first.execute("ROLLBACK")
        other.begin(second)
        assert second.in_transaction
    mine.close()
    other.close()


def test_a_fault_that_is_no_lock_is_told_at_once(path: Path) -> None:
    turns = WriterTurns(path, PATIENCE_S)
    with closing(sqlite.connect(path)) as connection:
        connection.execute("BEGIN")
        began = time.monotonic()
        with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
            turns.begin(connection)
        assert time.monotonic() - began < PATIENCE_S / 2
        assert turns._take(), "and the turn is free"
    turns.close()


def test_the_file_of_turns_is_for_its_owner_only(path: Path) -> None:
    before = os.umask(0)
    try:
        WriterTurns(path, 1.0).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.with_name(path.name + ".turn").stat().st_mode) == 0o600


# ---- what need not wait for the disk --------------------------------------------------------------------------------


async def synchronous(writer: sqlite.Writer, *may_be_lost: bool) -> set[int]:
    """How durable the commit was that these units were in, together: 2 is FULL, 1 is NORMAL."""

    def look(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO noted VALUES ('me')")
        return int(connection.execute("PRAGMA synchronous").fetchone()[0])

    return set(await asyncio.gather(*(writer.write(look, may_be_lost=choice) for choice in may_be_lost)))


async def test_only_a_commit_of_which_all_may_be_lost_does_not_wait_for_the_disk(path: Path) -> None:
    writer = sqlite.Writer(path)
    assert await synchronous(writer, True) == {1}
    assert await synchronous(writer, False) == {2}
    hold = asyncio.ensure_future(writer.write(lambda _: time.sleep(SHORT_S), may_be_lost=True))
    await asyncio.sleep(SHORT_S / 3)  # so that what comes now is one commit
    assert await synchronous(writer, True, False, True) == {2}
    await hold
    assert await synchronous(writer, True) == {1}
    writer.close()
