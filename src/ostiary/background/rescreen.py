"""Screening active clients again: when a list changed, and once a day for names that did.

Each client's row says against what it was screened, so that a pass that was cut off goes on where it stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from ostiary.background.passes import BackgroundPass, FaultNews, FaultNotices, active_clients
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import OstiaryError
from ostiary.domain.screening.list_watch import age_ms, list_fault
from ostiary.domain.screening.subject import ScreeningUnavailable
from ostiary.domain.times import DAY_MS
from ostiary.telemetry import metrics
from ostiary.telemetry.logs import get_logger
from ostiary.usecases.context import Context
from ostiary.usecases.screening.screen_client import ACTOR, ScreeningAnswer, lists_in_force, screen_client

PROGRESS_EVERY = 1_000
_log = get_logger("ostiary.screening")


@dataclass(slots=True)
class RescreeningTally:
    """How far a pass is."""

    seen: int = 0
    hits: int = 0
    failed: int = 0


@dataclass(slots=True)
class Rescreening:
    """Passes over all active clients of production companies; `begin` is asked now and then."""

    context: Context
    _lists: str = ""
    _began_at_ms: int = 0
    _pass: BackgroundPass = field(default_factory=BackgroundPass, repr=False)
    _notices: FaultNotices = field(default_factory=FaultNotices, repr=False)

    async def begin(self) -> None:
        """Begins a pass in the background when there is reason to, and none is under way."""
        now = self.context.now_ms()
        if not self.context.lists or not self._pass.may_look(now) or not await self._look_at_lists(now):
            return
        try:
            lists = await lists_in_force(self.context)
        except ScreeningUnavailable as away:
            _log.warning("list_unavailable", problem=away.problem)
            return
        if lists != self._lists or not 0 <= now - self._began_at_ms < DAY_MS:
            self._lists, self._began_at_ms = lists, now
            self._pass.start(screen_all(self.context, lists))

    async def _look_at_lists(self, now_ms: int) -> bool:
        """Measures every list, and says what is wrong with one: once, and once a day while it lasts. Whether all
        answer."""
        every_answers = True
        for screened in self.context.lists:
            fault, line = "", 0
            try:
                standing = await screened.standing()
            except ScreeningUnavailable as away:
                every_answers, fault, line = False, away.problem, away.line
                metrics.list_looked_at(screened.name, is_readable=False, line=line, age_s=None, persons=None)
            else:
                fault, line = list_fault(standing, screened.most_age_ms, now_ms), standing.line
                age = age_ms(standing, now_ms)
                metrics.list_looked_at(
                    screened.name,
                    is_readable=not standing.problem,
                    line=line,
                    age_s=None if age is None else age / 1000,
                    persons=standing.persons,
                )
            self._say(screened.name, fault, line, now_ms)
        return every_answers

    def _say(self, name: str, fault: str, line: int, now_ms: int) -> None:
        match self._notices.news(name, fault, now_ms):
            case FaultNews.FAULTY:
                _log.warning("list_faulty", list=name, line=line, problem=fault)
            case FaultNews.IN_ORDER:
                _log.info("list_in_order", list=name)
            case _:
                pass

    async def close(self) -> None:
        """Cuts off a pass that is under way; the next one goes on from there."""
        await self._pass.close()


async def screen_all(
    context: Context, lists: str, tell: Callable[[RescreeningTally], None] = lambda tally: None
) -> RescreeningTally:
    """One pass. What cannot be screened now is counted, and comes again in the next."""
    tally = RescreeningTally()
    async for company, client in active_clients(context):
        try:
            answer = await screen_client(context, Caller(company, ACTOR, 0), client.id, lists)
        except (ScreeningUnavailable, OstiaryError):
            tally.failed += 1
        else:
            tally.hits += answer is ScreeningAnswer.HIT
            metrics.screened(answer)
        tally.seen += 1
        tell(tally)
        if tally.seen % PROGRESS_EVERY == 0:
            _log.info("screening", count=tally.seen)
        await asyncio.sleep(0)
    _log.info("screened", count=tally.seen)
    return tally
