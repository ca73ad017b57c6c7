"""Open requests go on by another version of the catalogue, on purpose and one by one.

Each is a unit of its own with an entry in its client's trail. One that is there already is left alone, so what was
broken off is done by doing it again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue_changes.effects import (
    MoveEffect,
    MoveEnablement,
    MoveOutcome,
    MoveWish,
    missing_of,
    move_effect,
    unmovable,
)
from ostiary.domain.companies.company import Caller
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.transaction import Outcome

PAGE = 200
"""Requests that are listed together; each is read again when its turn comes."""


async def open_requests(context: Context, company_id: str, product: str = "") -> AsyncIterator[tuple[str, str]]:
    """Clients and their requests that wait for the company, those that are made meanwhile not among them."""
    for status in sorted(OPEN_TO_DOCUMENTS):
        before: str | None = None
        while page := await context.storage.enablements.page(company_id, status, product, before, PAGE):
            for client_id, enablement_id in page:
                yield client_id, enablement_id
            before = page[-1][1]


async def look_at_move(
    context: Context, caller: Caller, client_id: str, enablement_id: str, wish: MoveWish
) -> MoveEffect:
    """What moving would come to; nothing is written. Raises NotFound, CatalogueInvalid for an unknown version."""
    return (await move_request(context, caller, client_id, enablement_id, wish)).answer


async def move_request(
    context: Context, caller: Caller, client_id: str, enablement_id: str, wish: MoveWish
) -> Outcome[MoveEffect]:
    """Moves it, unless that would ask more than is allowed. Raises NotFound, CatalogueInvalid."""
    dossier = await load_dossier(context, caller, client_id)
    enablement, catalogues = dossier.enablement(enablement_id), context.catalogues.by_version()
    reason = unmovable(enablement, catalogues[wish.version])
    if reason is not None:
        return Outcome(MoveEffect(enablement, reason))
    after = replace(enablement, catalogue_version=wish.version, updated_at_ms=context.now_of(caller.company))
    today = context.today_of(caller.company)
    was, becomes = (missing_of(dossier.assess(each, catalogues, today)) for each in (enablement, after))
    effect = move_effect(enablement, was, becomes, wish.may_ask_more)
    if effect.outcome is not MoveOutcome.MOVES:
        return Outcome(effect)
    note = Note("catalogue_moved", caller.actor, enablement.id, (enablement.catalogue_version, wish.version))
    unit = Unit(caller.company.id, context.now_ms(), dossier.client, (MoveEnablement(after),), notes=(note,))
    return Outcome(effect, unit)
