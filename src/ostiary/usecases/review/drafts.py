"""Notes that are being written: kept on the server, so that neither a restart nor another machine loses them."""

from __future__ import annotations

from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller
from ostiary.domain.operators.operator import Operator
from ostiary.domain.review.claims import ReviewDraft
from ostiary.domain.review.remarks import demand_note
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier

Place = tuple[str, str]
"""Ids of a client and a request."""


async def keep_draft(context: Context, caller: Caller, operator: Operator, place: Place, text: str) -> None:
    """Keeps what an operator wrote so far; an empty text is given up. Raises NotFound, ValidationFailed for a text that
    no note can be."""
    client, enablement_id = await _whose(context, caller, place)
    if not text.strip():
        await context.storage.drafts.drop(client, enablement_id, operator.id)
        return
    demand_note(text)
    draft = ReviewDraft(enablement_id=enablement_id, operator_id=operator.id, at_ms=context.now_ms(), text=text)
    await context.storage.drafts.keep(client, draft)


async def draft_of(context: Context, caller: Caller, operator: Operator, place: Place) -> ReviewDraft | None:
    """What an operator wrote so far. Raises NotFound."""
    client, enablement_id = await _whose(context, caller, place)
    return await context.storage.drafts.find(client, enablement_id, operator.id)


async def _whose(context: Context, caller: Caller, place: Place) -> tuple[Client, str]:
    client_id, enablement_id = place
    dossier = await load_dossier(context, caller, client_id)
    return dossier.client, dossier.enablement(enablement_id).id
