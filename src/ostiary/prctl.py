"""Linux's prctl(2): what a process asks of the kernel about itself. By the C library: there is no interpreter of Python
without it, and nothing to install.
"""

from __future__ import annotations

import ctypes
import sys

_SET_DUMPABLE = 4  # of linux/prctl.h


def hide_from_others() -> bool:
    """From here on nobody but the administrator can read this process's memory, trace it, or have a core of it.

    It ends with `execve`: every process says so for itself. False where there is no such thing.
    """
    return prctl(_SET_DUMPABLE, 0) == 0


def prctl(option: int, value: int) -> int:
    """0 or more: what the kernel answers; below: it failed, or this is not Linux."""
    if sys.platform != "linux":
        return -1
    return int(ctypes.CDLL(None).prctl(option, *(ctypes.c_ulong(number) for number in (value, 0, 0, 0))))
