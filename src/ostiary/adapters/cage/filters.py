"""The filter that the kernel asks at every system call: a program of classic BPF, made from the table of calls.

As `linux/filter.h` and `linux/seccomp.h` have it: an instruction is 8 bytes; what is looked at is the call's number,
the architecture and six arguments of 64 bits, of which one instruction sees 32.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from struct import Struct

from ostiary.adapters.cage.system_calls import ALLOWED, ENDED, NOT_EXECUTED, TIMERS, Architecture

INSTRUCTION = Struct("=HBBI")
"""Code, how far to jump when true and when false, and a value."""
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL_PROCESS, REFUSE = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
"""What the kernel shall do; the error's number is added to REFUSE."""
EPERM, NO_SUCH_CALL = REFUSE | errno.EPERM, REFUSE | errno.ENOSYS
AT_NUMBER, AT_ARCHITECTURE, AT_ARGUMENTS = 0, 4, 16
PROT_EXEC = 0x4
NEW_THREAD = (0x003D_0F00, 0x007D_0F00)
"""The flags of `clone` with which glibc and musl start a thread: it shares everything. No others are let through."""

Instruction = tuple[int, int, int, int]


def program(architecture: Architecture, pid: int, threads: bool = False, timers: bool = False) -> bytes:
    """The filter for the process `pid`, which may send signals to itself only (that is how a C library aborts)."""
    return b"".join(INSTRUCTION.pack(*instruction) for instruction in _instructions(architecture, pid, threads, timers))


def _instructions(architecture: Architecture, pid: int, threads: bool, timers: bool) -> Iterator[Instruction]:
    yield LOAD, 0, 0, AT_ARCHITECTURE
    yield EQUAL, 1, 0, architecture.audit
    yield _answer(KILL_PROCESS)
    yield LOAD, 0, 0, AT_NUMBER
    if architecture.foreign_from is not None:
        yield AT_LEAST, 0, 1, architecture.foreign_from
        yield _answer(KILL_PROCESS)
    for number in architecture.numbers(*ALLOWED, *(TIMERS if timers else ())):
        yield from _for_call(number, [_answer(ALLOW)])
    for number in architecture.numbers(*NOT_EXECUTED):
        yield from _for_call(number, _unless_executable())
    for number in architecture.numbers("tgkill"):
        yield from _for_call(number, _where_first_is((pid,)))
    for number in architecture.numbers("clone"):
        yield from _for_call(number, _where_first_is(NEW_THREAD if threads else ()))
    for number in architecture.numbers("clone3"):
        yield from _for_call(number, [_answer(NO_SUCH_CALL)])
    for number in architecture.numbers(*ENDED):
        yield from _for_call(number, [_answer(KILL_PROCESS)])
    yield _answer(EPERM)


def _answer(what: int) -> Instruction:
    return RETURN, 0, 0, what


def _for_call(number: int, then: list[Instruction]) -> Iterator[Instruction]:
    """`then`, which ends with an answer, where it is this call."""
    yield EQUAL, 0, len(then), number
    yield from then


def _unless_executable() -> list[Instruction]:
    """The third argument says what the memory is for."""
    return [(LOAD, 0, 0, _low(2)), (ANY_BIT, 0, 1, PROT_EXEC), _answer(EPERM), _answer(ALLOW)]


def _where_first_is(values: tuple[int, ...]) -> list[Instruction]:
    """Allowed where the first argument is one of these; else it ends. Both halves count."""
    tests = [(EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    high = [(LOAD, 0, 0, _low(0) + 4), (EQUAL, 0, len(tests) + 1, 0)]
    return [*high, (LOAD, 0, 0, _low(0)), *tests, _answer(KILL_PROCESS), *([_answer(ALLOW)] if values else [])]


def _low(argument: int) -> int:
    """Where the lower half of an argument is; both architectures put it first."""
    return AT_ARGUMENTS + 8 * argument
