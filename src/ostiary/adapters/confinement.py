"""What a process does to itself before it touches hostile bytes: bounds that hold whatever is decoded."""

from __future__ import annotations

import os
import resource
import signal

OPEN_FILES = 32
"""The interpreter and a library being loaded need ten; a flood of connections needs more."""


def confine(cpu_s: int, alarm_s: int, memory_bytes: int) -> None:
    """From here on as `bind` says, and processor time is bounded: for a process that does one thing and ends.

    The alarm ends the process even if nobody is left who waits for it.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    bind(memory_bytes)
    signal.alarm(alarm_s)


def bind(memory_bytes: int) -> None:
    """From here on: private memory bounded, no byte written to any file, no core left behind."""
    limits = (
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, limit in limits:
        resource.setrlimit(kind, (limit, limit))


def enclose(threads: bool) -> None:
    """From here on nothing can be opened any more: no file, no connection, no memory of another process as a file.
    Without `threads` nothing can be started either, unless the system's user is its administrator.

    All that is needed must be imported, and everything handed over, before.
    """
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    if not threads:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def answer_only() -> int:
    """The handle to answer on. What a library prints goes where errors go, and is not taken for an answer."""
    handle = os.dup(1)
    os.dup2(2, 1)
    return handle
