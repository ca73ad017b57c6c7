"""The figures of an operator's companies."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ostiary.domain.companies.company import Company
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.permissions import works_for
from ostiary.domain.review.figures import WEEK_MS, Figures, figures_of, week_of
from ostiary.usecases.context import Context

WEEKS = 13
"""A quarter."""
BEFORE_WEEKS = 4
"""Submissions of so long before are looked at too: some of the first week's verdicts are about them."""
MOST_EVENTS = 200_000
"""Of all companies looked at; 60 MB, and a second of a thread. Beyond, the figures are of a part, and say so."""


@dataclass(frozen=True, slots=True)
class FiguresView:
    """Figures, the companies they may be of, and which of these they are of (None: all). `is_partial`: there was more
    than is counted."""

    figures: Figures
    companies: tuple[Company, ...]
    company: Company | None
    is_partial: bool
    as_of_ms: int


async def figures(context: Context, operator: Operator, company_id: str = "", product: str = "") -> FiguresView:
    """Of one company that the operator works for, or of all of them; of one product or all. A company that is not the
    operator's is none."""
    every = await context.storage.companies.every()
    mine = tuple(company for company in every if works_for(operator, company.id))
    company = next((each for each in mine if each.id == company_id), None)
    chosen = mine if company is None and not company_id else tuple(each for each in mine if each.id == company_id)
    now = context.now_ms()
    since_ms = week_of(now) - (WEEKS - 1 + BEFORE_WEEKS) * WEEK_MS
    ids = [each.id for each in chosen]
    events = await context.storage.figures.since(ids, since_ms, MOST_EVENTS)
    # Seconds where there are many; no call of the API waits for them.
    counted = await asyncio.to_thread(figures_of, events, now, WEEKS, product)
    return FiguresView(
        figures=counted,
        companies=mine,
        company=company,
        is_partial=len(events) >= MOST_EVENTS,
        as_of_ms=now,
    )
