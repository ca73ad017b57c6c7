"""Screening active clients again: when a list changed, and once a day for names that did.

Each client's row says against what it was screened, so that a pass that was cut off goes on where it stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import structlog

from ostiary.domain.clients import Client, ClientStatus
from ostiary.domain.companies import Caller, Company
from ostiary.domain.errors import OstiaryError
from ostiary.domain.screening import ScreeningUnavailable
from ostiary.domain.times import DAY_MS
from ostiary.http import metrics
from ostiary.usecases.screening import ACTOR, Answer, lists_in_force, screen_client
from ostiary.usecases.world import World

PAGE = 200
LOOK_EVERY_MS = 60_000
PROGRESS_EVERY = 1_000
_log = structlog.get_logger("ostiary.screening")


@dataclass(slots=True)
class Tally:
    """How far a pass is."""

    seen: int = 0
    hits: int = 0
    failed: int = 0


@dataclass(slots=True)
class Rescreening:
    """Passes over all active clients of production companies; `begin` is asked now and then."""

    world: World
    _lists: str = ""
    _began_at_ms: int = 0
    _looked_at_ms: int = 0
    _task: asyncio.Task[Tally] | None = field(default=None, repr=False)

    async def begin(self) -> None:
        """Begins a pass in the background when there is reason to, and none is under way."""
        now = self.world.now_ms()
        is_busy = self._task is not None and not self._task.done()
        if not self.world.lists or is_busy or 0 <= now - self._looked_at_ms < LOOK_EVERY_MS:
            return
        self._looked_at_ms = now
        try:
            lists = await lists_in_force(self.world)
        except ScreeningUnavailable as away:
            _log.warning("unavailable", error=type(away).__name__)
            return
        if lists != self._lists or not 0 <= now - self._began_at_ms < DAY_MS:
            self._lists, self._began_at_ms = lists, now
            self._task = asyncio.create_task(screen_all(self.world, lists))

    async def close(self) -> None:
        """Cuts off a pass that is under way; the next one goes on from there."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])


async def screen_all(world: World, lists: str, tell: Callable[[Tally], None] = lambda tally: None) -> Tally:
    """One pass. What cannot be screened now is counted, and comes again in the next."""
    tally = Tally()
    async for company, client in active_clients(world):
        try:
            answer = await screen_client(world, Caller(company, ACTOR, 0), client.id, lists)
        except (ScreeningUnavailable, OstiaryError):
            tally.failed += 1
        else:
            tally.hits += answer is Answer.HIT
            metrics.screened(answer)
        tally.seen += 1
        tell(tally)
        if tally.seen % PROGRESS_EVERY == 0:
            _log.info("screening", count=tally.seen)
        await asyncio.sleep(0)
    _log.info("screened", count=tally.seen)
    return tally


async def active_clients(world: World) -> AsyncIterator[tuple[Company, Client]]:
    """Every active client of a production company, newest first within each."""
    for company in await world.storage.companies():
        before: str | None = None
        while not company.is_sandbox:
            page = await world.storage.clients(company.id, ClientStatus.ACTIVE, before, PAGE)
            for client in page:
                yield company, client
            if len(page) < PAGE:
                break
            before = page[-1].id
