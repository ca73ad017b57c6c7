"""The trust store that a process goes by: its file, read when a chip is first verified.

A process without chips to verify reads nothing, and imports nothing of what verifies. What is read stays until somebody
looks again; a file that cannot be read then leaves in force what was.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ostiary.adapters.chip.trust import Trust


_Stamp: TypeAlias = tuple[int, ...]
"""When a file was written, how long it is, and which one it is: one that is renamed over it is another."""


class TrustInForce:
    """One for each process. Its methods read files: call them in a thread."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = Lock()
        self._trust: Trust | None = None
        self._stamp: _Stamp | None = None

    @property
    def version(self) -> str | None:
        """Of what is in force: None as long as nothing was read, empty for a store that holds nothing."""
        return None if self._trust is None else self._trust.version

    def trust(self) -> Trust:
        """What is in force. Raises Refused for a file that is no trust store, where none was read before."""
        with self._lock:
            if self._trust is None:
                self._stamp = _stamp(self.path)
                self._trust = _read(self.path)
            return self._trust

    def follow(self) -> bool:
        """Reads the file anew if something was read, and it is another file or was written since; gives whether another
        store is in force now. A file that cannot be read is tried again once it changes. Raises Refused, as
        `look_again`."""
        if self._trust is None or _stamp(self.path) == self._stamp:
            return False
        return self.look_again()

    def look_again(self) -> bool:
        """Reads the file anew, whether or not anything was read before; gives whether another store is in force now.
        Raises Refused, and leaves what is in force, for a file that is no trust store."""
        with self._lock:
            self._stamp = _stamp(self.path)
            before, fresh = self.version, _read(self.path)
            if fresh.version != before:
                self._trust = fresh
            return fresh.version != before


def _stamp(path: Path | None) -> _Stamp:
    """Of the file; nothing of one that is not there."""
    try:
        stat = None if path is None else path.stat()
    except OSError:
        stat = None
    return () if stat is None else (stat.st_mtime_ns, stat.st_size, stat.st_ino)


def _read(path: Path | None) -> Trust:
    from ostiary.adapters.trust.store import read_store  # with what verifies, which few processes need

    return read_store(path).trust
