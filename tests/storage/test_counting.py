"""Numbers for monitors are counted aside, and not each time somebody asks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from ostiary.domain.errors import Unavailable
from ostiary.storage.counting import COUNTED_EVERY_S, Counting
from ostiary.storage.engine import BlockingConnection, Engine
from tests.material import NOW_MS
from tests.storage.values import Trade


class Watched:
    """An engine that tells who counts on it. `gate` holds a count up."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.threads, self.gate = engine, list[int](), threading.Event()
        self.gate.set()
        self.is_away = False

    def blocking(self) -> AbstractContextManager[BlockingConnection]:
        return self._aside()

    @contextmanager
    def _aside(self) -> Iterator[BlockingConnection]:
        self.threads.append(threading.get_ident())
        assert self.gate.wait(30)
        if self.is_away:
            raise Unavailable
        with self.engine.blocking() as aside:
            yield aside


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


async def test_who_asks_again_within_ten_seconds_gets_the_same_numbers(trade: Trade) -> None:
    watched, clock = Watched(trade.store.engine), Clock()
    counting = Counting(watched, clock)  # type: ignore[arg-type]  # only what counting needs of an engine
    await trade.posted(NOW_MS)
    assert (await counting.now()).messages == {("webhook", "pending"): 1}
    await trade.posted(NOW_MS)
    clock.now_s += COUNTED_EVERY_S - 0.1
    assert (await counting.now()).messages == {("webhook", "pending"): 1}
    clock.now_s += 0.2
    assert (await counting.now()).messages == {("webhook", "pending"): 2}
    assert len(watched.threads) == 2


async def test_nobody_else_waits_while_it_is_counted_and_it_is_counted_once_for_all_who_do(trade: Trade) -> None:
    watched = Watched(trade.store.engine)
    counting = Counting(watched)  # type: ignore[arg-type]
    await trade.posted(NOW_MS)
    watched.gate.clear()
    asked = [asyncio.create_task(counting.now()) for _ in range(5)]
    assert await trade.store.companies.find(trade.company.id), "calls are served meanwhile"
    asked[0].cancel()
    watched.gate.set()
    counted = await asyncio.gather(*asked[1:])
    assert {id(result) for result in counted} == {id(counted[0])}
    assert watched.threads != [threading.get_ident()]
    assert len(watched.threads) == 1


async def test_a_database_that_was_away_is_asked_again_at_once(trade: Trade) -> None:
    watched = Watched(trade.store.engine)
    counting = Counting(watched)  # type: ignore[arg-type]
    watched.is_away = True
    with pytest.raises(Unavailable):
        await counting.now()
    watched.is_away = False
    assert (await counting.now()).messages == {}
