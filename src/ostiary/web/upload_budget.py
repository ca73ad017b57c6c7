"""Memory for request bodies: one budget for the process, shared out between holders, waited for in a bounded queue.

A body that does not fit yet is simply not read: TCP holds its sender back. What a body declares is reserved, so that
those admitted come in side by side; whoever sends slowly soon counts only for what has arrived, and at once when
somebody else needs the room.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from ostiary.domain.errors import Unavailable

SHARE = 3
"""While others wait, one holder may have at most this fraction (a third) of the budget."""
MOST_WAITING, MOST_WAITING_OF_ONE = 256, 128
"""Bodies that may wait, of all holders and of one. Each costs a connection and what the socket has read: some 64 kB."""
LONGEST_WAIT_S = 20.0
"""How long a body waits to be read: shorter than the 30 s after which common clients and proxies give up."""
LAPSE_S = 1.0
"""After this a reservation ends: what has not arrived by then is taken as it arrives."""
RETRY_AFTER_S = 1


@dataclass(slots=True, eq=False)
class Share:
    """What one body holds. `counted` of the budget, `arrived` in memory; bytes."""

    budget: UploadBudget = field(repr=False)
    holder: str
    counted: int = 0
    arrived: int = 0
    _lapse: asyncio.TimerHandle | None = field(default=None, repr=False)

    async def reserve(self, size: int) -> None:
        """Waits until a body of this size may be read. Raises Unavailable: too many wait, or it waited too long."""
        await self.budget.acquire(self, size)
        self._lapse = asyncio.get_running_loop().call_later(LAPSE_S, self.lapse)

    async def grow(self, size: int) -> None:
        """Counts the bytes so far, waiting where they are more than was reserved. Raises Unavailable."""
        self.arrived = size
        if self.arrived > self.counted:
            await self.budget.acquire(self, self.arrived - self.counted)

    def whole(self) -> None:
        """The body is there: it will want no more."""
        self._stop_timer()
        self.budget.finished(self)

    def release(self) -> None:
        """What was read is no longer held. May be called again."""
        self._stop_timer()
        self.budget.give_back(self, self.counted)
        self.budget.finished(self)
        self.arrived = 0

    def lapse(self) -> None:
        """Ends the reservation: from now on only what has arrived counts."""
        self._stop_timer()
        self.budget.give_back(self, max(0, self.counted - self.arrived))

    def _stop_timer(self) -> None:
        if self._lapse is not None:
            self._lapse.cancel()
            self._lapse = None


@dataclass(slots=True, eq=False)
class _Waiting:
    share: Share
    size: int
    granted: asyncio.Future[None]


class UploadBudget:
    """Bytes of bodies that may be in memory at once. A body larger than all of it passes when alone."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._held = most_bytes, 0
        self._held_by: dict[str, int] = {}
        self._queues: dict[str, deque[_Waiting]] = {}  # the holder whose turn is next comes first
        self._waiting: dict[Share, _Waiting] = {}
        self._coming: dict[Share, None] = {}  # bodies that are being read, oldest first

    def share(self, holder: str) -> Share:
        """For one body of a company, or of an address."""
        return Share(self, holder)

    async def acquire(self, share: Share, size: int) -> None:
        """Counts `size` more bytes for a share, at once or when its turn comes. Raises Unavailable."""
        if (not self._queues and self._fits(size)) or self._must_go_on(share):
            self._hold(share, size)
            return
        waiting = self._enqueue(share, size)
        self._make_room(share.holder)
        self._grant()
        try:
            async with asyncio.timeout(LONGEST_WAIT_S):
                await waiting.granted
        except TimeoutError:
            if waiting.granted.cancelled():
                raise _busy() from None
        finally:
            if waiting.granted.cancelled():
                self._drop(waiting)
                self._grant()

    def give_back(self, share: Share, size: int) -> None:
        """Frees what a share held, and lets others in."""
        if size:
            self._held -= size
            share.counted -= size
            left = self._held_by[share.holder] - size
            if left:
                self._held_by[share.holder] = left
            else:
                del self._held_by[share.holder]
            self._grant()

    def finished(self, share: Share) -> None:
        """A body that is read, or given up, wants no more."""
        if share in self._coming:
            del self._coming[share]
            self._grant()

    def _hold(self, share: Share, size: int) -> None:
        self._held += size
        self._held_by[share.holder] = self._held_by.get(share.holder, 0) + size
        share.counted += size
        self._coming.setdefault(share)

    def _make_room(self, holder: str) -> None:
        """Who has less than its share does not wait for what others have declared and not sent: it counts no longer."""
        most = self._most // SHARE
        if self._held_by.get(holder, 0) < most:
            for share in list(self._coming):
                if self._held_by.get(share.holder, 0) > most:
                    share.lapse()

    def _fits(self, size: int) -> bool:
        return not self._held or self._held + size <= self._most

    def _has_its_share(self, holder: str, size: int) -> bool:
        """Whether a holder must let others go first."""
        held = self._held_by.get(holder, 0)
        return len(self._queues) > 1 and held > 0 and held + size > self._most // SHARE

    def _must_go_on(self, share: Share) -> bool:
        """The oldest body that is being read never waits, or bodies read in part could wait for each other for ever."""
        return next(iter(self._coming), None) is share

    def _enqueue(self, share: Share, size: int) -> _Waiting:
        queue = self._queues.get(share.holder, ())
        if len(self._waiting) >= MOST_WAITING or len(queue) >= MOST_WAITING_OF_ONE:
            raise _busy()
        waiting = _Waiting(share, size, asyncio.get_running_loop().create_future())
        line = self._queues.setdefault(share.holder, deque())
        (line.appendleft if share in self._coming else line.append)(waiting)
        self._waiting[share] = waiting
        return waiting

    def _grant(self) -> None:
        """Lets in whom there is room for, one of each holder in turn."""
        while (waiting := self._next()) is not None:
            self._drop(waiting)
            if waiting.granted.cancelled():
                continue
            if waiting.share.holder in self._queues:  # its next one goes behind everybody's
                self._queues[waiting.share.holder] = self._queues.pop(waiting.share.holder)
            self._hold(waiting.share, waiting.size)
            waiting.granted.set_result(None)

    def _next(self) -> _Waiting | None:
        oldest = next(iter(self._coming), None)
        if oldest in self._waiting:
            return self._waiting[oldest]
        for holder, queue in self._queues.items():
            if not self._has_its_share(holder, queue[0].size):
                return queue[0] if self._fits(queue[0].size) else None  # small bodies do not overtake a large one
        return None

    def _drop(self, waiting: _Waiting) -> None:
        if self._waiting.get(waiting.share) is not waiting:
            return
        del self._waiting[waiting.share]
        line = self._queues[waiting.share.holder]
        line.remove(waiting)
        if not line:
            del self._queues[waiting.share.holder]


def _busy() -> Unavailable:
    return Unavailable("Too many uploads are waiting; try again shortly.", retry_after_s=RETRY_AFTER_S)
