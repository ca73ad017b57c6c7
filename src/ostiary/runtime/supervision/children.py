"""Starts processes and looks after them: restarts those that die, replaces and ends them.

Each is connected by a pair of sockets (`supervisor_link` is its other end). Whoever looks after them does so on its own
event loop: a supervisor that does nothing else, or a process that serves and has its worker beside it.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ostiary.runtime.shutdown_timeouts import SLACK_S
from ostiary.runtime.supervision.supervisor_link import LEFT_AFTER_S, WOKEN
from ostiary.telemetry.logs import get_logger

START_S = 120.0
"""For a process that is to replace another: opening the database, after a migration if need be."""
LAST_WORDS_S = 1.0
"""A process's end of the line closes with it, and what it said before is read by then."""
SAID_BYTES = 256
"""Read at once of what a process says, a few bytes now and then."""
_log = get_logger("ostiary.supervisor")


@dataclass(frozen=True, slots=True)
class RestartPolicy:
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
        return 0.0 if died <= 1 else min(self.first_wait_s * 2.0 ** min(died - 2, self.most), self.longest_wait_s)


@dataclass(frozen=True, slots=True)
class ChildKind:
    """Processes that are alike.

    `line_of` gives the command of one, by its number and the descriptor of its line. One that `listens` is handed the
    socket. `is_vital`: the others end when this kind does not stay alive; else it is tried again for ever. One that
    says nothing for `silent_s` is killed, and started again; None: it need not say anything.
    """

    name: str
    line_of: Callable[[int, int], list[str]]
    count: int = 1
    listens: bool = True
    is_vital: bool = True
    silent_s: float | None = None


@dataclass(slots=True, eq=False)
class Child:
    """A process. `ready` is True once it said so, and False when it ended before."""

    kind: ChildKind
    number: int
    process: asyncio.subprocess.Process
    line: socket.socket
    started_s: float
    heard_s: float
    ready: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    gone: asyncio.Task[None] = field(init=False)

    async def hear(self) -> None:
        """Until it says nothing any more."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            while await loop.sock_recv(self.line, SAID_BYTES):
                self.heard_s = loop.time()
                if not self.ready.done():
                    _log.info("process_ready", process=self.number, pid=self.process.pid, kind=self.kind.name)
                    self.ready.set_result(True)

    def wake(self) -> None:
        """There is something for it to do. A line that is full says so already."""
        with contextlib.suppress(OSError):
            self.line.send(WOKEN)

    def let_go(self) -> None:
        """Ends our side of the line; the process reads its end, and leaves."""
        with contextlib.suppress(OSError):
            self.line.shutdown(socket.SHUT_WR)

    def send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    def is_in_order(self) -> bool:
        """Whether it ended as it was told to; a process that was still starting could not end otherwise. Of a kind that
        is not vital it may fail to start at that moment as at any other."""
        if self.ready.done() and self.ready.result():
            return self.process.returncode == 0
        return not self.kind.is_vital or self.process.returncode in (0, -signal.SIGTERM)


@dataclass(slots=True, eq=False)
class Slot:
    """A place for one process. Who gives it to another holds the lock."""

    child: Child
    died: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Children:
    """All that live. `listening` is passed on to processes that listen; without an `environment` they have ours;
    `absent` is told the number of one that has ended."""

    def __init__(
        self,
        listening: socket.socket | None,
        environment: Mapping[str, str] | None,
        restart_policy: RestartPolicy | None = None,
        absent: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._listening = listening
        self._environment = None if environment is None else dict(environment)  # uvloop takes nothing else
        self._restart_policy, self._absent = restart_policy or RestartPolicy(), absent
        self._living: set[Child] = set()

    async def spawn(self, kind: ChildKind) -> Child:
        """Raises OSError."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        taken = {child.number for child in self._living}
        number = next(free for free in range(1, len(taken) + 2) if free not in taken)
        passed = [theirs.fileno()]
        if kind.listens and self._listening is not None:
            passed.append(self._listening.fileno())
        try:
            process = await asyncio.create_subprocess_exec(
                *kind.line_of(number, theirs.fileno()),
                pass_fds=passed,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        now_s = asyncio.get_running_loop().time()
        child = Child(kind=kind, number=number, process=process, line=ours, started_s=now_s, heard_s=now_s)
        self._living.add(child)
        _log.info("process_started", process=number, pid=process.pid, kind=kind.name)
        child.gone = asyncio.create_task(self._watch(child))
        return child

    async def _watch(self, child: Child) -> None:
        beside = [asyncio.create_task(child.hear()), asyncio.create_task(_minded(child))]
        status = await child.process.wait()
        await asyncio.wait(beside[:1], timeout=LAST_WORDS_S)
        for task in beside:
            task.cancel()
        await asyncio.wait(beside)
        if not child.ready.done():
            child.ready.set_result(False)
        child.line.close()
        self._absent(child.number)
        self._living.discard(child)
        log = _log.info if status == 0 else _log.warning
        log("process_ended", process=child.number, pid=child.process.pid, status=status, kind=child.kind.name)

    # ---- starting again ----

    async def keep(self, slot: Slot) -> None:
        """Starts another process whenever the one in the slot dies. Returns when it gives up."""
        while True:
            child = slot.child
            await asyncio.shield(child.gone)
            async with slot.lock:
                if slot.child is child and not await self._started_again(slot):
                    return

    async def _started_again(self, slot: Slot) -> bool:
        kind = slot.child.kind
        lived_s = asyncio.get_running_loop().time() - slot.child.started_s
        while True:
            slot.died = 1 if lived_s >= self._restart_policy.steady_s else slot.died + 1
            if kind.is_vital and slot.died >= self._restart_policy.most:
                _log.error("gave_up", process=slot.child.number, count=slot.died, kind=kind.name)
                return False
            await asyncio.sleep(self._restart_policy.wait_s(slot.died))
            try:
                slot.child = await self.spawn(kind)
                return True
            except OSError as problem:
                lived_s = 0.0
                _log.error("process_not_started", process=slot.child.number, error=type(problem).__name__)

    # ---- replacing ----

    async def replace(self, slots: Iterable[Slot]) -> None:
        """One after the other, until one does not get ready."""
        for slot in slots:
            async with slot.lock:
                if not await self._replaced(slot):
                    return

    async def _replaced(self, slot: Slot) -> bool:
        """Once the new process is ready, the old one leaves. If it does not get ready, the old one stays."""
        try:
            fresh = await self.spawn(slot.child.kind)
        except OSError:
            return False
        done, _ = await asyncio.wait((fresh.ready,), timeout=START_S)
        if not done or not fresh.ready.result():
            fresh.send(signal.SIGKILL)
            _log.error("not_replaced", process=slot.child.number, kind=slot.child.kind.name)
            return False
        old, slot.child = slot.child, fresh
        old.let_go()
        await _gone([old], LEFT_AFTER_S + SLACK_S)
        return True

    # ---- ending ----

    def tell_to_end(self) -> None:
        """Every process, by SIGTERM."""
        for child in self._living:
            child.send(signal.SIGTERM)

    async def end(self, patience_s: float) -> bool:
        """Ends every process; whether each ended as it should."""
        children = list(self._living)
        self.tell_to_end()
        killed = await _gone(children, patience_s)
        return not killed and all(child.is_in_order() for child in children)


async def _minded(child: Child) -> None:
    """Kills a process that has sent nothing for too long: its event loop is stuck."""
    silent_s, clock = child.kind.silent_s, asyncio.get_running_loop().time
    if silent_s is None:
        return
    while True:
        await asyncio.sleep(max(0.0, child.heard_s + silent_s - clock()))
        await asyncio.sleep(LAST_WORDS_S)  # if it was this process that stood still, what was said is read first
        if clock() - child.heard_s >= silent_s:
            _kill_hanging(child)
            return


async def _gone(children: list[Child], patience_s: float) -> bool:
    """Waits for processes that were told to end; whether one had to be killed."""
    if not children:
        return False
    _, hanging = await asyncio.wait([child.gone for child in children], timeout=patience_s)
    for child in children:
        if child.gone in hanging:
            _kill_hanging(child)
    if hanging:
        await asyncio.wait(hanging)
    return bool(hanging)


def _kill_hanging(child: Child) -> None:
    _log.error("process_hangs", process=child.number, pid=child.process.pid, kind=child.kind.name)
    child.send(signal.SIGKILL)
