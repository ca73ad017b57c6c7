"""What a process and its descendants cost, read from /proc."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
MB = 1_000_000
EVERY_S = 0.02


def family(pid: int) -> list[int]:
    """The process and everything below it, as far as still alive."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            waiting += [int(child) for child in _text(task).split()]
    return found


def cpu_seconds(pid: int) -> float:
    """Processor time so far, user and system, of all threads, children alive and children gone. Seconds."""
    return sum(_ticks(one) for one in family(pid)) / TICKS_PER_S


def rss_mb(pid: int) -> float:
    """Resident memory now, of the whole family. MB of 1,000,000 bytes.

    Pages of files count for the process itself only: those below it run the same program, and have the same pages. What
    has been started and has not yet begun its own program still has all pages of who starts it, and does not count.
    """
    pages = [_text(Path(f"/proc/{one}/statm")).split() for one in family(pid) if one == pid or has_begun(one)]
    held = [(int(fields[1]), int(fields[2])) for fields in pages if fields]
    whole, below = held[:1], held[1:]
    return sum(own for own, _ in whole) * PAGE_BYTES / MB + sum(own - files for own, files in below) * PAGE_BYTES / MB


def has_begun(pid: int) -> bool:
    """Whether a process runs a command line of its own, not its parent's."""
    parent = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()[1:2]
    return not parent or _text(Path(f"/proc/{pid}/cmdline")) != _text(Path(f"/proc/{parent[0]}/cmdline"))


def highest_mb(pid: int) -> float:
    """The kernel's own high-water mark of the process alone (VmHWM), which no sampling can miss. MB."""
    for line in _text(Path(f"/proc/{pid}/status")).splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / MB
    return 0.0


class Peak:
    """Watches the family's memory while the block runs; `mb` is the highest seen, or the kernel's mark if higher."""

    def __init__(self, pid: int) -> None:
        self._pid, self.mb = pid, 0.0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._sample, daemon=True)

    def _sample(self) -> None:
        while not self._over.wait(EVERY_S):
            self.mb = max(self.mb, rss_mb(self._pid))

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, _: TracebackType | None) -> None:
        self._over.set()
        self._watch.join()
        self.mb = max(self.mb, highest_mb(self._pid))


def _ticks(pid: int) -> int:
    # The name, in parentheses, may hold spaces: fields are counted after it. utime, stime, cutime, cstime.
    fields = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return sum(int(one) for one in fields[11:15])


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # gone in the meantime
        return ""
