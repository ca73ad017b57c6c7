"""The reader's process as the service sees it: started when first needed, asked one document at a time, stopped hard.

Whatever a file does to it, the service loses one reading: a crash, a hang and a runaway are all a `Trouble`. Deadlines
count the process's own processor time. Who asks waits for a bounded time only; a reading that was begun goes on, and
its answer is there for who asks the same again.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from datetime import date
from hashlib import sha256
from typing import TypeVar

import msgspec

from ostiary.adapters.isolation.processor_time import has_too_many_threads, used_s
from ostiary.adapters.reader.availability import missing
from ostiary.adapters.reader.protocol import (
    LENGTH,
    MOST_ANSWERED_BYTES,
    READ_CPU_S,
    START_CPU_S,
    Asked,
    answered,
    framed,
)
from ostiary.adapters.reader.reporting import ReaderReport, nobody
from ostiary.adapters.reader.turns import ReadingTurns
from ostiary.domain.documents.reading import Reading, Trouble
from ostiary.domain.errors import Unavailable

T = TypeVar("T")
STALLED_S = 15.0
"""Without any processor time used: not even a busy machine keeps a process waiting for so long."""
OVERTIME = 2
"""Times what a process lets itself use: one that was taken over sets its own timer anew, and is ended from here."""
LOOK_EVERY_S = 0.25
"""How often it is looked at whether the process moves on, and starts no threads without end."""
IDLE_S = 120.0
"""A process without work ends after this, and its memory is free; starting again costs a second."""
LONGEST_WAIT_S = 20.0
"""For a turn, the start and the reading together: stays within a message's lease of 30 s."""
WAITED_RETRY_S = 10
MOST_KEPT = 32
"""Readings under way or done for which nobody waits any more; each a kilobyte."""
_ENDED = (TimeoutError, OSError, EOFError, ValueError, msgspec.MsgspecError)
"""How it shows that a process hangs, ended, or says what is no answer."""
_MODULE = "ostiary.adapters.reader.child"


class ReaderProcess:
    """Reads documents in a child process, one after the other, companies in turn. `niceness` is added to the child's
    own; `report` is called at every start."""

    def __init__(self, niceness: int = 0, report: ReaderReport = nobody) -> None:
        self._niceness, self._report = niceness, report
        self._turns = ReadingTurns()
        self._child: asyncio.subprocess.Process | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._closed = False
        self._begun: OrderedDict[bytes, asyncio.Task[Reading]] = OrderedDict()
        self._warming: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process while it runs, for measuring and watching it."""
        return None if self._child is None or self._child.returncode is not None else self._child.pid

    async def read(
        self, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date, company_id: str = ""
    ) -> Reading:
        """The reading of one document's pictures; what goes wrong is part of it.

        Raises Unavailable when the process does not start, or does not answer in time: ask again later.
        """
        if missing():
            return Reading(None, trouble=Trouble.UNAVAILABLE)
        question = framed(Asked(tuple(pictures), tuple(formats), today))
        key = sha256(question).digest()
        try:
            async with asyncio.timeout(LONGEST_WAIT_S):
                if key not in self._begun:
                    await self._turns.take(company_id)
                    self._begin(key, question)
                reading = await asyncio.shield(self._begun[key])
        except TimeoutError:
            raise Unavailable("Documents are waiting to be read.", retry_after_s=WAITED_RETRY_S) from None
        except Exception:  # whatever it was: it is the answer to nobody else
            self._begun.pop(key, None)
            raise
        self._begun.pop(key, None)
        return reading

    def warm(self) -> None:
        """Starts the process aside, so that the first reading does not wait for it. One that runs, starts or reads is
        left alone; one that does not start says so to who reads."""
        is_there = self.pid is not None or self._begun or (self._warming is not None and not self._warming.done())
        if not (is_there or self._closed or missing()):
            self._warming = asyncio.create_task(self._warmed())

    async def close(self) -> None:
        """Ends the process; nothing is read any more."""
        self._closed = True
        await self._stop()
        under_way = [*self._begun.values(), *([self._warming] if self._warming else [])]
        if under_way:
            await asyncio.wait(under_way)

    async def _warmed(self) -> None:
        await self._turns.take("")
        try:
            await self._started()
            self._wait_for_work()
        except Unavailable:
            await self._stop()
        finally:
            self._turns.give_back()

    def _begin(self, key: bytes, question: bytes) -> None:
        task = self._begun[key] = asyncio.create_task(self._asked(question))
        task.add_done_callback(self._ended)
        while len(self._begun) > MOST_KEPT:
            self._begun.popitem(last=False)

    def _ended(self, task: asyncio.Task[Reading]) -> None:
        if not task.cancelled():
            task.exception()  # looked at here, for when nobody waits for it any more
        self._turns.give_back()

    async def _stop(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        child, self._child = self._child, None
        if child is not None:
            await _killed(child)

    async def _asked(self, question: bytes) -> Reading:
        if self._idle is not None:
            self._idle.cancel()
        child = await self._started()
        begun = time.monotonic()
        try:
            reading = await _while_it_moves(child, _exchange(child, question), READ_CPU_S)
        except _ENDED as fault:
            await self._stop()
            if self._closed:
                raise Unavailable("The reader is being stopped.", retry_after_s=WAITED_RETRY_S) from None
            timed_out = isinstance(fault, TimeoutError) or await _killed(child) == -signal.SIGPROF
            trouble = Trouble.TIMED_OUT if timed_out else Trouble.FAILED
            return Reading(None, trouble=trouble, ms=round((time.monotonic() - begun) * 1000))
        except BaseException:
            await self._stop()  # cancelled half-way: what the child would still answer belongs to nobody
            raise
        self._wait_for_work()
        return reading

    def _wait_for_work(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(IDLE_S, self._end_idle)

    async def _started(self) -> asyncio.subprocess.Process:
        """The process, ready to be asked. Raises Unavailable when it does not start, which is no file's fault."""
        self._demand_open()
        if self._child is not None and self._child.returncode is None:
            if self._child.stdin is not None and not self._child.stdin.is_closing():
                return self._child
            await self._stop()  # it broke its own input off: whatever it is now, it is asked nothing
        begun, pipe = time.monotonic(), asyncio.subprocess.PIPE
        try:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-IB",
                "-m",
                _MODULE,
                str(self._niceness),
                stdin=pipe,
                stdout=pipe,
                stderr=asyncio.subprocess.DEVNULL,
                env={},
                cwd="/",
                start_new_session=True,
            )
            await _while_it_moves(self._child, _answer(self._child), START_CPU_S)
        except _ENDED as fault:
            await self._stop()
            self._report("not_started", time.monotonic() - begun, type(fault).__name__)
            raise Unavailable("The reader does not start.", retry_after_s=WAITED_RETRY_S) from fault
        try:
            self._demand_open()
        except Unavailable:  # it was closed meanwhile
            await self._stop()
            raise
        self._report("started", time.monotonic() - begun, "")
        return self._child

    def _demand_open(self) -> None:
        if self._closed:
            raise Unavailable("The reader is being stopped.", retry_after_s=WAITED_RETRY_S)

    def _end_idle(self) -> None:
        if self._child is not None and self._child.returncode is None and self._child.stdin is not None:
            self._child.stdin.close()  # it ends by itself at the end of its input
        self._child = None


async def _while_it_moves(child: asyncio.subprocess.Process, work: Awaitable[T], cpu_s: float) -> T:
    """The result of the work. Raises TimeoutError when the child used no processor time for `STALLED_S`, or far more
    than `cpu_s`, its own limit."""
    task = asyncio.ensure_future(work)
    used, since = used_s(child.pid), time.monotonic()
    most_s = (used or 0.0) + OVERTIME * cpu_s
    try:
        while not (await asyncio.wait((task,), timeout=min(LOOK_EVERY_S, STALLED_S)))[0]:
            now_used = used_s(child.pid)
            if now_used is not None and now_used > most_s:
                raise TimeoutError("far more than it lets itself use")
            if has_too_many_threads(child.pid):
                raise TimeoutError("threads without end")
            if now_used != used:
                used, since = now_used, time.monotonic()
            elif time.monotonic() - since >= STALLED_S:
                raise TimeoutError
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, *_ENDED):
                await task


async def _killed(child: asyncio.subprocess.Process) -> int:
    """The status it ended with, by itself or now. Not child.kill(): that looks first whether the process ended, and
    takes its status from who waits for it."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    return await child.wait()


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
