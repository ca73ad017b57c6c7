"""The reader's process: whatever a file or the system does to it costs one reading."""

from __future__ import annotations

import asyncio
import io
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
import uvloop
from PIL import Image

from ostiary.adapters.reader import process as reader_process
from ostiary.adapters.reader.availability import missing
from ostiary.adapters.reader.process import ReaderProcess
from ostiary.adapters.reader.protocol import LENGTH, framed
from ostiary.domain.documents.document import FRONT
from ostiary.domain.documents.reading import Reading, Trouble
from ostiary.domain.errors import Unavailable
from ostiary.specimens.drawing import specimen

pytestmark = [pytest.mark.heavy, pytest.mark.asyncio(loop_scope="module")]
TODAY = date(2026, 4, 15)
PAGE = specimen(5, number="UT1234567")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def reader() -> AsyncIterator[ReaderProcess]:
    process = ReaderProcess()
    yield process
    await process.close()


async def read(reader: ReaderProcess, content: bytes = PAGE) -> Reading:
    return await reader.read([(FRONT, content)], (), TODAY)


def is_good(reading: Reading) -> bool:
    return reading.zone is not None and reading.zone.number == "UT1234567" and reading.trouble is None


async def test_the_extra_is_installed_here() -> None:
    assert missing() == ()


async def test_it_starts_aside_before_anything_is_asked_and_once(reader: ReaderProcess) -> None:
    reader.warm()
    reader.warm()
    assert is_good(await read(reader))
    started = reader.pid
    reader.warm()
    assert (is_good(await read(reader)), reader.pid) == (True, started)


async def test_one_that_is_closed_while_it_starts_is_gone() -> None:
    process = ReaderProcess()
    process.warm()
    await asyncio.sleep(0)
    await process.close()
    process.warm()
    assert process.pid is None
    with pytest.raises(Unavailable):
        await read(process)


async def test_a_page_is_read_and_the_process_stays(reader: ReaderProcess) -> None:
    assert is_good(await read(reader))
    first = reader.pid
    assert is_good(await read(reader))
    assert reader.pid == first


async def test_everything_is_loaded_that_any_file_needs(reader: ReaderProcess) -> None:
    """Once it is enclosed it can open no module any more: two pages, every form, and a picture without any."""
    out, blank = io.BytesIO(), Image.new("RGB", (800, 600), "white")
    blank.save(out, "PDF", save_all=True, append_images=[Image.open(io.BytesIO(PAGE))])
    assert is_good(await read(reader, out.getvalue()))
    for kind, side in (("national_id", "back"), ("large_id", "front"), ("drivers_license", "back")):
        assert (await read(reader, specimen(6, kind=kind, side=side))).zone is not None
    assert (await read(reader, specimen(6, kind="drivers_license"))).trouble is Trouble.NOT_FOUND


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


async def test_a_process_that_stands_still_is_stopped_hard(
    reader: ReaderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_process, "STALLED_S", 2.0)
    await read(reader)
    hung = reader.pid
    assert hung is not None
    os.kill(hung, signal.SIGSTOP)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    assert (await read(reader)).trouble is Trouble.TIMED_OUT
    assert 2.0 <= loop.time() - begun < 8
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
    await read(reader)
    others = [specimen(seed) for seed in (6, 7, 8)]
    monkeypatch.setattr(reader_process, "LONGEST_WAIT_S", 0.01)
    answers = await asyncio.gather(*(read(reader, other) for other in others), return_exceptions=True)
    assert [type(answer) for answer in answers] == [Unavailable] * 3


async def test_a_reading_that_was_begun_goes_on_and_is_there_for_who_comes_again(
    reader: ReaderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine that is too busy: nothing is begun anew, and nothing is the file's fault."""
    await read(reader)
    first = reader.pid
    assert first is not None
    with monkeypatch.context() as hurried:
        hurried.setattr(reader_process, "LONGEST_WAIT_S", 0.5)
        os.kill(first, signal.SIGSTOP)
        for _ in range(3):
            with pytest.raises(Unavailable):
                await read(reader)
        os.kill(first, signal.SIGCONT)
    assert is_good(await read(reader))
    assert reader.pid == first


async def test_a_start_takes_as_long_as_the_machine_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waited is told to come again; the process that starts is not ended for it, and is ready when it is."""
    heard: list[str] = []
    slow = ReaderProcess(report=lambda event, _seconds, _cause: heard.append(event))
    try:
        with monkeypatch.context() as hurried:
            hurried.setattr(reader_process, "LONGEST_WAIT_S", 0.3)
            with pytest.raises(Unavailable):
                await read(slow)
            starting = slow.pid
            with pytest.raises(Unavailable):
                await read(slow)
        assert is_good(await read(slow))
        assert slow.pid == starting
        assert heard == ["started"]
    finally:
        await slow.close()


async def test_one_that_does_not_start_is_told_of_with_the_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, float, str]] = []
    monkeypatch.setattr(reader_process, "_MODULE", "ostiary.no_such_module")
    broken = ReaderProcess(report=lambda *event: heard.append(event))
    with pytest.raises(Unavailable, match="does not start"):
        await read(broken)
    [(event, seconds, cause)] = heard
    assert (event, cause) == ("not_started", "IncompleteReadError")
    assert 0 < seconds < 60
    await broken.close()


async def test_a_document_that_uses_its_processor_time_up_is_stopped(
    reader: ReaderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the process itself, as the signal that ends it says."""
    await read(reader)
    spent = reader.pid
    assert spent is not None
    os.kill(spent, signal.SIGSTOP)
    task = asyncio.create_task(read(reader))
    await asyncio.sleep(0.2)
    os.kill(spent, signal.SIGPROF)  # what its timer sends
    os.kill(spent, signal.SIGCONT)
    assert (await task).trouble is Trouble.TIMED_OUT
    assert is_good(await read(reader))


async def test_it_has_limits_and_can_open_nothing(reader: ReaderProcess) -> None:
    await read(reader)
    limits = Path(f"/proc/{reader.pid}/limits").read_text()
    by_name = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert by_name["Max data size"] == str(1 << 30)
    assert (by_name["Max open files"], by_name["Max file size"], by_name["Max core file size"]) == ("0", "0", "0")
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
        [sys.executable, "-IB", "-m", "ostiary.adapters.reader.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with child:
        assert child.stdout is not None
        assert child.stdin is not None
        ready = framed(b"ready")
        assert child.stdout.read(len(ready)) == ready
        child.stdin.write(LENGTH.pack(12)[:2])  # half a question
        child.stdin.close()
        child.wait(10)


async def test_the_service_itself_loads_no_model() -> None:
    loads = "import ostiary.runtime.serve, ostiary.background.worker, ostiary.cli.commands.document, sys; "
    asks = (
        "print([one for one in ('cv2', 'onnxruntime', 'zxingcpp', 'pypdfium2', 'pillow_heif') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", loads + asks], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_one_that_sets_its_own_timer_anew_is_ended_from_here() -> None:
    """As a decoder that was taken over would: it works without end, which no stall shows."""
    code = "while True: pass"
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    try:
        assert child.stdout is not None
        async with asyncio.timeout(30):
            with pytest.raises(TimeoutError, match="far more"):
                await reader_process._while_it_moves(child, child.stdout.read(), cpu_s=0.2)
    finally:
        child.kill()
        await child.wait()


async def test_it_keeps_nothing_open_that_its_parent_might_hand_on() -> None:
    """uvloop hands on what may be inherited, and a supervised process has its supervisor's log so."""
    handed, mine = os.pipe()
    os.set_inheritable(mine, True)

    async def opened() -> set[str]:
        process = ReaderProcess()
        try:
            assert is_good(await read(process))
            return {os.readlink(f"/proc/{process.pid}/fd/{name}") for name in os.listdir(f"/proc/{process.pid}/fd")}
        finally:
            await process.close()

    try:
        open_files = await asyncio.to_thread(lambda: uvloop.run(opened()))
        assert os.readlink(f"/proc/self/fd/{mine}") not in open_files
    finally:
        os.close(handed)
        os.close(mine)


async def test_one_whose_input_is_closed_is_replaced() -> None:

    async def tried() -> list[bool]:
        process = ReaderProcess()
        good = []
        try:
            child = await process._started()
            assert child.stdin is not None
            child.stdin.close()  # as uvloop does when something comes where nothing may come
            for _ in range(2):
                good.append(is_good(await read(process)))
            return good
        finally:
            await process.close()

    assert await asyncio.to_thread(lambda: uvloop.run(tried())) == [True, True]


async def test_an_error_of_ours_is_not_kept_as_an_answer(
    reader: ReaderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = specimen(6, number="UT7654321")

    async def fails(_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(reader, "_asked", fails)
        with pytest.raises(MemoryError):
            await read(reader, other)
    assert (await read(reader, other)).zone is not None
