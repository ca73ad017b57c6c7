"""The reader's process as the service sees it: started when first needed, asked one document at a time, stopped hard.

Whatever a file does to it, the service loses one reading: a crash, a hang and a runaway are all a `Trouble`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from datetime import date

import msgspec

from ostiary.adapters.reader.availability import missing
from ostiary.adapters.reader.wire import LENGTH, MOST_ANSWERED_BYTES, Asked, answered, framed
from ostiary.domain.errors import Unavailable
from ostiary.domain.readings import Reading, Trouble

HARD_STOP_S = 5.0
"""For one document. The slowest of the published specimens takes a tenth of it."""
START_S = 15.0
"""To load the models: a second on a quiet machine."""
IDLE_S = 120.0
"""A process without work ends after this, and its memory is free; starting again costs a second."""
LONGEST_WAIT_S = 8.0
"""In the queue; with the hard stop and a start this stays within a message's lease."""
WAITED_RETRY_S = 10
_ENDED = (TimeoutError, OSError, EOFError, ValueError, msgspec.MsgspecError)
"""How it shows that a process hangs, ended, or says what is no answer."""
_MODULE = "ostiary.adapters.reader.child"


class ReaderProcess:
    """Reads documents in a child process, one after the other."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process's id while there is one: for whoever measures or watches it."""
        return None if self._child is None or self._child.returncode is not None else self._child.pid

    async def read(self, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date) -> Reading:
        """What the pictures of one document say; what goes wrong is in the answer.

        Raises Unavailable when the process does not start, or others were in front for too long: ask again later.
        """
        if missing():
            return Reading(None, trouble=Trouble.UNAVAILABLE)
        try:
            async with asyncio.timeout(LONGEST_WAIT_S):
                await self._turn.acquire()
        except TimeoutError:
            raise Unavailable("Documents are waiting to be read.", retry_after_s=WAITED_RETRY_S) from None
        try:
            return await self._asked(framed(Asked(tuple(pictures), tuple(formats), today)))
        finally:
            self._turn.release()

    async def close(self) -> None:
        """Ends the process; nothing is read any more."""
        self._closed = True
        await self._stop()

    async def _stop(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        child, self._child = self._child, None
        if child is None:
            return
        if child.returncode is None:
            # Not child.kill(): that looks first whether the process ended, and takes its status from who waits for it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        await child.wait()

    async def _asked(self, question: bytes) -> Reading:
        if self._idle is not None:
            self._idle.cancel()
        child = await self._started()
        try:
            async with asyncio.timeout(HARD_STOP_S):
                reading = await _exchange(child, question)
        except _ENDED as fault:
            await self._stop()
            if self._closed:
                raise Unavailable("The reader is being stopped.", retry_after_s=WAITED_RETRY_S) from None
            trouble = Trouble.TIMED_OUT if isinstance(fault, TimeoutError) else Trouble.FAILED
            return Reading(None, trouble=trouble, ms=int(HARD_STOP_S * 1000) if trouble is Trouble.TIMED_OUT else 0)
        except BaseException:
            await self._stop()  # cancelled half-way: what the child would still answer belongs to nobody
            raise
        self._idle = asyncio.get_running_loop().call_later(IDLE_S, self._end_idle)
        return reading

    async def _started(self) -> asyncio.subprocess.Process:
        """The process, ready to be asked. Raises Unavailable when it does not come up: that is no file's fault."""
        if self._closed:
            raise Unavailable("The reader is being stopped.", retry_after_s=WAITED_RETRY_S)
        if self._child is None or self._child.returncode is not None:
            pipe = asyncio.subprocess.PIPE
            try:
                self._child = await asyncio.create_subprocess_exec(
                    sys.executable, "-IB", "-m", _MODULE, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL,
                    env={}, cwd="/", start_new_session=True,
                )  # fmt: skip
                async with asyncio.timeout(START_S):
                    await _answer(self._child)
            except _ENDED as fault:
                await self._stop()
                raise Unavailable("The reader does not start.", retry_after_s=WAITED_RETRY_S) from fault
        return self._child

    def _end_idle(self) -> None:
        if self._child is not None and self._child.returncode is None and self._child.stdin is not None:
            self._child.stdin.close()  # it ends by itself at the end of its input
        self._child = None


async def _exchange(child: asyncio.subprocess.Process, question: bytes) -> Reading:
    assert child.stdin is not None  # noqa: S101 (asked for at the start)
    child.stdin.write(question)
    await child.stdin.drain()
    return answered(await _answer(child))


async def _answer(child: asyncio.subprocess.Process) -> bytes:
    """Raises EOFError (IncompleteReadError) when the process ended, ValueError for an answer that is no answer."""
    assert child.stdout is not None  # noqa: S101 (asked for at the start)
    (length,) = LENGTH.unpack(await child.stdout.readexactly(LENGTH.size))
    if length > MOST_ANSWERED_BYTES:
        raise ValueError(length)
    return await child.stdout.readexactly(length)
