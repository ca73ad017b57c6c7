"""What a waiting case is put to by the risk in it, and rows of which earlier versions said nothing."""

from __future__ import annotations

import json

import pytest

from ostiary.domain.audit.row_states import SaidOfRow
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


def test_an_operators_row_that_was_not_written_since_is_taken_as_it_is() -> None:
    """Versions before 0011 said nothing of it; from when it is written its values are held to."""
    chain = SaidOfRow()
    rows = {"operator 1": {"sealed content": "a", "role": "admin"}}
    assert list(chain.faults(rows)) == []
    chain.hear(json.dumps({"operator 1": {"role": "viewer"}}).encode(), 7, anew=False)
    assert list(chain.faults(rows)) == ["operator 1: role is admin, entry 7 says viewer"]
    assert list(SaidOfRow().faults({"document 1": {"status": "accepted"}})) != []
