"""Turns at writing, of the processes that share one SQLite file.

Whoever finds SQLite's lock taken would sleep for whole milliseconds, more each time, and find it taken again: a process
with much to write gives the lock back for some microseconds only, and another's commit takes seconds until it happens
to come by. Here who waits holds the turn meanwhile, a lock on a file of its own. Whoever has just committed and wants
to write again has to get the turn first, so two that write a lot alternate.

The turn is a courtesy and no guard: what is written is guarded by SQLite's own lock, which everybody takes, also who
knows nothing of turns. The system gives both back for a process that died.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

SUFFIX = ".turn"
FIRST_NAP_S, LONGEST_NAP_S = 0.0001, 0.0005
"""Between looks at a lock that is taken: a commit takes some milliseconds, most of them the disk's."""


class WriterTurns:
    """Of one file. `patience_s`: how long anything is waited for."""

    def __init__(self, path: Path, patience_s: float) -> None:
        self._patience_s = patience_s
        self._turn = os.open(f"{path}{SUFFIX}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.geteuid() == 0 and path.exists():  # an administrator who comes first must not shut the service's user out
            owner = path.stat()
            os.fchown(self._turn, owner.st_uid, owner.st_gid)

    def close(self) -> None:
        os.close(self._turn)

    def begin(self, connection: sqlite3.Connection) -> None:
        """Begins a transaction that writes, as soon as it may. Raises sqlite3.OperationalError as SQLite does when it
        may not for too long."""
        deadline_s = time.monotonic() + self._patience_s
        has_turn = _until(self._take, deadline_s)  # who stands still with it must not keep others from trying
        try:
            _until(lambda: _begun(connection), deadline_s) or connection.execute("BEGIN IMMEDIATE")
        finally:
            if has_turn:
                fcntl.flock(self._turn, fcntl.LOCK_UN)

    def begin_at_once(self, connection: sqlite3.Connection) -> bool:
        """The same without waiting: False when somebody else writes, or is to. Raises sqlite3.OperationalError."""
        if not self._take():
            return False
        try:
            return _begun(connection)
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def _take(self) -> bool:
        with suppress(BlockingIOError):
            fcntl.flock(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False


def _begun(connection: sqlite3.Connection) -> bool:
    """Raises sqlite3.OperationalError for anything but a lock that is taken."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as problem:
        if getattr(problem, "sqlite_errorcode", 0) & _KIND != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


_KIND = 0xFF
"""An error's code without what SQLite adds to tell cases apart."""


def _until(holds: Callable[[], bool], deadline_s: float) -> bool:
    """Looks until something holds; False when it does not in time."""
    nap_s = FIRST_NAP_S
    while not holds():
        if time.monotonic() >= deadline_s:
            return False
        with suppress(OSError):  # where the clock is set at this very moment, it may be refused: then without a nap
            time.sleep(nap_s)
        nap_s = min(nap_s * 1.5, LONGEST_NAP_S)
    return True
