"""Calls that lost to others on the same client or company go one at a time, in the order in which they came.

Everybody tries once without waiting, and is nearly always alone. Who lost, or comes while others stand in line, waits
for its turn: so of many calls at once each is decided twice. Without a line all of them decide again whenever one is
through, the last as often as there are calls, and what takes long to decide loses to whatever takes less.

A line is this process's: against other processes a call can only try again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PATIENCE_S = 2.0
"""Some hundred turns. Whoever has waited so long goes on without one: a decision that reads a document or asks a list
in its turn holds nobody up for longer."""


class OwnerLines:
    """The lines of one process, each there for as long as somebody stands in it."""

    def __init__(self) -> None:
        self._lines: dict[str, _OwnerLine] = {}

    def is_waited_for(self, owner_id: str) -> bool:
        """Whether somebody has a turn at this client or company, or waits for one."""
        return owner_id in self._lines

    @asynccontextmanager
    async def turn(self, owner_id: str) -> AsyncIterator[None]:
        """From when it is this caller's turn, or its patience is over, until it ends."""
        line = self._lines.setdefault(owner_id, _OwnerLine())
        line.calls += 1
        try:
            has_turn = await line.came_to_turn()
            try:
                yield
            finally:
                if has_turn:
                    line.turn.release()
        finally:
            line.calls -= 1
            if not line.calls:
                del self._lines[owner_id]


class _OwnerLine:
    """Who stands in line for one owner; a lock gives turns in the order in which they were asked for."""

    def __init__(self) -> None:
        self.turn, self.calls = asyncio.Lock(), 0

    async def came_to_turn(self) -> bool:
        """False: the wait was over before."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self.turn.acquire()
        except TimeoutError:
            return False
