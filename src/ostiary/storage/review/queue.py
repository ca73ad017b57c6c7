"""The queue of cases that wait for a person, read from indexes that hold only these."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ostiary.domain.onboarding.enablement import Review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.claims import Claim
from ostiary.domain.review.risk import Risk
from ostiary.domain.review.routing import SETTLED_BY_LOOKING
from ostiary.domain.review.waiting import (
    ORDINARY,
    START,
    URGENT,
    Holding,
    QueueFilters,
    QueuePlace,
    WaitingCase,
    WaitingStep,
    merged,
)
from ostiary.domain.times import END_MS
from ostiary.storage.engine import Ask, Engine, Row
from ostiary.storage.tables.enablements import SHOWN_TO_OLDER, review_of

# ---- statements -----------------------------------------------------------------------------------------------------

# What both indexes hold, and the count of hits beside it. The kind as `review_of` says it. The company is named for
# each table, so that each is read in one part where tables are split.
_CASE_COLUMNS = """e.company_id, e.enablement_id, e.client_id, e.product, e.review, e.review_kind, e.review_since_ms,
  e.review_reasons, (SELECT count(*) FROM screening_hits h WHERE h.company_id = ?1
   AND h.client_id = e.client_id AND h.state <> 'cleared'), c.operator_id, c.claimed_at_ms, c.until_ms,
  (SELECT min(a.at_ms || ' ' || a.operator_id || ' ' || a.kind) FROM approvals a WHERE a.company_id = ?1
   AND a.client_id = e.client_id AND a.enablement_id = e.enablement_id)"""
_EXACT = " ".join(
    f"WHEN e.review = '{shown}' AND e.review_kind = '{exact}' THEN '{exact}'" for exact, shown in SHOWN_TO_OLDER.items()
)
_KIND = f"CASE {_EXACT} ELSE e.review END"
_REASONS = "(',' || coalesce(e.review_reasons, '') || ',')"
_LEFT = _REASONS
for _code in sorted(SETTLED_BY_LOOKING):
    _LEFT = f"replace({_LEFT}, ',{_code},', ',')"
_LISTED = f"{_REASONS} LIKE '%,{ReviewReason.SCREENING_HIT},%'"
# As `risk_of` says it: what is left without the reasons that are no doubts is nothing, or it is doubts. What is dearer
# to find out comes last, and only where it is asked for.
_IS_RISK = f"""({{risk}} = '{Risk.HITS}' AND {_LISTED}
  OR {{risk}} = '{Risk.NONE}' AND NOT {_LISTED} AND {_LEFT} IN (',', ',,')
  OR {{risk}} = '{Risk.DOUBTS}' AND NOT {_LISTED} AND {_LEFT} NOT IN (',', ',,'))"""
_FITS = f"""(?5 = '' OR e.product = ?5) AND (?6 = '' OR {_REASONS} LIKE ('%,' || ?6 || ',%'))
 AND (?9 = '' OR {_IS_RISK.format(risk="?9")})"""
_CLAIMED = """LEFT JOIN review_claims c
 ON c.company_id = ?1 AND c.enablement_id = e.enablement_id AND c.until_ms > ?7"""
# What waits for an approver is nobody's to take.
_FREE = """(c.operator_id IS NULL AND NOT EXISTS (SELECT 1 FROM approvals a WHERE a.company_id = ?1
  AND a.client_id = e.client_id AND a.enablement_id = e.enablement_id))"""
_URGENT = "e.review = 'change' AND e.review_kind = 'screening'"
_ORDINARY = """e.review IS NOT NULL AND NOT (e.review = 'change' AND coalesce(e.review_kind, '') = 'screening')"""
_AFTER = "(e.review_since_ms, e.enablement_id) > (?2, ?3) ORDER BY e.review_since_ms, e.enablement_id LIMIT ?4"
_BEFORE = """(e.review_since_ms, e.enablement_id) < (?2, ?3)
 ORDER BY e.review_since_ms DESC, e.enablement_id DESC LIMIT ?4"""
# SQLite would take the index of all that waits, and read through it.
_URGENT_ONES = f"""FROM enablements e INDEXED BY enablements_urgent {_CLAIMED}
 WHERE e.company_id = ?1 AND {_URGENT} AND {_FITS} AND (?8 = '' OR {_FREE})"""
_ORDINARY_ONES = f"""FROM enablements e {_CLAIMED}
 WHERE e.company_id = ?1 AND {_ORDINARY} AND {_FITS} AND (?8 = '' OR {_FREE})
 AND (?10 = '' OR {_KIND} = ?10)"""
URGENT_CASES = f"SELECT {_CASE_COLUMNS} {_URGENT_ONES} AND {_AFTER}"
URGENT_BEFORE = f"SELECT {_CASE_COLUMNS} {_URGENT_ONES} AND {_BEFORE}"
ORDINARY_CASES = f"SELECT {_CASE_COLUMNS} {_ORDINARY_ONES} AND {_AFTER}"
ORDINARY_BEFORE = f"SELECT {_CASE_COLUMNS} {_ORDINARY_ONES} AND {_BEFORE}"
# Whoever asks for his own has a few: they are looked up from the claims.
MY_CASES = f"""SELECT {_CASE_COLUMNS} FROM review_claims c JOIN enablements e
 ON e.company_id = ?1 AND e.client_id = c.client_id AND e.enablement_id = c.enablement_id
 WHERE c.company_id = ?1 AND c.operator_id = ?2 AND c.until_ms > ?3 AND e.review IS NOT NULL"""  # noqa: S608
# Approvers have a few, too: a row is there as long as somebody owes an answer. Of a request that ended meanwhile nobody
# does, but for what is about its client.
APPROVER_CASES = f"""SELECT DISTINCT {_CASE_COLUMNS} FROM approvals b JOIN enablements e
 ON e.company_id = ?1 AND e.client_id = b.client_id AND e.enablement_id = b.enablement_id
 LEFT JOIN review_claims c ON c.company_id = ?1 AND c.enablement_id = e.enablement_id AND c.until_ms > ?2
 WHERE b.company_id = ?1
  AND (e.status <> 'rejected' OR e.review IS NOT NULL OR b.kind IN ('clear_hit', 'release_number'))"""  # noqa: S608
COUNTED_CASES = f"""SELECT count(*) FROM (SELECT 1 FROM enablements e WHERE e.company_id = ?1 AND e.review IS NOT NULL
 AND (?3 = '' OR e.product = ?3)
 AND (?4 = '' OR {_REASONS} LIKE ('%,' || ?4 || ',%')) AND (?8 = '' OR {_IS_RISK.format(risk="?8")})
 AND (?5 = '' OR {_KIND} = ?5) AND (?6 = '' OR NOT EXISTS (SELECT 1 FROM review_claims c
  WHERE c.company_id = ?1 AND c.enablement_id = e.enablement_id AND c.until_ms > ?7) AND NOT EXISTS (SELECT 1
  FROM approvals a WHERE a.company_id = ?1 AND a.client_id = e.client_id AND a.enablement_id = e.enablement_id))
 LIMIT ?2) waiting"""  # noqa: S608

# ---- reads ----------------------------------------------------------------------------------------------------------


def case_of(row: Row) -> WaitingCase:
    """Nothing of it is sealed."""
    company_id, enablement_id, client_id, product, shown, kind, since, reasons, hits, *claimed_by, waits = row
    operator_id, claimed, until = claimed_by
    claim = None
    if operator_id is not None:
        claim = Claim(
            company_id=company_id,
            enablement_id=enablement_id,
            client_id=client_id,
            operator_id=operator_id,
            claimed_at_ms=claimed,
            until_ms=until,
        )
    step = None if waits is None else _step(waits)
    return WaitingCase(
        company_id=company_id,
        enablement_id=enablement_id,
        client_id=client_id,
        product=product,
        review=review_of(shown, kind),
        since_ms=step.since_ms if since is None and step is not None else since,
        reasons=tuple(reasons.split(",")) if reasons else (),
        hits=hits,
        claim=claim,
        step=step,
    )


def _step(text: str) -> WaitingStep:
    at_ms, operator_id, kinds = text.split(" ", 2)
    return WaitingStep(tuple(kinds.split(",")), operator_id, int(at_ms))


class WaitingCases:
    """What waits for a person in the companies that are named."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def page(
        self, company_ids: Sequence[str], filters: QueueFilters, after: QueuePlace, limit: int, now_ms: int
    ) -> tuple[WaitingCase, ...]:
        """The first cases behind a place, whoever has claimed them."""
        asks = [ask for company_id in company_ids for ask in _asks(company_id, filters, after, limit, now_ms)]
        if not asks:
            return ()
        return merged([[case_of(row) for row in rows] for rows in await self._engine.gather(*asks)], limit)

    async def before(
        self, company_ids: Sequence[str], filters: QueueFilters, place: QueuePlace, limit: int, now_ms: int
    ) -> tuple[WaitingCase, ...]:
        """The last cases before a place, the nearest first."""
        asks = [ask for company_id in company_ids for ask in _asks_before(company_id, filters, place, limit, now_ms)]
        answers = await self._engine.gather(*asks) if asks else []
        cases = sorted((case_of(row) for rows in answers for row in rows), key=lambda case: case.place.key)
        return tuple(reversed(cases[-limit:]))

    async def count(self, company_ids: Sequence[str], filters: QueueFilters, most: int, now_ms: int) -> int:
        """How many wait; `most` for more than that."""
        asks: list[Ask] = [(COUNTED_CASES, _counting(each, filters, most, now_ms)) for each in company_ids]
        counts = await self._engine.gather(*asks) if asks else []
        return min(most, sum(int(rows[0][0]) for rows in counts))

    async def counts(self, asked: Sequence[tuple[Sequence[str], QueueFilters]], most: int, now_ms: int) -> list[int]:
        """How many wait of several companies under several filters: in a thread and on a connection of its own, since
        one that little fits reads through all that waits. Raises Unavailable."""
        return await asyncio.to_thread(self._counts, asked, most, now_ms) if asked else []

    def _counts(self, asked: Sequence[tuple[Sequence[str], QueueFilters]], most: int, now_ms: int) -> list[int]:
        counts = list[int]()
        with self._engine.snapshot() as aside:
            for company_ids, filters in asked:
                count = 0
                for company_id in company_ids:
                    count += int(aside.rows(COUNTED_CASES, *_counting(company_id, filters, most, now_ms))[0][0])
                    if count >= most:
                        break
                counts.append(min(most, count))
        return counts

    async def claimed_by(self, company_ids: Sequence[str], operator_id: str, now_ms: int) -> list[WaitingCase]:
        """Everything that waits and that an operator has claimed, in the queue's order."""
        asks: list[Ask] = [(MY_CASES, (company_id, operator_id, now_ms)) for company_id in company_ids]
        answers = await self._engine.gather(*asks) if asks else []
        return sorted((case_of(row) for rows in answers for row in rows), key=lambda case: case.place.key)

    async def for_approvers(self, company_ids: Sequence[str], now_ms: int) -> list[WaitingCase]:
        """Everything that waits for an approver, in the queue's order."""
        asks: list[Ask] = [(APPROVER_CASES, (company_id, now_ms)) for company_id in company_ids]
        answers = await self._engine.gather(*asks) if asks else []
        return sorted((case_of(row) for rows in answers for row in rows), key=lambda case: case.place.key)


def _counting(company_id: str, filters: QueueFilters, most: int, now_ms: int) -> tuple[int | str, ...]:
    is_free = "free" if filters.holding is Holding.FREE else ""
    return company_id, most, filters.product, filters.reason, filters.kind, is_free, now_ms, filters.risk


def _asks(company_id: str, filters: QueueFilters, after: QueuePlace, limit: int, now_ms: int) -> list[Ask]:
    """The one or two questions that a page needs of one company."""
    begin = after if after.rank == ORDINARY else QueuePlace(ORDINARY, START.since_ms, "")
    behind = _fitting(filters, limit, now_ms)
    asks: list[Ask] = []
    if after.rank != ORDINARY and filters.kind in ("", Review.SCREENING):
        asks.append((URGENT_CASES, (company_id, after.since_ms, after.enablement_id, *behind)))
    if filters.kind != Review.SCREENING:
        asks.append((ORDINARY_CASES, (company_id, begin.since_ms, begin.enablement_id, *behind, filters.kind)))
    return asks


def _asks_before(company_id: str, filters: QueueFilters, place: QueuePlace, limit: int, now_ms: int) -> list[Ask]:
    """The same for those before a place: before everything ordinary stands all that is urgent."""
    end = place if place.rank != ORDINARY else QueuePlace(URGENT, END_MS, "")
    before = _fitting(filters, limit, now_ms)
    asks: list[Ask] = []
    if filters.kind in ("", Review.SCREENING):
        asks.append((URGENT_BEFORE, (company_id, end.since_ms, end.enablement_id, *before)))
    if place.rank == ORDINARY and filters.kind != Review.SCREENING:
        asks.append((ORDINARY_BEFORE, (company_id, place.since_ms, place.enablement_id, *before, filters.kind)))
    return asks


def _fitting(filters: QueueFilters, limit: int, now_ms: int) -> tuple[int | str, ...]:
    """What every question about cases says behind its place."""
    is_free = "free" if filters.holding is Holding.FREE else ""
    return limit, filters.product, filters.reason, now_ms, is_free, filters.risk
