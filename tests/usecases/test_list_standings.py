"""How lists to screen against are said to be: in order, not right, away, or without an answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import pytest

from ostiary.domain.screening.subject import ListStanding, Screened, ScreeningUnavailable, Subject
from ostiary.domain.times import DAY_MS
from ostiary.usecases.screening import list_standings
from ostiary.usecases.screening.list_standings import ListLine, list_lines
from tests.house import House
from tests.material import NOW_MS


@dataclass
class NamedList:
    """A list that answers, fails, or never does."""

    name: str
    answer: ListStanding | ScreeningUnavailable | None
    most_age_ms: int | None = None

    async def standing(self) -> ListStanding:
        if self.answer is None:
            await asyncio.Event().wait()
        if isinstance(self.answer, ScreeningUnavailable):
            raise self.answer
        assert self.answer is not None
        return self.answer

    async def version(self) -> str:
        return "1"

    async def screen(self, subject: Subject, cleared: frozenset[str]) -> Screened:
        raise NotImplementedError

    async def close(self) -> None:
        return


async def test_every_list_has_a_line_whatever_it_answers(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_standings, "LONGEST_S", 0.01)
    good, old = ListStanding("v1", 3, NOW_MS - 2 * DAY_MS), ListStanding("v2", None, None)
    stale = ListStanding("v3", 5, NOW_MS - 9 * DAY_MS)
    lists = (
        NamedList("good", good),
        NamedList("undated", old),
        NamedList("stale", stale, 7 * DAY_MS),
        NamedList("away", ScreeningUnavailable("away: the file is gone")),
        NamedList("silent", None),
    )
    assert await list_lines(replace(house.context, lists=lists, now_ms=lambda: NOW_MS)) == [
        ListLine(name="good", standing=good, age_ms=2 * DAY_MS, fault=""),
        ListLine(name="undated", standing=old, age_ms=None, fault=""),
        ListLine(name="stale", standing=stale, age_ms=9 * DAY_MS, fault="is 9 days old; more than 7 are too many"),
        ListLine(name="away", standing=None, age_ms=None, fault="away: the file is gone"),
        ListLine(name="silent", standing=None, age_ms=None, fault="no answer within 0 s"),
    ]
    assert await list_lines(replace(house.context, lists=())) == []
