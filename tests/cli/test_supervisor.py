"""The supervisor over real processes: who sits where, what is started again, replaced or not, and how it all ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ostiary.cli import supervisor
from ostiary.cli.listening import ABSENT, MOST_NUMBERS, Shares
from ostiary.cli.oversight import READY, Oversight
from ostiary.cli.supervisor import Pace, Supervisor

PATIENCE_S = 30
START = "import os, signal, sys, time; number, line, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]\n"
NOTE = "open(f'{folder}/{os.getpid()}', 'w').write(number)\n"
READY_SAID = "os.write(line, b'ready')\n"
LIVES = """
signal.signal(15, lambda *_: sys.exit(0))
signal.signal(1, signal.SIG_IGN)
"""
WAITS = """
import socket
try:
    while socket.socket(fileno=os.dup(line)).recv(1): pass
finally:
    os.unlink(f'{folder}/{os.getpid()}')
"""
OBEYS = START + LIVES + NOTE + READY_SAID + WAITS


@dataclass
class Watched:
    """A supervisor in this process, and the processes it started, which note themselves in a folder."""

    folder: Path
    count: int = 2
    program: Callable[[int], str] = lambda started: OBEYS
    pace: Pace = field(default_factory=lambda: Pace(first_wait_s=0.05, longest_wait_s=0.1))
    started: int = 0
    absent: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def line_of(self, number: int, descriptor: int) -> list[str]:
        self.started += 1
        self.numbers.append(number)
        program = self.program(self.started)
        if not program:
            raise OSError("no more processes")
        return [sys.executable, "-c", program, str(number), str(descriptor), str(self.folder)]

    def living(self) -> dict[int, int]:
        """The number of each process that has noted itself, by its id."""
        found = {int(one.name): one.read_text() for one in self.folder.iterdir()}
        return {pid: int(number) for pid, number in found.items() if number}

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                await asyncio.sleep(0.01)

    async def run(self, meanwhile: Callable[[Watched], object]) -> int:
        """The exit status; `meanwhile` is awaited while it runs, then it is told to end if it has not ended."""
        watch = Supervisor(self.line_of, self.count, None, 0, dict(os.environ), self.pace, absent=self.absent.append)
        running = asyncio.create_task(watch.run())
        work = meanwhile(self)
        if asyncio.iscoroutine(work):
            await work
        if not running.done() and work is not None:
            os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            return await running


@pytest.fixture
def seats(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


async def test_processes_are_numbered_from_one_and_each_is_told_of_when_it_ends(seats: Watched) -> None:
    seats.count = 3

    async def seen(_: Watched) -> None:
        await seats.until(lambda: len(seats.living()) == 3)
        assert sorted(seats.living().values()) == [1, 2, 3]

    assert await seats.run(seen) == 0
    assert sorted(seats.absent) == [1, 2, 3]
    assert seats.started == 3


@pytest.mark.parametrize("number", [1, 2])
async def test_the_seat_of_one_that_died_gets_its_number_again(seats: Watched, number: int) -> None:
    async def killed(_: Watched) -> None:
        await seats.until(lambda: len(seats.living()) == 2)
        [pid] = [one for one, seat in seats.living().items() if seat == number]
        os.kill(pid, signal.SIGKILL)
        (seats.folder / str(pid)).unlink()
        await seats.until(lambda: len(seats.living()) == 2)
        assert sorted(seats.living().values()) == [1, 2]
        assert pid not in seats.living()

    assert await seats.run(killed) == 0
    assert seats.numbers == [1, 2, number]
    assert sorted(seats.absent) == sorted([1, 2, number])


@pytest.mark.parametrize("status", [1, 2, 7])
async def test_the_first_that_does_not_start_ends_it_with_its_own_status(seats: Watched, status: int) -> None:
    """Whatever it is, no other process could start with it either; it has said why."""
    seats.program = lambda _: f"import sys; sys.exit({status})"
    assert await seats.run(lambda _: None) == status
    assert (seats.started, seats.absent) == (1, [1])


async def test_a_first_that_ends_well_without_ever_being_ready_is_a_failure(seats: Watched) -> None:
    seats.program = lambda _: ""
    with pytest.raises(OSError, match="no more processes"):
        await seats.run(lambda _: None)
    seats.program = lambda _: "pass"
    assert await seats.run(lambda _: None) == 1


async def test_told_to_end_before_the_first_is_ready_nothing_more_is_started(seats: Watched) -> None:
    seats.program = lambda _: START + NOTE + "time.sleep(600)"
    assert await seats.run(lambda _: seats.until(lambda: len(seats.living()) == 1)) == 0
    assert seats.started == 1


async def test_a_system_that_lets_no_process_start_is_asked_again_and_then_given_up(seats: Watched) -> None:
    seats.pace = Pace(first_wait_s=0.01, longest_wait_s=0.02, most=4)
    seats.program = lambda started: START + READY_SAID + "sys.exit(3)" if started <= 2 else ""
    assert await seats.run(lambda _: None) == 1
    assert seats.started > 2 + 2, "each seat tried again"
    assert sorted(seats.absent) == [1, 2]


@pytest.mark.parametrize(("steady_s", "gives_up"), [(600.0, True), (0.0, False)])
async def test_who_lived_long_enough_starts_counting_anew(seats: Watched, steady_s: float, gives_up: bool) -> None:
    seats.count, seats.pace = 1, Pace(first_wait_s=0.0, longest_wait_s=0.0, steady_s=steady_s, most=3)
    seats.program = lambda started: START + READY_SAID + "sys.exit(3)" if started <= 6 else OBEYS
    if gives_up:
        assert await seats.run(lambda _: None) == 1
        assert seats.started == 3
    else:
        assert await seats.run(lambda _: seats.until(lambda: len(seats.living()) == 1)) == 0
        assert seats.started == 7


async def test_on_sighup_every_process_gives_its_place_to_another(seats: Watched) -> None:
    async def replaced(_: Watched) -> None:
        await seats.until(lambda: len(seats.living()) == 2)
        before = set(seats.living())
        os.kill(os.getpid(), signal.SIGHUP)
        await seats.until(lambda: len(seats.absent) == 2 and len(seats.living()) == 2)
        assert not before & seats.living().keys()

    assert await seats.run(replaced) == 0
    assert seats.started == 4
    assert seats.numbers[2] == 3, "the old one still has its number while the new one starts"


async def test_one_that_does_not_get_ready_replaces_nobody(seats: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "START_S", 0.5)
    seats.program = lambda started: OBEYS if started <= 2 else START + "time.sleep(600)"

    async def kept(_: Watched) -> None:
        await seats.until(lambda: len(seats.living()) == 2)
        before = seats.living()
        os.kill(os.getpid(), signal.SIGHUP)
        await seats.until(lambda: seats.absent == [3])
        assert seats.living() == before

    assert await seats.run(kept) == 0
    assert seats.started == 3, "after the first that failed no other is tried"


@pytest.mark.parametrize(
    ("ending", "status"),
    [("sys.exit(0)", 0), ("sys.exit(4)", 1), ("os.kill(os.getpid(), 9)", 1)],
)
async def test_one_that_ends_badly_when_told_to_makes_the_whole_a_failure(
    seats: Watched, ending: str, status: int
) -> None:
    bad = START + f"signal.signal(15, lambda *_: {ending})\n" + NOTE + READY_SAID + "time.sleep(600)"
    seats.program = lambda started: OBEYS if started == 1 else bad
    assert await seats.run(lambda _: seats.until(lambda: len(seats.living()) == 2)) == status


# ---- between a process and its supervisor ---------------------------------------------------------------------------


def test_a_process_alone_has_nobody_to_tell() -> None:
    alone = Oversight()
    alone.ready()
    assert (alone.number, alone.line, alone.listening, alone.shares) == (0, None, None, None)


def test_being_ready_is_said_on_the_line_and_a_dead_supervisor_is_no_error() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        Oversight(1, theirs).ready()
        assert ours.recv(len(READY)) == READY
    Oversight(1, theirs).ready()
    theirs.close()
    Oversight(1, theirs).ready()


LEAVES = """
import asyncio, signal, socket, sys
from ostiary.cli.oversight import Oversight, LEFT_AFTER_S
async def main():
    left = asyncio.Event()
    line = socket.socket(fileno=int(sys.argv[1]))
    Oversight(1, line).on_leave(left.set)
    Oversight(1, line).ready()
    await left.wait()
    print("left", 0 < signal.alarm(0) <= LEFT_AFTER_S)
asyncio.run(main())
"""


@pytest.mark.parametrize("word", [b"", b"go on"])
def test_the_end_of_the_line_means_leaving_with_an_alarm_set(word: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(PATIENCE_S)
        child = subprocess.Popen(
            [sys.executable, "-c", LEAVES, str(theirs.fileno())], pass_fds=[theirs.fileno()], stdout=subprocess.PIPE
        )
        theirs.close()
        assert ours.recv(len(READY)) == READY
        if word:
            ours.sendall(word)
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(0.3)
        ours.close()
        out, _ = child.communicate(timeout=PATIENCE_S)
    assert (child.returncode, out) == (0, b"left True\n")


# ---- shares ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "number", "least"),
    [
        ({}, 1, None),
        ({1: 5}, 1, None),
        ({1: 5, 2: 3}, 1, 3),
        ({1: 5, 2: 3}, 2, 5),
        ({1: 5, 2: 3, 3: 0}, 1, 0),
        ({1: 5, 2: ABSENT, 3: 9}, 1, 9),
        ({1: 0, MOST_NUMBERS: 2}, 1, 2),
        ({2: 4, 3: 4}, 1, 4),
    ],
)
def test_the_least_that_another_holds(tmp_path: Path, held: dict[int, int], number: int, least: int | None) -> None:
    made = Shares.made(tmp_path / "held")
    other = Shares(tmp_path / "held")
    for one, count in held.items():
        made.tell(one, count)
    assert other.least_beside(number) == least, "every process sees what the others told"
    for one in held:
        other.absent(one)
    assert made.least_beside(number) is None
