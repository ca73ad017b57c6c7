"""Cases of clients who live in one country. Where somebody lives is sealed with him, so that clients are opened for it,
and not more than a few thousand for one look."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from ostiary.domain.errors import Broken
from ostiary.domain.review.waiting import QueueFilters, QueuePlace, WaitingCase
from ostiary.usecases.context import Context

MOST_OPENED = 5_000
"""Clients that one search or look opens: a second or two of this process, in between which others are served. The
command line has no such bound."""
TOGETHER = 50
"""Clients that are read and opened in one go: some milliseconds, in which nobody else is served. One after another each
would wait for its own turn behind all others, and a look would take ten seconds on a busy service."""
NextCases = Callable[[QueuePlace, int], Awaitable[Sequence[WaitingCase]]]
"""The next cases beyond a place, nearest first, and how many at most."""


async def living_there(context: Context, cases: Sequence[WaitingCase], country: str) -> list[WaitingCase]:
    """Those whose client lives there. One whose row does not open is left out, and reported."""
    if not country:
        return list(cases)
    fitting = list[WaitingCase]()
    for start in range(0, len(cases), TOGETHER):
        some = cases[start : start + TOGETHER]
        countries = await asyncio.gather(*(_country_of(context, case) for case in some))
        fitting += [case for case, its in zip(some, countries, strict=True) if its == country]
    return fitting


async def next_living_there(
    context: Context, filters: QueueFilters, place: QueuePlace, most: int, read: NextCases
) -> tuple[tuple[WaitingCase, ...], QueuePlace | None]:
    """So many cases beyond a place; and the place to go on from, where more clients than `MOST_OPENED` would have had
    to be opened for them."""
    if not filters.country:
        return tuple(await read(place, most)), None
    cases = list[WaitingCase]()
    for _ in range(MOST_OPENED // TOGETHER):
        page = await read(place, TOGETHER)
        cases += await living_there(context, page, filters.country)
        if len(cases) >= most or len(page) < TOGETHER:
            return tuple(cases[:most]), None
        place = page[-1].place
    return tuple(cases), place


async def _country_of(context: Context, case: WaitingCase) -> str:
    try:
        client = await context.storage.clients.find(case.company_id, case.client_id)
    except Broken as broken:
        context.row_unopened("clients", case.company_id, case.client_id, type(broken).__name__)
        return ""
    return client.profile.address.country if client is not None else ""
