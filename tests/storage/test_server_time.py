"""The time of the database's server, followed for as long as a process lives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from ostiary import app
from ostiary.adapters.shared_clock import SharedClock
from ostiary.app import Installation
from ostiary.domain.errors import Unavailable
from ostiary.storage.engine import Engine
from ostiary.storage.server_clock import ask_time, tell_time
from tests.storage.postgres_shelf import PostgresShelf

NEAR_MS = 500
HOUR_MS = 3_600_000


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    shelf = PostgresShelf()
    opened = shelf.place.engine()
    yield opened
    await opened.release()
    await shelf.close()


async def test_it_is_read_before_there_is_an_event_loop_and_within_one(engine: Engine) -> None:
    clock = SharedClock()
    await asyncio.to_thread(tell_time, engine, clock.look)
    ours_ms = time.time() * 1000  # the server runs on this machine
    assert abs(clock.now_ms() - ours_ms) < NEAR_MS
    assert abs(await ask_time(engine) - ours_ms) < NEAR_MS


async def test_whatever_happens_to_a_look_the_next_one_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that ends of it would leave the process with a clock that nobody corrects, and tell nobody."""
    answers: list[int | Exception] = [1_000, Unavailable("away"), RuntimeError("what nobody thought of"), HOUR_MS]
    done = asyncio.Event()

    async def asked(_: Engine) -> int:
        if not answers:
            done.set()
            await asyncio.sleep(60)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(app, "ask_time", asked)
    monkeypatch.setattr(app, "LOOK_EVERY_S", 0.001)
    parts = SimpleNamespace(store=SimpleNamespace(engine=SimpleNamespace(is_shared=True)), time=SharedClock())
    with capture_logs() as logs:
        keeping = asyncio.create_task(Installation.follow_server_clock(cast("Any", parts)))
        await asyncio.wait_for(done.wait(), 10)
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
    assert abs(parts.time.now_ms() - HOUR_MS) < NEAR_MS
    events = [(log["event"], log.get("error")) for log in logs]
    assert events == [("clock_not_read", "RuntimeError"), ("clock_set", None)], "an outage is told elsewhere"
