"""Keeping the standings of the rate limit, per source address and per company, in this process's memory.

Bounded: the caller not seen for longest is forgotten first, which is the one with the least to lose. Where several
processes serve, they tell each other ten times a second what they saw: deciding never waits for that.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from ostiary.domain.companies.rate_limit import WINDOW_MS, LocalUsage, RateState, SharedUsage, joined, weigh
from ostiary.domain.errors import OstiaryError, TooManyRequests
from ostiary.telemetry.logs import get_logger

MOST_STANDINGS = 50_000
"""At some 500 bytes each, 25 MB in the worst case: an attack from that many addresses."""
TELL_EVERY_S = 0.1
"""So much of a second's requests can pass beyond the limit before the processes know of each other."""
TOLD_TOGETHER = 1_000
"""Callers told of in one statement; the rest goes with the next."""
_NEW = RateState()
_log = get_logger("ostiary.limits")


def steady_ms() -> int:
    """A clock for limits that no correction of the time of day moves, so that nobody is blocked by one."""
    return time.monotonic_ns() // 1_000_000


class Sharing(Protocol):
    """Where processes tell each other."""

    async def exchange(self, usages: Sequence[LocalUsage]) -> list[SharedUsage]: ...


class RateLimiter:
    """Counts requests; `per_second` 0 lets everything pass. Unless the penalty `grows` it is one second every time."""

    def __init__(self, per_second: int, grows: bool = True) -> None:
        self._per_second, self._grows = per_second, grows
        self._standings: OrderedDict[str, RateState] = OrderedDict()
        self._spent: dict[str, int] | None = None
        self._elsewhere: dict[str, tuple[int, int]] = {}

    @property
    def per_second(self) -> int:
        """The limit; 0: there is none."""
        return self._per_second

    def count(self, who: str, now_ms: int) -> int:
        """How many more may come in this second. Raises TooManyRequests, with the seconds to wait."""
        if not self._per_second:
            return 0
        left = self._left(who, now_ms)
        standing, wait_s = weigh(self._standings.get(who, _NEW), now_ms, left, self._grows)
        self._keep(who, standing)
        if self._spent is not None:
            self._spent[who] = self._spent.get(who, 0) + (not wait_s)
        if wait_s:
            raise TooManyRequests(retry_after_s=wait_s)
        return max(0, left - len(standing.recent_ms))

    def begin_sharing(self) -> None:
        """From now on what is served is kept to be told."""
        self._spent = {}

    async def share(self, sharing: Sharing) -> None:
        """Tells other processes and hears of them, until cancelled. While that fails each counts for itself."""
        self.begin_sharing()
        while self._per_second:
            await asyncio.sleep(TELL_EVERY_S)
            if usages := self.usages(steady_ms()):
                try:
                    self.learn(await sharing.exchange(usages), steady_ms())
                except OstiaryError:
                    continue
                except Exception as problem:
                    _log.warning("limits_not_shared", error=type(problem).__name__)

    def usages(self, now_ms: int) -> list[LocalUsage]:
        """What there is to tell since the last time, of a bounded number of callers."""
        spent = self._spent or {}
        usages = []
        for who in list(spent)[:TOLD_TOGETHER]:
            standing = self._standings.get(who, _NEW)
            blocked_for = max(0, standing.blocked_until_ms - now_ms)
            usages.append(
                LocalUsage(who, spent.pop(who), standing.violations, now_ms - standing.violated_at_ms, blocked_for)
            )
        return usages

    def learn(self, heard: Sequence[SharedUsage], now_ms: int) -> None:
        """What all processes together know."""
        for usage in heard:
            standing = self._standings.get(usage.who, _NEW)
            own = sum(moment > now_ms - WINDOW_MS for moment in standing.recent_ms)
            self._elsewhere[usage.who] = (usage.recent() - own, now_ms)
            self._keep(usage.who, joined(standing, usage, now_ms))

    def _left(self, who: str, now_ms: int) -> int:
        """What of the limit others have not used, as last heard."""
        used, at_ms = self._elsewhere.get(who, (0, 0))
        if used <= 0 or at_ms <= now_ms - WINDOW_MS:
            return self._per_second
        return max(0, self._per_second - used)

    def _keep(self, who: str, standing: RateState) -> None:
        self._standings[who] = standing
        self._standings.move_to_end(who)
        if len(self._standings) > MOST_STANDINGS:
            gone, _ = self._standings.popitem(last=False)
            self._elsewhere.pop(gone, None)
            if self._spent is not None:
                self._spent.pop(gone, None)
