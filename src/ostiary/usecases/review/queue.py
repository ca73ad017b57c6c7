"""Everything that waits for a person, over all companies that an operator works for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ostiary.domain.companies.company import Company
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.permissions import works_for
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
from ostiary.usecases.clients.find import ClientFound, Sought, find_clients
from ostiary.usecases.context import Context
from ostiary.usecases.operators.directory import list_operators


@dataclass(frozen=True, slots=True)
class QueuedCase:
    """A case with whose it is, the name of who works on it (empty: nobody), and whose decision of it waits."""

    case: WaitingCase
    company: Company
    holder: str = ""
    maker: str = ""


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
    asked = {each.id: each for each in companies if filters.company_id in ("", each.id)}
    if filters.holding in (Holding.MINE, Holding.APPROVAL):
        few = await _few(context, operator, filters, tuple(asked))
        count, cases = len(few), tuple(case for case in few if case.place.key > after.key)[: PAGE_CASES + 1]
    else:
        now = context.now_ms()
        cases = await context.storage.queue.page(tuple(asked), filters, after, PAGE_CASES + 1, now)
        count = len(cases)
        if after != START or count > PAGE_CASES:
            count = await context.storage.queue.count(tuple(asked), filters, MOST_COUNTED + 1, now)
    names = await _names(context, cases)
    page = cases[:PAGE_CASES]
    queued = tuple(QueuedCase(case, asked[case.company_id], _holder(case, names), _maker(case, names)) for case in page)
    return QueuePage(queued, count, page[-1].place if len(cases) > PAGE_CASES else None, companies)


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


async def find_cases(context: Context, operator: Operator, sought: Sought) -> list[ClientFound]:
    """Clients and their requests by what is known of them, of the companies that the operator works for.

    Raises ValidationFailed when nothing is asked about.
    """
    if not operator.companies:
        return await find_clients(context, sought)
    own = [replace(sought, company_id=each.id) for each in await companies_of(context, operator)]
    return [match for each in own for match in await find_clients(context, each)]
