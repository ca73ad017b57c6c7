"""How much speaks against a case, by why a person is asked."""

from __future__ import annotations

import pytest

from ostiary.domain.review.risk import Risk, risk_of


@pytest.mark.parametrize(
    ("reasons", "risk"),
    [
        ((), Risk.NONE),
        (("screening_hit",), Risk.HITS),
        (("screening_hit", "reading_doubtful", "name_differs"), Risk.HITS),
    ],
)
def test_hits_come_before_doubts(reasons: tuple[str, ...], risk: Risk) -> None:
    assert risk_of(reasons) is risk
