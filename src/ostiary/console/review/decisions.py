"""What the forms of a case mean as decisions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from ostiary.console.services import Console
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Contended, InvalidState, OstiaryError, ValidationFailed
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.review.approvals import Form, Proposal
from ostiary.domain.review.four_eyes import concerned
from ostiary.domain.sentences import N_, Sentence, sentence
from ostiary.html.fields import Fields
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.review.decide import NEEDS_A_NOTE, UNDECIDED_HITS
from ostiary.usecases.review.looked import LOOK_AGAIN, LOOK_FIRST
from ostiary.usecases.transaction import Outcome

T = TypeVar("T")
ENDS_ENABLED = ("offboard", "reject_client")
OFFBOARDING = N_(
    "This ends a product that is enabled. Your role does not allow off-boarding; hand the case to an approver."
)
_WORDS = {
    LOOK_FIRST: N_("Who decides has to look first."),
    LOOK_AGAIN: N_(
        "It changed since you looked: %(changes)s. Nothing was decided. The page shows the case as it is now: look "
        "again, then decide."
    ),
    NEEDS_A_NOTE: N_("Approving against a doubt (%(doubts)s) needs a note that says why."),
    UNDECIDED_HITS: N_(
        "The client has hits on lists that are not decided in its favour: %(hits)s. Nobody is approved beside one: "
        "decide each that is open under “Hits on lists” first. Beside one that is confirmed, end the request or hand "
        "the case up to an approver."
    ),
}
"""What use cases say with commands in it, without them."""


def proposal_of(form: str, fields: Fields) -> Proposal:
    """What a form decides. Raises ValidationFailed for a form that there is not, and a return without a reason."""
    note = fields.text("note")
    if form in ("approve", "override"):
        return Proposal(Form.APPROVE, note=note, is_override=form == "override")
    if form in ("reject", "offboard", "reject_client"):
        ends_client = form == "reject_client"
        return Proposal(Form.REJECT_CLIENT if ends_client else Form.REJECT, _line(fields.text("reason")), note=note)
    if form != "return":
        raise ValidationFailed("There is no such decision.")
    pairs = [choice.partition("|") for choice in fields.every("choice")]
    if not pairs:
        raise ValidationFailed("Choose at least one reason: what is the company to send again?")
    codes, keys = tuple(code for code, _, _ in pairs), tuple(key for _, _, key in pairs)
    return Proposal(Form.RETURN, _line(fields.text("text")), codes, keys, note=note)


def _line(text: str) -> str:
    """What a company reads is one line, however it was typed."""
    return text.replace("\n", " ")


async def within_rights(
    console: Console,
    caller: Caller,
    place: tuple[str, str],
    proposal: Proposal,
    decide: Callable[[], Awaitable[Outcome[T]]],
    operator: Operator,
) -> Outcome[T]:
    """A decision, or a preview of it: what would end an enabled product needs the right to off-board, whatever the form
    is called. `place` are the ids of client and request. Raises InvalidState."""
    client_id, enablement_id = place
    before = await load_dossier(console.context, caller, client_id)
    decided = await decide()
    after = decided.unit.client if decided.unit is not None else None
    if after is None or after.version != before.client.version:  # something came between the two reads
        raise Contended(retry_after_s=1)
    ends = any(each.status is Status.ENABLED for each in concerned(proposal, before, before.enablement(enablement_id)))
    is_ending = proposal.form in (Form.REJECT, Form.REJECT_CLIENT) and ends
    if is_ending and not may(operator, Permission.OFFBOARD, caller.company.id):
        raise InvalidState(OFFBOARDING)
    return decided


def words_of(problem: OstiaryError) -> str:
    """A refusal as the page says it: what the command line would say of its own commands is left out."""
    text = problem.words
    if not isinstance(text, Sentence):
        return text.replace("; `ostiary operator list` shows who is.", ".").replace(
            "; name one with --decision: ", ": "
        )
    return sentence(_WORDS[text.pattern], **text.values) if text.pattern in _WORDS else text
