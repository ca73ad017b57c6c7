"""What becomes of the reader and of what it is asked, logged and counted: no document, no client, only how it went."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from ostiary.domain.documents.reading import Trouble
from ostiary.telemetry.logs import get_logger
from ostiary.telemetry.metrics import REGISTRY

STARTED, NOT_STARTED = "started", "not_started"
_STARTS = Histogram(
    "ostiary_reader_start_seconds",
    "Time until the reader was ready, or was given up.",
    ("outcome",),
    registry=REGISTRY,
    buckets=(0.5, 1, 2.5, 5, 10, 15, 30, 60, 120),
)
_READINGS = Histogram(
    "ostiary_reading_seconds",
    "Time until a document was read, waiting included.",
    ("outcome",),
    registry=REGISTRY,
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)
_STOPPED = Counter("ostiary_reader_not_started", "Starts of the reader that failed.", registry=REGISTRY)
_LOUD = frozenset({"timed_out", "failed"})
"""A file that was stopped, or that ended the reader: worth a look when there are many."""
_log = get_logger("ostiary.reader")


def begin() -> None:
    """Makes the series of what may become of a reading, with 0: an alarm needs something to look at from the start."""
    for outcome in ("read", *Trouble):
        _READINGS.labels(outcome)
    for outcome in (STARTED, NOT_STARTED):
        _STARTS.labels(outcome)


def reader_told(event: str, seconds: float, cause: str) -> None:
    """Takes what the reader tells of itself (`adapters/reader/reporting.py`)."""
    ms = round(seconds * 1000)
    if event == STARTED:
        _STARTS.labels(event).observe(seconds)
        _log.info("reader_started", ms=ms)
    elif event == NOT_STARTED:
        _STARTS.labels(event).observe(seconds)
        _STOPPED.inc()
        _log.error("reader_not_started", ms=ms, cause=cause)
    else:
        _READINGS.labels(event).observe(seconds)
        if event in _LOUD:
            _log.warning("reading_stopped", ms=ms, outcome=event)
