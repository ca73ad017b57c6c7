"""The other client that a case concerns, by a number or a picture: shown beside it, and on that client's own record."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import NotFound
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.review.looking import OTHER_CLIENT_LOOKED, PICTURES_LOOKED
from ostiary.domain.unit import Unit
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.review.decide import alike_of
from ostiary.usecases.transaction import Outcome
from ostiary.usecases.verification.numbers import shared_numbers


async def demand_concerned(
    context: Context, caller: Caller, client_id: str, enablement_id: str, other_client_id: str
) -> None:
    """Raises NotFound for a client that has nothing to do with the request."""
    dossier = await load_dossier(context, caller, client_id)
    product = dossier.product_of(dossier.enablement(enablement_id), context.catalogues.by_version())
    documents = tuple(each for each in dossier.documents if product.requirement_for(each.type) is not None)
    concerned = {each.client_id for each in await shared_numbers(context, dossier, product)}
    concerned |= {other for _, other in await alike_of(context, dossier.client, documents)}
    concerned |= {each.other_client_id for each in dossier.client.contradictions}
    if other_client_id not in concerned or not other_client_id:
        raise NotFound("There is no such client beside this request.")


async def look_at_other(
    context: Context, caller: Caller, client_id: str, enablement_id: str, other_client_id: str
) -> Outcome[Dossier]:
    """The other client, with an entry on its chain that names the request. Raises NotFound."""
    await demand_concerned(context, caller, client_id, enablement_id, other_client_id)
    dossier = await load_dossier(context, caller, other_client_id)
    ids = tuple(each.id for each in dossier.documents)
    notes = [Note(OTHER_CLIENT_LOOKED, caller.actor, enablement_id)]
    if ids:
        notes.append(Note(PICTURES_LOOKED, caller.actor, enablement_id, ids))
    return Outcome(dossier, Unit(caller.company.id, context.now_ms(), dossier.client, notes=tuple(notes)))
