"""Submit: when nothing is missing the request goes to KYC, with one notification for the provider."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.onboarding.enablement import Event, Status, transition
from ostiary.domain.unit import AddMessage, ChangeEnablement, Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import ProductState, load_dossier, state_of
from ostiary.usecases.lifecycle.renewals import submit_renewal
from ostiary.usecases.onboarding.notifications import announcements
from ostiary.usecases.transaction import Outcome


async def submit_product(context: Context, caller: Caller, client_id: str, enablement_id: str) -> Outcome[ProductState]:
    """Advances to in_kyc, or says what is missing. Already there: the same answer, and no second notification. Of an
    enabled request, the renewal that is open.

    Raises NotFound, InvalidState once it is enabled (and no renewal is open) or rejected.
    """
    dossier = await load_dossier(context, caller, client_id)
    before = dossier.enablement(enablement_id)
    renewal = dossier.renewal_of(before)
    if renewal is not None:
        return submit_renewal(context, caller, dossier, before, renewal)
    state = state_of(context, caller.company, dossier, before)
    if before.status is Status.IN_KYC:
        return Outcome(state)
    now, complete = context.now_ms(), state.assessment.is_complete
    event = Event.SUBMITTED_COMPLETE if complete else Event.SUBMITTED_INCOMPLETE
    after = transition(before, event, context.now_of(caller.company))
    rejections = () if complete else state.assessment.rejections
    if after.status is before.status:
        return Outcome(replace(state, rejections=rejections))
    provider = dossier.product_of(after, context.catalogues.by_version()).provider
    messages = announcements(context, caller.company, before.status, after, rejections, provider)
    unit = Unit(
        company_id=caller.company.id,
        at_ms=now,
        owner=dossier.client,
        changes=(ChangeEnablement(after), *map(AddMessage, messages)),
        notes=(Note("product_submitted", caller.actor, after.id, (after.status.value,)),),
    )
    return Outcome(ProductState(after, state.assessment, rejections), unit)
