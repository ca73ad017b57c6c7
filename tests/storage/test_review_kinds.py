"""Kinds of reviews that an older version does not know stand beside what it reads, and count while it touched none."""

from __future__ import annotations

import pytest

from ostiary.domain.onboarding.enablement import Review
from ostiary.storage.tables.enablements import review_columns, review_of
from tests.material import enablement

OLD = {"submission", "confirmation", "change"}


@pytest.mark.parametrize(
    ("shown", "kind", "review"),
    [
        (None, None, None),
        (None, "screening", None),
        ("change", None, Review.CHANGE),
        ("change", "change", Review.CHANGE),
        ("change", "screening", Review.SCREENING),
        ("submission", "clash", Review.CLASH),
        ("submission", "screening", Review.SUBMISSION),
        ("confirmation", "clash", Review.CONFIRMATION),
    ],
)
def test_what_an_older_version_wrote_of_a_review_counts(
    shown: str | None, kind: str | None, review: Review | None
) -> None:
    assert review_of(shown, kind) is review


@pytest.mark.parametrize("review", Review)
def test_what_is_written_is_read_by_both(review: Review) -> None:
    shown, kind, reasons = review_columns(enablement(review=review, review_since_ms=1, review_reasons=("a", "b")))
    assert shown in OLD
    assert (review_of(shown, kind), reasons) == (review, "a,b")


def test_nothing_waits_without_a_review() -> None:
    assert review_columns(enablement()) == (None, None, None)
