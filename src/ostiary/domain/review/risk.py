"""How much speaks against a case, as a filter of the queue: from why a person is asked, which is what a queue knows.

This is about one case; a client's class of risk, which follows from the catalogue, is in `domain/lifecycle/risk.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.routing import doubts


class Risk(StrEnum):
    """The most that speaks against a case."""

    HITS = "hits"
    """A list named the client when the case was opened, whatever was decided of the hit since."""
    DOUBTS = "doubts"
    """Something that approving needs a note against."""
    NONE = "none"
    """Neither: a product wants a person, or no machine reads what was sent."""


def risk_of(reasons: Collection[str]) -> Risk:
    """Of a case with these reasons."""
    if ReviewReason.SCREENING_HIT in reasons:
        return Risk.HITS
    return Risk.DOUBTS if doubts(reasons) else Risk.NONE
