"""Keeps several processes running: starts them, starts again what died, replaces them one by one, ends them together.

It does no work of its own, so that nothing which a request can do reaches it. It holds the listening socket open, so
that no connection is refused while a process is away.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import structlog

from ostiary.cli import EXIT_FAILED, EXIT_OK
from ostiary.cli.oversight import LEFT_AFTER_S, READY
from ostiary.cli.parting import PARTING_S, SLACK_S

START_S = 120.0
"""For a process that is to replace another: opening the database, after a migration if need be."""
_log = structlog.get_logger("ostiary.supervisor")


@dataclass(frozen=True, slots=True)
class Pace:
    """How a process that died is started again: at once the first time, then after waits that double.

    One that lived for `steady_s` has not died at once. After `most` that did, one after the other (some two minutes),
    the supervisor gives up: whoever started it can do more than it can, and has to hear of it.
    """

    first_wait_s: float = 0.5
    longest_wait_s: float = 30.0
    steady_s: float = 60.0
    most: int = 10

    def wait_s(self, died: int) -> float:
        """Before the start after `died` deaths in a row."""
        return 0.0 if died <= 1 else min(self.first_wait_s * 2.0 ** (died - 2), self.longest_wait_s)


@dataclass(slots=True, eq=False)
class _Child:
    number: int
    process: asyncio.subprocess.Process
    line: socket.socket
    started_s: float
    ready: asyncio.Task[bool] = field(init=False)
    gone: asyncio.Task[None] = field(init=False)

    async def until_ready(self) -> bool:
        """False when it ended before."""
        try:
            said = await asyncio.get_running_loop().sock_recv(self.line, len(READY))
        except OSError:
            return False
        if said:
            _log.info("process_ready", process=self.number, pid=self.process.pid)
        return bool(said)

    def is_in_order(self) -> bool:
        """Whether it ended as it was told to; one that was still starting had no other way."""
        was_ready = self.ready.done() and not self.ready.cancelled() and self.ready.result()
        return self.process.returncode in ((0,) if was_ready else (0, -signal.SIGTERM))

    def send(self, one: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(one)


@dataclass(slots=True, eq=False)
class _Seat:
    """A place for one process. Who gives it to another holds the lock."""

    child: _Child
    died: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Supervisor:
    """`line_of` gives the command of a process, by its number and the descriptor of its line to the supervisor.

    `listening` is passed on to every process; `drain_s` is how long they go on serving after they were told to end;
    `absent` is told the number of one that has ended.
    """

    def __init__(
        self, line_of: Callable[[int, int], list[str]], count: int, listening: socket.socket | None, drain_s: float,
        environment: Mapping[str, str], pace: Pace | None = None, absent: Callable[[int], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._line_of, self._count, self._listening, self._pace = line_of, count, listening, pace or Pace()
        self._end_s, self._environment = drain_s + PARTING_S + SLACK_S, environment
        self._living: set[_Child] = set()
        self._absent = absent
        self._told_to_end, self._told_to_replace = asyncio.Event(), asyncio.Event()

    async def run(self) -> int:
        """Until told to end, by SIGTERM or SIGINT; the exit status. SIGHUP replaces every process, one by one."""
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, self._told_to_end.set)
        loop.add_signal_handler(signal.SIGHUP, self._told_to_replace.set)
        first = await self._spawn()
        end = asyncio.create_task(self._told_to_end.wait())
        await asyncio.wait((first.ready, end), return_when=asyncio.FIRST_COMPLETED)
        if first.ready.done() and not first.ready.result():
            await first.gone  # it has said why
            end.cancel()
            return first.process.returncode or EXIT_FAILED
        seats = [_Seat(first)]
        if not self._told_to_end.is_set():
            seats += [_Seat(await self._spawn()) for _ in range(1, self._count)]
        tasks = [asyncio.create_task(self._keep(one)) for one in seats]
        tasks.append(asyncio.create_task(self._replace_when_told(seats)))
        await asyncio.wait((end, *tasks), return_when=asyncio.FIRST_COMPLETED)
        gave_up = not self._told_to_end.is_set()
        for task in (end, *tasks):
            task.cancel()
        problems = await asyncio.gather(*tasks, return_exceptions=True)
        in_order = await self._end()
        for problem in problems:
            if isinstance(problem, Exception):
                raise problem
        return EXIT_OK if in_order and not gave_up else EXIT_FAILED

    # ---- one process ----

    async def _spawn(self) -> _Child:
        """Raises OSError."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        taken = {one.number for one in self._living}
        number = next(one for one in range(1, len(taken) + 2) if one not in taken)
        passed = [theirs.fileno(), *([self._listening.fileno()] if self._listening else [])]
        try:
            process = await asyncio.create_subprocess_exec(
                *self._line_of(number, theirs.fileno()), pass_fds=passed, env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        child = _Child(number, process, ours, asyncio.get_running_loop().time())
        self._living.add(child)
        _log.info("process_started", process=number, pid=process.pid)
        child.ready = asyncio.create_task(child.until_ready())
        child.gone = asyncio.create_task(self._watch(child))
        return child

    async def _watch(self, child: _Child) -> None:
        status = await child.process.wait()
        await asyncio.wait((child.ready,))  # its end of the line is closed with it
        child.line.close()
        self._absent(child.number)
        self._living.discard(child)
        tell = _log.info if status == 0 else _log.warning
        tell("process_ended", process=child.number, pid=child.process.pid, status=status)

    # ---- starting again ----

    async def _keep(self, seat: _Seat) -> None:
        """Starts another process whenever the seat's dies. Returns when it gives up."""
        while True:
            child = seat.child
            await asyncio.shield(child.gone)
            async with seat.lock:
                if seat.child is child and not await self._started_again(seat):
                    return

    async def _started_again(self, seat: _Seat) -> bool:
        lived_s = asyncio.get_running_loop().time() - seat.child.started_s
        while True:
            seat.died = 1 if lived_s >= self._pace.steady_s else seat.died + 1
            if seat.died >= self._pace.most:
                _log.error("gave_up", process=seat.child.number, count=seat.died)
                return False
            await asyncio.sleep(self._pace.wait_s(seat.died))
            try:
                seat.child = await self._spawn()
                return True
            except OSError as problem:
                lived_s = 0.0
                _log.error("process_not_started", process=seat.child.number, error=type(problem).__name__)

    # ---- replacing ----

    async def _replace_when_told(self, seats: Iterable[_Seat]) -> None:
        while True:
            await self._told_to_replace.wait()
            self._told_to_replace.clear()
            for seat in seats:
                async with seat.lock:
                    if not await self._replaced(seat):
                        break

    async def _replaced(self, seat: _Seat) -> bool:
        """Once the new process is ready the old one leaves. When it does not get ready, the old one stays."""
        try:
            fresh = await self._spawn()
        except OSError:
            return False
        done, _ = await asyncio.wait((fresh.ready,), timeout=START_S)
        if not done or not fresh.ready.result():
            fresh.send(signal.SIGKILL)
            _log.error("not_replaced", process=seat.child.number)
            return False
        old, seat.child = seat.child, fresh
        old.line.close()  # which tells it
        await self._gone([old], LEFT_AFTER_S + SLACK_S)
        return True

    # ---- ending ----

    async def _end(self) -> bool:
        """Ends every process; whether each ended as it should."""
        if self._listening is not None:
            self._listening.close()  # they stop listening when they have drained, and not before
        children = list(self._living)
        for one in children:
            one.send(signal.SIGTERM)
        killed = await self._gone(children, self._end_s)
        return not killed and all(one.is_in_order() for one in children)

    async def _gone(self, children: list[_Child], patience_s: float) -> bool:
        """Waits for the end of processes that were told to; whether one had to be killed."""
        if not children:
            return False
        _, hanging = await asyncio.wait([one.gone for one in children], timeout=patience_s)
        for one in children:
            if one.gone in hanging:
                _log.error("process_hangs", process=one.number, pid=one.process.pid)
                one.send(signal.SIGKILL)
        if hanging:
            await asyncio.wait(hanging)
        return bool(hanging)
