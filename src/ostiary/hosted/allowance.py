"""How many pictures one link may send: what is never handed in counts for no quota until it is swept."""

from __future__ import annotations

from collections import OrderedDict, deque

from ostiary.domain.times import HOUR_MS

PICTURES_AN_HOUR = 60
"""Of one link: a document has two sides, and who takes each ten times still has room for three. What is not handed in
is swept after an hour, so a link fills no more than this."""
MOST_LINKS = 20_000
"""That are counted at once, at some 2 kB each; beyond, the one that sent nothing for longest is forgotten."""


class PictureAllowance:
    """Counts pictures by link, in this process's memory."""

    def __init__(self) -> None:
        self._sent: OrderedDict[str, deque[int]] = OrderedDict()

    def takes(self, link_id: str, now_ms: int) -> bool:
        """Whether one more may be sent; if so, it counts."""
        sent = self._sent.setdefault(link_id, deque())
        self._sent.move_to_end(link_id)
        if len(self._sent) > MOST_LINKS:
            self._sent.popitem(last=False)
        while sent and sent[0] <= now_ms - HOUR_MS:
            sent.popleft()
        if len(sent) >= PICTURES_AN_HOUR:
            return False
        sent.append(now_ms)
        return True
