"""Renewals of enabled requests, as companies and operators see to them: confirm, submit, ask for one, list."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.delivery.messages import submitted as submission_message
from ostiary.domain.errors import InvalidState
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.renewals.changes import KeepDeadline
from ostiary.domain.renewals.deadlines import Deadline, RenewalReason
from ostiary.domain.renewals.steps import confirmed, submitted
from ostiary.domain.review.remarks import demand_note
from ostiary.domain.sentences import sentence
from ostiary.domain.unit import AddMessage, Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import ProductState, load_dossier, state_of
from ostiary.usecases.lifecycle.renewal_verdicts import with_deadline
from ostiary.usecases.lifecycle.triggers import opened_renewals
from ostiary.usecases.review.looked import remark_on
from ostiary.usecases.transaction import Outcome

FROM_THE_FIRST = (-1, "")
"""In front of every deadline."""
NONE_OPEN = "No renewal of this request is open: nothing is to be confirmed or submitted."


@dataclass(frozen=True, slots=True)
class DeadlinePage:
    """Deadlines, the next in front; `next` is behind what the following page begins, if there is one. `unopened` are
    left out of it, since their rows do not open."""

    deadlines: tuple[Deadline, ...]
    next: tuple[int, str] | None = None
    unopened: int = 0


async def confirm_renewal(
    context: Context, caller: Caller, client_id: str, enablement_id: str
) -> Outcome[ProductState]:
    """Nothing has changed. Where nothing else is missing the renewal is submitted with it; the same answer once it is.

    Raises NotFound, InvalidState where none is open.
    """
    dossier = await load_dossier(context, caller, client_id)
    enablement = dossier.enablement(enablement_id)
    renewal = dossier.renewal_of(enablement)
    if renewal is None:
        raise InvalidState(NONE_OPEN)
    if renewal.is_submitted or not renewal.needs_confirmation:
        return submit_renewal(context, caller, dossier, enablement, renewal)
    after = confirmed(renewal, context.now_of(caller.company))
    dossier = with_deadline(dossier, after)
    note = Note("renewal_confirmed", caller.actor, enablement_id)
    if state_of(context, caller.company, dossier, enablement).assessment.is_complete:
        done = submit_renewal(context, caller, dossier, enablement, after)
        assert done.unit is not None  # noqa: S101 (nothing is missing)
        return Outcome(done.answer, replace(done.unit, notes=(note, *done.unit.notes)))
    unit = Unit(caller.company.id, context.now_ms(), dossier.client, changes=(KeepDeadline(after),), notes=(note,))
    return Outcome(state_of(context, caller.company, dossier, enablement), unit)


def submit_renewal(
    context: Context, caller: Caller, dossier: Dossier, enablement: Enablement, renewal: Deadline
) -> Outcome[ProductState]:
    """Goes before the provider as a first submission does, or says what is missing. Already there: the same answer."""
    state = state_of(context, caller.company, dossier, enablement)
    if renewal.is_submitted:
        return Outcome(state)
    if not state.assessment.is_complete:
        return Outcome(replace(state, rejections=state.assessment.rejections))
    now = context.now_ms()
    after = submitted(renewal, now)
    provider = dossier.product_of(enablement, context.catalogues.by_version()).provider
    message = submission_message(
        context.new_id(), enablement, now, "" if caller.company.is_sandbox else provider, renewal=after.attempt
    )
    unit = Unit(
        caller.company.id,
        now,
        dossier.client,
        changes=(KeepDeadline(after), AddMessage(message)),
        notes=(Note("renewal_submitted", caller.actor, enablement.id),),
    )
    return Outcome(state_of(context, caller.company, with_deadline(dossier, after), enablement), unit)


async def ask_renewal(
    context: Context, caller: Caller, client_id: str, enablement_id: str, note: str
) -> Outcome[Deadline]:
    """An operator wants everything confirmed again, and says why.

    Raises NotFound; ValidationFailed without a note; InvalidState for what is not enabled or never due, and where an
    operator asked already.
    """
    demand_note(note)
    dossier = await load_dossier(context, caller, client_id)
    enablement = dossier.enablement(enablement_id)
    if enablement.status is not Status.ENABLED:
        raise InvalidState(sentence("A request that is %(status)s is not renewed.", status=enablement.status))
    changes = opened_renewals(context, caller.company, dossier, (RenewalReason.OPERATOR,), only=enablement_id)
    asked = [each.deadline for each in changes if isinstance(each, KeepDeadline)]
    if not asked:
        raise InvalidState(
            "The catalogue says of this product neither 'review_every' nor 'documents_must_stay_valid': it has no "
            "renewals. Or one is asked for already."
        )
    remarks = remark_on(context, caller, enablement_id, "renewal_asked", note)
    unit = Unit(
        caller.company.id,
        context.now_ms(),
        dossier.client,
        changes=(*changes, *remarks),
        notes=(Note("renewal_asked", caller.actor, enablement_id),),
    )
    return Outcome(asked[0], unit)


async def list_renewals(
    context: Context, caller: Caller, *, before_ms: int, after: tuple[int, str], limit: int
) -> DeadlinePage:
    """What is due before a moment, the next in front, whether its renewal is open yet or not."""
    rows = await context.storage.deadlines.page(caller.company.id, before_ms, after, limit + 1)
    shown = rows[:limit]
    for line in shown:
        if line.deadline is None:  # it keeps no other from being shown, and whoever runs this hears of it
            context.row_unopened("deadlines", caller.company.id, line.client_id, line.problem)
    last = (shown[-1].due_at_ms, shown[-1].enablement_id) if len(rows) > limit else None
    opened = tuple(line.deadline for line in shown if line.deadline is not None)
    return DeadlinePage(opened, last, unopened=len(shown) - len(opened))
