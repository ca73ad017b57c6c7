"""Log lines: only fields that are on the list, as JSON, numbered where several processes write."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ostiary.telemetry.logs import ALLOWED, as_line


def line(**event: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(as_line(None, "info", {"event": "x", **event}))
    datetime.fromisoformat(told.pop("timestamp"))
    return told


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
    told = [json.loads(one) for one in done.stderr.splitlines()]
    assert [one["event"] for one in told] == events
    assert {one.get("process", 0) for one in told} == {process}
    assert "maria" not in done.stderr
    assert "email" not in done.stderr
    for one in told:
        if one["event"] == "library":
            assert (one["operation"], one["error"]) == ("other.library", "WARNING")
