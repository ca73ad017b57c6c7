"""Deciding with as many people as the catalogue asks for: at once, or staged until a second person confirms it.

Every decision of a person comes through here, from wherever (`tests/conventions/test_four_eyes.py`). A staged one is a
row that is written with its audit entry; it takes effect by the unit of work that drops the row, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.operators.permissions import Permission
from ostiary.domain.review.approvals import (
    CLIENT_REJECTED,
    STAGED,
    WITHDRAWN,
    AddApproval,
    Approval,
    DropApproval,
    Form,
    Proposal,
    Settled,
)
from ostiary.domain.screening.hits import StoredHit
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.times import format_timestamp
from ostiary.domain.unit import AddRemark, Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.operators.accounts import account_of
from ostiary.usecases.review.looked import demand_look, look_of, remark_on
from ostiary.usecases.review.proposals import assignment, kinds_under_four_eyes, worked_out
from ostiary.usecases.transaction import Outcome, execute
from ostiary.usecases.verification.numbers import decide_number


async def settle(
    context: Context, caller: Caller, client_id: str, enablement_id: str, proposal: Proposal
) -> Outcome[Settled]:
    """Decides, or stages the decision where the catalogue asks for a second person.

    Raises as the use case of its form, whether it is staged or not; InvalidState while another decision of this case
    waits, for a case that was handed up and who is no approver, and for who stages without an account.
    """
    dossier = await load_dossier(context, caller, client_id)  # the oldest reading: its version guards what is staged
    enablement = dossier.enablement(enablement_id)
    if proposal.is_override:
        await account_of(context, caller, Permission.OVERRIDE, N_("To approve although a rule forbids it"))
    decided = as_of(dossier, await worked_out(context, caller, client_id, enablement_id, proposal))
    if isinstance(decided.answer, StoredHit):
        proposal = replace(proposal, subject=decided.answer.key)
    waiting = await context.storage.approvals.of_client(dossier.client)  # younger than what guards the decision
    await _demand_free(context, caller, [each for each in waiting if each.enablement_id == enablement_id], proposal)
    kinds = await kinds_under_four_eyes(context, caller, dossier, enablement, proposal)
    if kinds:
        return await _staged(context, caller, dossier, enablement, proposal, tuple(kind.value for kind in kinds))
    assert decided.unit is not None  # noqa: S101 (a decision always changes something)
    return Outcome(Settled(decided.answer), ending_with(decided.unit, caller, waiting, proposal, enablement_id))


async def settle_number(
    context: Context, caller: Caller, client_id: str, enablement_id: str, proposal: Proposal
) -> Settled:
    """The whole decision of whose a number is, committed, or staged. Raises as `settle` and `decide_number`."""

    async def stage() -> Outcome[Settled]:
        outcome = await settle(context, caller, client_id, enablement_id, proposal)
        return outcome if outcome.answer.approval is not None else Outcome(outcome.answer)

    settled = await execute(context, caller, stage)
    if settled.approval is None:
        await decide_number(context, caller, client_id, enablement_id, assignment(proposal))
    return settled


async def _demand_free(context: Context, caller: Caller, waiting: Sequence[Approval], proposal: Proposal) -> None:
    """Raises InvalidState. Hits are decided beside one another."""
    for each in waiting:
        if each.is_escalation:
            await account_of(
                context, caller, Permission.CONFIRM, sentence("%(maker)s handed this case up", maker=each.maker_name)
            )
            continue
        is_beside = Form.HIT is each.proposal.form is proposal.form and each.proposal.subject != proposal.subject
        if not is_beside:
            raise InvalidState(
                sentence(
                    "A decision of %(maker)s (%(kinds)s) waits for a second person since %(since)s (UTC): it has to be "
                    "confirmed, sent back or withdrawn first.",
                    maker=each.maker_name,
                    kinds=", ".join(each.kinds),
                    since=format_timestamp(each.at_ms),
                )
            )


async def _staged(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    proposal: Proposal,
    kinds: tuple[str, ...],
) -> Outcome[Settled]:
    maker = await account_of(context, caller, Permission.DECIDE, N_("This decision takes two people"))
    look = await look_of(context, caller, dossier, enablement.id)
    demand_look(look, enablement.id)
    remark_on(context, caller, enablement.id, STAGED, proposal.note)  # raises for a note that could not be kept
    assert look.position is not None  # noqa: S101 (demanded)
    approval = Approval(
        id=context.new_id(),
        enablement_id=enablement.id,
        at_ms=context.now_ms(),
        maker=caller.actor,
        operator_id=maker.id,
        look=look.position,
        position=dossier.client.chain.length + 1,
        kinds=kinds,
        proposal=proposal,
    )
    note = Note(STAGED, caller.actor, enablement.id, (*kinds, f"looked_{look.position}"))
    unit = unit_on(context, caller, dossier, (AddApproval(approval),), (note,))
    return Outcome(Settled(enablement, approval), unit)


def as_of(dossier: Dossier, decided: Outcome[object]) -> Outcome[object]:
    """The decision, guarded by the reading on which it was found how many people it takes: what came between the two
    readings makes it be decided again."""
    unit, before = decided.unit, dossier.client
    assert unit is not None  # noqa: S101 (a decision always changes something of its client)
    assert unit.client is not None  # noqa: S101
    owner = replace(unit.client, version=before.version, chain=before.chain)
    return Outcome(decided.answer, replace(unit, owner=owner))


def ending_with(
    unit: Unit, caller: Caller, waiting: Sequence[Approval], proposal: Proposal, enablement_id: str
) -> Unit:
    """With what the decision ends: a case that was handed up, and all that waits of a client who is rejected."""
    is_of_client = proposal.form is Form.REJECT_CLIENT
    is_verdict = is_of_client or proposal.form in (Form.APPROVE, Form.REJECT, Form.RETURN)
    over = [each for each in waiting if is_of_client or (is_verdict and each.enablement_id == enablement_id)]
    notes = tuple(
        Note(WITHDRAWN, caller.actor, each.enablement_id, (CLIENT_REJECTED, each.mark))
        for each in over
        if not each.is_escalation
    )
    dropped = tuple(DropApproval(each.enablement_id, each.id) for each in over)
    return replace(unit.plus(*dropped), notes=(*unit.notes, *notes))


def unit_on(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    changes: tuple[AddApproval | DropApproval | AddRemark, ...],
    notes: tuple[Note, ...],
) -> Unit:
    """What changes of who decides, on the client's chain."""
    return Unit(
        company_id=caller.company.id, at_ms=context.now_ms(), owner=dossier.client, changes=changes, notes=notes
    )
