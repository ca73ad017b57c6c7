"""All audit trails that somebody may read, searched together: by who did what, in which period, about whom."""

from __future__ import annotations

from ostiary.domain.audit.search import NEWEST, PAGE_ENTRIES, TrailPlace, TrailQuery, place_of_entry
from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.companies.company import Company
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.value import replace, value_type
from ostiary.usecases.companies.overview import companies_for
from ostiary.usecases.context import Context


@value_type
class TrailPage:
    """Entries, newest first, with where the next page begins (None: there is none), and the companies that may be asked
    about. Whether they are as they were written is checked chain by chain (`read_trail`), not here."""

    entries: tuple[AuditEntry, ...]
    after: TrailPlace | None
    companies: tuple[Company, ...]


async def search_trails(
    context: Context,
    operator: Operator,
    query: TrailQuery,
    company_id: str = "",
    after: TrailPlace = NEWEST,
    most: int = PAGE_ENTRIES,
) -> TrailPage:
    """The entries behind a place, of one company or of all whose trails the operator may read. The owner may be given
    as the id of a request, too. A company that is not the operator's has none."""
    own = await companies_for(context, operator)
    companies = tuple(each for each in own if may(operator, Permission.SEE_AUDIT, each.id))
    asked = [(each.id, query) for each in companies if company_id in ("", each.id)]
    if query.owner:
        asked = [(each, await _owned(context, each, query)) for each, _ in asked]
    entries = await context.storage.audit.searched(asked, after, most + 1)
    end = place_of_entry(entries[most - 1]) if len(entries) > most else None
    return TrailPage(entries[:most], end, companies)


async def _owned(context: Context, company_id: str, query: TrailQuery) -> TrailQuery:
    """With the client in place of its request."""
    client_id = await context.storage.enablements.client_of(company_id, query.owner)
    return query if client_id is None else replace(query, owner=client_id)
