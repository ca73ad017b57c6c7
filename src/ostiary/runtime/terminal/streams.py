"""Standard output and error as a command line should have them: a reader that has seen enough is no error.

`ostiary audit show ... | head` closes the pipe while there is more to say. Python would end with a traceback, and the
command's own status would be lost; a service whose log nobody reads any more would answer 500. Here what nobody reads
is written nowhere, and everything else goes on. So does a service whose log is on a disk that is full, or that fails:
then, more than ever, it has to answer.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO


class ForgivingPipe(io.FileIO):
    """A descriptor that takes what its reader no longer wants, and does nothing with it."""

    def write(self, content: object) -> int:
        try:
            return super().write(content)  # type: ignore[arg-type]
        except BrokenPipeError:
            return memoryview(content).nbytes  # type: ignore[arg-type]


class ForgivingError(io.FileIO):
    """Standard error, which takes what cannot be written for any reason: there is nowhere left to say so."""

    _is_cut = False

    def write(self, content: object) -> int | None:  # type: ignore[override]
        """A line that was cut short is ended before the next."""
        try:
            if self._is_cut:
                super().write(b"\n")
                self._is_cut = False
            return super().write(content)  # type: ignore[arg-type]
        except OSError:
            self._is_cut = True
            return memoryview(content).nbytes  # type: ignore[arg-type]


def forgive_closed_pipes() -> None:
    """Replaces both streams of this process; those that somebody else put in place are left alone."""
    if sys.stdout is sys.__stdout__:
        sys.stdout = _forgiving(sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _forgiving(sys.stderr)


def _forgiving(stream: TextIO | None) -> TextIO:
    """Letters that the terminal's encoding lacks are written as escapes. A stream that was closed before the start is
    replaced by one that leads nowhere."""
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")
    stream.flush()
    is_error = stream is sys.__stderr__
    kind = ForgivingError if is_error else ForgivingPipe
    raw = io.BufferedWriter(kind(stream.fileno(), "w", closefd=False))
    return io.TextIOWrapper(
        raw, stream.encoding, "backslashreplace", line_buffering=is_error or stream.isatty(), write_through=is_error
    )


def give_up_output() -> None:
    """What could not be written, to a disk that is full, is not tried again at the end of the process."""
    try:
        sys.stdout.flush()
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (for the life of the process)
