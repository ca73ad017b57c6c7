"""The second person: confirms a decision that waits, or sends it back; and its maker, who withdraws it."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState, OwnDecision, ValidationFailed
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.permissions import Permission
from ostiary.domain.review.approvals import (
    CASE_CHANGED,
    CONFIRMED,
    SENT_BACK,
    WITHDRAWN,
    Approval,
    DropApproval,
    Form,
    Settled,
)
from ostiary.domain.review.claims import ReviewDraft
from ostiary.domain.review.four_eyes import changes_since, is_over, others_of
from ostiary.domain.review.looking import Look, same_person
from ostiary.domain.review.remarks import demand_note
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.unit import AddRemark, Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.operators.accounts import account_of, who_still_may
from ostiary.usecases.review.claims import demand_unclaimed, give_back_case
from ostiary.usecases.review.four_eyes import as_of, ending_with, unit_on
from ostiary.usecases.review.looked import change_words, demand_look, look_of, remark_on
from ostiary.usecases.review.proposals import assignment, worked_out
from ostiary.usecases.transaction import Outcome, execute
from ostiary.usecases.verification.numbers import make_way

GONE = "No such decision waits any more: somebody confirmed it, sent it back or withdrew it."


async def confirm(
    context: Context, caller: Caller, client_id: str, enablement_id: str, approval_id: str, note: str = ""
) -> Outcome[Settled]:
    """A second person lets a decision take effect. It rests on the look that it was made on: if the case changed since,
    it is withdrawn instead, and the answer says what changed.

    Raises NotFound; OwnDecision for its maker; InvalidState for who may not, did not look at the case as it is and with
    the decision, while somebody else works on it, where it waits no more, and where its maker may decide no more;
    ValidationFailed for a note that cannot be kept.
    """
    dossier = await load_dossier(context, caller, client_id)
    approval = await waiting_one(context, dossier, enablement_id, approval_id)
    await second_person(context, caller, approval)
    await _demand_maker(context, caller, approval)
    entries = await context.storage.audit.entries(caller.company.id, client_id)
    if is_over(entries, approval):
        raise InvalidState(GONE)  # somebody put its row back
    changes = changes_since(entries, approval, others_of(approval, dossier))
    dropped = DropApproval(enablement_id, approval.id)
    if changes:
        codes = (*approval.kinds, CASE_CHANGED, approval.mark)
        withdrawn = Note(WITHDRAWN, caller.actor, enablement_id, codes)
        unit = unit_on(context, caller, dossier, (dropped,), (withdrawn,))
        return Outcome(Settled(dossier.enablement(enablement_id), changes=changes), unit)
    look = await look_of(context, caller, dossier, enablement_id)
    has_seen_it = look.position is not None and look.position > approval.position
    demand_look(look if has_seen_it else Look(None), enablement_id)
    decided = as_of(dossier, await worked_out(context, caller, client_id, enablement_id, approval.proposal))
    assert decided.unit is not None  # noqa: S101 (a decision always changes something)
    waiting = [each for each in await context.storage.approvals.of_client(dossier.client) if each.id != approval.id]
    unit = ending_with(_by_both(decided.unit, caller, approval), caller, waiting, approval.proposal, enablement_id)
    remarks = remark_on(context, caller, enablement_id, CONFIRMED, note, approval.proposal.subject)
    return Outcome(Settled(decided.answer), unit.plus(dropped, *remarks))


async def _demand_maker(context: Context, caller: Caller, approval: Approval) -> None:
    """Raises InvalidState where the first of the two may decide no more: with him it would be one person's decision."""
    if await who_still_may(context, approval.operator_id, Permission.DECIDE, caller.company.id) is None:
        raise InvalidState(
            sentence(
                "%(name)s, who made this decision, decides no cases here any more: send it back, and decide yourself.",
                name=approval.maker_name,
            )
        )


def _by_both(unit: Unit, caller: Caller, approval: Approval) -> Unit:
    """The decision with both people in it: who confirms acts, the note is its maker's, and an entry names both."""
    first, *rest = unit.notes
    marked = replace(first, codes=(*first.codes, approval.mark))
    both = Note(CONFIRMED, caller.actor, approval.maker, (*approval.kinds, approval.enablement_id, approval.mark))
    changes = tuple(
        AddRemark(replace(each.remark, actor=approval.maker)) if isinstance(each, AddRemark) else each
        for each in unit.changes
    )
    return replace(unit, changes=changes, notes=(marked, both, *rest))


async def confirm_number(
    context: Context, caller: Caller, client_id: str, enablement_id: str, approval_id: str, note: str = ""
) -> Settled:
    """Confirms any decision, committed. One about whose a number is takes the number from who holds it first; cut off
    in between, the number is nobody's, and the decision still waits. Raises as `confirm`."""
    place = (context, caller, client_id, enablement_id)

    async def again() -> Outcome[Settled]:
        return await confirm(*place, approval_id, note)

    if not (await again()).answer.changes:  # raises before anything is done
        approval = await waiting_one(
            context, await load_dossier(context, caller, client_id), enablement_id, approval_id
        )
        if approval.proposal.form is Form.ASSIGN:
            await make_way(*place, assignment(approval.proposal))
    return await execute(context, caller, again)


async def send_back(
    context: Context, caller: Caller, client_id: str, enablement_id: str, approval_id: str, note: str
) -> Outcome[Approval]:
    """A second person does not let it take effect, and says why. Raises as `confirm`, but for looks."""
    demand_note(note)
    dossier = await load_dossier(context, caller, client_id)
    approval = await waiting_one(context, dossier, enablement_id, approval_id)
    await second_person(context, caller, approval)
    remarks = remark_on(context, caller, enablement_id, SENT_BACK, note, approval.proposal.subject)
    return _dropped(context, caller, dossier, approval, SENT_BACK, remarks)


async def send_back_to_maker(
    context: Context, caller: Caller, client_id: str, enablement_id: str, approval_id: str, note: str
) -> Approval:
    """The same, committed; then the case is its maker's for a working day, if he decides cases still, and what he noted
    is a draft again.
    Raises as `send_back`, and InvalidState while somebody else works on the case."""
    await demand_unclaimed(context, caller, enablement_id)
    place = (context, caller, client_id, enablement_id)
    approval = await execute(context, caller, lambda: send_back(*place, approval_id, note))
    operator = await second_person(context, caller, approval)
    await give_back_case(context, operator, caller.company.id, enablement_id, approval.operator_id)
    await _as_draft(context, caller, client_id, approval)
    return approval


async def take_back(context: Context, caller: Caller, client_id: str, enablement_id: str, approval_id: str) -> Approval:
    """`withdraw`, committed; what its maker noted is a draft again."""
    place = (context, caller, client_id, enablement_id)
    approval = await execute(context, caller, lambda: withdraw(*place, approval_id))
    await _as_draft(context, caller, client_id, approval)
    return approval


async def _as_draft(context: Context, caller: Caller, client_id: str, approval: Approval) -> None:
    """Nothing that was typed is lost; what its maker has typed since stays."""
    client, note = (await load_dossier(context, caller, client_id)).client, approval.proposal.note
    drafts, place = context.storage.drafts, (approval.enablement_id, approval.operator_id)
    if note and await drafts.find(client, *place) is None:
        await drafts.keep(client, ReviewDraft(*place, at_ms=context.now_ms(), text=note))


def demand_effect(settled: Settled) -> None:
    """Raises InvalidState for a decision that could not be confirmed, saying what changed."""
    if settled.changes:
        raise InvalidState(
            sentence(
                "The case changed since the decision was made: %(changes)s. The decision has no effect and is "
                "withdrawn.",
                changes=change_words(settled.changes),
            )
        )


async def withdraw(
    context: Context, caller: Caller, client_id: str, enablement_id: str, approval_id: str
) -> Outcome[Approval]:
    """Its maker takes it back. Raises NotFound, and InvalidState for anybody else and where it waits no more."""
    dossier = await load_dossier(context, caller, client_id)
    approval = await waiting_one(context, dossier, enablement_id, approval_id)
    if not same_person(caller.actor, approval.maker):
        raise InvalidState(
            sentence(
                "%(maker)s made this decision: who else does not want it sends it back.",
                maker=approval.maker_name,
            )
        )
    return _dropped(context, caller, dossier, approval, WITHDRAWN, ())


def _dropped(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    approval: Approval,
    action: str,
    remarks: tuple[AddRemark, ...],
) -> Outcome[Approval]:
    dropped = DropApproval(approval.enablement_id, approval.id)
    note = Note(action, caller.actor, approval.enablement_id, (*approval.kinds, approval.mark))
    return Outcome(approval, unit_on(context, caller, dossier, (dropped, *remarks), (note,)))


async def waiting_one(context: Context, dossier: Dossier, enablement_id: str, approval_id: str) -> Approval:
    """The decision of a case that waits, by its id; without one, the only one there is.

    Raises NotFound, InvalidState where there is none, ValidationFailed where there are several.
    """
    dossier.enablement(enablement_id)
    every = await context.storage.approvals.of_client(dossier.client)
    own = [each for each in every if each.enablement_id == enablement_id and not each.is_escalation]
    chosen = [each for each in own if approval_id in ("", each.id)]
    if not chosen:
        raise InvalidState(GONE)
    if len(chosen) > 1:
        possible = ", ".join(f"{each.id} ({', '.join(each.kinds)}, {each.maker_name})" for each in chosen)
        raise ValidationFailed(
            sentence(
                "Several decisions of this request wait; name one with --decision: %(possible)s.", possible=possible
            )
        )
    return chosen[0]


async def second_person(context: Context, caller: Caller, approval: Approval) -> Operator:
    """Who may confirm, or send back. Raises OwnDecision for its maker, however the name is written and from wherever;
    InvalidState for who has no account with that right."""
    if same_person(caller.actor, approval.maker):
        raise OwnDecision
    operator = await account_of(context, caller, Permission.CONFIRM, N_("This decision takes two people"))
    if operator.id == approval.operator_id:
        raise OwnDecision
    return operator
