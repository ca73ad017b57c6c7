"""Whose turn it is: no dead ends."""

from __future__ import annotations

import pytest

from ostiary.domain.catalogue.catalogue import DataField
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.next_action import Owner, next_action
from ostiary.domain.onboarding.requirements import Assessment, MissingData, MissingDocument
from tests.material import IDENTITY, NOW_MS, OCCUPATION, PASSPORT, enablement

NOTHING = Assessment()
DOCUMENTS = (MissingDocument(IDENTITY, (PASSPORT,)),)
DATA = (MissingData("personal_information", "", "", (DataField("phone", OCCUPATION),)),)
ALL = Assessment(DOCUMENTS, DATA)


@pytest.mark.parametrize(
    ("status", "review", "assessment", "owner", "action", "missing"),
    [
        (Status.REQUESTED, None, NOTHING, Owner.COMPANY, "submit", ()),
        (Status.PENDING_DOCUMENTATION, None, NOTHING, Owner.COMPANY, "submit", ()),
        (Status.PENDING_DOCUMENTATION, None, ALL, Owner.COMPANY, "complete_documentation",
         ("identity_document", "phone")),
        (Status.REQUESTED, None, Assessment(DOCUMENTS), Owner.COMPANY, "complete_documentation",
         ("identity_document",)),
        (Status.PENDING_DOCUMENTATION, None, Assessment((), DATA), Owner.COMPANY, "update_client", ("phone",)),
        (Status.IN_KYC, None, ALL, Owner.PROVIDER, "decide", ()),
        (Status.IN_KYC, Review.SUBMISSION, ALL, Owner.OPERATOR, "review", ()),
        (Status.ENABLED, None, ALL, Owner.NOBODY, "none", ()),
        (Status.ENABLED, Review.CHANGE, NOTHING, Owner.OPERATOR, "review", ()),
        (Status.REJECTED, None, NOTHING, Owner.COMPANY, "request_again", ()),
    ],
)  # fmt: skip
def test_the_next_step_and_its_owner(
    status: Status, review: Review | None, assessment: Assessment, owner: Owner, action: str, missing: tuple[str, ...]
) -> None:
    step = next_action(enablement(status, review=review, review_since_ms=NOW_MS), assessment)
    assert (step.owner, step.action, step.missing) == (owner, action, missing)
    assert step.description.endswith(".")


@pytest.mark.parametrize("assessment", [NOTHING, ALL], ids=["complete", "incomplete"])
@pytest.mark.parametrize("review", [None, *Review])
@pytest.mark.parametrize("status", [status for status in Status if status is not Status.ENABLED])
def test_whatever_is_not_at_its_goal_has_somebody_who_owes_a_step(
    status: Status, review: Review | None, assessment: Assessment
) -> None:
    assert next_action(enablement(status, review=review), assessment).owner is not Owner.NOBODY
