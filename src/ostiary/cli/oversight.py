"""What a process knows of the supervisor that started it: its number, the listening socket with how many connections
each process holds, and a line between them.

The line is a pair of sockets. A process says on it that it is ready; when the supervisor's end closes, the process
has been replaced or its supervisor is dead, and either way it leaves.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ostiary.cli.listening import Shares
from ostiary.cli.parting import LEAVING_S, PARTING_S, SLACK_S

READY = b"ready"
LEFT_AFTER_S = int(LEAVING_S + PARTING_S + SLACK_S)
"""Leaving takes no longer than its own waits together; then the system ends the process, however stuck it is."""


@dataclass(frozen=True, slots=True)
class Oversight:
    """`number` tells the processes apart in logs and measurements, from 1; 0: nobody watches over this process."""

    number: int = 0
    line: socket.socket | None = None
    listening: socket.socket | None = None
    shares: Shares | None = None

    def ready(self) -> None:
        """Tells the supervisor."""
        if self.line is not None:
            try:
                self.line.sendall(READY)
            except OSError:
                return  # it is dead: the line's end will tell

    def on_leave(self, leave: Callable[[], None]) -> None:
        """Calls `leave` on the running loop when the line ends."""
        if self.line is None:
            return
        arguments = (self.line, asyncio.get_running_loop(), leave)
        threading.Thread(target=_until_it_ends, args=arguments, name="ostiary-oversight", daemon=True).start()


def of_descriptors(number: int, line: int, listening: int | None, shares: str | None) -> Oversight:
    """In a process that was started by a supervisor. Its own children must not hold what it was given open."""
    for one in (line, listening):
        if one is not None:
            os.set_inheritable(one, False)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a word for the supervisor; a terminal says it to all
    return Oversight(
        number, socket.socket(fileno=line), socket.socket(fileno=listening) if listening else None,
        Shares(Path(shares)) if shares else None,
    )  # fmt: skip


def _until_it_ends(line: socket.socket, loop: asyncio.AbstractEventLoop, leave: Callable[[], None]) -> None:
    """In a thread, so that a loop that is busy does not keep the alarm from being set."""
    try:
        while line.recv(1):
            continue
    except OSError:
        pass
    signal.alarm(LEFT_AFTER_S)
    try:
        loop.call_soon_threadsafe(leave)
    except RuntimeError:
        return  # the loop has ended by itself
