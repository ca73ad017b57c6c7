"""Numbers of the whole installation that monitors ask for, counted aside.

They read through all that waits, which one company can make much of, and whoever reaches `/metrics` may ask: so they
are counted by a thread on a connection of its own, not by the loop that serves calls, and not each time they are asked
for.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic

from ostiary.domain.errors import Unavailable
from ostiary.storage.engine import Engine
from ostiary.storage.tables.enablements import OPEN_REVIEWS
from ostiary.storage.tables.messages import MESSAGE_COUNTS
from ostiary.storage.tables.stored_bytes import StoredBytes, by_company

COUNTED_EVERY_S = 10.0
"""Monitors usually scrape every 15 to 60 s; who scrapes more often, or several who do, get the same numbers."""


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    """What was counted at one time. `messages`: pending and failed ones by topic and state, as many as indexes hold,
    however many were delivered before. `reviews`: by kind how many requests wait for a person, and since when the
    oldest does, in ms since 1970. `stored`: what each company's documents take."""

    messages: Mapping[tuple[str, str], int]
    reviews: Mapping[str, tuple[int, int]]
    stored: Mapping[str, StoredBytes]


class Counting:
    """The numbers of one process. `steady_s` is a clock that nobody sets."""

    def __init__(self, engine: Engine, steady_s: Callable[[], float] = monotonic) -> None:
        self._engine, self._steady_s = engine, steady_s
        self._counted: WaitingCounts | None = None
        self._begun_s = 0.0
        self._running: asyncio.Task[WaitingCounts] | None = None

    async def now(self) -> WaitingCounts:
        """The newest numbers, at most so old. Who asks while they are counted waits for them. Raises Unavailable."""
        if self._running is None:
            if self._counted is not None and self._steady_s() - self._begun_s < COUNTED_EVERY_S:
                return self._counted
            self._begun_s = self._steady_s()
            self._running = asyncio.create_task(self._again())
        return await asyncio.shield(self._running)

    async def _again(self) -> WaitingCounts:
        try:
            self._counted = await asyncio.to_thread(count, self._engine)
            return self._counted
        except BaseException:
            self._counted = None
            raise
        finally:
            self._running = None


def count(engine: Engine) -> WaitingCounts:
    """Counts. Blocks. Raises Unavailable."""
    try:
        return _counted(engine)
    except sqlite3.OperationalError as problem:
        raise Unavailable("The database cannot be read right now; try again shortly.", retry_after_s=1) from problem


def _counted(engine: Engine) -> WaitingCounts:
    with engine.blocking() as aside:
        messages = {(row[0], row[1]): int(row[2]) for row in aside.rows(MESSAGE_COUNTS)}
        reviews = {str(row[0]): (int(row[1]), int(row[2] or 0)) for row in aside.rows(OPEN_REVIEWS)}
        stored = by_company(aside)
    return WaitingCounts(messages, reviews, stored)
