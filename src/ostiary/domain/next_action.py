"""Whose turn it is: every live enablement names its next action and who owes it. No dead ends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ostiary.domain.enablement import Enablement, Status
from ostiary.domain.requirements import Assessment


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


def next_action(enablement: Enablement, assessment: Assessment) -> NextAction:
    """The one next step of an enablement."""
    if enablement.review is not None:
        return NextAction(Owner.OPERATOR, "review", "An operator looks at the client's details and decides.")
    match enablement.status:
        case Status.IN_KYC:
            return NextAction(Owner.PROVIDER, "decide", "The provider reviews what was submitted.")
        case Status.ENABLED:
            return NextAction(Owner.NOBODY, "none", "The product is active; nothing is owed.")
        case Status.REJECTED:
            return NextAction(Owner.COMPANY, "request_again", "This request ended; a new one may be made.")
        case _:
            return _for_the_company(assessment)


def _for_the_company(assessment: Assessment) -> NextAction:
    if assessment.is_complete:
        return NextAction(Owner.COMPANY, "submit", "Nothing is missing: submit the request.")
    documents = tuple(one.requirement.id for one in assessment.documents)
    keys = tuple(one.key for group in assessment.data for one in group.fields)
    if documents:
        return NextAction(Owner.COMPANY, "complete_documentation", "Send what is missing.", documents + keys)
    return NextAction(Owner.COMPANY, "update_client", "Complete the client's details.", keys)
