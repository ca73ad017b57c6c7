"""Handing a case up to the approvers, and back to who handed it up."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.operators.permissions import Permission
from ostiary.domain.review.approvals import (
    ESCALATED,
    ESCALATION,
    GIVEN_BACK,
    AddApproval,
    Approval,
    DropApproval,
    Form,
    Proposal,
)
from ostiary.domain.review.remarks import demand_note
from ostiary.domain.sentences import N_
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.operators.accounts import account_of
from ostiary.usecases.review.claims import demand_unclaimed, give_back_case
from ostiary.usecases.review.four_eyes import unit_on
from ostiary.usecases.review.looked import remark_on
from ostiary.usecases.transaction import Outcome, execute


async def escalate(
    context: Context, caller: Caller, client_id: str, enablement_id: str, note: str
) -> Outcome[Approval]:
    """A case that waits goes to the approvers, with a note for them. Its age stays what it is.

    Raises NotFound; ValidationFailed without a note; InvalidState for who has no account that decides, while somebody
    else works on it, where nothing waits for a decision, and where something of it waits for an approver already.
    """
    demand_note(note)
    dossier = await load_dossier(context, caller, client_id)
    enablement = dossier.enablement(enablement_id)
    maker = await account_of(context, caller, Permission.DECIDE, N_("Who hands a case up decides cases"))
    await demand_unclaimed(context, caller, enablement_id)
    if enablement.review is None and enablement.status is not Status.IN_KYC:
        raise InvalidState("Nothing of this request waits for a decision.")
    waiting = await context.storage.approvals.of_client(dossier.client)
    if any(each.enablement_id == enablement_id for each in waiting):
        raise InvalidState("Something of this case waits for an approver already.")
    approval = Approval(
        id=context.new_id(),
        enablement_id=enablement_id,
        at_ms=context.now_ms(),
        maker=caller.actor,
        operator_id=maker.id,
        look=0,
        position=dossier.client.chain.length + 1,
        kinds=(ESCALATION,),
        proposal=Proposal(Form.ESCALATE, note=note),
    )
    remarks = remark_on(context, caller, enablement_id, ESCALATED, note)
    notes = (Note(ESCALATED, caller.actor, enablement_id),)
    return Outcome(approval, unit_on(context, caller, dossier, (AddApproval(approval), *remarks), notes))


async def give_back(
    context: Context, caller: Caller, client_id: str, enablement_id: str, note: str
) -> Outcome[Approval]:
    """An approver leaves it to who handed it up, and says why. Raises as `escalate`."""
    demand_note(note)
    dossier = await load_dossier(context, caller, client_id)
    dossier.enablement(enablement_id)
    await account_of(context, caller, Permission.CONFIRM, N_("Who gives a case back is an approver"))
    await demand_unclaimed(context, caller, enablement_id)
    every = await context.storage.approvals.of_client(dossier.client)
    mine = [each for each in every if each.is_escalation and each.enablement_id == enablement_id]
    if not mine:
        raise InvalidState("This case is not handed up, or not any more.")
    [approval] = mine
    dropped = DropApproval(enablement_id, approval.id)
    remarks = remark_on(context, caller, enablement_id, GIVEN_BACK, note)
    notes = (Note(GIVEN_BACK, caller.actor, enablement_id, (approval.mark,)),)
    return Outcome(approval, unit_on(context, caller, dossier, (dropped, *remarks), notes))


async def hand_up(context: Context, caller: Caller, client_id: str, enablement_id: str, note: str) -> Approval:
    """`escalate`, committed; whoever handed it up has let it go."""
    place = (context, caller, client_id, enablement_id)
    approval = await execute(context, caller, lambda: escalate(*place, note))
    await context.storage.claims.drop(caller.company.id, enablement_id, approval.operator_id)
    return approval


async def hand_down(context: Context, caller: Caller, client_id: str, enablement_id: str, note: str) -> Approval:
    """`give_back`, committed; the case is then with who handed it up, for a working day, if he decides cases still."""
    place = (context, caller, client_id, enablement_id)
    approval = await execute(context, caller, lambda: give_back(*place, note))
    operator = await account_of(context, caller, Permission.CONFIRM, N_("Who gives a case back is an approver"))
    await give_back_case(context, operator, caller.company.id, enablement_id, approval.operator_id)
    return approval
