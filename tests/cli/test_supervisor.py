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

from ostiary.runtime.supervision import children
from ostiary.runtime.supervision.children import ChildKind, RestartPolicy
from ostiary.runtime.supervision.shared_listener import ABSENT, MOST_NUMBERS, ConnectionCounts
from ostiary.runtime.supervision.supervisor import Supervisor
from ostiary.runtime.supervision.supervisor_link import READY, Oversight

PATIENCE_S = 120
"""On a machine whose cores are taken, starting a process may take seconds."""
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
    restart_policy: RestartPolicy = field(default_factory=lambda: RestartPolicy(first_wait_s=0.05, longest_wait_s=0.1))
    started: int = 0
    absent: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    more: tuple[ChildKind, ...] = ()

    def line_of(self, number: int, descriptor: int) -> list[str]:
        self.started += 1
        self.numbers.append(number)
        program = self.program(self.started)
        if not program:
            raise OSError("no more processes")
        return [sys.executable, "-c", program, str(number), str(descriptor), str(self.folder)]

    def living(self) -> dict[int, int]:
        """The number of each process that has noted itself, by its id."""
        numbers = {int(file.name): file.read_text() for file in self.folder.iterdir()}
        return {pid: int(number) for pid, number in numbers.items() if number}

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                await asyncio.sleep(0.01)

    async def run(self, meanwhile: Callable[[Watched], object]) -> int:
        """The exit status; `meanwhile` is awaited while it runs, then it is told to end if it has not ended."""
        kinds = [ChildKind("serve", self.line_of, self.count), *self.more]
        watch = Supervisor(kinds, None, 0, dict(os.environ), self.restart_policy, absent=self.absent.append)
        running = asyncio.create_task(watch.run())
        work = meanwhile(self)
        if asyncio.iscoroutine(work):
            await work
        if not running.done() and work is not None:
            os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            return await running


@pytest.fixture
def slots(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


async def test_processes_are_numbered_from_one_and_each_is_told_of_when_it_ends(slots: Watched) -> None:
    slots.count = 3

    async def when_all_run(_: Watched) -> None:
        await slots.until(lambda: len(slots.living()) == 3)
        assert sorted(slots.living().values()) == [1, 2, 3]

    assert await slots.run(when_all_run) == 0
    assert sorted(slots.absent) == [1, 2, 3]
    assert slots.started == 3


@pytest.mark.parametrize("number", [1, 2])
async def test_the_seat_of_one_that_died_gets_its_number_again(slots: Watched, number: int) -> None:
    async def killed(_: Watched) -> None:
        await slots.until(lambda: len(slots.living()) == 2)
        [pid] = [pid for pid, slot in slots.living().items() if slot == number]
        os.kill(pid, signal.SIGKILL)
        (slots.folder / str(pid)).unlink()
        await slots.until(lambda: len(slots.living()) == 2)
        assert sorted(slots.living().values()) == [1, 2]
        assert pid not in slots.living()

    assert await slots.run(killed) == 0
    assert slots.numbers == [1, 2, number]
    assert sorted(slots.absent) == sorted([1, 2, number])


@pytest.mark.parametrize("status", [1, 2, 7])
async def test_the_first_that_does_not_start_ends_it_with_its_own_status(slots: Watched, status: int) -> None:
    """Whatever it is, no other process could start with it either; it has said why."""
    slots.program = lambda _: f"import sys; sys.exit({status})"
    assert await slots.run(lambda _: None) == status
    assert (slots.started, slots.absent) == (1, [1])


async def test_a_first_that_ends_well_without_ever_being_ready_is_a_failure(slots: Watched) -> None:
    slots.program = lambda _: ""
    with pytest.raises(OSError, match="no more processes"):
        await slots.run(lambda _: None)
    slots.program = lambda _: "pass"
    assert await slots.run(lambda _: None) == 1


async def test_told_to_end_before_the_first_is_ready_nothing_more_is_started(slots: Watched) -> None:
    slots.program = lambda _: START + NOTE + "time.sleep(600)"
    assert await slots.run(lambda _: slots.until(lambda: len(slots.living()) == 1)) == 0
    assert slots.started == 1


async def test_a_system_that_lets_no_process_start_is_asked_again_and_then_given_up(slots: Watched) -> None:
    slots.restart_policy = RestartPolicy(first_wait_s=0.01, longest_wait_s=0.02, most=4)
    slots.program = lambda started: START + READY_SAID + "sys.exit(3)" if started <= 2 else ""
    assert await slots.run(lambda _: None) == 1
    assert slots.started > 2 + 2, "each seat tried again"
    assert sorted(slots.absent) == [1, 2]


@pytest.mark.parametrize(("steady_s", "gives_up"), [(600.0, True), (0.0, False)])
async def test_who_lived_long_enough_starts_counting_anew(slots: Watched, steady_s: float, gives_up: bool) -> None:
    slots.count, slots.restart_policy = (
        1,
        RestartPolicy(first_wait_s=0.0, longest_wait_s=0.0, steady_s=steady_s, most=3),
    )
    slots.program = lambda started: START + READY_SAID + "sys.exit(3)" if started <= 6 else OBEYS
    if gives_up:
        assert await slots.run(lambda _: None) == 1
        assert slots.started == 3
    else:
        assert await slots.run(lambda _: slots.until(lambda: len(slots.living()) == 1)) == 0
        assert slots.started == 7


async def test_on_sighup_every_process_gives_its_place_to_another(slots: Watched) -> None:
    async def replaced(_: Watched) -> None:
        await slots.until(lambda: len(slots.living()) == 2)
        before = set(slots.living())
        os.kill(os.getpid(), signal.SIGHUP)
        await slots.until(lambda: len(slots.absent) == 2 and len(slots.living()) == 2)
        assert not before & slots.living().keys()

    assert await slots.run(replaced) == 0
    assert slots.started == 4
    assert slots.numbers[2] == 3, "the old one still has its number while the new one starts"


async def test_one_that_does_not_get_ready_replaces_nobody(slots: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "START_S", 0.5)
    slots.program = lambda started: OBEYS if started <= 2 else START + "time.sleep(600)"

    async def when_replaced(_: Watched) -> None:
        await slots.until(lambda: len(slots.living()) == 2)
        before = slots.living()
        os.kill(os.getpid(), signal.SIGHUP)
        await slots.until(lambda: slots.absent == [3])
        assert slots.living() == before

    assert await slots.run(when_replaced) == 0
    assert slots.started == 3, "after the first that failed no other is tried"


@pytest.mark.parametrize(
    ("ending", "status"),
    [("sys.exit(0)", 0), ("sys.exit(4)", 1), ("os.kill(os.getpid(), 9)", 1)],
)
async def test_one_that_ends_badly_when_told_to_makes_the_whole_a_failure(
    slots: Watched, ending: str, status: int
) -> None:
    bad = START + f"signal.signal(15, lambda *_: {ending})\n" + NOTE + READY_SAID + "time.sleep(600)"
    slots.program = lambda started: OBEYS if started == 1 else bad
    assert await slots.run(lambda _: slots.until(lambda: len(slots.living()) == 2)) == status


# ---- several kinds ---------------------------------------------------------------------------------------------------


async def test_a_kind_that_is_not_vital_is_tried_for_ever_and_ends_nobody(slots: Watched) -> None:
    deaths: list[int] = []

    def dies(number: int, descriptor: int) -> list[str]:
        deaths.append(number)
        return [sys.executable, "-c", "import sys; sys.exit(3)"]

    slots.restart_policy = RestartPolicy(first_wait_s=0.01, longest_wait_s=0.02, most=3)
    slots.more = (ChildKind("worker", dies, is_vital=False),)

    async def tried(_: Watched) -> None:
        await slots.until(lambda: len(deaths) > 3 * slots.restart_policy.most)
        assert len(slots.living()) == slots.count

    assert await slots.run(tried) == 0
    assert (slots.started, set(deaths)) == (slots.count, {slots.count + 1})


@pytest.mark.parametrize(("is_vital", "is_ready", "status"), [(True, False, 1), (False, True, 1), (False, False, 0)])
async def test_what_is_not_vital_may_fail_to_start_while_all_end(
    slots: Watched, is_vital: bool, is_ready: bool, status: int
) -> None:
    fails = START + "signal.signal(15, lambda *_: sys.exit(3))\n" + (READY_SAID if is_ready else "") + NOTE
    fails += "time.sleep(600)"

    def line_of(number: int, descriptor: int) -> list[str]:
        return [sys.executable, "-c", fails, str(number), str(descriptor), str(slots.folder)]

    slots.more = (ChildKind("worker", line_of, is_vital=is_vital),)
    assert await slots.run(lambda _: slots.until(lambda: len(slots.living()) == slots.count + 1)) == status


async def test_only_kinds_that_listen_are_handed_the_socket(slots: Watched, tmp_path: Path) -> None:
    holds = (
        "import stat; descriptors = [one for one in map(int, os.listdir('/proc/self/fd')) if one > 2 and held(one)]\n"
        "note = str(sum(stat.S_ISSOCK(os.fstat(one).st_mode) for one in descriptors))\n"
    )
    program = (
        START
        + LIVES
        + ("def held(one):\n    try: os.fstat(one)\n    except OSError: return False\n    return True\n")
        + holds
        + "open(f'{folder}/{number}', 'w').write(note)\n"
        + READY_SAID
        + "time.sleep(600)"
    )

    def line_of(number: int, descriptor: int) -> list[str]:
        return [sys.executable, "-c", program, str(number), str(descriptor), str(tmp_path)]

    kinds = [ChildKind("serve", line_of), ChildKind("worker", line_of, listens=False)]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = asyncio.create_task(Supervisor(kinds, listening, 0, dict(os.environ)).run())
        await slots.until(
            lambda: all((tmp_path / number).exists() and (tmp_path / number).read_text() for number in "12")
        )
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            assert await running == 0
    assert [(tmp_path / number).read_text() for number in "12"] == ["2", "1"], "its line, and the socket"


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
from ostiary.runtime.supervision.supervisor_link import Oversight, LEFT_AFTER_S
async def main():
    left = asyncio.Event()
    line = socket.socket(fileno=int(sys.argv[1]))
    Oversight(1, line).attend(left.set)
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
    counts = ConnectionCounts.create(tmp_path / "held")
    other = ConnectionCounts(tmp_path / "held")
    for holder, count in held.items():
        counts.record(holder, count)
    assert other.least_beside(number) == least, "every process sees what the others told"
    for holder in held:
        other.absent(holder)
    assert counts.least_beside(number) is None
