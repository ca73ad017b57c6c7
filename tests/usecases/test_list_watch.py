"""Lists are looked at every minute: log and metrics name the one, and the line, that is not as it should be."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest

from ostiary.adapters.lists.local_list import LocalList
from ostiary.background import rescreen
from ostiary.background.rescreen import Rescreening
from ostiary.domain.times import DAY_MS
from ostiary.telemetry import metrics
from tests.house import House, open_house
from tests.provided import catalogue, providers

HEADER = "id,schema,name\n"
GOOD = f"{HEADER}1,Person,Ana Li\n"


class RecordedLog:
    """A logger that keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, Any, Any]] = []

    def __getattr__(self, level: str) -> Any:
        return lambda event, **more: self.lines.append((event, more.get("list"), more.get("line")))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    path = providers(tmp_path)
    (tmp_path / "list.csv").write_text(GOOD)
    path.write_text(path.read_text() + "screening:\n  own:\n    kind: local\n    file: list.csv\n")
    settings = {
        "OSTIARY_CATALOGUE": str(catalogue(tmp_path)),
        "OSTIARY_PROVIDERS": str(path),
        "OSTIARY_PUBLIC_URL": "http://127.0.0.1:1",
    }
    with open_house(tmp_path / "data", **settings) as opened:
        yield opened
        await opened.parts.close_connections()


def measured(name: str) -> float:
    lines = generate_latest(metrics.REGISTRY).decode().splitlines()
    [value] = [
        line.rpartition(" ")[2] for line in lines if line.startswith(f'ostiary_screening_list_{name}{{list="own"}}')
    ]
    return float(value)


async def test_what_is_wrong_with_a_list_is_said_once_a_day_until_it_is_right(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, path = RecordedLog(), tmp_path / "list.csv"
    monkeypatch.setattr(rescreen, "_log", log)
    passes, times = Rescreening(house.context), iter(range(10**6))
    [own] = house.context.lists
    assert isinstance(own, LocalList)

    async def look(content: str | None = None, *, later_ms: int = 60_000) -> list[tuple[str, Any, Any]]:
        if content is not None:
            path.write_text(content)
            at_ns = house.clock.now_ms * 1_000_000 + next(times)
            os.utime(path, ns=(at_ns, at_ns))
        await own.settled()
        house.clock.now_ms += later_ms
        log.lines.clear()
        await passes.begin()
        if passes._pass._task is not None:
            await passes._pass._task
        return [line for line in log.lines if line[0].startswith("list_")]

    assert await look(GOOD) == []
    assert (measured("readable"), measured("fault_line"), measured("persons")) == (1, 0, 1)
    assert await look(GOOD + "2,Person\n") == [("list_faulty", "own", 3)]
    assert (measured("readable"), measured("fault_line"), measured("persons")) == (0, 3, 1)
    assert await look() == [], "said already"
    assert await look(later_ms=DAY_MS) == [("list_faulty", "own", 3)]
    assert await look(GOOD) == [("list_in_order", "own", None)]
    assert await look(HEADER) == [("list_faulty", "own", 0)], "it holds nobody"
    assert await look(GOOD) == [("list_in_order", "own", None)]
    assert await look(later_ms=8 * DAY_MS) == [("list_faulty", "own", 0)], "it is stale"
    assert measured("age_seconds") > 8 * 86_400 - 1
    await own.close()
    assert await look("broken\n") == [("list_faulty", "own", 1)]
    assert (measured("readable"), measured("fault_line")) == (0, 1)
    await passes.close()
