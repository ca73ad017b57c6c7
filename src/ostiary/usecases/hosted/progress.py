"""What a client does on the page, by the use cases that a partner's calls run through: only on the link's requests."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.errors import Contended, InvalidState, NotFound
from ostiary.domain.hosted.details import Value, with_details
from ostiary.domain.hosted.links import OnboardingLink
from ostiary.domain.hosted.steps import LinkRequest, Plan, place_parts, plan_of
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace, value_type
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import ProductState, load_dossier, state_of
from ostiary.usecases.hosted.arrival import ClientSession
from ostiary.usecases.hosted.events import finished, standing_link, step_completed
from ostiary.usecases.lifecycle.renewal_verdicts import as_kept
from ostiary.usecases.lifecycle.renewals import confirm_renewal
from ostiary.usecases.onboarding.add_document import Upload, add_document
from ostiary.usecases.onboarding.submit import submit_product
from ostiary.usecases.transaction import Outcome

CHANGED = "CLIENT_CHANGED"
MOST_READS = 10
"""Of a client whom somebody else changes between two reads, which are a millisecond apart."""


@value_type
class Journey:
    """Where a client is: everything about him, and the plan of the link's requests."""

    dossier: Dossier
    plan: Plan

    def request(self, number: int) -> LinkRequest:
        """By its place in the link. Raises NotFound."""
        for each in self.plan.requests:
            if each.number == number:
                return each
        raise NotFound


async def load_journey(context: Context, here: ClientSession) -> Journey:
    """As it stands now. Raises NotFound for a client that is gone."""
    dossier = await load_dossier(context, here.caller, here.client.id)
    return Journey(dossier, plan_of(_requests(context, here.company, dossier, here.link)))


def _requests(context: Context, company: Company, dossier: Dossier, link: OnboardingLink) -> tuple[LinkRequest, ...]:
    own = {each.id: each for each in dossier.enablements}
    states = [
        (number, state_of(context, company, dossier, own[request_id]))
        for number, request_id in enumerate(link.wish.request_ids, 1)
        if request_id in own
    ]
    return tuple(
        LinkRequest(
            number=number,
            enablement=state.enablement,
            product=dossier.product_of(state.enablement, context.catalogues.by_version()),
            assessment=state.assessment,
            may_request_again=state.may_request_again,
            renewal=state.renewal,
        )
        for number, state in states
    )


def leaves_nothing(context: Context, here: ClientSession, dossier: Dossier, unit: Unit) -> bool:
    """Whether a unit that changes the client, or deadlines, leaves nothing of the link to be done."""
    after = as_kept(replace(dossier, client=unit.client or dossier.client), unit)
    return plan_of(_requests(context, here.company, after, here.link)).is_finished


async def give_document(
    context: Context, caller: Caller, here: ClientSession, place: str, upload: Upload
) -> Outcome[ProductState]:
    """Hands a document in for a step, or says what is wrong with it. Raises NotFound, InvalidState."""
    outcome = await add_document(context, caller, here.client.id, request_id_of(here, place), upload)
    if outcome.answer.rejections or outcome.unit is None:
        return outcome
    events = await step_completed(context, replace(here, company=caller.company), place_parts(place)[1])
    return replace(outcome, unit=outcome.unit.plus(*events))


async def give_details(
    context: Context, caller: Caller, here: ClientSession, place: str, values: Mapping[str, Value]
) -> Outcome[Client]:
    """Changes the client's details, by the keys that requirements use. Raises NotFound, ValidationFailed naming each,
    DuplicateClient, InvalidState."""
    request_id_of(here, place)
    outcome = await _updated(context, caller, here, values)
    if outcome.unit is None:
        return outcome
    events = await step_completed(context, replace(here, company=caller.company), place_parts(place)[1])
    return replace(outcome, unit=outcome.unit.plus(*events))


async def _updated(
    context: Context, caller: Caller, here: ClientSession, values: Mapping[str, Value]
) -> Outcome[Client]:
    """What was typed on top of what is there: read anew for as long as somebody else changes it in between."""
    for _ in range(MOST_READS):
        client = (await load_dossier(context, caller, here.client.id)).client
        profile = with_details(client.profile, values)
        try:
            return await update_client(context, caller, client.id, profile, frozenset({str(client.version)}))
        except InvalidState as refused:
            if not any(each.code == CHANGED for each in refused.faults):
                raise
    raise Contended(retry_after_s=1)


async def submit_request(
    context: Context, caller: Caller, here: ClientSession, request_id: str
) -> Outcome[ProductState]:
    """Submits one request of the link, or the renewal of one that is enabled with the client's word that all of it is
    right; with the last one the link is finished. Raises NotFound, InvalidState."""
    if request_id not in here.link.wish.request_ids:
        raise NotFound
    dossier = await load_dossier(context, caller, here.client.id)
    renewal = dossier.renewal_of(dossier.enablement(request_id))
    send = submit_product if renewal is None else confirm_renewal
    outcome = await send(context, caller, here.client.id, request_id)
    await standing_link(context, here)
    after = outcome.answer.renewal
    if outcome.unit is None or outcome.answer.asks or (after is not None and not after.is_submitted):
        return outcome
    others = _requests(context, caller.company, dossier, here.link)
    if any(each.is_open for each in others if each.enablement.id != request_id):
        return outcome
    events = await finished(context, replace(here, company=caller.company, client=dossier.client))
    return replace(outcome, unit=outcome.unit.plus(*events))


def request_id_of(here: ClientSession, place: str) -> str:
    """The request that a step is of, by its address (`1-identity_document`). Raises NotFound for one that the link is
    not about."""
    number, name = place_parts(place)
    ids = here.link.wish.request_ids
    if not name or not 1 <= number <= len(ids):
        raise NotFound
    return ids[number - 1]
