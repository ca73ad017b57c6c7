"""What a process does to itself before it touches hostile bytes: bounds that hold whatever is decoded."""

from __future__ import annotations

import os
import resource
import select
import signal

from ostiary.adapters.cage.kernel import Support, end_with_parent, forbid_calls, forbid_paths

OPEN_FILES = 32
"""The interpreter and a library being loaded need ten; a flood of connections needs more."""


def confine(cpu_s: int, alarm_s: int, memory_bytes: int) -> None:
    """From here on as `bind` says, and processor time is bounded: for a process that does one thing and ends.

    The alarm ends the process even if nobody is left who waits for it.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    bind(memory_bytes)
    signal.alarm(alarm_s)


def bind(memory_bytes: int, descriptor: int = 2) -> None:
    """From here on: private memory bounded, no byte written to any file, no core left behind, and none of its own left
    when the thread that started it is gone (which waits for it, or is the service's own). Of what was open it keeps
    input, output, where errors go and `descriptor`: uvloop hands on whatever its parent may inherit, a supervisor's log
    among it."""
    os.closerange(3, descriptor)
    os.closerange(max(3, descriptor + 1), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    end_with_parent()
    if _is_left_alone():
        os._exit(0)  # it was gone before that could be asked for
    limits = (
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, limit in limits:
        resource.setrlimit(kind, (limit, limit))


def _is_left_alone() -> bool:
    """Whether nobody is there any more to take an answer. Of an output that is no pipe nothing is known."""
    poll = select.poll()
    poll.register(1, 0)
    return bool(poll.poll(0))


def enclose(threads: bool, timers: bool = False) -> Support:
    """From here on nothing can be opened any more (no file, no connection, no memory of another process as a file), no
    process started, none touched: by limits, and by the kernel's filter and its Landlock where it has them. What is in
    force of these is answered.

    `threads` may still be started where asked for, `timers` set. All that is needed must be imported, and everything
    handed over, before. Raises OSError (NotCaged) when the kernel does not do what it says it can.
    """
    landlock = forbid_paths()
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    if not threads:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))  # asked of every user but the administrator
    return Support(forbid_calls(threads, timers), landlock)


def answer_only() -> int:
    """The handle to answer on. What a library prints goes where errors go, and is not taken for an answer."""
    handle = os.dup(1)
    os.dup2(2, 1)
    return handle
