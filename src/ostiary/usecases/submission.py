"""Submit: when nothing is missing the request goes to KYC, with one notification for the provider."""

from __future__ import annotations

from ostiary.domain.audit import Note
from ostiary.domain.companies import Caller
from ostiary.domain.enablement import Event, Status, moved
from ostiary.domain.units import Unit
from ostiary.domain.values import replace
from ostiary.usecases.announcing import announcements
from ostiary.usecases.deciding import Decided
from ostiary.usecases.loading import ProductState, load_dossier, state_of
from ostiary.usecases.world import World


async def submit_product(world: World, caller: Caller, client_id: str, enablement_id: str) -> Decided[ProductState]:
    """Advances to in_kyc, or says what is missing. Already there: the same answer, and no second notification.

    Raises NotFound, InvalidState once it is enabled or rejected.
    """
    dossier = await load_dossier(world, caller, client_id)
    before = dossier.enablement(enablement_id)
    state = state_of(world, dossier, before)
    if before.status is Status.IN_KYC:
        return Decided(state)
    now, complete = world.now_ms(), state.assessment.is_complete
    event = Event.SUBMITTED_COMPLETE if complete else Event.SUBMITTED_INCOMPLETE
    after = moved(before, event, now)
    rejections = () if complete else state.assessment.rejections
    if after.status is before.status:
        return Decided(replace(state, rejections=rejections))
    provider = dossier.product_of(after, world.catalogues.by_version()).provider
    unit = Unit(
        caller.company.id, now, client=dossier.client, enablements_changed=(after,),
        messages=announcements(world, caller.company, before.status, after, rejections, provider),
        notes=(Note("product_submitted", caller.actor, after.id, (after.status.value,)),),
    )  # fmt: skip
    return Decided(ProductState(after, state.assessment, rejections), unit)
