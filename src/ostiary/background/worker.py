"""The worker: claims due messages under a lease, handles them side by side, and sleeps until something is due.

How many of whom are under way at once is shared out by `domain.queues`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from time import monotonic
from typing import TypeAlias

from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.messages import Message, MessageOutcome
from ostiary.domain.delivery.queues import Capacity
from ostiary.domain.delivery.timing import ENDPOINT_TIMEOUT_S
from ostiary.domain.errors import LeaseLost, Unavailable
from ostiary.telemetry import metrics
from ostiary.telemetry.logs import get_logger
from ostiary.usecases.context import Context
from ostiary.usecases.delivery.deliver import Sender, handle_message, postpone_message

CLAIMED_TOGETHER = 64
"""Messages taken in one go: more would wait, under a lease that runs, for the first of them to be opened."""
LONGEST_SLEEP_S = 1.0
"""The safety net: our own writes wake the worker at once, and those of other processes are watched for."""
WATCH_EVERY_S = 0.01
"""How often a worker of its own looks whether another process wrote: some 2 us each time."""
CLAIM_EVERY_S = 0.002
"""From one claim to the next: a claim is a commit that calls wait for, so what comes meanwhile is claimed together. An
endpoint's sixteen places are still taken hundreds of times a second."""
PARTING_SLACK_S = 1.0
"""At the end, tries under way may finish: a little longer than an endpoint may take."""
PARTING_S = ENDPOINT_TIMEOUT_S + PARTING_SLACK_S
HANDING_BACK_S = 3.0
"""For telling the database that what did not end in time is nobody's; without it the leases run out by themselves."""
CHORES_EVERY_S = 60.0
STUCK_AFTER_S = 120.0
"""It looks for messages every second, and a database that does not answer is given up long before: then it is stuck."""
Held: TypeAlias = tuple[Message, str]
"""A message and the lease it was claimed under."""
_log = get_logger("ostiary.worker")


class Worker:
    """Handles messages until stopped. `chores` is housekeeping, done now and then.

    `watch` gives another value when another process wrote; without it only our own writes are noticed at once.
    `parting_s` is how many seconds what is under way at the end may still take.
    """

    def __init__(
        self,
        context: Context,
        sender: Sender,
        chores: Callable[[], Awaitable[None]],
        watch: Callable[[], int] | None = None,
        parting_s: float = PARTING_S,
    ) -> None:
        self._context, self._sender, self._chores, self._watch = context, sender, chores, watch
        self._woken, self._stopping, self._parting_s = asyncio.Event(), False, parting_s
        self._room, self._seen = Capacity(), 0
        self._looked_at_s, self._claimed_at_s = monotonic(), 0.0
        self._running: dict[asyncio.Task[None], Held] = {}

    @property
    def is_stopping(self) -> bool:
        return self._stopping

    @property
    def is_alive(self) -> bool:
        """Whether it still looks for what is due, or has ended as it was told to."""
        return self._stopping or monotonic() - self._looked_at_s < STUCK_AFTER_S

    def wake(self) -> None:
        """Something is due now."""
        self._woken.set()

    async def run(self) -> None:
        """Until `stop`; what is under way then may finish, and is handed back if it does not."""
        housekeeping = asyncio.create_task(self._keep_house())
        while not self._stopping:
            self._looked_at_s = monotonic()
            try:
                sleep_s = await self._round()
            except Exception as problem:
                _tell(problem)
                sleep_s = LONGEST_SLEEP_S
            await self._sleep(sleep_s)
        housekeeping.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=self._parting_s)
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
        now = self._context.now_ms()
        due = await self._context.storage.outbox.next_due_ms()
        if due is None or due > now:
            return LONGEST_SLEEP_S if due is None else min((due - now) / 1000, LONGEST_SLEEP_S)
        if (early_s := self._claimed_at_s + CLAIM_EVERY_S - monotonic()) > 0:
            await asyncio.sleep(early_s)
            now = self._context.now_ms()
        self._claimed_at_s = monotonic()
        lease = self._context.new_id()
        until_ms = now + self._context.timing.lease_ms
        claimed = await self._context.storage.outbox.claim(lease, now, until_ms, CLAIMED_TOGETHER, self._room)
        if self._stopping:
            await self._hand_back((message, lease) for message, _ in claimed)
            return 0.0
        self._room.sandboxes.update(company.id for _, company in claimed if company.is_sandbox)
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
                    now_ms = self._context.now_ms()
                    if await self._context.storage.outbox.hand_back(message.company_id, message.id, lease, now_ms):
                        _log.info("handed_back", message_id=message.id, company_id=message.company_id)
        except (Unavailable, TimeoutError) as problem:
            _log.warning("not_handed_back", error=type(problem).__name__)

    async def _handle(self, message: Message, company: Company, lease: str) -> None:
        try:
            outcome = await handle_message(self._context, self._sender, company, message, lease)
        except LeaseLost:
            outcome = "lease_lost"
        except Exception as problem:
            _log.error("message_failed", message_id=message.id, error=type(problem).__name__)
            outcome = await self._postpone(message, company, lease)
        finally:
            self._room.give_back(message.lane, company.id, message.queue)
        metrics.handled(message.topic, outcome, message.provider)
        tell = _log.warning if outcome == MessageOutcome.FAILED else _log.info
        tell(
            "message",
            message_id=message.id,
            company_id=message.company_id,
            enablement_id=message.enablement_id,
            topic=message.topic,
            outcome=outcome,
            attempt=message.attempts,
        )

    async def _postpone(self, message: Message, company: Company, lease: str) -> str:
        try:
            return await postpone_message(self._context, company, message, lease)
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
