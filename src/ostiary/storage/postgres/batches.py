"""The same statement for several callers in one round trip and, where it writes, one commit.

While others run, callers of the same statement wait and go together, as SQLite's writer does it: alone nobody waits,
and under load a round trip and a flush of the log serve many. A batch is one transaction, so when one of it fails
(a guard that does not hold), all of it is undone and each is run again by itself.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg

from ostiary.domain.errors import Contended

BESIDE = 2
"""Round trips of one statement under way together: while the server does one the next is made, and one that waits for
somebody's lock does not stop all others."""
MOST_TOGETHER = 32
"""Enough to make a flush's share small, few enough that nobody waits long for the others."""
Values = tuple[Any, ...]
Waiting = tuple[Values, "asyncio.Future[Any]"]


class Batches:
    """Statements that give exactly one row. `one` runs it for one caller, `many` for several, giving rows in order."""

    def __init__(
        self,
        one: Callable[[str, Values], Awaitable[Any]],
        many: Callable[[str, list[Values]], Awaitable[Sequence[Any]]],
    ) -> None:
        self._one, self._many = one, many
        self._running: dict[str, int] = {}
        self._waiting: dict[str, deque[Waiting]] = {}
        self._batches: set[asyncio.Task[None]] = set()

    async def ask(self, text: str, values: Values) -> Any:
        """The row. Raises what running it raises."""
        running = self._running.get(text, 0)
        if running >= BESIDE:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.setdefault(text, deque()).append((values, turn))
            return await turn
        self._running[text] = running + 1
        try:
            return await self._one(text, values)
        finally:
            self._go_on(text)

    def _go_on(self, text: str) -> None:
        if self._waiting.get(text):
            batch = asyncio.get_running_loop().create_task(self._together(text))
            self._batches.add(batch)
            batch.add_done_callback(self._batches.discard)
            return
        self._waiting.pop(text, None)
        self._running[text] -= 1
        if not self._running[text]:
            del self._running[text]

    async def _together(self, text: str) -> None:
        line = self._waiting.get(text, deque())  # another batch may have taken all
        batch = [line.popleft() for _ in range(min(len(line), MOST_TOGETHER))]
        # by their first values, the row that each locks: two batches that want the same rows want them in one order
        batch = sorted((one for one in batch if not one[1].done()), key=lambda one: one[0][:2])
        try:
            if len(batch) > 1:
                await self._all(text, batch)
            elif batch:
                await self._alone(text, batch[0])
        finally:
            for _, turn in batch:  # of those that were cut off in the middle
                turn.cancel()
            self._go_on(text)

    async def _all(self, text: str, batch: list[Waiting]) -> None:
        try:
            rows = await self._many(text, [values for values, _ in batch])
        except (asyncpg.PostgresError, Contended, ValueError):  # the last: a value that cannot be sent
            await asyncio.gather(*(self._alone(text, one) for one in batch))
        except Exception as problem:
            for _, turn in batch:
                if not turn.done():
                    turn.set_exception(problem)
        else:
            for (_, turn), row in zip(batch, rows, strict=True):
                if not turn.done():
                    turn.set_result(row)

    async def _alone(self, text: str, one: Waiting) -> None:
        values, turn = one
        try:
            row = await self._one(text, values)
        except Exception as problem:
            if not turn.done():
                turn.set_exception(problem)
        else:
            if not turn.done():
                turn.set_result(row)
