"""How much processor time another process has used, which is what a deadline counts, so that a busy machine delays and
does not refuse; and how many threads it has."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_WORKING = ("R", "D")
_USER, _SYSTEM, _THREADS = 11, 12, 17
"""Fields of proc(5)'s `stat`, counted behind the name, which may hold anything up to the last bracket."""


MOST_THREADS = 256
"""Of a process that opens hostile bytes. A library starts one for each core at most; each costs the kernel some 30 kB
that no limit of a process counts, and limits on their number count the user's other processes too."""


def used_s(pid: int) -> float | None:
    """Of all its threads, in its own and the system's code, to 10 ms. None when there is no such process."""
    try:
        fields = _fields(pid)
        return (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICKS_A_SECOND
    except (OSError, IndexError, ValueError):
        return None


def has_too_many_threads(pid: int) -> bool:
    """False when there is no such process."""
    try:
        return int(_fields(pid)[_THREADS]) > MOST_THREADS
    except (OSError, IndexError, ValueError):
        return False


def _fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def is_working(pid: int) -> bool:
    """Whether any of its threads runs, waits for a processor or for the disk; one that sleeps waits for nothing that
    comes by itself. False when there is no such process."""
    for thread in Path(f"/proc/{pid}/task").glob("*/stat"):
        try:
            if thread.read_text().rpartition(")")[2].split()[0] in _WORKING:
                return True
        except (OSError, IndexError):
            continue
    return False
