"""Memory for decoding pictures: one budget for the process, in bytes, whatever the machine's number of cores."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

TOGETHER_BYTES = 540_000_000
"""Two of the costliest pictures at once, or some fifty photos as telephones take them."""


@dataclass(slots=True, eq=False)
class _Waiting:
    company_id: str
    size: int
    granted: asyncio.Future[None] = field(repr=False)


class DecodingBudget:
    """Grants bytes in the order they are asked for; one company holds at most half while it has anything at all."""

    def __init__(self, total_bytes: int = TOGETHER_BYTES) -> None:
        self._total = total_bytes
        self._held: Counter[str] = Counter()
        self._waiting: deque[_Waiting] = deque()

    @property
    def held_bytes(self) -> int:
        """What is granted now."""
        return self._held.total()

    @asynccontextmanager
    async def spent(self, company_id: str, size: int) -> AsyncIterator[None]:
        """Holds so many bytes of the budget, all of it at most, from when they are free until the end."""
        size = min(size, self._total)
        await self._acquire(company_id, size)
        try:
            yield
        finally:
            self._release(company_id, size)

    async def _acquire(self, company_id: str, size: int) -> None:
        if not self._waiting and self._fits(company_id, size):
            self._held[company_id] += size
            return
        waiting = _Waiting(company_id, size, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._grant()
        try:
            await waiting.granted
        except asyncio.CancelledError:
            if waiting.granted.done() and not waiting.granted.cancelled():
                self._release(company_id, size)  # granted in the moment it was given up
            raise

    def _release(self, company_id: str, size: int) -> None:
        self._held[company_id] -= size
        if self._held[company_id] <= 0:
            del self._held[company_id]
        self._grant()

    def _grant(self) -> None:
        """Whoever waits only for its own company's share is passed over; nobody passes who waits for the whole."""
        for waiting in tuple(self._waiting):
            if waiting.granted.done():
                self._waiting.remove(waiting)
            elif self._fits(waiting.company_id, waiting.size):
                self._waiting.remove(waiting)
                self._held[waiting.company_id] += waiting.size
                waiting.granted.set_result(None)
            elif self._within_share(waiting.company_id, waiting.size):
                return

    def _fits(self, company_id: str, size: int) -> bool:
        return self.held_bytes + size <= self._total and self._within_share(company_id, size)

    def _within_share(self, company_id: str, size: int) -> bool:
        held = self._held.get(company_id, 0)
        return not held or held + size <= self._total // 2
