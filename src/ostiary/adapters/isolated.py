"""Running a module of ours on hostile bytes in a process of its own, so that a crash, a hang or a runaway ends that
process and nothing else.

The process starts afresh, not as a copy of this one: no memory, no open files, no environment and no keys come along.
Bytes go in over its input, its answer comes out over its output. It binds itself (`confinement`) before it reads any;
the time on the wall is kept here, and in the end the process is killed with all that it may have started.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import IO

PIECE_BYTES = 1 << 16
"""What a pipe holds."""
_STOPPED = (-signal.SIGXCPU, -signal.SIGALRM, -signal.SIGKILL, -signal.SIGABRT)
"""By the limit of processor time, by its own alarm, by us or the system, or by itself: a decoder that is given no more
memory aborts."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process wrote until it ended; `stopped`: a limit of time or memory ended it. Neither: it crashed."""

    answer: bytes
    stopped: bool = False


def run_isolated(module: str, arguments: tuple[str, ...], content: bytes, wait_s: float, most_bytes: int) -> Ended:
    """Runs `python -m module arguments` on `content`; waits `wait_s` and takes `most_bytes` of answer at most.

    Blocks: call it in a thread. Raises OSError when no process can be started.
    """
    command = (sys.executable, "-IB", "-m", module, *arguments)
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module; what is hostile goes over the pipe
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        bufsize=0, env={}, cwd="/", start_new_session=True,
    )  # fmt: skip
    try:
        with process.stdin as source, process.stdout as sink:  # type: ignore[union-attr]  # they are pipes
            answer = _exchanged(source, sink, memoryview(content), time.monotonic() + wait_s, most_bytes)
    finally:
        _kill(process)
    if answer is None:
        return Ended(b"", stopped=True)
    return Ended(answer, process.returncode in _STOPPED)


def _exchanged(
    source: IO[bytes], sink: IO[bytes], left: memoryview, deadline_s: float, most_bytes: int
) -> bytes | None:
    """Gives and takes at once, so that neither side waits for the other. None when the time was over."""
    taken = bytearray()
    with selectors.DefaultSelector() as ready:
        for pipe, event in ((source, selectors.EVENT_WRITE), (sink, selectors.EVENT_READ)):
            os.set_blocking(pipe.fileno(), False)
            ready.register(pipe, event)
        while (wait_s := deadline_s - time.monotonic()) > 0:
            for key, _ in ready.select(wait_s):
                if key.fileobj is source:
                    left = _given(key.fd, left)
                    if not left:
                        ready.unregister(source)
                        source.close()
                    continue
                piece = os.read(key.fd, PIECE_BYTES)
                taken += piece
                if not piece or len(taken) > most_bytes:
                    return bytes(taken[:most_bytes])
    return None


def _given(handle: int, left: memoryview) -> memoryview:
    """What is still to be given; nothing more to one that no longer takes."""
    try:
        return left[os.write(handle, left[:PIECE_BYTES]) :]
    except BrokenPipeError:
        return left[:0]


def _kill(process: subprocess.Popen[bytes]) -> None:
    """With everything in its session. Its number stays its own until it is waited for; killing what has ended by
    itself changes nothing."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
