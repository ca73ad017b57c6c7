"""Structured logs by allowlist: a key that is not on the list does not get into a line, whatever it holds.

So nothing personal can appear by accident; to log something new, it has to be named here, in review.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "trace_id", "company_id", "client_id", "enablement_id", "message_id",
        "operation",
        "status", "ms", "error", "cause", "place", "topic", "outcome", "attempt", "problem", "host", "port", "version",
        "data_dir", "count", "schema", "catalogue", "signal",
    }
)  # fmt: skip


def only_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drops what is not on the list, and what is empty."""
    return {name: value for name, value in event.items() if name in ALLOWED and value != ""}


def set_up(level: str) -> None:
    """One JSON object per line on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Quiet()], force=True)


class _Quiet(logging.Handler):
    """Other libraries' warnings: their logger and level are told, their words are not (they may quote requests)."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger("ostiary.other").warning("library", operation=record.name, error=record.levelname)
