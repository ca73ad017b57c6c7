"""Watching the trust store: how it is, for metrics and logs; and when it changed, whether enabled clients still stand.

Each document says whether it was found to be proven no longer, so that a pass that was cut off, or is made twice, asks
nobody twice.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ostiary.background.passes import BackgroundPass, FaultNews, FaultNotices, active_clients
from ostiary.domain.chip.standing import StoreState, TrustStanding
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import OstiaryError, Refused
from ostiary.telemetry import metrics
from ostiary.telemetry.logs import get_logger
from ostiary.usecases.context import Context
from ostiary.usecases.verification.trust_lost import ACTOR, TrustAnswer, review_trust

_log = get_logger("ostiary.trust")
_WORDS = {
    StoreState.UNREADABLE: "the trust store cannot be read",
    StoreState.EMPTY: "the trust store holds nobody's certificate",
    StoreState.OLD: "the newest list is of more than a quarter ago",
}


@dataclass(slots=True)
class TrustTally:
    """How far a pass is."""

    seen: int = 0
    lost: int = 0
    failed: int = 0


@dataclass(slots=True)
class TrustWatch:
    """Looks now and then, and passes over all active clients of production companies when another store is in force."""

    context: Context
    _version: str | None = None
    _pass: BackgroundPass = field(default_factory=BackgroundPass, repr=False)
    _notices: FaultNotices = field(default_factory=FaultNotices, repr=False)

    async def begin(self) -> None:
        """Begins a pass in the background when there is reason to, and none is under way."""
        now = self.context.now_ms()
        if not self.context.trust.is_configured or not self._pass.may_look(now):
            return
        standing = await self.context.trust.standing(datetime.fromtimestamp(now / 1000, UTC))
        self._tell(standing, now)
        if standing.state in (StoreState.UNREADABLE, StoreState.EMPTY):
            return  # a file that was moved away is no reason to doubt everybody
        try:
            version = await self.context.trust.version()
        except (Refused, OSError) as fault:  # written between the two looks
            _log.warning("trust_unreadable", problem=str(fault))
            return
        if version != self._version:
            _log.info("trust_in_force", version=version)
            self._version = version
            self._pass.start(review_all(self.context))

    def _tell(self, standing: TrustStanding, now_ms: int) -> None:
        """Measures; and says what is wrong once, and once a day while it lasts."""
        newest = standing.newest
        metrics.trust_looked_at(
            is_readable=standing.state is not StoreState.UNREADABLE,
            anchors=standing.anchors,
            list_age_s=None if newest is None else now_ms / 1000 - newest.timestamp(),
            overdue=standing.overdue,
        )
        fault = standing.fault or _WORDS.get(standing.state, "")
        match self._notices.news("trust", fault, now_ms):
            case FaultNews.FAULTY:
                _log.warning("trust_faulty", problem=fault)
            case FaultNews.IN_ORDER:
                _log.info("trust_in_order")
            case _:
                pass

    async def close(self) -> None:
        """Cuts off a pass that is under way; the next start looks at everybody again."""
        await self._pass.close()


async def review_all(context: Context) -> TrustTally:
    """One pass. What cannot be looked at now is counted, and comes again when the store changes next."""
    tally = TrustTally()
    async for company, client in active_clients(context):
        try:
            answer = await review_trust(context, Caller(company, ACTOR, 0), client.id)
        except (OstiaryError, OSError) as error:
            tally.failed += 1
            _log.warning("trust_not_reviewed", company_id=company.id, client_id=client.id, error=type(error).__name__)
        else:
            tally.lost += answer is TrustAnswer.LOST
        tally.seen += 1
        await asyncio.sleep(0)
    _log.info("trust_reviewed", count=tally.seen, lost=tally.lost)
    return tally
