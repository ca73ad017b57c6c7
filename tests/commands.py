"""Commands of `ostiary` run inside this process: starting one takes far longer than what most of them do."""

from __future__ import annotations

import io
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from unittest import mock

import structlog

from ostiary.cli import main

_ALONE = threading.Lock()
"""Environment and standard output are the whole process's."""
LASTING = ("serve", "worker")
"""They take signals, and change the process for good: the process itself is what is tested of them."""


def command(variables: Mapping[str, str], *words: object) -> CompletedProcess[str]:
    """Runs a command with these variables as its whole environment. Its status and what it said."""
    line = [str(word) for word in words]
    assert line[:1] not in ([word] for word in LASTING), "that is a process"
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with (
        _ALONE,
        mock.patch.dict(os.environ, variables, clear=True),
        own_logs(),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        status = _status_of(line)
    output, complained = (stream.buffer.getvalue().decode() for stream in (out, err))
    return CompletedProcess(line, status, output, complained)


@contextmanager
def own_logs() -> Iterator[None]:
    """What is set up for logs meanwhile holds until the end (no logger remembers it: `tests/conftest.py`)."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.handlers[:] = before
        root.setLevel(level)


def _status_of(line: list[str]) -> int:
    try:
        main(line)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    raise AssertionError("a command ends by itself")
