"""The filter itself, for both architectures, run by an interpreter of our own, where no such kernel is at hand.

The interpreter follows the kernel's documentation (`Documentation/networking/filter.rst`): an accumulator of 32 bits,
jumps forward only, and an answer.
"""

from __future__ import annotations

import errno
import re
from pathlib import Path
from struct import pack, unpack_from

import pytest

from ostiary.adapters.cage.filters import INSTRUCTION, NEW_THREAD, program
from ostiary.adapters.cage.system_calls import (
    ALLOWED,
    ARCHITECTURES,
    ENDED,
    NOT_EXECUTED,
    NUMBERS,
    TIMERS,
    Architecture,
)

ALLOWED_BY, ENDED_BY, REFUSED_BY, NOT_THERE = (
    0x7FFF0000,
    0x80000000,
    0x00050000 | errno.EPERM,
    0x00050000 | errno.ENOSYS,
)
PID = 4_242
MOST_INSTRUCTIONS = 4_096
X86, ARM = ARCHITECTURES["x86_64"], ARCHITECTURES["aarch64"]
BOTH = pytest.mark.parametrize("of", [X86, ARM], ids=lambda architecture: architecture.machine)


def answer(code: bytes, audit: int, number: int, *arguments: int) -> int:
    """What the filter says of a call."""
    data = pack("=IIQ6Q", number, audit, 0, *arguments, *(0,) * (6 - len(arguments)))
    program_ = [INSTRUCTION.unpack_from(code, at) for at in range(0, len(code), INSTRUCTION.size)]
    accumulator, at = 0, 0
    while True:
        kind, when_true, when_false, value = program_[at]
        at += 1
        match kind:
            case 0x20:  # load a word
                (accumulator,) = unpack_from("=I", data, value)
            case 0x15:
                at += when_true if accumulator == value else when_false
            case 0x35:
                at += when_true if accumulator >= value else when_false
            case 0x45:
                at += when_true if accumulator & value else when_false
            case 0x06:
                return int(value)
            case _:
                raise AssertionError(f"an instruction that is not used: {kind:#x}")


def number_of(of: Architecture, name: str) -> int:
    number = of.number(name)
    assert number is not None
    return number


def verdict(of: Architecture, number: int, *arguments: int, threads: bool = False, timers: bool = False) -> int:
    return answer(program(of, PID, threads, timers), of.audit, number, *arguments)


@BOTH
def test_every_call_of_the_table_is_answered_as_it_says(of: Architecture) -> None:
    expected = {
        **dict.fromkeys(ALLOWED, ALLOWED_BY),
        **dict.fromkeys(ENDED, ENDED_BY),
        **dict.fromkeys(TIMERS, REFUSED_BY),
    }
    verdicts = {name: verdict(of, number) for name in expected if (number := NUMBERS[name][of.column]) is not None}
    assert verdicts == {name: what for name, what in expected.items() if name in verdicts}
    assert len(verdicts) > 80


@BOTH
def test_every_other_number_is_refused(of: Architecture) -> None:
    """All that there are and some more, so that a call which is new tomorrow is refused too."""
    listed = {number for name in NUMBERS if (number := of.number(name)) is not None}
    assert {verdict(of, number) for number in range(1_000) if number not in listed} == {REFUSED_BY}


@BOTH
@pytest.mark.parametrize("name", NOT_EXECUTED)
@pytest.mark.parametrize(
    ("protection", "expected"),
    [(0, ALLOWED_BY), (3, ALLOWED_BY), (4, REFUSED_BY), (5, REFUSED_BY), (7, REFUSED_BY), (0x1000007, REFUSED_BY)],
)
def test_no_memory_is_to_be_executed(of: Architecture, name: str, protection: int, expected: int) -> None:
    assert verdict(of, number_of(of, name), 0, 4096, protection) == expected


@BOTH
@pytest.mark.parametrize(
    ("pid", "expected"),
    [
        (PID, ALLOWED_BY),
        (PID + 1, ENDED_BY),
        (1, ENDED_BY),
        (0, ENDED_BY),
        (PID | 1 << 32, ENDED_BY),
        (2**64 - 1, ENDED_BY),
    ],
)
def test_signals_go_to_itself_only(of: Architecture, pid: int, expected: int) -> None:
    assert verdict(of, number_of(of, "tgkill"), pid, pid, 6) == expected


@BOTH
@pytest.mark.parametrize("threads", [True, False])
@pytest.mark.parametrize(
    ("flags", "is_thread"),
    [
        (NEW_THREAD[0], True), (NEW_THREAD[1], True), (17, False), (0, False), (0x4100 | 17, False),
        (NEW_THREAD[0] | 0x1000_0000, False), (NEW_THREAD[0] | 1 << 32, False), (NEW_THREAD[0] | 0x8000, False),
        (NEW_THREAD[0] & ~0x10000, False),
    ],
)  # fmt: skip
def test_a_thread_may_begin_where_asked_for_and_nothing_else(
    of: Architecture, threads: bool, flags: int, is_thread: bool
) -> None:
    number = number_of(of, "clone")
    expected = ALLOWED_BY if threads and is_thread else ENDED_BY
    assert verdict(of, number, flags, threads=threads) == expected


@BOTH
def test_flags_that_cannot_be_seen_are_not_taken(of: Architecture) -> None:
    assert verdict(of, 435, threads=True) == NOT_THERE


@BOTH
def test_timers_where_they_were_asked_for(of: Architecture) -> None:
    assert verdict(of, number_of(of, "setitimer"), timers=True) == ALLOWED_BY


@pytest.mark.parametrize("of", [X86, ARM], ids=lambda architecture: architecture.machine)
@pytest.mark.parametrize("audit", [0xC000003E, 0xC00000B7, 0x40000003, 0x40000028, 0])
def test_calls_of_another_architecture_end_it(of: Architecture, audit: int) -> None:
    """Numbers mean something else there: 0 is reading on one, and starting asynchronous input on another."""
    code = program(of, PID)
    own = audit == of.audit
    reading = number_of(of, "read")
    assert answer(code, audit, reading) == (ALLOWED_BY if own else ENDED_BY)


@pytest.mark.parametrize("number", [0x4000_0000, 0x4000_0000 + 39, 0x4000_0000 + 520, 0xFFFF_FFFF])
def test_x32_ends_it(number: int) -> None:
    assert verdict(X86, number) == ENDED_BY


@BOTH
def test_jumps_stay_inside_and_the_kernel_takes_so_many(of: Architecture) -> None:
    code = program(of, PID, threads=True, timers=True)
    assert not len(code) % INSTRUCTION.size
    instructions = [INSTRUCTION.unpack_from(code, at) for at in range(0, len(code), INSTRUCTION.size)]
    assert len(instructions) <= MOST_INSTRUCTIONS
    assert all(
        at + 1 + max(instruction[1:3]) < len(instructions)
        for at, instruction in enumerate(instructions)
        if instruction[0] != 0x06
    )
    assert instructions[-1][0] == 0x06


def test_the_numbers_are_those_of_this_machine_s_headers() -> None:
    """Where they are installed (linux-libc-dev)."""
    headers = {
        X86: Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
        ARM: Path("/usr/include/asm-generic/unistd.h"),
    }
    there = {of: path for of, path in headers.items() if path.exists()}
    if not there:
        pytest.skip("no headers of the kernel here")
    for of, path in there.items():
        named = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", path.read_text()))
        numbers = {name: number for name in NUMBERS if (number := of.number(name)) is not None and name in named}
        assert {name for name, number in numbers.items() if named[name] != str(number)} == set()
        assert len(numbers) > 90
