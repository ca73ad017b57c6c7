"""Taking connections from a socket that several processes listen on: one at a time.

An event loop of its own accord takes all that wait as soon as it is woken, so that the process which woke first has
most of the connections, and with them the work. Whoever takes one and goes round its loop before the next leaves that
to another that has less to do.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

PAUSE_S = 0.5
"""When there are no descriptors left: closing connections makes room, and asking again at once would not."""


class SharedListener:
    """Listens until `close`. `listening` stays open: it belongs to whoever opened it."""

    def __init__(self, listening: socket.socket, make_protocol: Callable[[], asyncio.Protocol]) -> None:
        self._listening, self._make_protocol = listening, make_protocol
        self._loop, self._is_open = asyncio.get_running_loop(), True
        self._beginning: set[asyncio.Task[object]] = set()
        listening.setblocking(False)
        self._resume()

    def close(self) -> None:
        """A second call changes nothing."""
        if self._is_open:
            self._is_open = False
            self._loop.remove_reader(self._listening.fileno())

    def _resume(self) -> None:
        if self._is_open:
            self._loop.add_reader(self._listening.fileno(), self._take)

    def _take(self) -> None:
        try:
            connection, _ = self._listening.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another process was faster, or the caller went away
        except OSError:
            self._loop.remove_reader(self._listening.fileno())
            self._loop.call_later(PAUSE_S, self._resume)
            return
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = self._loop.create_task(self._begin(connection))
        self._beginning.add(task)
        task.add_done_callback(self._beginning.discard)

    async def _begin(self, connection: socket.socket) -> object:
        try:
            return await self._loop.connect_accepted_socket(self._make_protocol, connection)
        except OSError:
            connection.close()  # it broke before it began
            return None
