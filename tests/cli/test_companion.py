"""The worker beside a process that serves, with programs in its place: told, started again, minded and ended."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ostiary.background.worker import STUCK_AFTER_S
from ostiary.runtime.supervision import children, companion
from ostiary.runtime.supervision.children import ChildKind, RestartPolicy
from ostiary.runtime.supervision.companion import LIVES_EVERY_S, SILENT_S, Companion, beside
from ostiary.runtime.supervision.supervisor_link import HEARD_BYTES, LIVES, READY, WOKEN

PATIENCE_S = 120
"""On a machine whose cores are taken, starting a process may take seconds."""
START = """
import os, signal, sys, time
line, folder = int(sys.argv[1]), sys.argv[2]
def end(*_):
    signal.signal(15, signal.SIG_IGN)  # as ours do: Python gives the second one its usual meaning while it ends
    sys.exit(0)
signal.signal(15, end)
def note(what):
    with open(folder + "/noted", "a") as file: file.write(what + "\\n")
note(f"began {os.getpid()}")
"""
READY_SAID = f"os.write(line, {READY!r})\nnote('said')\n"
HEARS = "while said := os.read(line, 4096): note('heard ' + str(len(said)))\nnote('left')\n"
SPEAKS = f"while True: os.write(line, {LIVES!r}); time.sleep(0.05)\n"
SLEEPS = "time.sleep(600)\n"
HANGS = "signal.signal(15, signal.SIG_IGN)\n"
QUICK = RestartPolicy(first_wait_s=0.01, longest_wait_s=0.02, most=3)


class Beside:
    """A companion, and what the programs it started have noted."""

    def __init__(
        self, folder: Path, program: Callable[[int], str], silent_s: float | None, restart_policy: RestartPolicy | None
    ) -> None:
        self.folder, self.program, self.started = folder, program, 0
        self.companion = Companion(ChildKind("worker", self.line_of, silent_s=silent_s, is_vital=False), restart_policy)

    def line_of(self, number: int, descriptor: int) -> list[str]:
        self.started += 1
        program = self.program(self.started)
        if not program:
            raise OSError("no more processes")
        return [sys.executable, "-c", START + program, str(descriptor), str(self.folder)]

    def noted(self, word: str) -> list[int]:
        try:
            lines = (self.folder / "noted").read_text().splitlines()
        except OSError:
            return []
        return [int(line.partition(" ")[2] or 0) for line in lines if line.startswith(word)]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                await asyncio.sleep(0.01)


@asynccontextmanager
async def running(
    folder: Path,
    program: str | Callable[[int], str],
    silent_s: float | None = None,
    restart_policy: RestartPolicy | None = None,
) -> AsyncIterator[Beside]:
    """Started, and one has begun; ended in the end."""
    beside = Beside(folder, program if callable(program) else lambda _: program, silent_s, restart_policy)
    beside.companion.start()
    try:
        await beside.until(lambda: beside.noted("began") != [])
        yield beside
    finally:
        await beside.companion.end(0.5)


async def test_it_is_told_once_however_often_that_is_said_in_one_turn_of_the_loop(tmp_path: Path) -> None:
    async with running(tmp_path, READY_SAID + HEARS) as it:
        for _ in range(100):
            it.companion.wake()
        await it.until(lambda: it.noted("heard") == [len(WOKEN)])
        it.companion.wake()
        await it.until(lambda: it.noted("heard") == [len(WOKEN)] * 2)


async def test_being_told_waits_for_nobody(tmp_path: Path) -> None:
    """One that reads nothing has its line full at some time; that is not felt here."""
    async with running(tmp_path, READY_SAID + SLEEPS) as it:
        began = asyncio.get_running_loop().time()
        for _ in range(HEARD_BYTES):
            it.companion.wake()
            await asyncio.sleep(0)
        assert asyncio.get_running_loop().time() - began < PATIENCE_S / 4


async def test_being_told_before_there_is_one_is_no_error(tmp_path: Path) -> None:
    it = Beside(tmp_path, lambda _: SLEEPS, None, None)
    it.companion.wake()
    await asyncio.sleep(0)
    assert await it.companion.end(), "it never began, so nothing is left"


async def test_one_that_dies_is_started_again_for_ever(tmp_path: Path) -> None:
    async with running(tmp_path, READY_SAID + "sys.exit(3)", restart_policy=QUICK) as it:
        await it.until(lambda: it.started > 3 * QUICK.most)


async def test_one_that_is_killed_is_started_again_and_told_as_before(tmp_path: Path) -> None:
    async with running(tmp_path, READY_SAID + HEARS) as it:
        os.kill(it.noted("began")[0], signal.SIGKILL)
        await it.until(lambda: len(it.noted("began")) == 2)
        it.companion.wake()
        await it.until(lambda: it.noted("heard") == [len(WOKEN)])


async def test_a_system_that_lets_no_process_start_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companion, "AGAIN_S", 0.01)
    async with running(tmp_path, lambda started: "" if started < 4 else READY_SAID + SLEEPS) as it:
        assert it.started == 4


async def test_one_that_says_nothing_is_killed_and_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "LAST_WORDS_S", 0.2)
    async with running(tmp_path, HANGS + READY_SAID + SLEEPS, silent_s=1.0, restart_policy=QUICK) as it:
        await it.until(lambda: len(it.noted("began")) >= 3)


async def test_one_that_never_gets_ready_is_killed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "LAST_WORDS_S", 0.2)
    async with running(tmp_path, HANGS + SLEEPS, silent_s=1.0, restart_policy=QUICK) as it:
        await it.until(lambda: len(it.noted("began")) >= 2)


async def test_one_that_says_that_it_lives_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "LAST_WORDS_S", 0.2)
    async with running(tmp_path, READY_SAID + SPEAKS, silent_s=10.0) as it:
        await asyncio.sleep(12)
        assert it.started == 1


def test_silence_is_longer_than_a_worker_may_be_stuck_and_than_several_signs() -> None:
    assert SILENT_S >= STUCK_AFTER_S + 5 * LIVES_EVERY_S


@pytest.mark.parametrize(
    ("program", "in_order"),
    [
        (READY_SAID + SLEEPS, True),
        ("signal.signal(15, signal.SIG_DFL)\n" + SLEEPS, True),
        ("signal.signal(15, lambda *_: sys.exit(4))\n" + READY_SAID + SLEEPS, False),
        (HANGS + READY_SAID + SLEEPS, False),
    ],
    ids=["ends", "was still starting", "ends badly", "hangs"],
)
async def test_how_it_ended_is_told(tmp_path: Path, program: str, in_order: bool) -> None:
    async with running(tmp_path, program + "\n") as it:
        if READY_SAID in program:
            await it.until(lambda: it.noted("said") != [])
        await asyncio.sleep(0.1)  # and that is heard
        assert await it.companion.end(1.0 if HANGS in program else PATIENCE_S) is in_order
        assert it.started == 1, "and nothing is started again"


async def test_told_to_leave_it_ends_by_itself_and_is_not_started_again(tmp_path: Path) -> None:
    async with running(tmp_path, READY_SAID + HEARS) as it:
        await it.until(lambda: it.noted("said") != [])
        await asyncio.sleep(0.1)  # and that is heard: a line that ends with something unread breaks off
        it.companion.leave()
        it.companion.leave()
        assert await it.companion.end()
        assert it.started == 1


def test_the_worker_beside_listens_nowhere_and_cannot_end_who_serves() -> None:
    kind = beside(is_sandbox=True, is_woken=True)
    assert (kind.listens, kind.is_vital, kind.count, kind.silent_s) == (False, False, 1, SILENT_S)
    line = kind.line_of(3, 9)
    assert line[:3] == [sys.executable, "-m", "ostiary.runtime.child"]
    for word in ('"command": "worker"', '"sandbox": true', '"is_woken": true', '"number": 3', '"line": 9'):
        assert word in line[3]
