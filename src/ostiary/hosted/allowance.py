"""How much one link may send: what is never handed in counts for no quota, and each change is kept with its history."""

from __future__ import annotations

from collections import OrderedDict, deque

from ostiary.domain.sentences import N_
from ostiary.domain.times import HOUR_MS

PICTURES_AN_HOUR = 60
"""Of one link, and documents handed in: one has two sides, and who takes each ten times still has room for a second.
What is not handed in is swept after an hour, so a link fills no more than this."""
CHANGES_AN_HOUR = 120
"""Of details, by one link: each is a version that is kept, an audit entry, and may be an event. A catalogue has some
ten forms, and who corrects each five times is nowhere near."""
TOO_MUCH = N_("Very much was sent within an hour. Wait a while, then send it once more.")
MOST_LINKS = 20_000
"""That are counted at once, at some 2 kB each; beyond, the one that sent nothing for longest is forgotten."""


class Allowance:
    """Counts by link, in this process's memory, at most so many in an hour."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._sent: OrderedDict[str, deque[int]] = OrderedDict()

    def takes(self, link_id: str, now_ms: int) -> bool:
        """Whether one more may be sent; if so, it counts."""
        sent = self._sent.setdefault(link_id, deque())
        self._sent.move_to_end(link_id)
        if len(self._sent) > MOST_LINKS:
            self._sent.popitem(last=False)
        while sent and sent[0] <= now_ms - HOUR_MS:
            sent.popleft()
        if len(sent) >= self._most:
            return False
        sent.append(now_ms)
        return True
