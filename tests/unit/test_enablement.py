"""Enablements: the table of transitions, wholly."""

from __future__ import annotations

from itertools import product

import pytest

from ostiary.domain.errors import InvalidState
from ostiary.domain.onboarding.enablement import (
    OPEN_TO_DOCUMENTS,
    TRANSITIONS,
    Event,
    Review,
    Status,
    reviewed,
    transition,
)
from ostiary.domain.onboarding.enablement import under_review as put_under_review
from tests.material import NOW_MS, enablement

WAYS = """
requested              submitted_complete    in_kyc
requested              submitted_incomplete  pending_documentation
requested              withdrawn             rejected
requested              client_rejected       rejected
pending_documentation  submitted_complete    in_kyc
pending_documentation  submitted_incomplete  pending_documentation
pending_documentation  withdrawn             rejected
pending_documentation  client_rejected       rejected
in_kyc                 approved              enabled
in_kyc                 refused               rejected
in_kyc                 returned              pending_documentation
in_kyc                 withdrawn             rejected
in_kyc                 client_rejected       rejected
enabled                offboarded            rejected
enabled                client_rejected       rejected
"""
"""The contract's table of states, written a second time: from, event, to."""
ALLOWED = {(Status(a), Event(b)): Status(c) for a, b, c in (line.split() for line in WAYS.strip().splitlines())}
NOT_ALLOWED = [pair for pair in product(Status, Event) if pair not in ALLOWED]


def test_the_table_is_the_contracts() -> None:
    assert TRANSITIONS == ALLOWED


@pytest.mark.parametrize(("status", "event"), list(ALLOWED), ids=lambda value: str(value))
def test_a_way_of_the_table_leads_where_it_says(status: Status, event: Event) -> None:
    before = enablement(status, attempt=2, sequence=5, review=Review.SUBMISSION, review_since_ms=NOW_MS)
    after = transition(before, event, NOW_MS + 7, because="Why.")
    assert after.status is ALLOWED[status, event]
    assert after.updated_at_ms == NOW_MS + 7
    assert after.attempt == (3 if event is Event.SUBMITTED_COMPLETE else 2)
    assert after.sequence == (5 if after.status is status else 6)
    assert after.rejection_description == ("Why." if after.status is Status.REJECTED else None)
    assert (after.review, after.review_since_ms) == (None, None)


@pytest.mark.parametrize(("status", "event"), NOT_ALLOWED, ids=lambda value: str(value))
def test_any_other_way_is_refused_with_words(status: Status, event: Event) -> None:
    with pytest.raises(InvalidState, match=f"A request that is {status} cannot be "):
        transition(enablement(status), event, NOW_MS)


def test_nothing_leaves_rejected() -> None:
    assert all(status is not Status.REJECTED for status, _ in TRANSITIONS)


@pytest.mark.parametrize("status", Status)
def test_a_request_lives_until_it_is_rejected_and_takes_documents_until_it_is_submitted(status: Status) -> None:
    assert enablement(status).is_live is (status is not Status.REJECTED)
    assert (status in OPEN_TO_DOCUMENTS) is (status in (Status.REQUESTED, Status.PENDING_DOCUMENTATION))


def test_only_a_question_of_a_number_outlives_an_incomplete_submission() -> None:
    for review in Review:
        waiting = put_under_review(enablement(Status.PENDING_DOCUMENTATION), review, NOW_MS, ("a",))
        after = transition(waiting, Event.SUBMITTED_INCOMPLETE, NOW_MS + 1)
        assert (after.review is review) is (review is Review.CLASH)
        assert transition(waiting, Event.SUBMITTED_COMPLETE, NOW_MS + 1).review is None


def test_a_review_keeps_the_age_of_an_older_one_and_closing_it_changes_nothing_else() -> None:
    before = enablement(Status.ENABLED)
    waiting = put_under_review(before, Review.CHANGE, NOW_MS + 1)
    assert (waiting.review, waiting.review_since_ms) == (Review.CHANGE, NOW_MS + 1)
    assert put_under_review(waiting, Review.SUBMISSION, NOW_MS + 2) == waiting
    why = put_under_review(put_under_review(before, Review.CHANGE, NOW_MS + 1, ("a",)), Review.CHANGE, 0, ("b", "a"))
    assert (why.review_since_ms, why.review_reasons) == (NOW_MS + 1, ("a", "b"))
    assert put_under_review(waiting, Review.SCREENING, NOW_MS + 2).review is Review.SCREENING
    assert put_under_review(put_under_review(before, Review.SCREENING, 1), Review.CHANGE, 2).review is Review.SCREENING
    assert reviewed(waiting) == before
