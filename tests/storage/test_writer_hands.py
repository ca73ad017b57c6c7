"""In whose hands a commit is: brief work runs on the event loop's thread as long as nobody else writes, all that waits
in the writer's; who ends before his turn leaves nothing behind."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import sleep

import pytest

from ostiary.domain.errors import Unavailable
from ostiary.storage.sqlite import writer as sqlite
from ostiary.storage.sqlite.turns import WriterTurns
from ostiary.storage.sqlite.writer import MOST_TOGETHER, Writer

PATIENCE_S = 60
HELD_S = 0.1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "noted.sqlite3"
    with closing(sqlite.connect(path)) as database:
        database.execute("CREATE TABLE noted (who TEXT NOT NULL UNIQUE)")
    return path


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    writer = Writer(path)
    try:
        yield writer
    finally:
        writer.close()


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    with writing(path) as open_writer:
        yield open_writer


def note(who: str) -> Callable[[sqlite3.Connection], int]:
    """Writes a name, and says in which thread."""

    def work(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO noted VALUES (?)", (who,))
        return threading.get_ident()

    return work


def noted(path: Path) -> set[str]:
    with closing(sqlite.connect(path, read_only=True)) as reading:
        return {who for (who,) in reading.execute("SELECT who FROM noted")}


async def test_brief_work_runs_on_the_event_loops_thread(writer: Writer, path: Path) -> None:
    threads = await asyncio.gather(*(writer.write(note(f"{at}"), is_brief=True) for at in range(5)))
    assert set(threads) == {threading.get_ident()}
    assert noted(path) == set("01234")


async def test_work_that_takes_long_runs_in_the_writers_thread_and_all_that_is_with_it(writer: Writer) -> None:
    together = (writer.write(note("brief"), is_brief=True), writer.write(note("long")))
    assert threading.get_ident() not in await asyncio.gather(*together)
    assert await writer.write(note("after"), is_brief=True) == threading.get_ident()


@pytest.mark.parametrize("held", ["lock", "turn"])
async def test_the_event_loop_does_not_wait_for_another_process(writer: Writer, path: Path, held: str) -> None:
    turns = WriterTurns(path, PATIENCE_S)
    other = sqlite.connect(path)
    other.execute("BEGIN IMMEDIATE")
    assert held == "lock" or turns._take()
    waiting = asyncio.ensure_future(writer.write(note("a"), is_brief=True))
    clock = asyncio.get_running_loop().time
    began, longest = clock(), 0.0
    while (before := clock()) < began + HELD_S:
        await asyncio.sleep(0)
        longest = max(longest, clock() - before)
    assert not waiting.done()
    turns.close()
    other.execute("COMMIT")
    other.close()
    async with asyncio.timeout(PATIENCE_S):
        assert await waiting != threading.get_ident()


async def asked_while_another_writes(writer: Writer, path: Path) -> tuple[list[asyncio.Task[int]], sqlite3.Connection]:
    """Units that came together and were looked at once, in vain; and who writes meanwhile."""
    other = sqlite.connect(path)
    other.execute("BEGIN IMMEDIATE")
    waiting = [asyncio.create_task(writer.write(note(who), is_brief=True)) for who in "abc"]
    for _ in range(2):  # a turn in which they ask, and one in which the writer looks
        await asyncio.sleep(0)
    return waiting, other


async def test_what_came_together_is_written_here_as_soon_as_another_process_has_done(
    writer: Writer, path: Path
) -> None:
    waiting, other = await asked_while_another_writes(writer, path)
    other.execute("COMMIT")
    other.close()
    assert set(await asyncio.gather(*waiting)) == {threading.get_ident()}
    assert noted(path) == set("abc")


async def test_what_came_together_and_looked_often_enough_waits_in_the_thread(writer: Writer, path: Path) -> None:
    waiting, other = await asked_while_another_writes(writer, path)
    async with asyncio.timeout(PATIENCE_S):
        while writer._waiting:
            await asyncio.sleep(0.001)
    waiting.append(asyncio.create_task(writer.write(note("later"), is_brief=True)))
    other.execute("COMMIT")
    other.close()
    *before, after = await asyncio.gather(*waiting)
    assert threading.get_ident() not in before
    assert after == threading.get_ident()
    assert noted(path) == {*"abc", "later"}


async def test_closing_writes_what_would_have_looked_again(path: Path) -> None:
    with writing(path) as writer:
        waiting, other = await asked_while_another_writes(writer, path)
        other.execute("COMMIT")
        other.close()
    assert noted(path) == set("abc")
    assert threading.get_ident() not in await asyncio.gather(*waiting)


def test_who_looks_again_in_a_loop_that_ended_holds_up_nobody(writer: Writer, path: Path) -> None:
    ended = asyncio.new_event_loop()
    waiting, other = ended.run_until_complete(asked_while_another_writes(writer, path))
    other.execute("COMMIT")
    other.close()
    asyncio.run(asyncio.wait_for(writer.write(note("after"), is_brief=True), PATIENCE_S))
    assert noted(path) == {*"abc", "after"}
    ended.run_until_complete(asyncio.gather(*waiting))
    ended.close()


async def test_of_brief_work_what_fails_is_undone_alone(writer: Writer, path: Path) -> None:
    names = ["a", "b", "a", "c"]
    ended = await asyncio.gather(*(writer.write(note(name), is_brief=True) for name in names), return_exceptions=True)
    assert [type(outcome) for outcome in ended] == [int, int, sqlite3.IntegrityError, int]
    assert noted(path) == {"a", "b", "c"}


async def test_what_is_answered_is_committed_and_nothing_before(writer: Writer, path: Path) -> None:
    """Who sees the answer sees the row from anywhere; while statements are run and not committed, nobody does."""
    states: list[set[str]] = []

    def look(connection: sqlite3.Connection) -> None:
        note("a")(connection)
        states.append(noted(path))

    await writer.write(look, is_brief=True)
    assert states == [set()]
    assert noted(path) == {"a"}


async def test_more_than_goes_together_goes_in_order(writer: Writer) -> None:
    order: list[int] = []

    def work(at: int) -> Callable[[sqlite3.Connection], None]:
        return lambda _: order.append(at)

    many = range(3 * MOST_TOGETHER + 1)
    await asyncio.gather(*(writer.write(work(at), is_brief=True) for at in many))
    assert order == list(many)


def test_a_loop_that_ends_before_its_turn_holds_up_nobody_after_it(writer: Writer, path: Path) -> None:
    ended = asyncio.new_event_loop()
    left = ended.create_task(writer.write(note("left"), is_brief=True))
    ended.call_soon(ended.stop)  # behind the first step of the task, before the turn that it asked for
    ended.run_forever()
    asyncio.run(asyncio.wait_for(writer.write(note("after"), is_brief=True), PATIENCE_S))
    assert noted(path) == {"left", "after"}
    left.cancel()
    with suppress(asyncio.CancelledError):
        ended.run_until_complete(left)
    ended.close()


def test_closing_writes_what_a_loop_that_ended_did_not_come_to(path: Path) -> None:
    ended = asyncio.new_event_loop()
    with writing(path) as writer:
        left = ended.create_task(writer.write(note("left"), is_brief=True))
        ended.call_soon(ended.stop)
        ended.run_forever()
    assert noted(path) == {"left"}
    assert ended.run_until_complete(left) != threading.get_ident()
    with pytest.raises(Unavailable):
        ended.run_until_complete(writer.write(note("late"), is_brief=True))
    ended.close()


def test_loops_in_several_threads_write_through_one_writer(writer: Writer, path: Path) -> None:
    async def many(name: str) -> None:
        for at in range(50):
            await asyncio.gather(*(writer.write(note(f"{name}{at}.{each}"), is_brief=True) for each in range(3)))

    threads = [threading.Thread(target=asyncio.run, args=(many(name),)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
    assert len(noted(path)) == 3 * 50 * 3


async def test_closing_waits_for_what_is_in_the_writers_hands(path: Path) -> None:
    writer = Writer(path)
    held = asyncio.ensure_future(writer.write(lambda _: sleep(HELD_S)))
    waiting = [asyncio.ensure_future(writer.write(note(f"{at}"), is_brief=True)) for at in range(2 * MOST_TOGETHER)]
    await asyncio.sleep(0)
    await asyncio.to_thread(writer.close)
    await asyncio.gather(held, *waiting)
    assert len(noted(path)) == 2 * MOST_TOGETHER
