"""Erasures, done by whichever worker comes to them first; and those begun by themselves where that is declared."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from ostiary.domain.companies.company import Company
from ostiary.domain.errors import LeaseLost, OstiaryError, Unavailable
from ostiary.domain.privacy.erasure import Erasure, ErasureState
from ostiary.domain.times import DAY_MS
from ostiary.telemetry.logs import get_logger
from ostiary.usecases.context import Context, LeftPictures
from ostiary.usecases.privacy.begin_due import begin_due, erase_again
from ostiary.usecases.privacy.carry_out import carry_out

CLAIMED_TOGETHER = 256
"""Erasures whose days are listed together in the store, and few enough to end within their lease."""
AT_ONCE = 32
"""Beside each other: they wait for the disk, the store and providers, and share commits."""
LEASES = 5
"""Leases of a message: with the usual one longer than so many take with a store that times out for each of them, and
short enough that what a killed worker had is gone on with soon."""
SOON_MS = 60_000
"""What is due so soon is waited for, rather than for the next time that `begin` is asked."""
_log = get_logger("ostiary.erasure")


@dataclass(slots=True)
class ErasureRounds:
    """One pass at a time, in the background; `begin` is asked now and then."""

    context: Context
    _scanned_at_ms: int = 0
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    async def begin(self) -> None:
        """Begins a pass unless one is under way: a provider that does not answer holds up nothing else."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._pass())

    async def close(self) -> None:
        """Cuts off what is under way: it goes on from there when its lease is over."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _pass(self) -> None:
        try:
            await carry_out_due(self.context)
            while (wait_ms := await soon_due_ms(self.context)) is not None:
                await asyncio.sleep(wait_ms / 1000)
                await carry_out_due(self.context)
            now = self.context.now_ms()
            if not 0 <= now - self._scanned_at_ms < DAY_MS:
                count = await erase_again(self.context, self.context.pictures) + await begin_due(self.context)
                self._scanned_at_ms = now  # last of all: what was broken off is begun anew
                if count:
                    _log.info("erasures_begun", count=count)
        except OstiaryError as problem:
            _log.warning("erasures_not_done", error=problem.code)
        except Exception as problem:
            _log.error("erasures_failed", error=type(problem).__name__)


async def soon_due_ms(context: Context) -> int | None:
    """In how many milliseconds there is something to do; None: not soon."""
    now, soon = context.now_ms(), list[int]()
    for company in await context.storage.companies.every():
        for erasure in await context.storage.erasures.due_before(company, now + SOON_MS, CLAIMED_TOGETHER):
            soon.append(max(erasure.due_at_ms, erasure.leased_until_ms) - now)
    return max(min(soon), 1) if soon and min(soon) <= SOON_MS else None


async def carry_out_due(context: Context) -> int:
    """Goes on with all that are due; how many got further."""
    count = 0
    for company in await context.storage.companies.every():
        while True:
            now = context.now_ms()
            claimed = await context.storage.erasures.claim(
                company, now, now + LEASES * context.timing.lease_ms, CLAIMED_TOGETHER
            )
            if not claimed:
                break
            slots, left = asyncio.Semaphore(AT_ONCE), context.pictures.left()
            count += sum(await asyncio.gather(*(_further(context, company, each, slots, left) for each in claimed)))
    return count


async def _further(
    context: Context, company: Company, erasure: Erasure, slots: asyncio.Semaphore, left: LeftPictures
) -> bool:
    async with slots:
        try:
            after = await carry_out(context, company, erasure, left)
        except LeaseLost:
            return False
        except Exception as problem:  # its lease runs out, and it comes again; others go on
            if isinstance(problem, Unavailable):
                _log.warning("erasure_not_done", erasure_id=erasure.id, company_id=company.id, error=problem.code)
            else:
                _log.error("erasure_failed", erasure_id=erasure.id, company_id=company.id, error=type(problem).__name__)
            return False
    if after.problem:
        _log.warning("erasure_waits", erasure_id=erasure.id, company_id=company.id, problem=after.problem.split()[0])
    elif after.state is ErasureState.DONE:
        _log.info("erasure_done", erasure_id=erasure.id, company_id=company.id)
    return True
