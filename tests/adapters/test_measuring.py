"""Pictures measured in kept processes: the same findings as at home, whatever becomes of a process on the way."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ostiary.adapters.cage.kernel import support
from ostiary.adapters.isolation import kept_process
from ostiary.adapters.isolation.kept_process import KeptProcess, KeptProcessEnded
from ostiary.adapters.pictures import measuring_pool
from ostiary.adapters.pictures.intake_answer import ANSWER, MEASURING_PROCESS_BYTES, READY, MeasuredPicture, Measures
from ostiary.adapters.pictures.measuring_pool import MeasuringPool
from ostiary.adapters.pictures.probe import measured_here, probe
from ostiary.domain.documents.pictures import PictureLimits
from ostiary.domain.errors import Unavailable
from tests.corpus.hostile import CASES, JPEG, PICTURE, SIZE, Case, saved
from tests.corpus.made import content_of

pytestmark = pytest.mark.heavy

LIMITS = PictureLimits()
GOOD = measured_here("image/jpeg", JPEG, SIZE)
needs_filters = pytest.mark.skipif(not support().filters, reason="this kernel filters no system calls")


@pytest.fixture
def pool() -> Iterator[MeasuringPool]:
    opened = MeasuringPool(2)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def one_pool() -> Iterator[MeasuringPool]:
    opened = MeasuringPool(1)
    yield opened
    opened.close()


def good(pool: MeasuringPool, company: str = "a") -> MeasuredPicture:
    return pool.measure(company, "image/jpeg", JPEG, SIZE)


def until(holds: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


# ---- what is said of a picture --------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_file_is_judged_there_as_it_is_here(case: Case, one_pool: MeasuringPool) -> None:
    content = content_of(case)
    there = probe(content, LIMITS, partial(one_pool.measure, "a"))
    assert repr(there) == repr(probe(content, LIMITS))


def test_no_file_of_the_corpus_ends_its_process(one_pool: MeasuringPool) -> None:
    good(one_pool)
    before = one_pool.idle_pids
    for case in CASES:
        probe(content_of(case), LIMITS, partial(one_pool.measure, "a"))
    assert one_pool.idle_pids == before


def test_pictures_side_by_side_do_not_disturb_each_other() -> None:
    contents = [saved(PICTURE.resize((width, 600)), kind) for width in (700, 800) for kind in ("JPEG", "PNG", "WEBP")]
    alone = [probe(content, LIMITS) for content in contents]
    pool = MeasuringPool(4)
    with ThreadPoolExecutor(4) as threads:
        assert (
            list(threads.map(lambda content: probe(content, LIMITS, partial(pool.measure, "a")), contents * 4))
            == alone * 4
        )
        assert 1 <= len(pool.idle_pids) <= 4
        pool.close()


# ---- which process, and for how long --------------------------------------------------------------------------------


def test_a_company_has_a_process_to_itself_while_there_are_enough(pool: MeasuringPool) -> None:
    used = []
    for company in ("a", "b", "a", "b", "c", "b"):
        good(pool, company)
        used.append(pool.idle_pids[-1])
    a, b = used[:2]
    assert a != b
    assert used == [a, b, a, b, a, b], "the third takes the one that was asked nothing for longest"


def test_no_process_is_started_before_there_is_a_picture(pool: MeasuringPool) -> None:
    assert pool.idle_pids == ()
    assert probe(b"GIF89a", LIMITS, partial(pool.measure, "a")).media_type == "image/gif"
    assert probe(JPEG[:30], LIMITS, partial(pool.measure, "a")).readable is False
    assert pool.idle_pids == ()


@pytest.mark.parametrize(
    ("limit", "value", "pictures"), [("MOST_PICTURES", 2, 2), ("LIFE_S", 0.0, 1), ("IDLE_S", 0.0, 1)]
)
def test_a_process_is_replaced_after(
    limit: str, value: float, pictures: int, pool: MeasuringPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring_pool, limit, value)
    pids: set[int] = set()
    for _ in range(pictures):
        pids.update(pool.idle_pids)
        assert good(pool) == GOOD
    pids.update(pool.idle_pids)
    assert pool.idle_pids == (), "it is not kept for another one"
    assert len(pids) == pictures - 1
    assert good(pool) == GOOD


@pytest.mark.parametrize("how", ["close", "close while it measures"])
def test_nothing_is_left_of_a_pool_that_is_closed(how: str) -> None:
    before = len(os.listdir("/proc/self/fd"))
    pool = MeasuringPool(2)
    good(pool)
    [pid] = pool.idle_pids
    if how == "close":
        pool.close()
    else:
        with stopped(pid), ThreadPoolExecutor(1) as thread:
            under_way = thread.submit(good, pool)
            until(lambda: not pool.idle_pids, "it is asked")
            pool.close()
            os.kill(pid, signal.SIGCONT)
            assert under_way.result() == GOOD
    assert not Path(f"/proc/{pid}").exists()
    assert len(os.listdir("/proc/self/fd")) == before


def test_nothing_is_kept_of_a_picture_where_it_lay(pool: MeasuringPool) -> None:
    good(pool)
    [pid] = pool.idle_pids
    handed = [path.stat().st_size for path in Path(f"/proc/{pid}/fd").iterdir() if "memfd" in str(path.readlink())]
    assert handed == [0]


# ---- the cage it is in ----------------------------------------------------------------------------------------------


def test_the_process_is_bound(pool: MeasuringPool) -> None:
    good(pool)
    [pid] = pool.idle_pids
    limits = Path(f"/proc/{pid}/limits").read_text()
    for name, most in (("data size", MEASURING_PROCESS_BYTES), ("open files", 0), ("file size", 0), ("processes", 0)):
        assert f"Max {name} {most} {most}" in " ".join(limits.split())
    assert Path(f"/proc/{pid}/environ").read_bytes() == b""
    assert len(list(Path(f"/proc/{pid}/fd").iterdir())) == 5, "question, answer twice, errors, and the picture"


@needs_filters
def test_the_process_is_in_the_cage_with_one_thread(pool: MeasuringPool) -> None:
    good(pool)
    status = Path(f"/proc/{pool.idle_pids[0]}/status").read_text().split()
    assert (status[status.index("Seccomp:") + 1], status[status.index("Threads:") + 1]) == ("2", "1")


# ---- when it goes wrong ---------------------------------------------------------------------------------------------


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """It stands still, as if it hung."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGSEGV, signal.SIGSYS, signal.SIGALRM, signal.SIGPROF])
def test_a_picture_whose_process_ends_is_measured_by_another(by: signal.Signals, pool: MeasuringPool) -> None:
    good(pool)
    [pid] = pool.idle_pids
    with stopped(pid), ThreadPoolExecutor(1) as thread:
        under_way = thread.submit(good, pool)
        until(lambda: not pool.idle_pids, "it is asked")
        os.kill(pid, by)
        os.kill(pid, signal.SIGCONT)
        assert under_way.result() == GOOD
    assert pool.idle_pids not in ((), (pid,))


def test_a_process_that_ended_meanwhile_is_not_asked(pool: MeasuringPool) -> None:
    good(pool)
    [pid] = pool.idle_pids
    os.kill(pid, signal.SIGKILL)
    assert good(pool) == GOOD
    assert pool.idle_pids != (pid,)


def test_a_process_that_hangs_is_given_up(pool: MeasuringPool, monkeypatch: pytest.MonkeyPatch) -> None:
    good(pool)
    [pid] = pool.idle_pids
    monkeypatch.setattr(kept_process, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(kept_process, "STALLED_S", 3.0)
    with stopped(pid):
        assert good(pool) == GOOD
    assert pool.idle_pids != (pid,)


def test_a_machine_that_gives_it_no_processor_is_no_fault_of_the_picture(
    pool: MeasuringPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    good(pool)
    monkeypatch.setattr(kept_process, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(kept_process, "STALLED_S", 0.2)
    monkeypatch.setattr(kept_process, "is_working", lambda _pid: True)
    with stopped(pool.idle_pids[0]), pytest.raises(Unavailable) as raised:
        good(pool)
    assert raised.value.retry_after_s


SETUP = f"""
import math, os, signal, sys, time
from ostiary.adapters.pictures.intake_answer import ANSWER, QUESTION
from ostiary.adapters.isolation.confinement import answer_only, bind, enclose
bind({MEASURING_PROCESS_BYTES}, descriptor=99)
sink = answer_only()
enclose(threads=False, timers=True)
os.write(sink, {READY!r})
os.read(0, QUESTION.size)
"""
"""A process that a file has taken over, once it was asked."""


def taken_over(code: str) -> Callable[[], KeptProcess]:
    def start() -> KeptProcess:
        return KeptProcess("timeit", READY, 30, ("-n1", "-r1", "-s", SETUP, code + "\nos._exit(0)"))

    return start


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("", MeasuredPicture()),
        ("os.kill(os.getppid(), 0)", MeasuredPicture()),
        ("os.open('/etc/hostname', 0)", MeasuredPicture()),
        ("os.write(sink, b'half an')", MeasuredPicture()),
        ("os.write(sink, ANSWER.pack(7, 0.5, 0.5, 0.5)); time.sleep(60)", MeasuredPicture()),
        ("os.write(sink, ANSWER.pack(1, 0.5, math.nan, 0.5)); time.sleep(60)", MeasuredPicture()),
        ("os.write(sink, ANSWER.pack(1, 0.5, 0.5, math.inf)); time.sleep(60)", MeasuredPicture()),
        ("os.write(sink, ANSWER.pack(1, 2.5, 0.5, 0.5)); time.sleep(60)", MeasuredPicture()),
        ("os.write(sink, ANSWER.pack(3, 0, 0, 0)); time.sleep(60)", MeasuredPicture(too_costly=True)),
        ("os.write(sink, ANSWER.pack(1, math.nan, 1, 0)); time.sleep(60)", MeasuredPicture(Measures(None, 1.0, 0.0))),
        ("signal.setitimer(signal.ITIMER_PROF, 0.1)\nwhile True: pass", MeasuredPicture(too_costly=True)),
        ("signal.alarm(1); time.sleep(60)", MeasuredPicture(too_costly=True)),
        ("held = bytearray(400_000_000); os.write(sink, ANSWER.pack(3, 0, 0, 0))", MeasuredPicture()),
        ("while True: pass", MeasuredPicture(too_costly=True)),
    ],
    ids=[
        "ends", "signals", "opens a path", "says half of it", "no verdict", "no brightness", "without end", "too sharp",
        "too costly", "nothing to see", "its own timer", "its own alarm", "too much memory", "a timer it never set",
    ],
)  # fmt: skip
def test_what_a_process_that_was_taken_over_comes_to(
    code: str, expected: MeasuredPicture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_process, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(measuring_pool, "MEASURE_CPU_S", 0.2)
    pool = MeasuringPool(1, taken_over(code))
    try:
        assert good(pool) == expected
    finally:
        pool.close()


def test_what_is_said_before_it_is_asked_for_is_not_the_next_picture_s(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = f"os.write(sink, 2 * {ANSWER.pack(1, 0.5, 0.5, 0.5)!r}); time.sleep(60)"
    pool = MeasuringPool(1, taken_over(twice))
    assert good(pool) == MeasuredPicture(Measures(0.5, 0.5, 0.5))
    [pid] = pool.idle_pids
    monkeypatch.setattr(pool, "_start", measuring_pool.started)
    assert good(pool) == GOOD
    assert pool.idle_pids != (pid,)
    pool.close()


@pytest.mark.parametrize("fault", [BlockingIOError(), KeptProcessEnded(timed_out=False)])
def test_a_system_without_room_for_a_process_asks_for_patience(fault: Exception) -> None:
    def full() -> KeptProcess:
        raise fault

    pool = MeasuringPool(1, full)
    for _ in range(3):
        with pytest.raises(Unavailable) as raised:
            good(pool)
        assert raised.value.retry_after_s


@pytest.mark.parametrize(
    "code", ["os._exit(1)", "os.write(1, b'x'); time.sleep(60)"], ids=["ends", "says another word"]
)
def test_a_process_that_does_not_come_up_is_not_left_behind(code: str) -> None:
    before = len(os.listdir("/proc/self/fd")), threading.active_count()
    with pytest.raises(KeptProcessEnded):
        KeptProcess("timeit", READY, 30, ("-n1", "-r1", "-s", "import os, time", code))
    assert (len(os.listdir("/proc/self/fd")), threading.active_count()) == before


def test_a_picture_of_one_colour_has_no_edges_to_judge(pool: MeasuringPool) -> None:
    content = saved(Image.new("RGB", (900, 600), "white"), "JPEG")
    measured = pool.measure("a", "image/jpeg", content, (900, 600))
    assert measured == MeasuredPicture(Measures(None, 1.0, 1.0))
