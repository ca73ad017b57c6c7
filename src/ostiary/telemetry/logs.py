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
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache, partial
from time import monotonic, time_ns
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


# structlog would have it draw tracebacks, which are never shown: 5 MB in every process, and a tenth of its start. So it
# is imported here alone (ruff holds that); everybody else takes `get_logger`.
with _as_if_without("rich"):
    import structlog

get_logger = structlog.get_logger

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "trace_id", "company_id", "client_id", "enablement_id", "message_id",
        "import_id", "row", "operation", "erasure_id",
        "status", "ms", "error", "cause", "place", "topic", "outcome", "attempt", "problem", "host", "port", "version",
        "data_dir", "count", "schema", "catalogue", "signal",
        "process", "pid", "kind", "list", "line", "lost",
    }
)  # fmt: skip

PATIENCE_MS = 500
"""So long a reader of the log that takes nothing may hold the service up: less than a check of health waits."""
PATIENT_AGAIN_S = 10.0
"""And not again for so long, or one that takes a little now and then would hold it up nearly all of the time."""


_encode = msgspec.json.Encoder(enc_hook=str).encode


def as_line(level: str, event: Mapping[str, Any]) -> bytes:
    """One JSON object: what is on the list and not empty, and nothing else."""
    line: dict[str, Any] = {"timestamp": _now(), "level": level}
    for name, value in event.items():
        if name in ALLOWED and value != "":
            line[name] = value
    return _encode(line)


def _now() -> str:
    """This moment in ISO 8601, to the millisecond."""
    second, ms = divmod(time_ns() // 1_000_000, 1_000)
    return f"{_shown(second)}.{ms:03d}+00:00"


@lru_cache(maxsize=1)
def _shown(second: int) -> str:
    """Lines of one second begin alike."""
    return datetime.fromtimestamp(second, UTC).isoformat()[:19]


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
                lines.insert(0, as_line("warning", {"event": "lines_lost", "count": self._lost}))
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


class LineLogger:
    """What the code logs with: a line for each event, of the levels that are written.

    structlog's own would go through a chain of functions with a copy of what nobody binds to it, which took a twentieth
    of a small request. The first two values are given by `set_up`, the others by structlog.
    """

    def __init__(self, least: int, process: int, lines: LogLines, **_: object) -> None:
        self._least, self._lines = least, lines
        self._fixed = {"process": process} if process else {}

    def debug(self, event: str, **fields: object) -> None:
        if self._least <= logging.DEBUG:
            self._lines.debug(as_line("debug", {**self._fixed, **fields, "event": event}))

    def info(self, event: str, **fields: object) -> None:
        if self._least <= logging.INFO:
            self._lines.info(as_line("info", {**self._fixed, **fields, "event": event}))

    def warning(self, event: str, **fields: object) -> None:
        if self._least <= logging.WARNING:
            self._lines.warning(as_line("warning", {**self._fixed, **fields, "event": event}))

    def error(self, event: str, **fields: object) -> None:
        if self._least <= logging.ERROR:
            self._lines.error(as_line("error", {**self._fixed, **fields, "event": event}))


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


def row_unopened(table: str, company_id: str, client_id: str, problem: str) -> None:
    """A list left a row out that does not open."""
    structlog.get_logger("ostiary.storage").error(
        "row_unopened", place=table, company_id=company_id, client_id=client_id, error=problem
    )


def set_up(level: str, process: int = 0) -> None:
    """One JSON object per line on standard error. A `process` of several, numbered from 1, says so in every line."""

    lines = LogLines(sys.stderr.buffer)
    atexit.register(lines.write)
    logger: Any = partial(LineLogger, logging.getLevelNamesMapping()[level.upper()], process)
    structlog.configure(
        wrapper_class=logger,
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Quiet()], force=True)


class _Quiet(logging.Handler):
    """Other libraries' warnings: their logger and level are told, their words are not (they may quote requests)."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger("ostiary.other").warning("library", operation=record.name, error=record.levelname)
