"""Reads of one turn of the event loop: asked once, of one moment, and never from before anybody asked."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from ostiary.domain.errors import Unavailable
from ostiary.storage.engine import Row
from ostiary.storage.sqlite import writer as sqlite
from ostiary.storage.sqlite.reads import Answer, Asks, ReadsTogether

COUNT = ("SELECT count(*) FROM noted", ())
NOTE = ("SELECT note()", ())
LEAST = ("SELECT who FROM noted WHERE who >= ?1 ORDER BY who", ("b",))
FAULTY = ("SELECT nothing FROM noted", ())


class Noted:
    """A table that others write to, and what reads it; `asked` are the statements that reached SQLite."""

    def __init__(self, path: Path) -> None:
        self.other = sqlite.connect(path)
        self.other.execute("CREATE TABLE noted (who TEXT NOT NULL)")
        connection = sqlite.connect(path, read_only=True)
        connection.create_function("note", 0, self.note)
        self.asked: list[str] = []
        connection.set_trace_callback(self.asked.append)
        self.reads = ReadsTogether(connection)

    def note(self, who: str = "a") -> None:
        """Another writes, whatever is being read meanwhile."""
        self.other.execute("INSERT INTO noted VALUES (?)", (who,))


@pytest.fixture
def noted(tmp_path: Path) -> Iterator[Noted]:
    noted = Noted(tmp_path / "noted.sqlite3")
    with closing(noted.other), closing(noted.reads):
        yield noted


async def rows(*answers: Answer) -> list[list[list[Row]]]:
    return list(await asyncio.gather(*answers))


async def test_whatever_is_asked_in_one_turn_is_of_one_moment(noted: Noted) -> None:
    together = rows(*(noted.reads.ask(asks) for asks in ((COUNT,), (NOTE, COUNT), (COUNT, LEAST))))
    assert await together == [[[(0,)]], [[(None,)], [(0,)]], [[(0,)], []]]
    assert await noted.reads.ask((COUNT,)) == [[(1,)]]


async def test_nobody_is_answered_from_before_he_asked(noted: Noted) -> None:
    early = noted.reads.ask((COUNT,))
    noted.note()
    late = noted.reads.ask((COUNT, LEAST))
    noted.note("c")
    assert await rows(early, late) == [[[(2,)]], [[(2,)], [("c",)]]]


async def test_who_asks_the_same_is_answered_at_once_and_who_asks_alone_needs_no_transaction(noted: Noted) -> None:
    assert await rows(*(noted.reads.ask((COUNT,)) for _ in range(20))) == [[[(0,)]]] * 20
    assert noted.asked == [COUNT[0]]
    noted.asked.clear()
    await rows(*(noted.reads.ask((COUNT,)) for _ in range(20)), noted.reads.ask((LEAST,)))
    assert [text.partition(" ")[0] for text in noted.asked] == ["BEGIN", "SELECT", "SELECT", "COMMIT"]


async def test_the_same_statement_with_other_values_is_another_question(noted: Noted) -> None:
    asks = [(("SELECT who FROM noted WHERE who = ?1", (value,)),) for value in ("b", "c", b"b")]
    noted.note("b")
    assert await rows(*(noted.reads.ask(ask) for ask in asks)) == [[[("b",)]], [[]], [[]]]


async def test_a_question_that_fails_fails_alone(noted: Noted) -> None:
    asked = [noted.reads.ask(asks) for asks in ((COUNT,), (FAULTY,), (COUNT, FAULTY), (LEAST,))]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(answer) for answer in answers] == [list, Unavailable, Unavailable, list]
    assert await noted.reads.ask((COUNT,)) == [[(0,)]]


async def test_a_wrong_number_of_values_is_no_want_of_the_database(noted: Noted) -> None:
    with pytest.raises(sqlite3.ProgrammingError):
        await noted.reads.ask((("SELECT ?1, ?2", (1,)),))
    assert await noted.reads.ask((COUNT,)) == [[(0,)]]


async def test_who_gives_up_takes_nobody_along(noted: Noted) -> None:
    async def ask() -> list[list[Row]]:
        return await noted.reads.ask((COUNT,))

    tasks = [asyncio.ensure_future(ask()) for _ in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in ended] == [list, asyncio.CancelledError, list]


def test_what_a_loop_did_not_come_to_holds_up_nobody_after_it(noted: Noted) -> None:
    async def ask() -> list[list[Row]]:
        return await noted.reads.ask((COUNT,))

    ended = asyncio.new_event_loop()
    left = ended.create_task(ask())
    ended.call_soon(ended.stop)
    ended.run_forever()
    left.cancel()
    ended.call_soon(ended.stop)
    with suppress(asyncio.CancelledError):
        ended.run_until_complete(left)
    ended.close()
    assert asyncio.run(ask()) == [[(0,)]]


async def test_reads_of_what_is_closed_are_refused_to_everybody(noted: Noted) -> None:
    asked = [noted.reads.ask((COUNT,)), noted.reads.ask((LEAST,))]
    noted.reads.close()
    ended = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(outcome) for outcome in ended] == [sqlite3.ProgrammingError] * 2


@pytest.mark.parametrize("asks", [[(COUNT,)], [(COUNT,), (COUNT, LEAST)]])
async def test_a_turn_that_could_not_be_ended_does_not_hold_those_after_it_back(noted: Noted, asks: list[Asks]) -> None:
    """As where there is no memory left at that very moment."""
    connection = noted.reads._connection
    connection.set_authorizer(lambda _, name, *__: sqlite3.SQLITE_DENY if name == "COMMIT" else sqlite3.SQLITE_OK)
    assert await rows(noted.reads.ask((COUNT,)), noted.reads.ask((LEAST,))) == [[[(0,)]], [[]]]
    assert connection.in_transaction
    connection.set_authorizer(None)
    noted.note()
    for answer in await rows(*(noted.reads.ask(each) for each in asks)):
        assert answer[0] == [(1,)]
