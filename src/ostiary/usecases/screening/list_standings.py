"""How the lists are that clients are screened against: what each answers from, and since when."""

from __future__ import annotations

import asyncio

from ostiary.domain.screening.list_watch import age_ms, list_fault
from ostiary.domain.screening.subject import ListStanding, Screening, ScreeningUnavailable
from ostiary.domain.value import value_type
from ostiary.usecases.context import Context

LONGEST_S = 3.0
"""A list in a file answers from memory; one that is a service may not answer at all, and a page waits for it."""


@value_type(kw_only=True)
class ListLine:
    """A list by its name. `standing` is None where it does not answer, `age_ms` where it does not say of when it is;
    `fault` is what is wrong with it, in words, empty for nothing."""

    name: str
    standing: ListStanding | None
    age_ms: int | None
    fault: str


async def list_lines(context: Context) -> list[ListLine]:
    """Each list, all asked at once."""
    return list(await asyncio.gather(*(_line(context, each) for each in context.lists)))


async def _line(context: Context, screened: Screening) -> ListLine:
    try:
        standing = await asyncio.wait_for(screened.standing(), LONGEST_S)
    except ScreeningUnavailable as away:
        return ListLine(name=screened.name, standing=None, age_ms=None, fault=away.problem)
    except TimeoutError:
        return ListLine(name=screened.name, standing=None, age_ms=None, fault=f"no answer within {LONGEST_S:.0f} s")
    now = context.now_ms()
    fault = list_fault(standing, screened.most_age_ms, now)
    return ListLine(name=screened.name, standing=standing, age_ms=age_ms(standing, now), fault=fault)
