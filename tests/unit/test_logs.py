"""Log lines: only fields that are on the list, as JSON, numbered where several processes write."""

from __future__ import annotations

import asyncio
import io
import json
import os
import select
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from ostiary.telemetry.logs import ALLOWED, PATIENCE_MS, LogLines, as_line


def line(**event: Any) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(as_line("info", {"event": "x", **event}))
    datetime.fromisoformat(content.pop("timestamp"))
    return content


@pytest.mark.parametrize("name", sorted(ALLOWED - {"timestamp", "level", "event"}))
def test_what_is_on_the_list_is_written(name: str) -> None:
    assert line(**{name: 7}) == {"event": "x", "level": "info", name: 7}


@pytest.mark.parametrize("name", ["email", "first_name", "key", "body", "url", "message", "exc_info", "secret"])
def test_what_is_not_on_the_list_never_is(name: str) -> None:
    assert line(**{name: "Maria"}) == {"event": "x", "level": "info"}


@pytest.mark.parametrize(("value", "is_written"), [("", False), (0, True), (None, True), (False, True), ("a", True)])
def test_only_an_empty_text_is_left_out(value: object, is_written: bool) -> None:
    assert ("status" in line(status=value)) is is_written


def test_what_json_does_not_know_becomes_text() -> None:
    assert line(data_dir=Path("/srv/o"))["data_dir"] == "/srv/o"


PROGRAM = """
import logging, structlog
from ostiary.telemetry import logs
logs.set_up({level!r}, {process})
log = structlog.get_logger("x")
for name in ("debug", "info", "warning", "error"):
    getattr(log, name)(name, email="maria@example.com", count=1)
logging.getLogger("other.library").warning("GET /clients/maria@example.com")
logging.getLogger("other.library").info("quiet")
"""


@pytest.mark.parametrize(
    ("level", "process", "events"),
    [
        ("debug", 0, ["debug", "info", "warning", "error", "library"]),
        ("info", 3, ["info", "warning", "error", "library"]),
        ("warning", 0, ["warning", "error", "library"]),
        ("error", 2, ["error"]),
    ],
)
def test_a_level_lets_through_what_is_as_grave(level: str, process: int, events: list[str]) -> None:
    program = PROGRAM.format(level=level, process=process)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    records = [json.loads(text) for text in done.stderr.splitlines()]
    assert [record["event"] for record in records] == events
    assert {record.get("process", 0) for record in records} == {process}
    assert "maria" not in done.stderr
    assert "email" not in done.stderr
    for record in records:
        if record["event"] == "library":
            assert (record["operation"], record["error"]) == ("other.library", "WARNING")


class Written(io.BytesIO):
    """What reaches the system, call by call."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def flush(self) -> None:
        self.pieces.append(self.getvalue())
        self.seek(0)
        self.truncate()


async def test_lines_of_one_turn_go_together_in_their_order() -> None:
    written = Written()
    lines = LogLines(written)
    for line in (b"a", b"b", b"c"):
        lines.info(line)
    assert written.pieces == []
    await asyncio.sleep(0)
    assert written.pieces == [b"a\nb\nc\n"]
    lines.info(b"d")
    await asyncio.sleep(0)
    assert written.pieces[1:] == [b"d\n"]


@pytest.mark.parametrize("level", ["warning", "error", "critical"])
async def test_what_is_grave_is_written_at_once_behind_what_came_before(level: str) -> None:
    written = Written()
    lines = LogLines(written)
    lines.info(b"before")
    getattr(lines, level)(b"grave")
    assert written.pieces == [b"before\ngrave\n"]
    await asyncio.sleep(0)
    assert written.pieces == [b"before\ngrave\n"]


async def test_a_thread_without_a_loop_writes_at_once() -> None:
    written = Written()
    lines = LogLines(written)
    lines.info(b"before")
    thread = threading.Thread(target=lines.info, args=(b"thread",))
    thread.start()
    thread.join()
    assert written.pieces == [b"before\nthread\n"]


def test_what_a_loop_did_not_come_to_is_written_with_the_next_line() -> None:
    written, ended = Written(), asyncio.new_event_loop()
    lines = LogLines(written)

    async def say(line: bytes) -> None:
        lines.info(line)
        ended.stop()

    task = ended.create_task(say(b"left"))
    ended.run_forever()
    ended.close()
    assert (task.done(), written.pieces) == (True, [])

    async def after() -> None:
        lines.info(b"after")
        await asyncio.sleep(0)

    asyncio.run(after())
    assert written.pieces == [b"left\nafter\n"]


async def test_many_lines_go_in_pieces_that_a_pipe_takes_as_a_whole() -> None:
    written = Written()
    lines = LogLines(written)
    lines_sent = [
        b"%d " % at + b"x" * size for at, size in enumerate([500] * 30 + [5_000, 10, select.PIPE_BUF - 4, 10])
    ]
    for line in lines_sent:
        lines.info(line)
    await asyncio.sleep(0)
    assert b"".join(written.pieces) == b"".join(line + b"\n" for line in lines_sent)
    assert all(len(piece) <= select.PIPE_BUF or piece.count(b"\n") == 1 for piece in written.pieces)
    assert len(written.pieces) < 10


class Talkative(Written):
    """Garbage is collected whenever it likes, and what is collected may have something to say."""

    lines: LogLines

    def write(self, content: Any) -> int:
        if b"first" in content:
            self.lines.warning(b"said meanwhile")
        return super().write(content)


def test_what_has_something_to_say_while_lines_are_written_does_not_wait_for_itself() -> None:
    written = Talkative()
    written.lines = LogLines(written)
    thread = threading.Thread(target=written.lines.warning, args=(b"first",), daemon=True)
    thread.start()
    thread.join(30)
    assert (thread.is_alive(), b"".join(written.pieces)) == (False, b"said meanwhile\nfirst\n")


ROOM = select.PIPE_BUF


def filled(pipe: BinaryIO, lines: LogLines) -> int:
    """Lines that fill a pipe; how many."""
    accepted = 0
    while select.select([], [pipe], [], 0)[1]:
        accepted += 1
        lines.warning(b"x" * (ROOM - 1))
    return accepted


def test_a_reader_who_takes_nothing_is_waited_for_once_and_told_what_it_missed() -> None:
    reading, writing = os.pipe()
    with open(writing, "wb") as pipe, open(reading, "rb", buffering=0) as reader:
        lines = LogLines(pipe)
        accepted = filled(pipe, lines)
        began = time.monotonic()
        for _ in range(100):
            lines.warning(b"missed")
        assert PATIENCE_MS <= (time.monotonic() - began) * 1000 < 10 * PATIENCE_MS
        for _ in range(accepted):
            assert len(reader.read(ROOM)) == ROOM
        lines.warning(b"after")
        report, after = reader.read(ROOM).splitlines()
    assert {"event": "lines_lost", "count": 100}.items() <= json.loads(report).items()
    assert after == b"after"


def test_a_reader_who_takes_a_little_now_and_then_is_not_waited_for_each_time() -> None:
    reading, writing = os.pipe()
    with open(writing, "wb") as pipe, open(reading, "rb", buffering=0) as reader:
        lines = LogLines(pipe)
        filled(pipe, lines)
        began = time.monotonic()
        for _ in range(30):
            reader.read(ROOM)
            lines.warning(b"x" * (ROOM - 1))
            lines.warning(b"missed")
        assert (time.monotonic() - began) * 1000 < 10 * PATIENCE_MS


def test_a_reader_who_is_slow_misses_nothing() -> None:
    reading, writing = os.pipe()
    with open(writing, "wb") as pipe, open(reading, "rb") as reader:
        lines = LogLines(pipe)

        def say() -> None:
            for at in range(3_000):
                lines.warning(b"%d " % at + b"x" * 100)
            pipe.close()

        thread = threading.Thread(target=say)
        thread.start()
        numbers = [int(line.split()[0]) for line in reader]
        thread.join()
    assert numbers == list(range(3_000))


def test_what_was_said_last_is_written_at_the_end_of_the_process() -> None:
    program = """
import asyncio, os, structlog
from ostiary.telemetry import logs
logs.set_up("info")
async def last():
    structlog.get_logger("x").info("last")
    asyncio.get_running_loop().stop()
loop = asyncio.new_event_loop()
task = loop.create_task(last())
loop.run_forever()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stderr)["event"] == "last"
