"""The HTTP server as it ends: still serving while it says that it is not ready, then without new connections, then
without any. Or leaving: others go on listening to the same socket, so it takes no connection more at once.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from ostiary.runtime.shutdown_timeouts import LEAVING_S
from ostiary.runtime.supervision.shared_listener import SharedListener
from ostiary.runtime.supervision.supervisor_link import Oversight
from ostiary.web.errors import CLOSE

ON_THE_WAY_S = 0.1
"""For requests that were sent before we stopped listening: closing at once would lose them unread."""
LOOK_EVERY_S = 0.05


class Server(uvicorn.Server):
    """A server that leaves signals to us: uvicorn's own would raise them again and spoil the exit status.

    `drain_s` is how long it still serves after it was told to end; `oversight` hears when it listens, and may have what
    to listen on. `begun` is called when it listens.
    """

    def __init__(
        self, config: uvicorn.Config, drain_s: float, oversight: Oversight, begun: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(config)
        self.is_draining = False
        self._drain_s, self._oversight, self._begun = drain_s, oversight, begun
        self._leaving: asyncio.Task[None] | None = None
        self._shared: SharedListener | None = None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        over = self._oversight
        if over.listening is None or over.shares is None:
            await super().startup(sockets)
        else:
            await super().startup([])
            self._shared = SharedListener(over.listening, self._protocol, self._held, over.shares, over.number)
        if self.started:
            over.ready()
            if not self.is_draining:
                self._begun()

    async def on_tick(self, counter: int) -> bool:
        if self._shared is not None:
            self._shared.publish()
        return await super().on_tick(counter)

    def _held(self) -> int:
        return len(self.server_state.connections)

    def _protocol(self) -> asyncio.Protocol:
        kind: Any = self.config.http_protocol_class
        protocol: asyncio.Protocol = kind(self.config, self.server_state, self.lifespan.state)
        return protocol

    def end(self) -> None:
        """Is not ready from now on, and ends when the time for draining is over. A second call changes nothing."""
        if self.is_draining:
            return
        self.is_draining = True
        self._close_with_the_next_answer()
        if self._drain_s > 0:
            asyncio.get_running_loop().call_later(self._drain_s, self._stop)
        else:
            self._stop()

    def leave(self) -> None:
        """Takes no new connection, gives those there are an answer more, and ends."""
        if self._leaving is None and not self.is_draining:
            self._close_with_the_next_answer()
            self._leaving = asyncio.create_task(self._leave())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stop_listening()
        await asyncio.sleep(ON_THE_WAY_S)
        await super().shutdown(sockets)

    def _stop_listening(self) -> None:
        for server in self.servers:
            server.close()
        if self._shared is not None:
            self._shared.close()

    def _stop(self) -> None:
        self.should_exit = True

    async def _leave(self) -> None:
        if self.started:
            self._stop_listening()
        clock = asyncio.get_running_loop().time
        deadline = clock() + LEAVING_S
        while self.server_state.connections and clock() < deadline:
            await asyncio.sleep(LOOK_EVERY_S)
        self._stop()

    def _close_with_the_next_answer(self) -> None:
        """Idle connections stay: a request may be on its way to them."""
        if not self.config.loaded:
            return
        self.config.encoded_headers.append(CLOSE)
        self.server_state.default_headers = [*self.server_state.default_headers, CLOSE]
        for connection in self.server_state.connections:
            cycle = getattr(connection, "cycle", None)
            if cycle is not None and not cycle.response_complete:
                connection.shutdown()  # of one that is answering: it closes after that answer
