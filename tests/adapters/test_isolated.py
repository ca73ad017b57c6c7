"""A process of its own: what it is given, what it cannot do, and that nothing it does hurts the one that waits.

The processes run here are real ones: `timeit`, of the standard library, runs a line of Python.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ostiary.adapters.cage.kernel import support
from ostiary.adapters.isolation.process import Ended, run_isolated
from ostiary.adapters.isolation.processor_time import MOST_THREADS

MB = 1_000_000
CONFINED = (
    "from ostiary.adapters.isolation.confinement import answer_only, confine, enclose; confine(1, 60, 300_000_000)\n"
)
BYE = "; os._exit(0)"


def ran(code: str, content: bytes = b"", wait_s: float = 20, most_bytes: int = MB, setup: str = "") -> Ended:
    """What `code` answered; it is run once and has `os`, `sys` and `time`."""
    arguments = ("-n1", "-r1", "-s", "import os, sys, time, resource\n" + setup, code)
    return run_isolated("timeit", arguments, content, wait_s, most_bytes)


def test_it_is_given_the_bytes_and_its_answer_is_taken() -> None:
    content = bytes(range(256)) * 20_000
    got = ran(
        "sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1]); sys.stdout.flush()" + BYE, content, most_bytes=9 * MB
    )
    assert got == Ended(content[::-1])


def test_an_answer_may_come_before_everything_was_taken() -> None:
    got = ran("os.write(1, b'x' * 900_000)" + BYE, bytes(9 * MB))
    assert got == Ended(b"x" * 900_000)


def test_it_has_no_environment_no_other_files_and_a_session_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSTIARY_MASTER_KEY", "secret")
    with Path(__file__).open() as other:
        os.set_inheritable(other.fileno(), True)
        opened = f"os.path.exists('/dev/fd/{other.fileno()}') and os.path.sameopenfile(0, {other.fileno()})"
        code = f"print(sorted(set(os.environ) - {{'LC_CTYPE'}}), {opened}, os.getcwd(), os.getsid(0) == os.getpid())"
        got = ran(code + "; sys.stdout.flush()" + BYE)
    assert got.answer == b"[] False / True\n"


@pytest.mark.parametrize(
    ("what", "code", "stopped"),
    [
        ("sleeps", "time.sleep(60)", True),
        ("takes no bytes and sleeps", "os.close(0); time.sleep(60)", True),
        ("closes its output and sleeps", "os.close(1); time.sleep(60)", True),
        ("never stops working", "while True: pass", True),
        ("has no more memory and aborts", "os.abort()", True),
        ("touches memory that is not there", "import ctypes; ctypes.string_at(0)", False),
        ("fails", "raise ValueError", False),
        ("ends without a word", "os._exit(0)", False),
        ("ends with a code", "os._exit(3)", False),
    ],
)
def test_one_that_does_not_answer_ends_and_says_why(what: str, code: str, stopped: bool) -> None:
    begun = time.monotonic()
    got = ran(code, bytes(2 * MB), wait_s=1.5 if stopped else 30)
    assert (got.answer, got.stopped) == (b"", stopped)
    assert got.was_working == (what == "never stops working")
    assert time.monotonic() - begun < 30


def test_one_that_answers_without_end_is_cut_short() -> None:
    got = ran("while True: os.write(1, bytes(65_536))", most_bytes=3 * MB)
    assert len(got.answer) == 3 * MB


def test_what_it_has_started_ends_with_it() -> None:
    """A sleeping grandchild, which names itself in the answer."""
    code = "pid = os.fork()\nif pid: os.write(1, str(pid).encode()); os._exit(0)\nos.close(1); time.sleep(60)"
    grandchild = int(ran(code).answer)
    deadline = time.monotonic() + 10
    while _is_alive(grandchild):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _is_alive(pid: int) -> bool:
    """Running, and not merely waiting for somebody to take notice of its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("what", "setup", "code"),
    [
        ("more processor time", CONFINED, "while True: pass"),
        ("more time than its own alarm gives", CONFINED.replace("60", "1"), "time.sleep(60)"),
    ],
)
def test_confined_it_cannot_have(what: str, setup: str, code: str) -> None:
    begun = time.monotonic()
    assert ran(code, setup=setup, wait_s=60) == Ended(b"", stopped=True)
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    ("what", "code", "refusal"),
    [
        ("more memory", "bytearray(400_000_000)", "MemoryError"),
        ("a file to write to", "open(sys.stdin.read(), 'wb', 0).write(b'x')", "OSError"),
        ("many files", "[os.dup(0) for _ in range(64)]", "OSError"),
        ("bounds taken back", "resource.setrlimit(resource.RLIMIT_CPU, (1, 2))", "ValueError"),
    ],
)
def test_confined_it_is_refused(what: str, code: str, refusal: str, tmp_path: Path) -> None:
    tried = f"try:\n  {code}\nexcept {refusal}: os.write(1, b'refused')\nos._exit(0)"
    assert ran(tried, bytes(tmp_path / "new"), setup=CONFINED) == Ended(b"refused")


@pytest.mark.skipif(os.geteuid() == 0 and not support().filters, reason="an administrator may start what it likes")
@pytest.mark.parametrize(
    "code",
    ["open('/etc/hostname')", "open('/proc/self/mem')", "socket.socket()", "os.pipe()", "os.dup(0)", "os.fork()"],
)
def test_enclosed_it_can_open_nothing(code: str) -> None:
    """By an error, or, where the kernel filters system calls, by the end: `test_cage.py` says which."""
    tried = f"try:\n  {code}\n  os.write(1, b'done')\nexcept OSError: os.write(1, b'refused')\nos._exit(0)"
    ended = ran(tried, setup=CONFINED + "import socket; enclose(threads=False)")
    assert ended in (Ended(b"refused"), Ended(b""))
    assert ended.answer or support().filters


STUBBORN = """
import signal, time
from ostiary.adapters.isolation.confinement import confine
confine(1, 60, 300_000_000)
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's end")
def test_when_the_service_is_killed_none_is_left_even_one_that_blocks_every_signal() -> None:
    asks = f"""
from ostiary.adapters.isolation.process import run_isolated
run_isolated("timeit", ("-n1", "-r1", "-s", {STUBBORN!r}, "time.sleep(600)"), b"", 600, 1000)
"""
    with subprocess.Popen([sys.executable, "-c", asks]) as service:
        deadline = time.monotonic() + 60
        while not (child := _that_blocks_everything(service.pid)):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        service.kill()
    while _is_alive(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_one_whose_service_is_killed_before_it_is_bound_ends_by_itself() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    line = [sys.executable, "-m", "timeit", "-n1", "-r1", "-s", STUBBORN, "time.sleep(600)"]
    with subprocess.Popen(line, stdout=writing) as orphan:
        os.close(writing)
        try:
            assert orphan.wait(60) == 0
        finally:
            orphan.kill()


def _that_blocks_everything(parent: int) -> int:
    """A child of it that has come so far; 0: none yet."""
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        for pid in task.read_text().split():
            status = Path(f"/proc/{pid}/status").read_text()
            is_bound = re.search(r"Max cpu time +1 ", Path(f"/proc/{pid}/limits").read_text())
            if is_bound and "SigBlk:\t0000000000000000" not in status:
                return int(pid)
    return 0


def test_what_a_library_prints_is_no_answer() -> None:
    code = "sink = answer_only(); os.write(1, b'noise'); print('noise', flush=True); os.write(sink, b'answer')" + BYE
    assert ran(code, setup=CONFINED) == Ended(b"answer")


async def test_many_at_once_from_threads_beside_a_running_loop() -> None:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(4) as pool:
        code = "os.write(1, sys.stdin.buffer.read()[:5])" + BYE
        runs = (loop.run_in_executor(pool, ran, code, b"%05d" % number + bytes(MB)) for number in range(12))
        assert await asyncio.gather(*runs) == [Ended(b"%05d" % number) for number in range(12)]


def children() -> set[str]:
    """Ids of this process's children, also of those that ended and were not waited for."""
    lines = (path.read_text().split() for path in Path("/proc/self/task").glob("*/children"))
    return {pid for each in lines for pid in each}


def test_no_process_no_handle_is_left_behind() -> None:
    before = set(os.listdir("/proc/self/fd")) if sys.platform == "linux" else set()
    already = children()
    for code in ("os._exit(0)", "time.sleep(9)", "while True: os.write(1, bytes(9_000))"):
        ran(code, bytes(MB), wait_s=0.3, most_bytes=50_000)
    if before:
        assert set(os.listdir("/proc/self/fd")) == before
    assert children() == already, "servers of other tests may be there, and nothing else"


def test_one_that_starts_threads_without_end_is_ended() -> None:
    """With stacks as small as they get, which the limit of memory lets through by the thousand."""
    code = f"""
import threading
threading.stack_size(32_768)
for _ in range({MOST_THREADS}):
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
os.write(1, b'started')
time.sleep(600)"""
    began = time.monotonic()
    assert ran(code, wait_s=300) == Ended(b"", stopped=True)
    assert time.monotonic() - began < 200
