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

from ostiary.adapters.isolation.processor_time import has_too_many_threads, is_working

PIECE_BYTES = 1 << 16
"""What a pipe holds."""
LOOK_EVERY_S = 0.05
"""How often it is looked at whether the process starts threads without end: four thousand in between at the worst,
which cost the kernel 120 MB until they end. A look takes some 30 us."""
_STOPPED = (-signal.SIGXCPU, -signal.SIGALRM, -signal.SIGKILL, -signal.SIGABRT)
"""By the limit of processor time, by its own alarm, by us or the system, or by itself: a decoder that is given no more
memory aborts."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process wrote until it ended; `stopped`: a limit of time or memory ended it. Neither: it crashed.

    `was_working`: the wait was over while it still ran or waited for a processor, which is no fault of its content.
    """

    answer: bytes
    stopped: bool = False
    was_working: bool = False


def run_isolated(module: str, arguments: tuple[str, ...], content: bytes, wait_s: float, most_bytes: int) -> Ended:
    """Runs `python -m module arguments` on `content`; waits `wait_s` and takes `most_bytes` of answer at most.

    Blocks: call it in a thread. Raises OSError when no process can be started.
    """
    return answer_of(started(module, arguments), content, wait_s, most_bytes)


def answer_of(process: subprocess.Popen[bytes], content: bytes, wait_s: float, most_bytes: int) -> Ended:
    """Gives a process that was started its one content, and takes its answer; it is gone afterwards. Blocks."""
    try:
        with process.stdin as source, process.stdout as sink:  # type: ignore[union-attr]  # they are pipes
            until_s = time.monotonic() + wait_s
            answer = _exchanged(process.pid, (source, sink), memoryview(content), until_s, most_bytes)
            was_working = answer is None and time.monotonic() >= until_s and is_working(process.pid)
    finally:
        killed(process)
    if answer is None:
        return Ended(b"", stopped=True, was_working=was_working)
    return Ended(answer, process.returncode in _STOPPED)


def started(module: str, arguments: tuple[str, ...], handles: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    """A process that runs the module, with pipes to and from it and of what is open here `handles` alone. It has a
    session of its own. Raises OSError."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module; what is hostile goes over the pipe
        (sys.executable, "-IB", "-m", module, *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env={},
        cwd="/",
        start_new_session=True,
        pass_fds=handles,
    )


def _exchanged(
    pid: int, pipes: tuple[IO[bytes], IO[bytes]], left: memoryview, deadline_s: float, most_bytes: int
) -> bytes | None:
    """Gives and takes at once, so that neither side waits for the other. None when the time was over, or it started
    threads without end."""
    source, sink = pipes
    taken = bytearray()
    with selectors.DefaultSelector() as ready:
        for pipe, event in ((source, selectors.EVENT_WRITE), (sink, selectors.EVENT_READ)):
            os.set_blocking(pipe.fileno(), False)
            ready.register(pipe, event)
        look_s = 0.0
        while (now_s := time.monotonic()) < deadline_s:
            if now_s >= look_s:
                look_s = now_s + LOOK_EVERY_S
                if has_too_many_threads(pid):
                    break
            wait_s = deadline_s - now_s
            for key, _ in ready.select(min(wait_s, LOOK_EVERY_S)):
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


def killed(process: subprocess.Popen[bytes]) -> None:
    """With everything in its session. Its number stays its own until it is waited for; killing what has ended by
    itself changes nothing."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
