"""Reads that many ask for at once: few questions, and never an answer older than its question."""

from __future__ import annotations

import asyncio

import pytest

from ostiary.domain.errors import Unavailable
from ostiary.storage.coalesced_reads import SharedReads

ASKING = 20


class Reading:
    """A read that ends when the test says so, and gives the number of reads begun before its end."""

    def __init__(self) -> None:
        self.begun = 0
        self.go = asyncio.Event()
        self.fails = False

    async def __call__(self, key: str) -> tuple[str, int]:
        self.begun += 1
        mine = self.begun
        await self.go.wait()
        await asyncio.sleep(0)
        if self.fails:
            raise Unavailable
        return key, mine


async def begun(shared: SharedReads[tuple[str, int]], *keys: str) -> list[asyncio.Task[tuple[str, int]]]:
    tasks = [asyncio.create_task(shared.ask(key)) for key in keys]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_one_after_the_other_each_reads() -> None:
    reading = Reading()
    reading.go.set()
    shared = SharedReads(reading)
    assert [await shared.ask("a") for _ in range(3)] == [("a", 1), ("a", 2), ("a", 3)]


async def test_who_comes_while_a_read_runs_gets_the_next_one() -> None:
    reading = Reading()
    shared = SharedReads(reading)
    tasks = await begun(shared, *["a"] * ASKING)
    reading.go.set()
    assert [await task for task in tasks] == [("a", 1)] + [("a", 2)] * (ASKING - 1)
    assert await shared.ask("a") == ("a", 3), "nothing is kept"


async def test_keys_do_not_wait_for_each_other() -> None:
    reading = Reading()
    shared = SharedReads(reading)
    tasks = await begun(shared, "a", "b", "a", "b")
    assert reading.begun == 2
    reading.go.set()
    assert {key for key, _ in await asyncio.gather(*tasks)} == {"a", "b"}
    assert reading.begun == 4


async def test_a_read_that_fails_fails_for_those_who_share_it_and_no_others() -> None:
    reading = Reading()
    reading.fails = True
    shared = SharedReads(reading)
    tasks = await begun(shared, "a", "a", "a")
    reading.go.set()
    for task in tasks:
        with pytest.raises(Unavailable):
            await task
    reading.fails = False
    assert (await shared.ask("a"))[0] == "a"


@pytest.mark.parametrize("gone", [0, 1, 2])
async def test_who_gives_up_takes_nobody_along(gone: int) -> None:
    reading = Reading()
    shared = SharedReads(reading)
    tasks = await begun(shared, "a", "a", "a", "a")
    tasks[gone].cancel()
    await asyncio.sleep(0)
    reading.go.set()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(outcome, asyncio.CancelledError) for outcome in ended] == [at == gone for at in range(4)]
    assert (await shared.ask("a"))[0] == "a"
