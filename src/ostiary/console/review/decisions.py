"""What the forms of a case mean as decisions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ostiary.console.forms.fields import Fields
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Contended, InvalidState, ValidationFailed
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.review.decide import SendBack, decide_request, return_request
from ostiary.usecases.transaction import Outcome

Decide = Callable[[Context, Caller, str, str], Awaitable[Outcome[Enablement]]]
"""Decides a request: of the client, by the request's id."""
ENDS_ENABLED = ("offboard", "reject_client")
OFFBOARDING = (
    "This ends a product that is enabled. Your role does not allow off-boarding; hand the case to an approver."
)


def decision_of(form: str, fields: Fields, *, may_offboard: bool) -> Decide:
    """What a form decides. Raises ValidationFailed for a form that there is not."""
    note = fields.text("note")
    if form == "approve":
        return _verdict(Verdict(Decision.APPROVE), note)
    if form in ("reject", "offboard", "reject_client"):
        decision = Decision.REJECT_CLIENT if form == "reject_client" else Decision.REJECT
        return _guarded(_verdict(Verdict(decision, fields.text("reason")), note), may_offboard=may_offboard)
    if form == "return":
        return _returned(fields, note)
    raise ValidationFailed("There is no such decision.")


def _verdict(verdict: Verdict, note: str) -> Decide:
    async def decide(context: Context, caller: Caller, client_id: str, enablement_id: str) -> Outcome[Enablement]:
        return await decide_request(context, caller, client_id, enablement_id, verdict, note)

    return decide


def _returned(fields: Fields, note: str) -> Decide:
    pairs = [choice.partition("|") for choice in fields.every("choice")]
    back = SendBack([code for code, _, _ in pairs], [key for _, _, key in pairs], fields.text("text"), note)

    async def decide(context: Context, caller: Caller, client_id: str, enablement_id: str) -> Outcome[Enablement]:
        if not back.codes:
            raise ValidationFailed("Choose at least one reason: what is the company to send again?")
        return await return_request(context, caller, client_id, enablement_id, back)

    return decide


def _guarded(decide: Decide, *, may_offboard: bool) -> Decide:
    """What would end an enabled product needs the right to off-board, whatever the form is called."""

    async def decide_within_rights(
        context: Context, caller: Caller, client_id: str, enablement_id: str
    ) -> Outcome[Enablement]:
        before = await load_dossier(context, caller, client_id)
        decided = await decide(context, caller, client_id, enablement_id)
        after = decided.unit.client if decided.unit is not None else None
        if after is None or after.version != before.client.version:  # something came between the two reads
            raise Contended(retry_after_s=1)
        is_client = after.status != before.client.status and after.status.value == "rejected"
        concerned = before.enablements if is_client else (before.enablement(enablement_id),)
        if not may_offboard and any(each.status is Status.ENABLED for each in concerned):
            raise InvalidState(OFFBOARDING)
        return decided

    return decide_within_rights


def words_of(problem: Exception) -> str:
    """A refusal as the page says it: what the command line would say of its own commands is left out."""
    text = str(problem)
    text = text.partition(" Look again: `")[0] if " Look again: `" in text else text
    text = text.replace(": --note TEXT.", ".").replace("; `ostiary review show` has the evidence of each.", ".")
    if text.startswith("It changed since you looked"):
        return f"{text} Nothing was decided. The page shows the case as it is now: look again, then decide."
    return text
