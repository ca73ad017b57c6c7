"""The connections of one process: how many there may be, whose turn it is to go when there are more, and for how long
one that waits for its caller is kept.

Nothing here asks for a key, so nothing may be held for ever. A connection that is being served is never ended; one
that waits for its caller is ended when its time is over, and earlier when others need its place.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Protocol

from ostiary.domain.companies.company import IpNetwork
from ostiary.telemetry.logs import get_logger
from ostiary.web.answers_together import AnswersTogether, GatheredWrites

MOST_CONNECTIONS = 4_096
"""In one process: each takes some 15 kB, so 60 MB; far more than one process can serve at once."""
MOST_PER_ADDRESS = 1_024
"""From one source address that is not a trusted proxy: so that it takes four to have them all."""
IDLE_S = 75
"""Longer than the 60 s after which most proxies and client libraries let go of an idle connection (RFC 9112 9.5: who
ends it first must not be the one that is about to be asked)."""
LOOK_EVERY_S = 0.5
PLACES_AT_ONCE = 32
"""So many make room together, so that the search for them is not done for every new connection."""
_log = get_logger("ostiary.http")


class OpenConnection(Protocol):
    """What is asked of a connection. `since` is when it began to wait, on the event loop's clock."""

    address: str
    since: float

    @property
    def is_being_served(self) -> bool: ...

    def look(self, now: float) -> None:
        """Ends the connection if its time is over."""

    def give_way(self) -> None:
        """Ends the connection at once."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Numbers of connections, and how long an idle one is kept."""

    most: int = MOST_CONNECTIONS
    most_per_address: int = MOST_PER_ADDRESS
    idle_s: float = IDLE_S
    trusted_proxies: tuple[IpNetwork, ...] = ()


class Outlet:
    """A connection as its answers see it: how it is closed is the protocol's business, as its caller may be sending."""

    __slots__ = ("close", "is_closing", "write")

    def __init__(self, transport: GatheredWrites, close: Callable[[], None]) -> None:
        self.write, self.is_closing, self.close = transport.write, transport.is_closing, close


class OpenConnections:
    """All connections of a process. Looks after them twice a second, while there are any."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits, self.answers = limits, AnswersTogether()
        self._open: dict[OpenConnection, None] = {}
        self._per_address: Counter[str] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._looked_at = 0.0

    def __len__(self) -> int:
        return len(self._open)

    def enter(self, connection: OpenConnection, loop: asyncio.AbstractEventLoop) -> bool:
        """Takes a connection up, making room for it; False when all places are taken by calls that are being served."""
        address, limits = connection.address, self.limits
        if self._per_address[address] >= limits.most_per_address and not self._is_proxy(address):
            self._make_room(other for other in self._open if other.address == address)
            if self._per_address[address] >= limits.most_per_address:
                return False
        if len(self._open) >= limits.most:
            self._make_room(self._greedy())
            if len(self._open) >= limits.most:
                return False
        self._open[connection] = None
        self._per_address[address] += 1
        if self._loop is not loop:
            self._loop, self._looked_at = loop, loop.time()
            loop.call_later(LOOK_EVERY_S, self._look)
        return True

    def leave(self, connection: OpenConnection) -> None:
        """Forgets a connection. One that was never taken up, or left before, changes nothing."""
        if connection not in self._open:
            return
        del self._open[connection]
        self._per_address[connection.address] -= 1
        if not self._per_address[connection.address]:
            del self._per_address[connection.address]

    def _greedy(self) -> list[OpenConnection]:
        """Those of addresses that hold more than their share; all, when nobody does."""
        share = self.limits.most // (len(self._per_address) or 1)
        over = {address for address, held in self._per_address.items() if held > share and not self._is_proxy(address)}
        theirs = [connection for connection in self._open if connection.address in over]
        return theirs if any(not connection.is_being_served for connection in theirs) else list(self._open)

    def _make_room(self, candidates: Iterable[OpenConnection]) -> None:
        """Ends those that have waited for their callers longest."""
        waiting = [connection for connection in candidates if not connection.is_being_served]
        for connection in sorted(waiting, key=lambda connection: connection.since)[:PLACES_AT_ONCE]:
            self.leave(connection)
            connection.give_way()
        _log.warning("connections_full", count=len(self._open))

    def _is_proxy(self, address: str) -> bool:
        if not self.limits.trusted_proxies:
            return False
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.limits.trusted_proxies)

    def _look(self) -> None:
        assert self._loop is not None  # noqa: S101 (set before this is called later)
        now = self._loop.time()
        if now - self._looked_at < 3 * LOOK_EVERY_S:  # else we were busy, and what has come is not read yet
            for connection in list(self._open):
                connection.look(now)
        self._looked_at = now
        if self._open:
            self._loop.call_later(LOOK_EVERY_S, self._look)
        else:
            self._loop = None
