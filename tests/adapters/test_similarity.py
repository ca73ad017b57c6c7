"""How alike two texts are: 1 less the edits over the longer length."""

from __future__ import annotations

import pytest

from ostiary.adapters.similarity import similarity


@pytest.mark.parametrize(
    ("first", "other", "expected"),
    [
        ("MARIA", "MARIA", 1.0),
        ("", "", 1.0),
        ("MARIA", "MARTA", 0.8),  # a wrong letter
        ("MARIA", "MARI", 0.8),  # one left out
        ("MARIA", "MAIRA", 0.8),  # two exchanged count as one
        ("MARIA", "", 0.0),
        ("ABC", "XYZ", 0.0),
    ],
)
def test_similarity(first: str, other: str, expected: float) -> None:
    assert similarity(first, other) == pytest.approx(expected)
    assert similarity(other, first) == pytest.approx(expected)
