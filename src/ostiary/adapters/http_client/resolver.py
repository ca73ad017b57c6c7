"""Looking up host names so that one company's dead name holds up nobody else.

The system's resolver can take half a minute for a name whose servers are silent, and cannot be broken off. So look-ups
run in threads of their own, a company has few at once, and who finds no place free is told that nothing was tried.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from aiohttp.abc import ResolveResult

LOOKUPS_OF_ONE, LOOKUPS_AT_ONCE = 2, 64
"""Of one company, and in all: 32 companies with dead names would take them all. A waiting thread costs some 50 kB."""
LONGEST_LOOKUP_S = 5.0
"""The usual first time-out of a resolver (resolv.conf(5)); what takes longer is tried again with the message."""
CACHED_S, MOST_CACHED = 5.0, 1_000
"""Long enough for the messages of a burst, short enough to follow an endpoint that moves."""
holder: ContextVar[str] = ContextVar("holder", default="")
"""For whom a connection is made: a company's id. Each name that the operator configured counts for itself."""
Addresses: TypeAlias = list[tuple[Any, ...]]
Key: TypeAlias = tuple[str, int, int]


class NotTried(OSError):
    """No look-up could be begun: it says nothing of the endpoint."""


class FairResolver:
    """A resolver for aiohttp, of one event loop. `look_up` is `socket.getaddrinfo`."""

    def __init__(self, look_up: Callable[..., Addresses] | None = None) -> None:
        self._look_up = look_up
        self._running: Counter[str] = Counter()
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []
        self._pending: dict[Key, asyncio.Future[Addresses]] = {}
        self._cached: dict[Key, tuple[float, Addresses]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises NotTried, or OSError for a name that has no address or was not answered in time."""
        key = (host, port, int(family))
        ends, addresses = self._cached.get(key, (0.0, []))
        if ends <= monotonic():
            addresses = await self._asked(key, holder.get() or host)
        return [
            {
                "hostname": host,
                "host": str(address[0]),
                "port": int(address[1]),
                "family": kind,
                "proto": protocol,
                "flags": socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            }
            for kind, _, protocol, _, address in addresses
        ]

    async def close(self) -> None:
        """Nothing is held: threads that still wait end with their answer, or with the process."""

    async def _asked(self, key: Key, who: str) -> Addresses:
        """The answer to a question that is asked once, however many wait for it."""
        if key not in self._pending:
            await self._place(who)
            if key in self._pending:
                self._free(who)
            else:
                self._begin(key, who)
        try:
            async with asyncio.timeout(LONGEST_LOOKUP_S):
                return await asyncio.shield(self._pending[key])
        except TimeoutError:
            raise OSError("the name was not answered in time") from None

    async def _place(self, who: str) -> None:
        """Waits for a look-up to be allowed, and counts it."""
        if self._has_room(who):
            self._running[who] += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((who, turn))
        try:
            async with asyncio.timeout(LONGEST_LOOKUP_S):
                await turn
        except BaseException as broken_off:
            if turn.done() and not turn.cancelled():
                self._free(who)
            else:
                self._waiting.remove((who, turn))
            if isinstance(broken_off, TimeoutError):
                raise NotTried("too many names are being looked up") from None
            raise

    def _has_room(self, who: str) -> bool:
        return self._running[who] < LOOKUPS_OF_ONE and self._running.total() < LOOKUPS_AT_ONCE

    def _free(self, who: str) -> None:
        self._running[who] -= 1
        if not self._running[who]:
            del self._running[who]
        for other, turn in self._waiting:
            if self._has_room(other) and not turn.done():
                self._running[other] += 1
                self._waiting.remove((other, turn))
                turn.set_result(None)
                return

    def _begin(self, key: Key, who: str) -> None:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Addresses] = loop.create_future()
        answer.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # whoever asked may be gone
        self._pending[key] = answer
        look_up = self._look_up or socket.getaddrinfo

        def ended(addresses: Addresses, problem: OSError | None) -> None:
            del self._pending[key]
            self._free(who)
            if problem is None:
                self._keep(key, addresses)
                answer.set_result(addresses)
            else:
                answer.set_exception(problem)

        def ask() -> None:
            host, port, family = key
            addresses: Addresses = []
            problem: OSError | None = None
            try:
                addresses = look_up(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
            except OSError as refused:
                problem = refused
            except Exception as refused:  # a name that no resolver takes, as one with an empty label
                problem = OSError(type(refused).__name__)
            with suppress(RuntimeError):  # the loop ended meanwhile
                loop.call_soon_threadsafe(ended, addresses, problem)

        Thread(target=ask, daemon=True, name="name look-up").start()

    def _keep(self, key: Key, addresses: Addresses) -> None:
        while len(self._cached) >= MOST_CACHED:
            del self._cached[next(iter(self._cached))]
        self._cached.pop(key, None)
        self._cached[key] = monotonic() + CACHED_S, addresses
