"""Structured logs by allowlist: a key that is not on the list does not get into a line, whatever it holds.

So nothing personal can appear by accident; to log something new, it has to be named here, in review.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import select
import stat
import sys
import threading
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Any, BinaryIO, cast

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

PATIENCE_MS = 500
"""So long a reader of the log that takes nothing may hold the service up: less than a check of health waits."""
PATIENT_AGAIN_S = 10.0
"""And not again for so long, or one that takes a little now and then would hold it up nearly all of the time."""


def as_line(_: Any, level: str, event: MutableMapping[str, Any]) -> bytes:
    """One JSON object: what is on the list and not empty, and nothing else."""
    line: dict[str, Any] = {"timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level}
    line.update((name, value) for name, value in event.items() if name in ALLOWED and value != "")
    return msgspec.json.encode(line, enc_hook=str)


class LogLines:
    """What structlog writes lines with: those of one turn of the event loop go together, in their order.

    Each call into the system lets another thread take the interpreter over. What is grave is written at once, with what
    came before it, and so is what is said outside an event loop.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._room = file, _room_in(file)
        self._lost, self._patient_from_s = 0, 0.0
        self._lock = threading.RLock()  # garbage that is collected while we hold it may have something to say itself
        self._lines: list[bytes] = []
        self._called: asyncio.AbstractEventLoop | None = None

    def info(self, line: bytes) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.warning(line)
            return
        with self._lock:
            self._lines.append(line)
        if self._called is not loop:
            self._called = loop
            loop.call_soon(self.write)

    def warning(self, line: bytes) -> None:
        with self._lock:
            self._lines.append(line)
        self.write()

    debug, error, critical = info, warning, warning

    def write(self) -> None:
        """Writes what there is, in pieces that do not mix with other processes' lines in a pipe."""
        self._called = None
        with self._lock:
            lines, self._lines = self._lines, []
            if self._lost and self._is_taken():
                lines.insert(0, as_line(None, "warning", {"event": "lines_lost", "count": self._lost}))
                self._lost = 0
            for piece in _pieces(lines):
                if self._is_taken():
                    self._file.write(piece)
                    self._file.flush()
                else:
                    self._lost += piece.count(b"\n")

    def _is_taken(self) -> bool:
        """Whether there is room for a piece. Who reads slowly is waited for, who does not read only now and then."""
        if self._room is None or self._room.poll(0):
            return True
        if monotonic() < self._patient_from_s:
            return False
        if self._room.poll(PATIENCE_MS):
            return True
        self._patient_from_s = monotonic() + PATIENT_AGAIN_S
        return False


def _room_in(file: BinaryIO) -> select.poll | None:
    """Tells whether a pipe or socket has room for a piece; None for what never makes its writer wait."""
    try:
        kind = os.fstat(file.fileno()).st_mode
    except OSError:  # it has no descriptor
        return None
    if not (stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)):
        return None
    room = select.poll()
    room.register(file.fileno(), select.POLLOUT)
    return room


def _pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines together, as far as they go into a pipe as a whole."""
    piece = b""
    for line in lines:
        if piece and len(piece) + len(line) >= select.PIPE_BUF:
            yield piece
            piece = b""
        piece += line + b"\n"
    if piece:
        yield piece


def set_up(level: str, process: int = 0) -> None:
    """One JSON object per line on standard error. A `process` of several, numbered from 1, says so in every line."""

    def numbered(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {"process": process, **event}

    lines = LogLines(sys.stderr.buffer)
    atexit.register(lines.write)
    structlog.configure(
        processors=[numbered, as_line] if process else [as_line],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Quiet()], force=True)


class _Quiet(logging.Handler):
    """Other libraries' warnings: their logger and level are told, their words are not (they may quote requests)."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger("ostiary.other").warning("library", operation=record.name, error=record.levelname)
