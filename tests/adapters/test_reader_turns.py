"""Reading is fair between companies: turns, and whoever's document was stopped goes last."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import date

import pytest

from ostiary.adapters.reader import lanes
from ostiary.adapters.reader.lanes import SLOW_FOR_S, ReaderLanes
from ostiary.adapters.reader.turns import ReadingTurns
from ostiary.domain.documents.reading import Reading, Trouble

pytestmark = pytest.mark.asyncio
TODAY = date(2026, 4, 15)


async def served(order: Sequence[str]) -> str:
    """Who had the turns, one letter a call, of calls that come in this order while the first has its turn."""
    turns, had = ReadingTurns(), []

    async def call(company: str) -> None:
        await turns.take(company)
        had.append(company)
        await asyncio.sleep(0)
        turns.give_back()

    await asyncio.gather(*map(call, order))
    return "".join(had)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("a", "a"),
        ("aaa", "aaa"),
        ("aab", "aba"),
        ("aaaaab", "abaaaa"),
        ("aaabbbc", "abcabab"),
        ("abab", "abab"),
        ("aaaabbc", "abcabaa"),
    ],
)
async def test_companies_have_their_turns_one_after_the_other(order: str, expected: str) -> None:
    assert await served(order) == expected


async def test_a_turn_that_is_given_up_goes_to_the_next() -> None:
    turns, had = ReadingTurns(), []
    await turns.take("a")
    waiting = [asyncio.create_task(turns.take(caller)) for caller in "bcd"]
    await asyncio.sleep(0)
    waiting[0].cancel()
    turns.give_back()
    await waiting[1]
    had.append("c")
    turns.give_back()  # d is granted its turn in the moment it gives up
    waiting[2].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await turns.take("e")
    turns.give_back()
    assert had == ["c"]


class _Lane:
    """A reader that answers what it is told to, and says who asked it."""

    def __init__(self, name: str, asked: list[tuple[str, str]], stops: set[str]) -> None:
        self.name, self.asked, self.stops, self.pid = name, asked, stops, None

    async def read(self, _pictures: object, _formats: object, _today: date, company_id: str) -> Reading:
        self.asked.append((self.name, company_id))
        return Reading(None, trouble=Trouble.TIMED_OUT if company_id in self.stops else Trouble.NOT_FOUND)

    async def close(self) -> None:
        self.asked.append((self.name, "closed"))


@pytest.fixture
def asked() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def stops() -> set[str]:
    return set()


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def readers(asked: list[tuple[str, str]], stops: set[str], heard: list[str]) -> ReaderLanes:
    lanes = ReaderLanes(lambda event, _seconds, _cause: heard.append(event))
    lanes._usual, lanes._slow = _Lane("usual", asked, stops), _Lane("slow", asked, stops)  # type: ignore[assignment]
    return lanes


async def test_whoever_sent_what_was_stopped_waits_in_another_lane_for_a_while(
    readers: ReaderLanes,
    asked: list[tuple[str, str]],
    stops: set[str],
    heard: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stops.add("a")
    await readers.read((), (), TODAY, "a")
    stops.clear()
    for company in "aba":
        await readers.read((), (), TODAY, company)
    later = time.monotonic() + SLOW_FOR_S + 1
    monkeypatch.setattr("ostiary.adapters.reader.lanes.time.monotonic", lambda: later)
    await readers.read((), (), TODAY, "a")
    assert asked == [("usual", "a"), ("slow", "a"), ("usual", "b"), ("slow", "a"), ("usual", "a")]
    assert heard == ["timed_out", "not_found", "not_found", "not_found", "not_found"]


async def test_only_so_many_companies_are_remembered_as_slow(
    readers: ReaderLanes, asked: list[tuple[str, str]], stops: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "MOST_SLOW", 2)
    stops.update("abc")
    for company in "abc":
        await readers.read((), (), TODAY, company)
    asked.clear()
    stops.clear()
    for company in "abc":
        await readers.read((), (), TODAY, company)
    assert asked[0] == ("usual", "a")
    assert asked[2] == ("slow", "c")


async def test_both_lanes_end_together(readers: ReaderLanes, asked: list[tuple[str, str]]) -> None:
    assert readers.pids == (None, None)
    await readers.close()
    assert asked == [("usual", "closed"), ("slow", "closed")]
