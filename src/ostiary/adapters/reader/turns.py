"""Whose turn it is: one at a time, the companies that wait in turn, each company's own calls in the order they came."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque


class ReadingTurns:
    """A lock that is handed from company to company."""

    def __init__(self) -> None:
        self._is_taken = False
        self._last = ""
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    async def take(self, company_id: str) -> None:
        """Returns when it is this call's turn, which it keeps until `give_back`."""
        if not self._is_taken:
            self._is_taken, self._last = True, company_id
            return
        granted = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(company_id, deque()).append(granted)
        try:
            await granted
        except asyncio.CancelledError:
            if granted.done() and not granted.cancelled():
                self.give_back()  # it was granted in the moment it was given up
            raise

    def give_back(self) -> None:
        """The next turn is another company's if any waits."""
        if self._last in self._waiting:
            self._waiting.move_to_end(self._last)
        while self._waiting:
            company_id, calls = self._waiting.popitem(last=False)
            granted = calls.popleft()
            if calls:
                self._waiting[company_id] = calls
            if not granted.done():
                self._last = company_id
                granted.set_result(None)
                return
        self._is_taken = False
