"""Since when a client's data is kept for nothing but the law, and until when."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.companies.company import Company
from ostiary.domain.errors import OstiaryError
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.privacy.holds import held_until
from ostiary.domain.privacy.retention import Rules, Standing, standing_of
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import DAY_MS
from ostiary.domain.value import value_type
from ostiary.usecases.context import Context

LOOKED_AT_TOGETHER = 200
"""Clients in one read: some twenty milliseconds, in which nobody else is served."""
OVERDUE_AFTER_MS = 2 * DAY_MS
"""The worker looks once a day: who is there still on the second day was passed over."""
ENABLED = f"verdict_{Decision.APPROVE}"


@value_type
class Due:
    """A client whose period is over. `is_held`: it may not end all the same."""

    client_id: str
    standing: Standing
    is_held: bool = False

    def is_overdue(self, rules: Rules, now_ms: int) -> bool:
        """Whether it should have ended by itself by the company's time `now_ms`, and nothing holds it."""
        due_ms = self.standing.due_at_ms
        ends = rules[self.standing.category].by_itself and not self.is_held
        return ends and due_ms is not None and now_ms - due_ms >= OVERDUE_AFTER_MS


async def client_standing(context: Context, company: Company, dossier: Dossier) -> Standing:
    """By the company's own time."""
    client = dossier.client
    was_enabled = client.status is ClientStatus.ACTIVE
    if client.status is ClientStatus.REJECTED:  # it may have been enabled before: its trail says so
        entries = await context.storage.audit.entries(company.id, client.id)
        was_enabled = any(entry.action == ENABLED for entry in entries)
    return standing_of(dossier, was_enabled, context.retention)


async def is_held(context: Context, dossier: Dossier) -> int | None:
    """Until when a client is held (ms since 1970); None: it is not."""
    return held_until(await context.storage.holds.of_client(dossier.client), context.now_ms())


async def due_clients(
    context: Context,
    company: Company,
    rules: Rules,
    created_before_ms: int,
    tell: Callable[[int], None] = lambda count: None,
    after: str = "",
) -> AsyncIterator[Due]:
    """Clients of a company whose period is over now, oldest first, from behind a client's id. What does not open is
    left out: nobody can say since when it is kept."""
    count = 0
    while ids := await context.storage.clients.ids_before(company.id, created_before_ms, after, LOOKED_AT_TOGETHER):
        for client_id in ids:
            try:
                due = await _due(context, company, client_id)
            except OstiaryError as problem:
                context.row_unopened("clients", company.id, client_id, type(problem).__name__)
                continue
            if due is not None and due.standing.category in rules:
                yield due
        after, count = ids[-1], count + len(ids)
        tell(count)


async def _due(context: Context, company: Company, client_id: str) -> Due | None:
    dossier = await context.storage.dossier(company.id, client_id)
    if dossier is None:
        return None
    standing = await client_standing(context, company, dossier)
    if standing.due_at_ms is None or standing.due_at_ms > context.now_of(company):
        return None
    return Due(client_id, standing, await is_held(context, dossier) is not None)
