"""Everything that waits for a person, over all companies that an operator works for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ostiary.domain.companies.company import Company
from ostiary.domain.errors import value_refused
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
from ostiary.domain.sentences import joined
from ostiary.usecases.clients.find import ClientFound, OpenedClients, Sought, find_clients
from ostiary.usecases.clients.residence import MOST_OPENED, living_there, next_living_there
from ostiary.usecases.context import Context
from ostiary.usecases.operators.directory import list_operators

FEW = (Holding.MINE, Holding.APPROVAL)
"""Whose cases are read together: nobody has more than a few."""


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
    """Some cases in their order. `count` are all that fit the filters, `MOST_COUNTED` + 1 for more than that, None:
    not counted, since clients would have to be opened for it. `after` is where the next page begins (None: there is
    none). `companies` are those that the operator works for. `is_cut_short`: more clients would have had to be opened
    than one look may, and the next page goes on looking."""

    cases: tuple[QueuedCase, ...]
    count: int | None
    after: QueuePlace | None
    companies: tuple[Company, ...]
    is_cut_short: bool = False


def demand_possible(context: Context, filters: QueueFilters) -> None:
    """Raises ValidationFailed for what no case can have, naming what would be right."""
    demand_filters(filters)
    fault = context.lookups.country_fault(filters.country) if filters.country else None
    if fault is not None:
        raise value_refused("country", joined(("country", fault)))


async def companies_of(context: Context, operator: Operator) -> tuple[Company, ...]:
    """The companies that an operator works for, by name."""
    every = await context.storage.companies.every()
    own = (each for each in every if works_for(operator, each.id))
    return tuple(sorted(own, key=lambda each: (each.name, each.id)))


async def queue_page(
    context: Context, operator: Operator, filters: QueueFilters, after: QueuePlace = START
) -> QueuePage:
    """The cases behind a place in the queue. A company that is not the operator's has none. Raises ValidationFailed."""
    demand_possible(context, filters)
    companies = await companies_of(context, operator)
    asked = _asked(companies, filters)
    cases, stopped_at = await _behind(context, operator, filters, tuple(asked), after, PAGE_CASES + 1)
    count: int | None = len(cases)
    if filters.holding in FEW:
        count = len(await _few(context, operator, filters, tuple(asked)))
    elif after != START or len(cases) > PAGE_CASES or stopped_at is not None:
        count = await _counted(context, tuple(asked), filters)
    names = await _names(context, cases)
    page = cases[:PAGE_CASES]
    queued = tuple(QueuedCase(case, asked[case.company_id], _holder(case, names), _maker(case, names)) for case in page)
    behind = page[-1].place if len(cases) > PAGE_CASES else stopped_at
    return QueuePage(queued, count, behind, companies, is_cut_short=stopped_at is not None)


async def _counted(context: Context, company_ids: tuple[str, ...], filters: QueueFilters) -> int | None:
    if filters.country:
        return None
    return await context.storage.queue.count(company_ids, filters, MOST_COUNTED + 1, context.now_ms())


async def case_beside(
    context: Context, operator: Operator, filters: QueueFilters, place: QueuePlace, *, is_back: bool = False
) -> WaitingCase | QueuePlace | None:
    """The case right behind a place, or right before it; None: there is none; a place: so many clients were opened on
    the way there without one who lives where the filters say. Raises ValidationFailed."""
    demand_possible(context, filters)
    asked = tuple(_asked(await companies_of(context, operator), filters))
    if not is_back:
        cases, stopped_at = await _behind(context, operator, filters, asked, place, 1)
        return next(iter(cases), stopped_at)
    if filters.holding in FEW:
        mine = await _few(context, operator, filters, asked)
        return next((case for case in reversed(mine) if case.place.key < place.key), None)

    async def read(place: QueuePlace, most: int) -> Sequence[WaitingCase]:
        return await context.storage.queue.before(asked, filters, place, most, context.now_ms())

    cases, stopped_at = await next_living_there(context, filters, place, 1, read)
    return next(iter(cases), stopped_at)


async def case_to_go_on_with(
    context: Context, operator: Operator, filters: QueueFilters, place: QueuePlace
) -> WaitingCase | None:
    """Where somebody goes on who has just decided the case at a place: the next that nobody else has, of a page behind
    it or else from the beginning; None: there is none. Raises ValidationFailed."""
    demand_possible(context, filters)
    asked = tuple(_asked(await companies_of(context, operator), filters))
    for begin in (place, START):
        cases, _ = await _behind(context, operator, filters, asked, begin, PAGE_CASES + 1)
        for case in cases:
            if case.enablement_id != place.enablement_id and (case.claim is None or case.claim.is_of(operator.id)):
                return case
    return None


def _asked(companies: tuple[Company, ...], filters: QueueFilters) -> dict[str, Company]:
    """The companies that are asked about, by their ids: one that is not the operator's is not among them."""
    return {each.id: each for each in companies if filters.company_id in ("", each.id)}


async def _behind(
    context: Context,
    operator: Operator,
    filters: QueueFilters,
    company_ids: tuple[str, ...],
    after: QueuePlace,
    most: int,
) -> tuple[tuple[WaitingCase, ...], QueuePlace | None]:
    """So many cases behind a place; and where to go on looking, as `next_living_there` says it."""
    if filters.holding in FEW:
        mine = await _few(context, operator, filters, company_ids)
        return tuple(case for case in mine if case.place.key > after.key)[:most], None

    async def read(place: QueuePlace, together: int) -> Sequence[WaitingCase]:
        return await context.storage.queue.page(company_ids, filters, place, together, context.now_ms())

    return await next_living_there(context, filters, after, most, read)


async def counted_cases(context: Context, operator: Operator, views: Sequence[QueueFilters]) -> list[int | None]:
    """How many cases each of several views has, `MOST_COUNTED` + 1 for more than that, None for one that is not
    counted. Counted beside everything else. Raises ValidationFailed."""
    for filters in views:
        demand_possible(context, filters)
    companies = await companies_of(context, operator)
    asked = [(tuple(_asked(companies, filters)), filters) for filters in views]
    counts = await context.storage.queue.counts(
        [(ids, filters) for ids, filters in asked if _is_countable(filters)], MOST_COUNTED + 1, context.now_ms()
    )
    rest = iter(counts)
    return [
        len(await _few(context, operator, filters, ids))
        if filters.holding in FEW
        else next(rest)
        if _is_countable(filters)
        else None
        for ids, filters in asked
    ]


def _is_countable(filters: QueueFilters) -> bool:
    """By the database alone."""
    return filters.holding not in FEW and not filters.country


async def _few(
    context: Context, operator: Operator, filters: QueueFilters, company_ids: tuple[str, ...]
) -> list[WaitingCase]:
    """What is the operator's, or waits for an approver: so few that they are read together."""
    if filters.holding is Holding.MINE:
        cases = await context.storage.queue.claimed_by(company_ids, operator.id, context.now_ms())
    else:
        cases = await context.storage.queue.for_approvers(company_ids, context.now_ms())
    fitting = [
        case
        for case in cases
        if filters.product in ("", case.product)
        and filters.kind in ("", case.review)
        and (not filters.reason or filters.reason in case.reasons)
        and filters.risk in ("", risk_of(case.reasons))
    ]
    return await living_there(context, fitting, filters.country)


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
