"""What a proposal does, as the unit of work that would do it: the one place where a form leads to its rules."""

from __future__ import annotations

from ostiary.domain.catalogue.catalogue import Eyes
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import ValidationFailed
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.review.approvals import Form, Proposal
from ostiary.domain.review.four_eyes import concerned, kinds_of, watched
from ostiary.domain.review.routing import doubts
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.domain.screening.hits import HitState
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.review.decide import SendBack, decide_request, release_number, return_request, why_asked
from ostiary.usecases.screening.screen_client import HitDecision, decide_hit
from ostiary.usecases.transaction import Outcome
from ostiary.usecases.verification.numbers import Assignment, assign_number, holders_of

_VERDICTS = {
    Form.APPROVE: Decision.APPROVE,
    Form.REJECT: Decision.REJECT,
    Form.REJECT_CLIENT: Decision.REJECT_CLIENT,
}


async def worked_out(
    context: Context, caller: Caller, client_id: str, enablement_id: str, proposal: Proposal
) -> Outcome[object]:
    """What follows from a proposal of this caller's, not committed. Raises as the use case of its form."""
    note, form, place = proposal.note, proposal.form, (context, caller, client_id, enablement_id)
    decided: Outcome[object]
    if form in _VERDICTS:
        verdict = Verdict(_VERDICTS[form], proposal.text, is_override=proposal.is_override)
        request = await decide_request(*place, verdict, note)
        decided = Outcome(request.answer, request.unit)
    elif form is Form.RETURN:
        request = await return_request(*place, SendBack(proposal.codes, proposal.keys, proposal.text, note))
        decided = Outcome(request.answer, request.unit)
    elif form is Form.HIT:
        hit = await decide_hit(*place, HitDecision(proposal.subject, HitState(proposal.to), note))
        decided = Outcome(hit.answer, hit.unit)
    elif form is Form.RELEASE:
        freed = await release_number(*place, proposal.subject, note)
        decided = Outcome(freed.answer, freed.unit)
    elif form is Form.ASSIGN:
        taken = await assign_number(*place, assignment(proposal))
        decided = Outcome(taken.answer, taken.unit)
    else:
        raise ValidationFailed("Handing a case up decides nothing.")
    return decided


def assignment(proposal: Proposal) -> Assignment:
    """Which client a number shall belong to."""
    return Assignment(proposal.subject, proposal.to, proposal.note)


async def kinds_under_four_eyes(
    context: Context, caller: Caller, dossier: Dossier, enablement: Enablement, proposal: Proposal
) -> tuple[Eyes, ...]:
    """For what of it the products concerned ask for a second person, in the catalogue's order; empty: for nothing."""
    kinds = kinds_of(
        proposal,
        dossier,
        enablement,
        has_hits=bool(await context.storage.screening.hits(dossier.client)),
        has_doubts=bool(doubts(why_asked(context, caller.company, dossier, enablement))),
    )
    requests = list(concerned(proposal, dossier, enablement))
    if proposal.form is Form.ASSIGN:  # who loses the number has products, too
        place = (context, caller, dossier.client.id, enablement.id)
        for holder, _ in await holders_of(*place, assignment(proposal)):
            requests += [each for each in (await load_dossier(context, caller, holder)).enablements if each.is_live]
    asked = kinds & watched(requests, context.catalogues.by_version(), context.catalogues.current)
    return tuple(kind for kind in Eyes if kind in asked)
