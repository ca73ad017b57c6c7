"""Whose turn it is: every live enablement names its next action and who owes it. No dead ends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ostiary.domain.onboarding.enablement import Enablement, Review, Status
from ostiary.domain.onboarding.requirements import Assessment
from ostiary.domain.renewals.deadlines import Deadline
from ostiary.domain.sentences import N_

_NEEDED = N_("Other products have to be enabled first: request and complete them, then submit this one.")
_LOST = N_(
    "A product that this one needs is not offered any more: withdraw this request, and ask for it again as it is now."
)
_CLASH = N_("An operator decides whose the document's number is; another document may be sent meanwhile.")


class Owner(StrEnum):
    """Who owes the next step."""

    COMPANY = "company"
    PROVIDER = "provider"
    OPERATOR = "operator"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class NextAction:
    """What happens next, and by whom. `missing` are the ids and keys to provide."""

    owner: Owner
    action: str
    description: str
    missing: tuple[str, ...] = ()


def next_action(
    enablement: Enablement,
    assessment: Assessment,
    *,
    may_request_again: bool = True,
    renewal: Deadline | None = None,
    lost: tuple[str, ...] = (),
) -> NextAction:
    """The one next step of an enablement. `may_request_again`: a new request for its product would be taken. `renewal`
    is the one that is open for an enabled request, `lost` are needed products that the client can have no more."""
    if enablement.review is Review.CLASH:
        return NextAction(Owner.OPERATOR, "review", _CLASH)
    if enablement.review is not None:
        return NextAction(Owner.OPERATOR, "review", N_("An operator looks at the client's details and decides."))
    match enablement.status:
        case Status.IN_KYC:
            return NextAction(Owner.PROVIDER, "decide", N_("The provider reviews what was submitted."))
        case Status.ENABLED if renewal is not None and renewal.is_submitted:
            return NextAction(Owner.PROVIDER, "decide", N_("The provider reviews what was submitted."))
        case Status.ENABLED if renewal is not None:
            return _for_the_company(assessment, renewal)
        case Status.ENABLED:
            return NextAction(Owner.NOBODY, "none", N_("The product is active; nothing is owed."))
        case Status.REJECTED if not may_request_again:
            return NextAction(Owner.NOBODY, "none", N_("This request ended, and no new one can be made for it."))
        case Status.REJECTED:
            return NextAction(Owner.COMPANY, "request_again", N_("This request ended; a new one may be made."))
        case _ if lost:
            return NextAction(Owner.COMPANY, "withdraw", _LOST, lost)
        case _:
            return _for_the_company(assessment)


def _for_the_company(assessment: Assessment, renewal: Deadline | None = None) -> NextAction:
    if assessment.is_complete:
        return NextAction(Owner.COMPANY, "submit", N_("Nothing is missing: submit the request."))
    documents = tuple(document.requirement.id for document in assessment.documents)
    keys = tuple(field.key for group in assessment.data for field in group.fields)
    if documents:
        return NextAction(Owner.COMPANY, "complete_documentation", N_("Send what is missing."), documents + keys)
    if assessment.needed and not keys:
        return NextAction(Owner.COMPANY, "enable_needed_product", _NEEDED, assessment.needed)
    if renewal is not None and not keys:
        return NextAction(Owner.COMPANY, "confirm_renewal", N_("Say that nothing has changed, or update the client."))
    if keys and len(keys) == len(assessment.terms):
        return NextAction(Owner.COMPANY, "accept_terms", N_("Have the client accept the terms."), keys)
    return NextAction(Owner.COMPANY, "update_client", N_("Complete the client's details."), keys)
