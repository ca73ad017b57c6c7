"""Taking connections from a socket that several processes listen on, so that each gets its share.

An event loop of its own accord takes all that wait as soon as it is woken, so the process that woke first has the
connections, and with them, while they are kept alive, all the work. Here every process says how many it holds, and who
holds more than another lets that one take the next.
"""

from __future__ import annotations

import asyncio
import mmap
import socket
from collections.abc import Callable
from pathlib import Path

MOST_NUMBERS = 256
"""Of processes that live at once: the most there may be, and those that leave while others have taken their places."""
ABSENT = -1
LET_OTHERS_S = 0.002
"""So long who holds more waits for another to take a connection: waking up takes a tenth of it, even on a busy core."""
PAUSE_S = 0.5
"""When there are no descriptors left: closing connections makes room, and asking again at once would not."""


class ConnectionCounts:
    """How many connections each process holds, by its number from 1, in a file that all of them have in memory."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._held = memoryview(mmap.mmap(file.fileno(), 0)).cast("i")

    @classmethod
    def create(cls, path: Path) -> ConnectionCounts:
        """In a new file, without any process."""
        path.write_bytes(ABSENT.to_bytes(4, "little", signed=True) * (MOST_NUMBERS + 1))
        return cls(path)

    def record(self, number: int, held: int) -> None:
        """What a process holds now; ABSENT: it takes no connection."""
        self._held[number] = held

    def absent(self, number: int) -> None:
        """A process that has ended."""
        self.record(number, ABSENT)

    def least_beside(self, number: int) -> int | None:
        """What that one holds, of the other processes, which holds least; None when there is no other."""
        others = (held for place, held in enumerate(self._held) if held != ABSENT and place != number)
        return min(others, default=None)


class SharedListener:
    """Listens until `close`, which closes `listening` in this process only. `held` counts connections."""

    def __init__(
        self,
        listening: socket.socket,
        make_protocol: Callable[[], asyncio.Protocol],
        held: Callable[[], int],
        shares: ConnectionCounts,
        number: int,
    ) -> None:
        self._listening, self._make_protocol, self._held = listening, make_protocol, held
        self._shares, self._number = shares, number
        self._loop, self._is_open = asyncio.get_running_loop(), True
        self._beginning: set[asyncio.Task[object]] = set()
        listening.setblocking(False)
        self._resume()

    def close(self) -> None:
        """A second call changes nothing."""
        if self._is_open:
            self._is_open = False
            self._loop.remove_reader(self._listening.fileno())
            self._listening.close()
            self._shares.record(self._number, ABSENT)

    def publish(self) -> int:
        """Tells the others what we hold; gives it."""
        held = self._held() + len(self._beginning)
        if self._is_open:
            self._shares.record(self._number, held)
        return held

    def _resume(self) -> None:
        if self._is_open:
            self.publish()
            self._loop.add_reader(self._listening.fileno(), self._woken)

    def _pause(self, seconds: float, then: Callable[[], None]) -> None:
        self._loop.remove_reader(self._listening.fileno())
        self._loop.call_later(seconds, then)

    def _woken(self) -> None:
        least = self._shares.least_beside(self._number)
        if least is not None and self.publish() > least:
            self._pause(LET_OTHERS_S, self._take_what_nobody_took)
        else:
            self._take()

    def _take_what_nobody_took(self) -> None:
        if self._is_open:
            self._resume()
            self._take()

    def _take(self) -> None:
        try:
            connection, _ = self._listening.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another process was faster, or the caller went away
        except OSError:
            self._pause(PAUSE_S, self._resume)
            return
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = self._loop.create_task(self._begin(connection))
        self._beginning.add(task)
        task.add_done_callback(self._beginning.discard)
        self.publish()

    async def _begin(self, connection: socket.socket) -> object:
        try:
            return await self._loop.connect_accepted_socket(self._make_protocol, connection)
        except OSError:
            connection.close()  # it broke before it began
            return None
