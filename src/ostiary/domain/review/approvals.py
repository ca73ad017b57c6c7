"""What waits for an approver: a decision that needs a second person, as it was made and with the look it rests on, and
a case that somebody handed up."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.value import value_type

ESCALATION = "escalation"
"""The kind of a case that was handed up; a decision's are those of `catalogue.Eyes`."""
OVERRIDE = "override"
STAGED_MARK = "staged_"
"""How the code begins by which an entry says that two people made a decision."""
"""The code of an approval although a rule forbids it."""
STAGED, CONFIRMED = "decision_staged", "decision_confirmed"
SENT_BACK, WITHDRAWN = "decision_sent_back", "decision_withdrawn"
ENDINGS = frozenset({CONFIRMED, SENT_BACK, WITHDRAWN})
ESCALATED, GIVEN_BACK = "case_escalated", "case_given_back"
ACTIONS = ENDINGS | {STAGED, ESCALATED, GIVEN_BACK}
"""Of audit entries. None changes anything of a client: what a confirmed decision does has entries of its own."""
CASE_CHANGED, CLIENT_REJECTED = "case_changed", "client_rejected"
"""Why a decision was withdrawn by somebody else than its maker."""


class Form(StrEnum):
    """What is decided, or asked."""

    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"
    REJECT_CLIENT = "reject_client"
    HIT = "hit"
    RELEASE = "release"
    ASSIGN = "assign"
    ESCALATE = "escalate"


@value_type
class Proposal:
    """A decision as somebody makes it. `text` is what the company reads: the reason of a rejection, or the words of a
    return for `codes` and `keys`. `subject` is a hit's key or a document's id; `to` the hit's state, or the client to
    whom a number belongs. `note` is read by operators only."""

    form: Form
    text: str = field(default="", repr=False)
    codes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    subject: str = ""
    to: str = ""
    note: str = field(default="", repr=False)
    is_override: bool = False


@value_type(kw_only=True)
class Approval:
    """What waits for an approver. `maker` is the actor who made it and `operator_id` his account; `look` the position
    of the entry of the look that it rests on, `position` the one of its own entry. `kinds` say why two are needed."""

    id: str
    enablement_id: str
    at_ms: int
    maker: str
    operator_id: str
    look: int
    position: int
    kinds: tuple[str, ...]
    proposal: Proposal

    @property
    def is_escalation(self) -> bool:
        return self.proposal.form is Form.ESCALATE

    @property
    def maker_name(self) -> str:
        return self.maker.partition(":")[2]

    @property
    def mark(self) -> str:
        """The code of audit entries that come of it."""
        return f"{STAGED_MARK}{self.position}"


@value_type
class AddApproval:
    """Something waits for an approver."""

    approval: Approval


@value_type
class DropApproval:
    """It waits no more: confirmed, sent back, given back or withdrawn."""

    enablement_id: str
    approval_id: str


@value_type
class Settled:
    """How a decision ended: `answer` is what it was about, as it is now. `approval` waits for a second person;
    `changes` are why a decision could not be confirmed."""

    answer: object
    approval: Approval | None = None
    changes: tuple[AuditEntry, ...] = ()

    @property
    def frees_case(self) -> bool:
        """Whether who decided has nothing more to do with the case."""
        is_decided = isinstance(self.answer, Enablement) and self.answer.review is None and not self.changes
        return self.approval is not None or is_decided
