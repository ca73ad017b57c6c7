"""What becomes of the reader is logged and counted, so that an alarm has something to look at."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from ostiary.telemetry.metrics import REGISTRY
from ostiary.telemetry.reader_metrics import reader_told

STOPPED = {"event": "reading_stopped", "log_level": "warning", "ms": 2_500}


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize(
    ("event", "line", "grown"),
    [
        ("started", {"event": "reader_started", "log_level": "info", "ms": 2_500}, "reader_start"),
        (
            "not_started",
            {"event": "reader_not_started", "log_level": "error", "ms": 2_500, "cause": "why"},
            "reader_start",
        ),
        ("read", None, "reading"),
        ("timed_out", {**STOPPED, "outcome": "timed_out"}, "reading"),
        ("failed", {**STOPPED, "outcome": "failed"}, "reading"),
    ],
)
def test_every_end_is_counted_and_what_an_operator_should_see_is_logged(
    event: str, line: dict[str, object] | None, grown: str
) -> None:
    name = f"ostiary_{grown}_seconds_count"
    before, failed = counted(name, outcome=event), counted("ostiary_reader_not_started_total")
    with capture_logs() as lines:
        reader_told(event, 2.5, "why")
    assert counted(name, outcome=event) == before + 1
    assert counted("ostiary_reader_not_started_total") == failed + (event == "not_started")
    assert lines == ([] if line is None else [line])
