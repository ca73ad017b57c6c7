"""What a verdict does to the renewal of an enabled request: the request stays enabled, whatever was said of it, unless
it is refused."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.delivery.messages import RENEWAL, Message
from ostiary.domain.delivery.renewal_events import RenewalEvent
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Review, Status, reviewed
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.renewals.changes import KeepDeadline
from ostiary.domain.renewals.dates import renewed
from ostiary.domain.renewals.deadlines import Deadline
from ostiary.domain.renewals.steps import sent_back
from ostiary.domain.review.figures import BY_PEOPLE
from ostiary.domain.review.verdicts import Decision, Verdict, sent_back_renewal
from ostiary.domain.unit import (
    ChangeDocument,
    ChangeEnablement,
    MessageResult,
    RefusePicture,
    Unit,
    details_if,
    ending,
)
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.lifecycle.circumstances import circumstances_of, rules_of, seen_to
from ostiary.usecases.lifecycle.renewal_events import told_of_renewal
from ostiary.usecases.transaction import Outcome


def judged_renewal(dossier: Dossier, enablement: Enablement) -> Deadline | None:
    """The renewal that a verdict on an enabled request is about: one that was submitted, or that a person looks at."""
    renewal = dossier.renewal_of(enablement)
    is_asked = enablement.review is Review.RENEWAL or ReviewReason.RENEWAL_OVERDUE.value in enablement.review_reasons
    return renewal if renewal is not None and (renewal.is_submitted or is_asked) else None


def waits_for_provider(dossier: Dossier, enablement: Enablement, message: Message) -> bool:
    """Whether what a notification tells of, a submission or one of a renewal, still waits for a verdict."""
    if RENEWAL in message.body:
        renewal = dossier.renewal_of(enablement)
        return renewal is not None and renewal.is_submitted and renewal.attempt == message.body[RENEWAL]
    return enablement.status is Status.IN_KYC and enablement.attempt == message.body["attempt"]


def round_of(dossier: Dossier, enablement: Enablement) -> int:
    """How often what is judged was submitted: a request until it was enabled, or one renewal of it."""
    renewal = dossier.renewal_of(enablement)
    return enablement.attempt if renewal is None else renewal.returned + 1


def submitted_at_ms(dossier: Dossier, enablement: Enablement) -> int:
    """When what is judged was submitted."""
    renewal = dossier.renewal_of(enablement)
    return (renewal and renewal.submitted_at_ms) or enablement.updated_at_ms


def as_kept(dossier: Dossier, unit: Unit | None) -> Dossier:
    """The dossier with deadlines as a unit leaves them."""
    for change in () if unit is None else unit.of(KeepDeadline):
        dossier = with_deadline(dossier, change.deadline)
    return dossier


def with_deadline(dossier: Dossier, deadline: Deadline) -> Dossier:
    """The dossier with a deadline as it shall be."""
    others = (each for each in dossier.deadlines if each.enablement_id != deadline.enablement_id)
    return replace(dossier, deadlines=(*others, deadline))


def is_about_renewal(dossier: Dossier, enablement: Enablement, verdict: Verdict) -> bool:
    """Whether a verdict ends or returns a renewal, and not the request."""
    is_on_it = verdict.decision in (Decision.APPROVE, Decision.RETURN)
    return is_on_it and judged_renewal(dossier, enablement) is not None


def renewal_verdict(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    verdict: Verdict,
    settled: MessageResult | None = None,
) -> Outcome[Enablement]:
    """Renews, or sends back. Raises ValidationFailed for a return that names nothing to redo."""
    renewal = judged_renewal(dossier, enablement)
    assert renewal is not None  # noqa: S101 (`is_about_renewal` says so)
    if verdict.decision is Decision.RETURN:
        return _sent_back(context, caller, dossier, renewal, verdict, settled)
    is_answered = enablement.review is Review.RENEWAL or caller.actor.startswith(BY_PEOPLE)
    after = reviewed(enablement) if is_answered else enablement  # what else a person is asked no machine answers
    next_one = renewed(renewal, circumstances_of(context, caller.company, dossier, enablement))
    next_one = seen_to(context, caller.company, dossier, next_one)
    unit = Unit(
        caller.company.id,
        context.now_ms(),
        dossier.client,
        changes=(
            ChangeEnablement(after),
            KeepDeadline(next_one),
            *told_of_renewal(context, caller.company, dossier, renewal, RenewalEvent.COMPLETED),
            *ending(settled),
        ),
        notes=(Note("renewal_completed", caller.actor, enablement.id, tuple(each.value for each in renewal.reasons)),),
    )
    return Outcome(after, unit)


def _sent_back(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    renewal: Deadline,
    verdict: Verdict,
    settled: MessageResult | None,
) -> Outcome[Enablement]:
    enablement = dossier.enablement(renewal.enablement_id)
    follows = sent_back_renewal(dossier, enablement, verdict, context.catalogues.attributes)
    rules = rules_of(context, dossier, enablement)
    again = sent_back(renewal, rules, context.now_of(caller.company))
    [(_, after)] = follows.transitions
    events = told_of_renewal(context, caller.company, dossier, again, RenewalEvent.RETURNED, follows.to_redo)
    codes = tuple(each.code.value for each in verdict.rejections)
    unit = Unit(
        caller.company.id,
        context.now_ms(),
        follows.client,
        changes=(
            ChangeEnablement(after),
            KeepDeadline(again),
            *map(ChangeDocument, follows.refused),
            *map(RefusePicture, follows.refused_marks),
            *events,
            *ending(settled),
        ),
        owner_write=details_if(follows.client.refusals != dossier.client.refusals),
        notes=(Note("renewal_returned", caller.actor, enablement.id, codes),),
    )
    return Outcome(after, unit)
