"""Statements of several callers, together: alone nobody waits, one that fails fails alone, nobody is forgotten."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from ostiary.domain.errors import Unavailable
from ostiary.storage.postgres.batching import MOST_BESIDE, MOST_TOGETHER, OVERTAKEN_S, Batches

TEXT, MANY, PATIENCE_S = "SELECT", 100, 60


class Server:
    """Answers each value with its double, when the test lets it; a negative one fails."""

    def __init__(self) -> None:
        self.trips: list[int] = []
        self.go = asyncio.Event()
        self.away = False
        self.problem: Exception = asyncpg.UniqueViolationError("no")

    async def single(self, _: str, values: tuple[Any, ...]) -> int:
        return (await self.many(_, [values]))[0]

    async def many(self, _: str, values: list[tuple[Any, ...]]) -> list[int]:
        self.trips.append(len(values))
        await self.go.wait()
        if self.away:
            raise Unavailable
        if any(value < 0 for (value,) in values):
            raise self.problem
        return [2 * value for (value,) in values]


@pytest.fixture
async def server() -> Server:
    return Server()


async def asked(batches: Batches[str], *values: int) -> list[asyncio.Task[Any]]:
    tasks = [asyncio.create_task(batches.ask(TEXT, (value,))) for value in values]
    await asyncio.sleep(0)
    return tasks


async def ended(tasks: list[asyncio.Task[Any]]) -> list[Any]:
    async with asyncio.timeout(PATIENCE_S):
        return list(await asyncio.gather(*tasks, return_exceptions=True))


async def test_one_after_the_other_go_alone(server: Server) -> None:
    server.go.set()
    batches = Batches(server.single, server.many)
    assert [await batches.ask(TEXT, (value,)) for value in range(3)] == [0, 2, 4]
    assert server.trips == [1, 1, 1]


async def test_many_at_once_go_together_and_each_gets_its_own(server: Server) -> None:
    batches = Batches(server.single, server.many)
    tasks = await asked(batches, *range(MANY))
    server.go.set()
    assert await ended(tasks) == [2 * value for value in range(MANY)]
    rest = MANY - 1 - 3 * MOST_TOGETHER
    assert server.trips == [1] + [MOST_TOGETHER] * 3 + [rest] * bool(rest)


@pytest.mark.parametrize(
    "problem", [asyncpg.UniqueViolationError("no"), asyncpg.DataError("too large"), ValueError("no UTF-8")]
)
async def test_one_that_fails_fails_alone(server: Server, problem: Exception) -> None:
    server.problem = problem
    batches = Batches(server.single, server.many)
    tasks = await asked(batches, 1, 2, -3, 4)
    server.go.set()
    second, failed, fourth = (await ended(tasks))[1:]
    assert (second, fourth) == (4, 8)
    assert failed is problem
    assert server.trips == [1, 3, 1, 1, 1], "together, then each by itself"


async def test_a_server_that_is_away_is_away_for_all_and_nothing_is_tried_again(server: Server) -> None:
    batches = Batches(server.single, server.many)
    tasks = await asked(batches, *range(4))
    server.away = True
    server.go.set()
    assert [type(outcome) for outcome in await ended(tasks)] == [Unavailable] * 4
    assert server.trips == [1, 3]
    server.away = False
    assert await batches.ask(TEXT, (5,)) == 10


@pytest.mark.parametrize("gone", range(4))
async def test_who_gives_up_takes_nobody_along(server: Server, gone: int) -> None:
    batches = Batches(server.single, server.many)
    values = range(4)
    tasks = await asked(batches, *values)
    tasks[gone].cancel()
    await asyncio.sleep(0)
    server.go.set()
    answers = await ended(tasks)
    assert [answer for at, answer in enumerate(answers) if at != gone] == [
        2 * value for value in values if value != gone
    ]
    assert await batches.ask(TEXT, (5,)) == 10


async def test_statements_do_not_wait_for_each_other(server: Server) -> None:
    batches = Batches(server.single, server.many)
    tasks = [asyncio.create_task(batches.ask(text, (1,))) for text in ("a", "b", "c")]
    await asyncio.sleep(0)
    assert server.trips == [1, 1, 1]
    server.go.set()
    assert await ended(tasks) == [2, 2, 2]


async def test_a_trip_that_takes_long_is_overtaken_by_who_waits_behind_it(server: Server) -> None:
    batches = Batches(server.single, server.many)
    held = await asked(batches, 1)
    behind = await asked(batches, 2, 3)
    assert server.trips == [1]
    await asyncio.sleep(2 * OVERTAKEN_S)
    assert server.trips == [1, 2], "both of them, together, although the first is still under way"
    server.go.set()
    assert await ended([*held, *behind]) == [2, 4, 6]


async def test_so_many_are_under_way_beside_each_other_and_no_more(server: Server) -> None:
    batches = Batches(server.single, server.many)
    tasks = []
    for value in range(MOST_BESIDE + 2):
        tasks += await asked(batches, value)
        await asyncio.sleep(2 * OVERTAKEN_S)
    assert server.trips == [1] * MOST_BESIDE
    server.go.set()
    assert await ended(tasks) == [2 * value for value in range(MOST_BESIDE + 2)]
    assert server.trips == [1] * MOST_BESIDE + [2], "who was too many waited, and went together"
    assert await batches.ask(TEXT, (5,)) == 10


async def test_nobody_overtakes_what_goes_quickly(server: Server) -> None:
    batches = Batches(server.single, server.many)
    tasks = await asked(batches, 1, 2, 3)
    server.go.set()
    assert await ended(tasks) == [2, 4, 6]
    await asyncio.sleep(2 * OVERTAKEN_S)
    assert server.trips == [1, 2]
