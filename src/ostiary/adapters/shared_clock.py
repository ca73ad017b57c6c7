"""One time for all machines that share a database: its server's.

Leases are given by one machine and judged by another, so both must mean the same moment. Asking the server each time
would cost round trips; this machine's steady clock, which no correction of the time of day moves, carries its answer
on until the next look.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from ostiary.adapters import clock

MS = 1_000_000
"""A millisecond in ns: how finely the server's time is told."""
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, where there is such a clock."""


def steady_ns() -> int:
    """Nanoseconds of a clock that nobody sets."""
    return time.clock_gettime_ns(_STEADY)


class SharedClock:
    """This machine's own time until the server's is known."""

    def __init__(self, steady: Callable[[], int] = steady_ns) -> None:
        self._steady_ns = steady
        self._ahead_ns: int | None = None  # of the steady clock

    def now_ms(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""
        return clock.now_ms() if self._ahead_ns is None else (self._steady_ns() + self._ahead_ns) // MS

    def look(self, read: Callable[[], int]) -> None:
        """Takes the server's time, in ms, from an answer of it."""
        asked = self._steady_ns()
        self._hear(read(), asked)

    async def look_again(self, read: Callable[[], Awaitable[int]]) -> int:
        """By how many ms this has moved it."""
        asked, before = self._steady_ns(), self._ahead_ns
        after = self._hear(await read(), asked)
        return 0 if before is None else round((after - before) / MS)

    def _hear(self, server_ms: int, asked_ns: int) -> int:
        """The server looked at its clock between question and answer: what may have been so stays as it is."""
        least, most = server_ms * MS - self._steady_ns(), (server_ms + 1) * MS - asked_ns
        estimate = (least + most) // 2 if self._ahead_ns is None else self._ahead_ns
        self._ahead_ns = min(max(estimate, least), most)
        return self._ahead_ns
