"""Since when a client's data is kept for nothing but the law, and until when."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Protocol

from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.companies.company import Company
from ostiary.domain.errors import OstiaryError, Unavailable
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.privacy.holds import held_until
from ostiary.domain.privacy.retention import Rules, Standing, may_be_over_ms, standing_of
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import DAY_MS
from ostiary.domain.value import value_type
from ostiary.usecases.stores import Storage

LOOKED_AT_TOGETHER = 200
"""Clients in one read: some twenty milliseconds, in which nobody else is served."""
OVERDUE_AFTER_MS = 2 * DAY_MS
"""The worker looks once a day: who is there still on the second day was passed over."""
LOOKED_AT_FOR_A_PAGE = 1_000
"""Clients, at most: where few of many are due, a page is short, and the next goes on from there."""
ENABLED = f"verdict_{Decision.APPROVE}"


class Looking(Protocol):
    """What this needs of the world; `Context` has it."""

    @property
    def storage(self) -> Storage: ...
    @property
    def retention(self) -> Rules: ...
    @property
    def now_ms(self) -> Callable[[], int]: ...
    @property
    def row_unopened(self) -> Callable[[str, str, str, str], None]: ...
    def now_of(self, company: Company) -> int: ...


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


@value_type
class DuePage:
    """Clients whose period is over. `after`: the last that was looked at, from behind whom the next page goes on; empty
    where nobody is left. `looked_at`: how many were."""

    clients: tuple[Due, ...] = ()
    after: str = ""
    looked_at: int = 0


async def client_standing(context: Looking, company: Company, dossier: Dossier) -> Standing:
    """By the company's own time."""
    client = dossier.client
    was_enabled = client.status is ClientStatus.ACTIVE
    if client.status is ClientStatus.REJECTED:  # it may have been enabled before: its trail says so
        entries = await context.storage.audit.entries(company.id, client.id)
        was_enabled = any(entry.action == ENABLED for entry in entries)
    return standing_of(dossier, was_enabled, context.retention)


async def is_held(context: Looking, dossier: Dossier) -> int | None:
    """Until when a client is held (ms since 1970); None: it is not."""
    return held_until(await context.storage.holds.of_client(dossier.client), context.now_ms())


async def due_clients(
    context: Looking,
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
            if (due := await _of_category(context, company, rules, client_id)) is not None:
                yield due
        after, count = ids[-1], count + len(ids)
        tell(count)


async def due_page(
    context: Looking, company: Company, rules: Rules, after: str, most: int, *, only_overdue: bool = False
) -> DuePage:
    """As many as fit on a page, in the order in which they came, from behind a client. Whom it looks at it finds by the
    index of their ids, and those are few, however many clients there are."""
    due, looked_at, now = list[Due](), 0, context.now_of(company)
    before = may_be_over_ms(now, rules)
    while before is not None and looked_at < LOOKED_AT_FOR_A_PAGE:
        ids = await context.storage.clients.ids_before(company.id, before, after, LOOKED_AT_TOGETHER)
        if not ids:
            return DuePage(tuple(due), "", looked_at)
        for client_id in ids:
            each, after, looked_at = await _of_category(context, company, rules, client_id), client_id, looked_at + 1
            due += [each] if each is not None and (each.is_overdue(rules, now) or not only_overdue) else []
            if len(due) == most:
                return DuePage(tuple(due), after, looked_at)
    return DuePage(tuple(due), after if before is not None else "", looked_at)


async def _of_category(context: Looking, company: Company, rules: Rules, client_id: str) -> Due | None:
    """A client whose period is over, if it is of one of the categories. What does not open is left out. Raises
    Unavailable: nobody is passed over because the database is away."""
    try:
        due = await _due(context, company, client_id)
    except Unavailable:
        raise
    except OstiaryError as problem:
        context.row_unopened("clients", company.id, client_id, type(problem).__name__)
        return None
    return due if due is not None and due.standing.category in rules else None


async def _due(context: Looking, company: Company, client_id: str) -> Due | None:
    dossier = await context.storage.dossier(company.id, client_id)
    if dossier is None:
        return None
    standing = await client_standing(context, company, dossier)
    if standing.due_at_ms is None or standing.due_at_ms > context.now_of(company):
        return None
    return Due(client_id, standing, await is_held(context, dossier) is not None)
