"""What the calendar brings, done now and then by whichever worker comes to it first."""

from __future__ import annotations

from ostiary.domain.companies.company import Company
from ostiary.domain.errors import OstiaryError
from ostiary.domain.times import DAY_MS
from ostiary.telemetry.logs import get_logger
from ostiary.usecases.context import Context
from ostiary.usecases.lifecycle.backfill import date_requests
from ostiary.usecases.lifecycle.daily import DUE_TOGETHER, due_work

LOOKED_EVERY_MS = 60_000
"""Deadlines are days: a minute late is in time."""
DATED_AGAIN_MS = DAY_MS
"""An earlier version that works beside this one enables requests and gives them no deadline: after so long they are
looked for again."""
MOST_BATCHES = 10
"""Of one company each time, so that what else there is to do has its turn: the rest is due still."""
_log = get_logger("ostiary.renewals")


class Renewals:
    """Deadlines that have come, and dates for requests that have none by the rules of today."""

    def __init__(self, context: Context) -> None:
        self._context, self._looked_at_ms, self._dated_from_ms = context, 0, 0
        self._dated: dict[tuple[str, str], tuple[str, str | None]] = {}
        """How far each company's requests of each product are dated, and by which catalogue; None: all of them."""

    async def do(self, now_ms: int) -> None:
        """One round, at most once a minute; at once again while there is more."""
        if 0 <= now_ms - self._looked_at_ms < LOOKED_EVERY_MS:
            return
        if not 0 <= now_ms - self._dated_from_ms < DATED_AGAIN_MS:
            self._dated_from_ms = now_ms
            self._dated.clear()
        is_more = False
        for company in await self._context.storage.companies.every():
            try:
                is_more |= await self._come_due(company)
                is_more |= await self._date(company)
            except OstiaryError as error:
                _log.warning("renewals_not_done", company_id=company.id, error=error.code)
        self._looked_at_ms = 0 if is_more else now_ms

    async def _come_due(self, company: Company) -> bool:
        """Whether there is more."""
        for _ in range(MOST_BATCHES):
            if await due_work(self._context, company, self._context.now_of(company), tell=_not_seen_to) < DUE_TOGETHER:
                return False
        return True

    async def _date(self, company: Company) -> bool:
        """Whether there is more."""
        version = self._context.catalogues.current.version
        for product in self._context.catalogues.current.products:
            for _ in range(MOST_BATCHES):
                by, after = self._dated.get((company.id, product), ("", ""))
                if by == version and after is None:
                    break
                begun = after if by == version and after is not None else ""
                self._dated[company.id, product] = (
                    version,
                    await date_requests(self._context, company, product, begun, _not_seen_to),
                )
            else:
                return True
        return False


def _not_seen_to(client_id: str, error: Exception) -> None:
    cause = error.code if isinstance(error, OstiaryError) else type(error).__name__
    _log.warning("deadline_not_seen_to", client_id=client_id, error=cause)
