"""Asking the kernel to bind this process, and what it can do: seccomp (Linux 3.5; killing the process 4.14), Landlock
(5.13), and the end of the process that started it.

By the C library's `prctl` and `syscall`: there is no interpreter of Python without them, and nothing to install.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from dataclasses import dataclass
from struct import pack

from ostiary.adapters.cage.filters import INSTRUCTION, KILL_PROCESS, program
from ostiary.adapters.cage.system_calls import ARCHITECTURES, Architecture
from ostiary.prctl import prctl

_END_WITH_PARENT, _SET_NO_NEW_PRIVS = 1, 38  # of linux/prctl.h
_SET_FILTER, _ACTION_AVAILABLE, _ALL_THREADS = 1, 2, 1  # of linux/seccomp.h
_RULESET_VERSION = 1  # of linux/landlock.h
_FILES = ((5, 16), (3, 15), (2, 14), (1, 13))
"""From which version of Landlock on how many rights over files there are."""
_NETWORK_FROM, _TCP = 4, 0b11
_SCOPES_FROM, _SOCKETS_AND_SIGNALS = 6, 0b11


class NotCaged(OSError):
    """The kernel said that it can, and then did not."""


@dataclass(frozen=True, slots=True)
class Support:
    """Whether the kernel filters system calls for this machine, and the version of its Landlock; 0: none."""

    filters: bool
    landlock: int


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def support() -> Support:
    """What can be had here. Changes nothing; a container's own filter may forbid either."""
    action = ctypes.c_uint32(KILL_PROCESS)
    filters = _call("seccomp", _ACTION_AVAILABLE, 0, ctypes.addressof(action)) == 0
    return Support(filters, max(0, _call("landlock_create_ruleset", 0, 0, _RULESET_VERSION)))


def end_with_parent() -> bool:
    """From here on the kernel kills this process when the thread that started it ends, however that comes about; in the
    cage it cannot be undone. False where there is no such thing.
    """
    return prctl(_END_WITH_PARENT, signal.SIGKILL) == 0


def forbid_paths() -> int:
    """From here on no file can be opened or changed by its path, and nobody outside reached by TCP, a socket's name
    or a signal, whatever the user's rights: for this thread and those that it starts. The version; 0: no Landlock.

    Needs one free handle. Raises NotCaged.
    """
    version = support().landlock
    if not version:
        return 0
    rights = next(count for since, count in _FILES if version >= since)
    wanted = pack("=Q", (1 << rights) - 1)
    if version >= _NETWORK_FROM:
        wanted += pack("=Q", _TCP)
    if version >= _SCOPES_FROM:
        wanted += pack("=Q", _SOCKETS_AND_SIGNALS)
    stored = ctypes.create_string_buffer(wanted, len(wanted))
    handle = _call(
        "landlock_create_ruleset", ctypes.addressof(stored), len(wanted), 0
    )  # every right named, none granted
    try:
        _gain_no_more()
        if handle < 0 or _call("landlock_restrict_self", handle, 0) != 0:
            raise NotCaged("Landlock")
    finally:
        if handle >= 0:
            os.close(handle)
    return version


def forbid_calls(threads: bool, timers: bool) -> bool:
    """From here on only what `system_calls` allows, for all threads. False where the kernel has no filter for this
    machine. Raises NotCaged.
    """
    architecture = _architecture()
    if architecture is None or not support().filters:
        return False
    _gain_no_more()
    instructions = program(architecture, os.getpid(), threads, timers)
    stored = ctypes.create_string_buffer(instructions, len(instructions))
    wanted = _Program(len(instructions) // INSTRUCTION.size, ctypes.addressof(stored))
    if _call("seccomp", _SET_FILTER, _ALL_THREADS, ctypes.addressof(wanted)) != 0:
        raise NotCaged("seccomp")
    return True


def _gain_no_more() -> None:
    """No program started from here has more rights than this one; what the kernel asks for before it binds."""
    if prctl(_SET_NO_NEW_PRIVS, 1) != 0:
        raise NotCaged("no_new_privs")


def _call(name: str, *arguments: int) -> int:
    """Below 0: it failed, or there is no such call on this machine."""
    architecture = _architecture()
    number = None if architecture is None else architecture.number(name)
    if number is None:
        return -1
    syscall = ctypes.CDLL(None).syscall
    syscall.restype = ctypes.c_long
    return int(syscall(*(ctypes.c_long(argument) for argument in (number, *arguments))))


def _architecture() -> Architecture | None:
    """The one whose system calls this interpreter makes; None where they are none that are known here."""
    if sys.platform != "linux" or sys.maxsize < 1 << 32:
        return None
    return ARCHITECTURES.get(os.uname().machine)
