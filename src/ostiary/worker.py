"""The worker: claims due messages under a lease, handles them side by side, and sleeps until something is due.

How many of whom are under way at once is shared out by `domain.queues`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeAlias

import structlog

from ostiary.domain.companies import Company
from ostiary.domain.errors import LeaseLost, Unavailable
from ostiary.domain.messages import Message, Outcome
from ostiary.domain.queues import Room
from ostiary.http import metrics
from ostiary.usecases.delivering import LEASE_MS, Sender, handle_message, postpone_message
from ostiary.usecases.world import World

CLAIMED_TOGETHER = 64
"""Messages taken in one go: more would wait, under a lease that runs, for the first of them to be opened."""
LONGEST_SLEEP_S = 1.0
"""The safety net: our own writes wake the worker at once, and those of other processes are watched for."""
WATCH_EVERY_S = 0.01
"""How often a worker of its own looks whether another process wrote: some 2 us each time."""
PARTING_S = 16.0
"""At the end, tries under way may finish: a little longer than an endpoint may take."""
HANDING_BACK_S = 3.0
"""For telling the database that what did not end in time is nobody's; without it the leases run out by themselves."""
CHORES_EVERY_S = 60.0
Held: TypeAlias = tuple[Message, str]
"""A message and the lease it was claimed under."""
_log = structlog.get_logger("ostiary.worker")


class Worker:
    """Handles messages until stopped. `chores` is housekeeping, done now and then.

    `watch` gives another value when another process wrote; without it only our own writes are noticed at once.
    """

    def __init__(
        self, world: World, sender: Sender, chores: Callable[[], Awaitable[None]],
        watch: Callable[[], int] | None = None,
    ) -> None:  # fmt: skip
        self._world, self._sender, self._chores, self._watch = world, sender, chores, watch
        self._woken, self._stopping = asyncio.Event(), False
        self._room, self._seen = Room(), 0
        self._running: dict[asyncio.Task[None], Held] = {}

    def wake(self) -> None:
        """Something is due now."""
        self._woken.set()

    async def run(self) -> None:
        """Until `stop`; what is under way then may finish, and is handed back if it does not."""
        housekeeping = asyncio.create_task(self._keep_house())
        while not self._stopping:
            try:
                sleep_s = await self._round()
            except Exception as problem:
                _tell(problem)
                sleep_s = LONGEST_SLEEP_S
            await self._sleep(sleep_s)
        housekeeping.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=PARTING_S)
        await self._hand_back(await self._abandoned())
        await asyncio.wait((housekeeping,), timeout=HANDING_BACK_S)

    def stop(self) -> None:
        self._stopping = True
        self._woken.set()

    async def _keep_house(self) -> None:
        """It may take minutes (a call for each company and day, where pictures lie in an object store), and can be done
        by the next worker: neither messages nor the end wait for it."""
        while True:
            try:
                await self._chores()
            except Exception as problem:
                _tell(problem)
            await asyncio.sleep(CHORES_EVERY_S)

    async def _round(self) -> float:
        """Claims as much as there is room for; seconds until it makes sense to look again."""
        self._woken.clear()  # first of all: with the event set, waiting for room would not wait, and starve the loop
        self._seen = self._watch() if self._watch else 0
        now = self._world.now_ms()
        due = await self._world.storage.next_due_ms()
        if due is None or due > now:
            return LONGEST_SLEEP_S if due is None else min((due - now) / 1000, LONGEST_SLEEP_S)
        lease = self._world.new_id()
        claimed = await self._world.storage.claim(lease, now, now + LEASE_MS, CLAIMED_TOGETHER, self._room)
        if self._stopping:
            await self._hand_back((message, lease) for message, _ in claimed)
            return 0.0
        for message, company in claimed:
            self._room.take(message.lane, company.id, message.queue)
            task = asyncio.create_task(self._handle(message, company, lease))
            self._running[task] = message, lease
            task.add_done_callback(self._done)
        return 0.0 if claimed else LONGEST_SLEEP_S

    async def _abandoned(self) -> list[Held]:
        """Breaks off what is still under way; what that was."""
        held = dict(self._running)
        for task in held:
            task.cancel()
        if held:
            await asyncio.wait(held, timeout=HANDING_BACK_S)
        return list(held.values())

    async def _hand_back(self, held: Iterable[Held]) -> None:
        """Another worker may take it at once, and the try does not count. What was settled meanwhile stays settled."""
        try:
            async with asyncio.timeout(HANDING_BACK_S):
                for message, lease in held:
                    now_ms = self._world.now_ms()
                    if await self._world.storage.hand_back(message.company_id, message.id, lease, now_ms):
                        _log.info("handed_back", message_id=message.id, company_id=message.company_id)
        except (Unavailable, TimeoutError) as problem:
            _log.warning("not_handed_back", error=type(problem).__name__)

    async def _handle(self, message: Message, company: Company, lease: str) -> None:
        try:
            outcome = await handle_message(self._world, self._sender, company, message, lease)
        except LeaseLost:
            outcome = "lease_lost"
        except Exception as problem:
            _log.error("message_failed", message_id=message.id, error=type(problem).__name__)
            outcome = await self._postpone(message, company, lease)
        finally:
            self._room.give_back(message.lane, company.id, message.queue)
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
        self._running.pop(task, None)
        self._woken.set()

    async def _sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(seconds):
                await (self._woken.wait() if self._watch is None else self._watched(self._watch))
        except TimeoutError:
            pass

    async def _watched(self, watch: Callable[[], int]) -> None:
        """Until woken, or another process wrote since the last look at what is due."""
        while not self._woken.is_set() and watch() == self._seen:
            await asyncio.sleep(WATCH_EVERY_S)


def _tell(problem: Exception) -> None:
    if isinstance(problem, Unavailable):
        _log.warning("unavailable", error=type(problem).__name__)
    else:
        _log.error("failed", error=type(problem).__name__)
