"""When an enabled request is due again, and how its renewal stands, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ostiary.domain.catalogue.renewal_rules import AtDeadline
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.renewals.deadlines import Deadline, DeadlineState, RenewalReason
from ostiary.domain.sentences import N_
from ostiary.domain.times import END_MS
from ostiary.usecases.review.decide import ReviewDetails

WHY_DUE: Mapping[RenewalReason, str] = {
    RenewalReason.PERIOD: N_("the period since the last review is over"),
    RenewalReason.DOCUMENT_EXPIRY: N_("a document runs out"),
    RenewalReason.NAME_CHANGED: N_("the name changed"),
    RenewalReason.ADDRESS_CHANGED: N_("the address changed"),
    RenewalReason.COUNTRY_CHANGED: N_("the country changed"),
    RenewalReason.LIST_HIT: N_("a list names the client"),
    RenewalReason.OPERATOR: N_("an operator asked for it"),
    RenewalReason.PROVIDER: N_("the provider asked for it"),
    RenewalReason.REQUIREMENT_IN_FORCE: N_("the product asks for something new"),
}
STATES: Mapping[DeadlineState, str] = {
    DeadlineState.WAITING: N_("not open yet"),
    DeadlineState.OPEN: N_("with the company"),
    DeadlineState.SUBMITTED: N_("submitted"),
}
FOLLOWS: Mapping[AtDeadline, str] = {
    AtDeadline.KEEP_AND_REVIEW: N_("a person decides what becomes of it"),
    AtDeadline.OFFBOARD: N_("the client is off-boarded from that product"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDeadline:
    """One of a list or of a case, in words. `opens_at_ms` is 0 once its renewal is open."""

    deadline: Deadline
    state: str
    reasons: tuple[str, ...]
    opens_at_ms: int
    follows: str = ""


def shown_deadline(deadline: Deadline, at_deadline: AtDeadline | None = None) -> ShownDeadline:
    """In words, with what follows where that is known."""
    return ShownDeadline(
        deadline=deadline,
        state=STATES[deadline.state],
        reasons=tuple(WHY_DUE[reason] for reason in deadline.reasons),
        opens_at_ms=0 if deadline.is_open else deadline.next_at_ms,
        follows=FOLLOWS[at_deadline] if at_deadline else "",
    )


def renewal_values(details: ReviewDetails) -> dict[str, object]:
    """By the names that `case_renewal.html` knows: nothing for what is never due."""
    enablement, terms = details.state.enablement, details.state.at_deadline
    deadline = details.dossier.deadline_of(enablement)
    is_due = deadline is not None and (deadline.is_open or deadline.due_at_ms < END_MS)
    return {
        "due": shown_deadline(deadline, terms) if deadline is not None and is_due else None,
        "may_be_asked": enablement.status is Status.ENABLED and deadline is not None,
    }
