"""The same statement for several callers in one round trip and, where it writes, one commit.

While one runs, callers of the same statement wait and go together, as SQLite's writer does it: alone nobody waits, and
under load a round trip and a flush of the log serve many: one costs this process some 70 microseconds, a further
statement in it 5. A trip that takes long, behind somebody's lock, is overtaken. A batch is one transaction, so when one
of it fails (a guard that does not hold), all of it is undone and each is run again by itself.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

import asyncpg

from ostiary.domain.errors import Contended

OVERTAKEN_S = 0.005
"""A trip usually takes a fraction of it. Who has waited so long goes beside the one that is under way."""
MOST_BESIDE = 4
"""Trips of one statement under way: a third of the connections, so that other statements go on."""
MOST_TOGETHER = 32
"""Enough to make a flush's share small, few enough that nobody waits long for the others."""
Values = tuple[Any, ...]
Waiting = tuple[Values, "asyncio.Future[Any]"]
K = TypeVar("K", bound=Hashable)


class Batches(Generic[K]):
    """Statements that give exactly one row. `single` runs it for one caller, `many` for several, rows in order.

    A key is what they are known by: a statement's text, or those of several that run after one another.
    """

    def __init__(
        self,
        single: Callable[[K, Values], Awaitable[Any]],
        many: Callable[[K, list[Values]], Awaitable[Sequence[Any]]],
    ) -> None:
        self._one, self._many = single, many
        self._running: dict[K, int] = {}
        self._lines: dict[K, _Line] = {}
        self._batches: set[asyncio.Task[None]] = set()

    async def ask(self, key: K, values: Values) -> Any:
        """The row. Raises what running it raises."""
        if key in self._running:
            line = self._lines.get(key)
            if line is None:
                line = self._lines[key] = _Line(lambda: self._overtake(key))
            return await line.turn(values)
        self._running[key] = 1
        try:
            return await self._one(key, values)
        finally:
            self._go_on(key)

    def _go_on(self, key: K) -> None:
        """After a trip: those who wait go in its place."""
        if key in self._lines:
            self._begin(key)
            return
        self._running[key] -= 1
        if not self._running[key]:
            del self._running[key]

    def _overtake(self, key: K) -> None:
        if self._running[key] < MOST_BESIDE:
            self._running[key] += 1
            self._begin(key)
        else:
            self._lines[key].wait()

    def _begin(self, key: K) -> None:
        line = self._lines[key]
        batch = line.first(MOST_TOGETHER)
        if not line.is_waiting:
            del self._lines[key]
        task = asyncio.get_running_loop().create_task(self._together(key, batch))
        self._batches.add(task)
        task.add_done_callback(self._batches.discard)

    async def _together(self, key: K, batch: list[Waiting]) -> None:
        # by their first values, the row that each locks: two batches that want the same rows want them in one order
        batch = sorted((waiting for waiting in batch if not waiting[1].done()), key=lambda waiting: waiting[0][:2])
        try:
            if len(batch) > 1:
                await self._all(key, batch)
            elif batch:
                await self._alone(key, batch[0])
        finally:
            for _, turn in batch:  # of those that were cut off in the middle
                turn.cancel()
            self._go_on(key)

    async def _all(self, key: K, batch: list[Waiting]) -> None:
        try:
            rows = await self._many(key, [values for values, _ in batch])
        except (asyncpg.PostgresError, Contended, ValueError):  # the last: a value that cannot be sent
            await asyncio.gather(*(self._alone(key, waiting) for waiting in batch))
        except Exception as problem:
            for _, turn in batch:
                if not turn.done():
                    turn.set_exception(problem)
        else:
            for (_, turn), row in zip(batch, rows, strict=True):
                if not turn.done():
                    turn.set_result(row)

    async def _alone(self, key: K, waiting: Waiting) -> None:
        values, turn = waiting
        try:
            row = await self._one(key, values)
        except Exception as problem:
            if not turn.done():
                turn.set_exception(problem)
        else:
            if not turn.done():
                turn.set_result(row)


class _Line:
    """Callers of one statement who wait for their turn. `overtake` is called when they have waited for long."""

    def __init__(self, overtake: Callable[[], None]) -> None:
        self._overtake = overtake
        self._waiting: deque[Waiting] = deque()
        self.wait()

    @property
    def is_waiting(self) -> bool:
        return bool(self._waiting)

    def turn(self, values: Values) -> asyncio.Future[Any]:
        """What the caller awaits."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((values, turn))
        return turn

    def first(self, most: int) -> list[Waiting]:
        """Takes those whose turn it is; the others wait anew."""
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), most))]
        self._timer.cancel()
        if self._waiting:
            self.wait()
        return batch

    def wait(self) -> None:
        """From now on."""
        self._timer: asyncio.TimerHandle = asyncio.get_running_loop().call_later(OVERTAKEN_S, self._overtake)
