"""Everything that waits for a person, over all companies that an operator works for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ostiary.domain.companies.company import Company
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.permissions import works_for
from ostiary.domain.review.risk import risk_of
from ostiary.domain.review.waiting import (
    MOST_COUNTED,
    PAGE_CASES,
    START,
    Holding,
    QueueFilters,
    QueuePlace,
    WaitingCase,
    demand_filters,
)
from ostiary.usecases.clients.find import ClientFound, OpenedClients, Sought, find_clients
from ostiary.usecases.context import Context
from ostiary.usecases.operators.directory import list_operators

FEW = (Holding.MINE, Holding.APPROVAL)
"""Whose cases are read together: nobody has more than a few."""
MOST_OPENED = 5_000
"""Clients that a search opens which has no keyed hash to go by: a second or two of this process, in between which
others are served. The command line has no such bound."""


@dataclass(frozen=True, slots=True)
class QueuedCase:
    """A case with whose it is, the name of who works on it (empty: nobody), and whose decision of it waits."""

    case: WaitingCase
    company: Company
    holder: str = ""
    maker: str = ""


@dataclass(frozen=True, slots=True)
class CasesFound:
    """Who fits. `is_cut_short`: more clients would have had to be opened than one search may."""

    clients: tuple[ClientFound, ...]
    is_cut_short: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some cases in their order. `count` are all that fit the filters, `MOST_COUNTED` + 1 for more than that; `after`
    is where the next page begins (None: there is none). `companies` are those that the operator works for."""

    cases: tuple[QueuedCase, ...]
    count: int
    after: QueuePlace | None
    companies: tuple[Company, ...]


async def companies_of(context: Context, operator: Operator) -> tuple[Company, ...]:
    """The companies that an operator works for, by name."""
    every = await context.storage.companies.every()
    own = (each for each in every if works_for(operator, each.id))
    return tuple(sorted(own, key=lambda each: (each.name, each.id)))


async def queue_page(
    context: Context, operator: Operator, filters: QueueFilters, after: QueuePlace = START
) -> QueuePage:
    """The cases behind a place in the queue. A company that is not the operator's has none. Raises ValidationFailed."""
    demand_filters(filters)
    companies = await companies_of(context, operator)
    asked = _asked(companies, filters)
    cases = await _behind(context, operator, filters, tuple(asked), after)
    count = len(cases)
    if filters.holding in FEW:
        count = len(await _few(context, operator, filters, tuple(asked)))
    elif after != START or count > PAGE_CASES:
        count = await context.storage.queue.count(tuple(asked), filters, MOST_COUNTED + 1, context.now_ms())
    names = await _names(context, cases)
    page = cases[:PAGE_CASES]
    queued = tuple(QueuedCase(case, asked[case.company_id], _holder(case, names), _maker(case, names)) for case in page)
    return QueuePage(queued, count, page[-1].place if len(cases) > PAGE_CASES else None, companies)


async def case_beside(
    context: Context, operator: Operator, filters: QueueFilters, place: QueuePlace, *, is_back: bool = False
) -> WaitingCase | None:
    """The case right behind a place, or right before it; None: there is none. Raises ValidationFailed."""
    demand_filters(filters)
    asked = tuple(_asked(await companies_of(context, operator), filters))
    if not is_back:
        return next(iter(await _behind(context, operator, filters, asked, place)), None)
    if filters.holding in FEW:
        mine = await _few(context, operator, filters, asked)
        return next((case for case in reversed(mine) if case.place.key < place.key), None)
    return await context.storage.queue.before(asked, filters, place, context.now_ms())


async def case_to_go_on_with(
    context: Context, operator: Operator, filters: QueueFilters, place: QueuePlace
) -> WaitingCase | None:
    """Where somebody goes on who has just decided the case at a place: the next that nobody else has, of a page behind
    it or else from the beginning; None: there is none. Raises ValidationFailed."""
    demand_filters(filters)
    asked = tuple(_asked(await companies_of(context, operator), filters))
    for begin in (place, START):
        for case in await _behind(context, operator, filters, asked, begin):
            if case.enablement_id != place.enablement_id and (case.claim is None or case.claim.is_of(operator.id)):
                return case
    return None


def _asked(companies: tuple[Company, ...], filters: QueueFilters) -> dict[str, Company]:
    """The companies that are asked about, by their ids: one that is not the operator's is not among them."""
    return {each.id: each for each in companies if filters.company_id in ("", each.id)}


async def _behind(
    context: Context, operator: Operator, filters: QueueFilters, company_ids: tuple[str, ...], after: QueuePlace
) -> tuple[WaitingCase, ...]:
    """A page behind a place, and one case more if there is one."""
    if filters.holding in FEW:
        mine = await _few(context, operator, filters, company_ids)
        return tuple(case for case in mine if case.place.key > after.key)[: PAGE_CASES + 1]
    return await context.storage.queue.page(company_ids, filters, after, PAGE_CASES + 1, context.now_ms())


async def counted_cases(context: Context, operator: Operator, views: Sequence[QueueFilters]) -> list[int]:
    """How many cases each of several views has, `MOST_COUNTED` + 1 for more than that. Counted beside everything else.
    Raises ValidationFailed."""
    for filters in views:
        demand_filters(filters)
    companies = await companies_of(context, operator)
    asked = [(tuple(_asked(companies, filters)), filters) for filters in views]
    counts = await context.storage.queue.counts(
        [each for each in asked if each[1].holding not in FEW], MOST_COUNTED + 1, context.now_ms()
    )
    rest = iter(counts)
    return [
        len(await _few(context, operator, filters, ids)) if filters.holding in FEW else next(rest)
        for ids, filters in asked
    ]


async def _few(
    context: Context, operator: Operator, filters: QueueFilters, company_ids: tuple[str, ...]
) -> list[WaitingCase]:
    """What is the operator's, or waits for an approver: so few that they are read together."""
    if filters.holding is Holding.MINE:
        cases = await context.storage.queue.claimed_by(company_ids, operator.id, context.now_ms())
    else:
        cases = await context.storage.queue.for_approvers(company_ids, context.now_ms())
    return [
        case
        for case in cases
        if filters.product in ("", case.product)
        and filters.kind in ("", case.review)
        and (not filters.reason or filters.reason in case.reasons)
        and filters.risk in ("", risk_of(case.reasons))
    ]


async def _names(context: Context, cases: tuple[WaitingCase, ...]) -> dict[str, str]:
    """The names of all operators by their ids, where somebody works on a case, or has decided it."""
    if not any(case.claim or case.step for case in cases):
        return {}
    return {each.id: each.name for each in await list_operators(context)}


def _holder(case: WaitingCase, names: dict[str, str]) -> str:
    """An operator who is gone is named by his id."""
    return "" if case.claim is None else names.get(case.claim.operator_id, case.claim.operator_id)


def _maker(case: WaitingCase, names: dict[str, str]) -> str:
    return "" if case.step is None else names.get(case.step.operator_id, case.step.operator_id)


async def find_cases(context: Context, operator: Operator, sought: Sought, countries: Sequence[str] = ()) -> CasesFound:
    """Clients and their requests by what is known of them, of the companies that the operator works for. `countries`
    are all that may have issued a document.

    Raises ValidationFailed when nothing is asked about.
    """
    opened = OpenedClients(MOST_OPENED)
    if not operator.companies:
        return CasesFound(tuple(await find_clients(context, sought, opened, countries)), opened.is_spent)
    own = [replace(sought, company_id=each.id) for each in await companies_of(context, operator)]
    matches = [match for each in own for match in await find_clients(context, each, opened, countries)]
    return CasesFound(tuple(matches), opened.is_spent)
