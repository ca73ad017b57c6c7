"""Companies as operators see them: which there are for them, and how each stands."""

from __future__ import annotations

from ostiary.domain.companies.company import ApiKey, Caller, Company
from ostiary.domain.delivery.queues import WEBHOOK_QUEUE, Health
from ostiary.domain.errors import NotFound
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.permissions import works_for
from ostiary.domain.value import value_type
from ostiary.usecases.context import Context


@value_type
class CompanyOverview:
    """A company with its keys, newest first, the health of its endpoint, and what its pictures take."""

    company: Company
    keys: tuple[ApiKey, ...]
    health: Health
    stored_bytes: int


async def companies_for(context: Context, operator: Operator) -> list[Company]:
    """Those that an operator works for, by name."""
    companies = [company for company in await context.storage.companies.every() if works_for(operator, company.id)]
    return sorted(companies, key=lambda company: (company.name.casefold(), company.id))


async def company_overview(context: Context, caller: Caller) -> CompanyOverview:
    """How the caller's company stands."""
    company_id = caller.company.id
    keys = sorted(await context.storage.companies.keys(company_id), key=lambda key: key.id, reverse=True)
    health = await context.storage.outbox.health(company_id, WEBHOOK_QUEUE)
    stored_bytes = await context.storage.sums.bytes_of(company_id)
    return CompanyOverview(caller.company, tuple(keys), health, stored_bytes)


async def find_key(context: Context, caller: Caller, key_id: str) -> ApiKey:
    """A key of the caller's company. Raises NotFound for any other."""
    key = await context.storage.companies.key(key_id)
    if key is None or key.company_id != caller.company.id:
        raise NotFound("There is no such key.")
    return key
