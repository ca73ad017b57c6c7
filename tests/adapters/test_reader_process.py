"""The reader's process: whatever a file or the system does to it costs one reading."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from ostiary.adapters.reader import process as reader_process
from ostiary.adapters.reader.availability import missing
from ostiary.adapters.reader.process import HARD_STOP_S, ReaderProcess
from ostiary.adapters.reader.wire import LENGTH, framed
from ostiary.adapters.specimen import specimen
from ostiary.domain.documents import FRONT
from ostiary.domain.errors import Unavailable
from ostiary.domain.readings import Reading, Trouble

pytestmark = pytest.mark.asyncio(loop_scope="module")
TODAY = date(2026, 4, 15)
PAGE = specimen(5, number="UT1234567")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def reader() -> AsyncIterator[ReaderProcess]:
    one = ReaderProcess()
    yield one
    await one.close()


async def read(reader: ReaderProcess, content: bytes = PAGE) -> Reading:
    return await reader.read([(FRONT, content)], (), TODAY)


def is_good(reading: Reading) -> bool:
    return reading.zone is not None and reading.zone.number == "UT1234567" and reading.trouble is None


async def test_the_extra_is_installed_here() -> None:
    assert missing() == ()


async def test_a_page_is_read_and_the_process_stays(reader: ReaderProcess) -> None:
    assert is_good(await read(reader))
    first = reader.pid
    assert is_good(await read(reader))
    assert reader.pid == first


async def test_garbage_is_an_answer_and_the_process_goes_on(reader: ReaderProcess) -> None:
    first = (await read(reader), reader.pid)[1]
    for content in (b"", b"\xff\xd8\xff" * 1000, b"%PDF-1.7\n" + bytes(1000), b"\x89PNG\r\n\x1a\n" + bytes(5000)):
        assert (await read(reader, content)).trouble is Trouble.NOT_READABLE
    assert reader.pid == first


async def test_two_at_once_are_read_in_turn(reader: ReaderProcess) -> None:
    assert all(map(is_good, await asyncio.gather(*(read(reader) for _ in range(3)))))


async def test_a_process_that_is_killed_is_replaced(reader: ReaderProcess) -> None:
    await read(reader)
    first = reader.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    after = await read(reader)
    assert is_good(after) or after.trouble is Trouble.FAILED, "it may have been asked before its end was heard of"
    assert is_good(await read(reader))
    assert reader.pid != first


async def test_a_process_that_hangs_is_stopped_hard(reader: ReaderProcess) -> None:
    await read(reader)
    hung = reader.pid
    assert hung is not None
    os.kill(hung, signal.SIGSTOP)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    assert (await read(reader)).trouble is Trouble.TIMED_OUT
    assert HARD_STOP_S <= loop.time() - begun < HARD_STOP_S + 3
    with pytest.raises(ProcessLookupError):
        os.kill(hung, 0)
    assert is_good(await read(reader))


async def test_a_call_that_is_given_up_leaves_no_answer_for_the_next(reader: ReaderProcess) -> None:
    await read(reader)
    task = asyncio.create_task(read(reader))
    await asyncio.sleep(0.02)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert (await read(reader, b"garbage")).trouble is Trouble.NOT_READABLE


async def test_who_waits_too_long_is_told_to_come_again(reader: ReaderProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_process, "LONGEST_WAIT_S", 0.01)
    await read(reader)
    answers = await asyncio.gather(*(read(reader) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in answers] == [Reading, Unavailable, Unavailable]


async def test_it_has_limits_and_can_open_nothing(reader: ReaderProcess) -> None:
    await read(reader)
    limits = Path(f"/proc/{reader.pid}/limits").read_text()
    found = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert found["Max data size"] == str(1 << 30)
    assert (found["Max open files"], found["Max file size"], found["Max core file size"]) == ("0", "0", "0")
    assert Path(f"/proc/{reader.pid}/environ").read_bytes() == b""


async def test_one_that_is_closed_reads_no_more() -> None:
    closed = ReaderProcess()
    await closed.close()
    with pytest.raises(Unavailable):
        await read(closed)


async def test_one_without_work_ends_and_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_process, "IDLE_S", 0.05)
    idle = ReaderProcess()
    try:
        assert is_good(await read(idle))
        await asyncio.sleep(0.5)
        assert idle.pid is None
        assert is_good(await read(idle))
    finally:
        await idle.close()


async def test_the_process_ends_with_its_input() -> None:
    """As when the service is killed: nobody is left to end it."""
    child = subprocess.Popen(
        [sys.executable, "-IB", "-m", "ostiary.adapters.reader.child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with child:
        assert child.stdout is not None
        assert child.stdin is not None
        ready = framed(b"ready")
        assert child.stdout.read(len(ready)) == ready
        child.stdin.write(LENGTH.pack(12)[:2])  # half a question
        child.stdin.close()
        child.wait(10)


async def test_the_service_itself_loads_no_model() -> None:
    loads = "import ostiary.cli.serve, ostiary.worker, ostiary.cli.document, sys; "
    asks = (
        "print([one for one in ('cv2', 'onnxruntime', 'zxingcpp', 'pypdfium2', 'pillow_heif') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", loads + asks], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
