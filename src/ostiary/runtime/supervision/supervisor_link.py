"""What a process knows of the one that started it: its number, the listening socket with how many connections each
process holds, and a line between them.

The line is a pair of sockets. A process says on it that it is ready, and afterwards that it still lives; it hears on it
that there is something to do. When the other end closes, the process has been replaced or who started it is dead, and
either way it leaves.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ostiary.runtime.shutdown_timeouts import LEAVING_S, PARTING_S, SLACK_S
from ostiary.runtime.supervision.shared_listener import ConnectionCounts

READY, LIVES, WOKEN = b"ready", b"+", b"!"
HEARD_BYTES = 4_096
"""Read at once: however often it was woken meanwhile, it looks once."""
LEFT_AFTER_S = int(LEAVING_S + PARTING_S + SLACK_S)
"""Leaving takes no longer than its own waits together; then the system ends the process, however stuck it is."""


@dataclass(frozen=True, slots=True)
class Oversight:
    """`number` tells the processes apart in logs and measurements, from 1; 0: nobody watches over this process.

    `counts_shared`: what is counted is added up with what other processes count.
    """

    number: int = 0
    line: socket.socket | None = None
    listening: socket.socket | None = None
    shares: ConnectionCounts | None = None
    counts_shared: bool = False

    def ready(self) -> None:
        """Tells the supervisor that this process is ready."""
        self._say(READY)

    def lives(self) -> None:
        """Tells the supervisor that this process is alive: its loop turns."""
        self._say(LIVES)

    def attend(self, leave: Callable[[], None], wake: Callable[[], None] = lambda: None) -> None:
        """Calls on the running loop `wake` when there is something to do, and `leave` when the line ends."""
        if self.line is None:
            return
        arguments = (self.line, asyncio.get_running_loop(), leave, wake)
        threading.Thread(target=_until_it_ends, args=arguments, name="ostiary-oversight", daemon=True).start()

    def _say(self, what: bytes) -> None:
        if self.line is not None:
            with suppress(OSError):  # it is dead, and the line's end will tell; or it stands still
                self.line.send(what, socket.MSG_DONTWAIT)


def of_descriptors(number: int, line: int, listening: int | None, shares: str | None) -> Oversight:
    """In a process that was started by a supervisor. Its own children must not hold what it was given open."""
    for descriptor in (line, listening):
        if descriptor is not None:
            os.set_inheritable(descriptor, False)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a word for the supervisor; a terminal says it to all
    return Oversight(
        number,
        socket.socket(fileno=line),
        socket.socket(fileno=listening) if listening else None,
        ConnectionCounts(Path(shares)) if shares else None,
        counts_shared=True,
    )


def _until_it_ends(
    line: socket.socket, loop: asyncio.AbstractEventLoop, leave: Callable[[], None], wake: Callable[[], None]
) -> None:
    """In a thread, so that a loop that is busy does not keep the alarm from being set."""
    with suppress(RuntimeError):  # the loop has ended by itself
        with suppress(OSError):
            while line.recv(HEARD_BYTES):
                loop.call_soon_threadsafe(wake)
        signal.alarm(LEFT_AFTER_S)
        loop.call_soon_threadsafe(leave)
