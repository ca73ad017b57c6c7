"""Keeping the standings of the rate limit, per source address and per company, in this process's memory.

Bounded: the caller not seen for longest is forgotten first, which is the one with the least to lose.
"""

from __future__ import annotations

from collections import OrderedDict

from ostiary.domain.errors import TooManyRequests
from ostiary.domain.limits import Standing, weigh

MOST_STANDINGS = 50_000
"""At some 500 bytes each, 25 MB in the worst case: an attack from that many addresses."""
_NEW = Standing()


class RateLimiter:
    """Counts requests; `per_second` 0 lets everything pass."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._standings: OrderedDict[str, Standing] = OrderedDict()

    def count(self, who: str, now_ms: int) -> None:
        """Raises TooManyRequests, with the seconds to wait."""
        if not self._per_second:
            return
        standing, wait_s = weigh(self._standings.get(who, _NEW), now_ms, self._per_second)
        self._standings[who] = standing
        self._standings.move_to_end(who)
        if len(self._standings) > MOST_STANDINGS:
            self._standings.popitem(last=False)
        if wait_s:
            raise TooManyRequests(retry_after_s=wait_s)
