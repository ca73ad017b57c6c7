"""Structured logs by allowlist: a key that is not on the list does not get into a line, whatever it holds.

So nothing personal can appear by accident; to log something new, it has to be named here, in review.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

import msgspec


@contextmanager
def _as_if_without(name: str) -> Iterator[None]:
    """Nobody imports that module meanwhile, unless it is there already."""
    if name in sys.modules:
        yield
        return
    cast(dict[str, Any], sys.modules)[name] = None
    try:
        yield
    finally:
        del sys.modules[name]


with _as_if_without("rich"):  # structlog would have it draw tracebacks, which are never shown: 5 MB in every process
    import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "trace_id", "company_id", "client_id", "enablement_id", "message_id",
        "operation",
        "status", "ms", "error", "cause", "place", "topic", "outcome", "attempt", "problem", "host", "port", "version",
        "data_dir", "count", "schema", "catalogue", "signal",
        "process", "pid", "kind", "list", "line",
    }
)  # fmt: skip


def as_line(_: Any, level: str, event: MutableMapping[str, Any]) -> bytes:
    """One JSON object: what is on the list and not empty, and nothing else."""
    line: dict[str, Any] = {"timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level}
    line.update((name, value) for name, value in event.items() if name in ALLOWED and value != "")
    return msgspec.json.encode(line, enc_hook=str)


def set_up(level: str, process: int = 0) -> None:
    """One JSON object per line on standard error. A `process` of several, numbered from 1, says so in every line."""

    def numbered(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {"process": process, **event}

    structlog.configure(
        processors=[numbered, as_line] if process else [as_line],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(file=sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Quiet()], force=True)


class _Quiet(logging.Handler):
    """Other libraries' warnings: their logger and level are told, their words are not (they may quote requests)."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger("ostiary.other").warning("library", operation=record.name, error=record.levelname)
