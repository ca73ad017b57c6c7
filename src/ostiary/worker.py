"""The worker: claims due messages under a lease, handles them side by side, and sleeps until something is due."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from ostiary.domain.companies import Company
from ostiary.domain.errors import LeaseLost, Unavailable
from ostiary.domain.messages import Message, Outcome
from ostiary.http import metrics
from ostiary.usecases.delivering import LEASE_MS, Sender, handle_message, postpone_message
from ostiary.usecases.world import World

SIDE_BY_SIDE = 32
"""Messages handled at once; each waits for the network most of its time."""
LONGEST_SLEEP_S = 1.0
"""Polling is only the safety net for what another process wrote; our own writes wake the worker at once."""
PARTING_S = 16.0
"""At the end, tries under way may finish: a little longer than an endpoint may take."""
CHORES_EVERY_S = 60.0
_log = structlog.get_logger("ostiary.worker")


class Worker:
    """Handles messages until stopped. `chores` is housekeeping, done now and then."""

    def __init__(self, world: World, sender: Sender, chores: Callable[[], Awaitable[None]]) -> None:
        self._world, self._sender, self._chores = world, sender, chores
        self._woken, self._stopping = asyncio.Event(), False
        self._running: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something is due now."""
        self._woken.set()

    async def run(self) -> None:
        """Until `stop`; what is under way then may finish."""
        chores_at = 0.0
        clock = asyncio.get_running_loop().time
        while not self._stopping:
            try:
                if clock() >= chores_at:
                    chores_at = clock() + CHORES_EVERY_S
                    await self._chores()
                sleep_s = await self._round()
            except Unavailable as problem:
                _log.warning("unavailable", error=type(problem).__name__)
                sleep_s = LONGEST_SLEEP_S
            except Exception as problem:
                _log.error("failed", error=type(problem).__name__)
                sleep_s = LONGEST_SLEEP_S
            await self._sleep(sleep_s)
        if self._running:
            await asyncio.wait(self._running, timeout=PARTING_S)

    def stop(self) -> None:
        self._stopping = True
        self._woken.set()

    async def _round(self) -> float:
        """Claims as much as there is room for; seconds until it makes sense to look again."""
        self._woken.clear()  # first of all: with the event set, waiting for room would not wait, and starve the loop
        room = SIDE_BY_SIDE - len(self._running)
        if room <= 0:
            return LONGEST_SLEEP_S
        now = self._world.now_ms()
        due = await self._world.storage.next_due_ms()
        if due is None or due > now:
            return LONGEST_SLEEP_S if due is None else min((due - now) / 1000, LONGEST_SLEEP_S)
        lease = self._world.new_id()
        claimed = await self._world.storage.claim(lease, now, now + LEASE_MS, room)
        for message, company in claimed:
            task = asyncio.create_task(self._handle(message, company, lease))
            self._running.add(task)
            task.add_done_callback(self._done)
        return 0.0 if claimed else LONGEST_SLEEP_S

    async def _handle(self, message: Message, company: Company, lease: str) -> None:
        try:
            outcome = await handle_message(self._world, self._sender, company, message, lease)
        except LeaseLost:
            outcome = "lease_lost"
        except Exception as problem:
            _log.error("message_failed", message_id=message.id, error=type(problem).__name__)
            outcome = await self._postpone(message, company, lease)
        metrics.handled(message.topic, outcome)
        tell = _log.warning if outcome == Outcome.FAILED else _log.info
        tell(
            "message", message_id=message.id, company_id=message.company_id, enablement_id=message.enablement_id,
            topic=message.topic, outcome=outcome, attempt=message.attempts,
        )  # fmt: skip

    async def _postpone(self, message: Message, company: Company, lease: str) -> str:
        try:
            return await postpone_message(self._world, company, message, lease)
        except Exception:
            return "error"  # the database is away: the lease runs out and the message comes again

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._woken.set()

    async def _sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            pass
