"""Everything that the page of a case shows, gathered for its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ostiary.console.review import case_view
from ostiary.console.review.chip_view import chips_of
from ostiary.console.review.decisions import ENDS_ENABLED
from ostiary.console.review.renewal_view import renewal_values
from ostiary.console.review.risk_view import risk_values
from ostiary.console.review.suggestions import likely_choices, other_choices
from ostiary.console.review.timeline import TIMELINE_SHOWN, actor_words, timeline_of
from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.messages import Delivery
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.review.approvals import Approval
from ostiary.domain.review.claims import ReviewDraft
from ostiary.domain.review.four_eyes import changes_since, others_of
from ostiary.domain.review.looking import same_person
from ostiary.usecases.review.claims import HeldCase
from ostiary.usecases.review.decide import KEY_SHOWN, ReviewDetails
from ostiary.usecases.review.looked import change_words
from ostiary.wire.deliveries import delivery_answer
from ostiary.wire.review import changes, standing_refusals


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case that an operator has before him. `look` is the position of the entry that says so; `held` who works on it;
    `entries` the client's chain as it is now, `chain_fault` what is wrong with it up to the last entry that is there
    (whether some were cut off at its end is the affair of `audit verify`), `colleagues` whom it can be handed to."""

    operator: Operator
    company: Company
    details: ReviewDetails
    look: int
    entries: Sequence[AuditEntry]
    held: HeldCase | None
    draft: ReviewDraft | None
    chain_fault: str | None = None
    deliveries: Sequence[Delivery] = ()
    colleagues: Sequence[Operator] = ()
    today: date = date.min

    def may(self, permission: Permission) -> bool:
        return may(self.operator, permission, self.company.id)

    def is_in_way(self, approval: Approval) -> bool:
        """Whether something that waits keeps this operator from deciding."""
        return not (approval.is_escalation and self.may(Permission.CONFIRM))

    @property
    def is_mine(self) -> bool:
        return self.held is None or self.held.claim.is_of(self.operator.id)


@dataclass(frozen=True, slots=True)
class TypedForm:
    """What was typed into a form that was refused, and why. `form` says which one."""

    form: str = ""
    problem: str = ""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def text(self, form: str, name: str) -> str:
        """What was typed into a field of that form; empty for another one."""
        return (self.values.get(name) or [""])[0] if form == self.form else ""

    def has(self, form: str, name: str, value: str) -> bool:
        return form == self.form and value in self.values.get(name, ())


def values_of(case: OpenCase, typed: TypedForm) -> dict[str, object]:
    """By the names that `case.html` knows."""
    details, enablement = case.details, case.details.state.enablement
    client = details.dossier.client
    lines = case_view.rule_lines(details.documents)
    likely = likely_choices(details)
    is_free = case.is_mine and not any(case.is_in_way(each) for each in details.approvals)
    actions = case_view.actions_of(details) if case.may(Permission.DECIDE) and is_free else ()
    reasons = case_view.reasons_of(enablement)
    return {
        "case": case,
        "request": enablement,
        "client": client,
        "base": base_of(case.company.id, enablement.id),
        "why": case_view.WHY.get(enablement.review) if enablement.review else "",
        "reasons": reasons,
        "needs_note": any(reason.is_doubt for reason in reasons),
        "open_rules": [line for line in lines if line.is_open],
        "other_rules": [line for line in lines if not line.is_open],
        "chips": chips_of(details.documents),
        "pictures": case_view.pictures_of(details.documents) if case.may(Permission.SEE_PICTURES) else (),
        "facts": case_view.facts_of(client.profile),
        "hits": [(hit, hit.key[:KEY_SHOWN], case_view.hit_lines(client.profile, hit)) for hit in details.hits],
        "changes": changes(details),
        "contradictions": client.contradictions,
        "remarks": [(remark, actor_words(remark.actor)) for remark in reversed(details.remarks)],
        "refusals": standing_refusals(details),
        "timeline": timeline_of(case.entries, enablement.id),
        "earlier_entries": max(0, len(case.entries) - TIMELINE_SHOWN),
        "chain_fault": case.chain_fault,
        "deliveries": [delivery_answer(each) for each in case.deliveries],
        "likely": likely,
        "groups": other_choices(details, likely),
        "approvals": [_shown(case, each) for each in details.approvals],
        "actions": [each for each in actions if _is_allowed(case, each)],
        "typed": typed,
        "problem": typed.problem,
        "Permission": Permission,
        **renewal_values(details),
        **risk_values(details.risk, case.today),
    }


@dataclass(frozen=True, slots=True)
class ShownApproval:
    """Something that waits for an approver. `changes` say why it can take effect no more."""

    approval: Approval
    is_own: bool
    changes: str


def _shown(case: OpenCase, approval: Approval) -> ShownApproval:
    dossier = case.details.dossier
    changes = changes_since(case.entries, approval, others_of(approval, dossier))
    return ShownApproval(approval, same_person(approval.maker, f"operator:{case.operator.name}"), change_words(changes))


def _is_allowed(case: OpenCase, action: str) -> bool:
    """What ends an enabled product is not offered to who may not off-board, nor setting rules aside to who may not."""
    if action == "override":
        return case.may(Permission.OVERRIDE)
    ends = action in ENDS_ENABLED and case.details.state.enablement.status is Status.ENABLED
    return not ends or case.may(Permission.OFFBOARD)


def base_of(company_id: str, enablement_id: str) -> str:
    """Where a case is."""
    return f"/console/companies/{company_id}/requests/{enablement_id}"
