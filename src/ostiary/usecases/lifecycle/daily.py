"""What the calendar brings: renewals open, notices are given, and what a product says follows when nobody came.

One bounded batch for a company, each client in a unit of its own, in the order in which things are due. What was done
is in the deadline that the same unit writes: whoever is cut off, or works beside another, does nothing twice.
"""

from __future__ import annotations

from functools import partial

from ostiary.domain.audit.trail import WORKER, Note
from ostiary.domain.catalogue.catalogue import Policy
from ostiary.domain.catalogue.renewal_rules import AtDeadline
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.delivery.renewal_events import RenewalEvent
from ostiary.domain.errors import NotFound, Unavailable
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.renewals.changes import DropDeadline, KeepDeadline
from ostiary.domain.renewals.dates import as_of
from ostiary.domain.renewals.deadlines import Deadline
from ostiary.domain.renewals.steps import RenewalStep, taken
from ostiary.domain.review.routing import Advice, Source
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.domain.sentences import sentence
from ostiary.domain.times import DAY_MS
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import screening_of
from ostiary.usecases.lifecycle.circumstances import circumstances_of, rules_of, seen_to
from ostiary.usecases.lifecycle.failures import Tell, untold
from ostiary.usecases.lifecycle.renewal_events import told_of_renewal
from ostiary.usecases.review.apply_verdict import Advised, follow
from ostiary.usecases.transaction import Outcome, execute

DUE_TOGETHER = 100
"""Deadlines of one batch. Between batches the worker does what else there is to do."""
PUT_OFF_MS = DAY_MS
"""By the company's time. Whatever keeps a deadline from being seen to (a row that does not open, a catalogue that is
not kept) lasts, or is gone on the next of its days."""
_EVENTS = {
    RenewalStep.OPENED: RenewalEvent.OPENED,
    RenewalStep.DUE_SOON: RenewalEvent.DUE_SOON,
    RenewalStep.OVERDUE: RenewalEvent.OVERDUE,
}


async def due_work(
    context: Context, company: Company, now_ms: int, most: int = DUE_TOGETHER, tell: Tell = untold
) -> int:
    """Does what is due in a company by its time, `now_ms`; gives how many things were looked at: `most` where there may
    be more. One that cannot be seen to keeps no other: `tell` hears of it, and it comes up again on another day.

    Raises Unavailable where that is the database's fault, and no client's: what is due then still is.
    """
    caller = Caller(company, WORKER, 0)
    places = await context.storage.deadlines.due(company.id, now_ms, most)
    for client_id, enablement_id in places:
        try:
            await execute(context, caller, partial(_looked_at, context, caller, client_id, enablement_id, now_ms))
        except Unavailable:
            raise
        except Exception as error:  # of what is kept of the client, or of ours: all who are due would wait for it
            tell(client_id, error)
            await context.storage.deadlines.put_off(company.id, client_id, enablement_id, now_ms + PUT_OFF_MS)
    return len(places)


async def _looked_at(
    context: Context, caller: Caller, client_id: str, enablement_id: str, now_ms: int
) -> Outcome[RenewalStep | None]:
    dossier = await context.storage.dossier(caller.company.id, client_id)
    if dossier is None:
        raise NotFound
    dossier = replace(
        dossier,
        deadlines=tuple(await context.storage.deadlines.of_client(dossier.client)),
        list_state=await screening_of(context, dossier.client),
    )
    deadline = dossier.deadline_of(dossier.enablement(enablement_id))
    if deadline is None or not rules_of(context, dossier, dossier.enablement(enablement_id)).ask_anything:
        gone = Unit(caller.company.id, context.now_ms(), dossier.client, changes=(DropDeadline(enablement_id),))
        return Outcome(None, gone)
    if deadline.next_at_ms > now_ms:
        return Outcome(None)
    return _stepped(context, caller, dossier, deadline, now_ms)


def _stepped(
    context: Context, caller: Caller, dossier: Dossier, deadline: Deadline, now_ms: int
) -> Outcome[RenewalStep | None]:
    """The next step of one that is due. What waits is dated first: its documents may be others than they were."""
    enablement = dossier.enablement(deadline.enablement_id)
    rules = rules_of(context, dossier, enablement)
    deadline = as_of(deadline, circumstances_of(context, caller.company, dossier, enablement))
    after, step = taken(deadline, rules, now_ms)
    after = seen_to(context, caller.company, dossier, after)
    events = told_of_renewal(context, caller.company, dossier, after, _EVENTS[step]) if step in _EVENTS else ()
    done = Unit(
        caller.company.id,
        context.now_ms(),
        dossier.client,
        changes=(KeepDeadline(after), *events),
        notes=() if step is None else (_note(after, step),),
    )
    if step is not RenewalStep.ENDED:
        return Outcome(step, done)
    advised = _at_deadline(rules.at_deadline, deadline)
    ended = follow(context, caller, dossier, enablement, advised).unit
    assert ended is not None  # noqa: S101 (a request moves, or a review opens)
    if rules.at_deadline is AtDeadline.KEEP_AND_REVIEW:
        ended = ended.plus(KeepDeadline(after))
    return Outcome(step, ended)


def _at_deadline(consequence: AtDeadline, deadline: Deadline) -> Advised:
    """What the product says follows: the request ends, or a person looks."""
    if consequence is AtDeadline.KEEP_AND_REVIEW:
        return Advised(Source.DEADLINE, Advice.ASK, reasons=(ReviewReason.RENEWAL_OVERDUE.value,))
    why = sentence("The renewal that was due on %(day)s was not completed.", day=str(deadline.due_on))
    return Advised(Source.DEADLINE, Advice.REJECT, Policy.AUTO, Verdict(Decision.REJECT, why))


def _note(deadline: Deadline, step: RenewalStep) -> Note:
    codes = tuple(reason.value for reason in deadline.reasons)
    return Note(f"renewal_{step.value}", WORKER, deadline.enablement_id, codes)
