"""When a delivery is tried again."""

from __future__ import annotations

import pytest

from ostiary.domain.delivery.retry import JITTER, SCHEDULE_S, next_wait_s

HOUR_S = 3600


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [
        (1, 5), (2, 300), (3, 1800), (4, 2 * HOUR_S), (5, 5 * HOUR_S), (6, 10 * HOUR_S), (7, 14 * HOUR_S),
        (8, 20 * HOUR_S), (9, 24 * HOUR_S), (10, None), (11, None),
    ],
)  # fmt: skip
def test_the_waits_are_the_documented_ones_and_then_it_is_given_up(attempts: int, seconds: float | None) -> None:
    assert next_wait_s(attempts, 0.0) == seconds


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 2.5), (2, 300), (9, 24 * HOUR_S), (10, None)])
def test_an_operator_chooses_the_first_wait_and_no_other(attempts: int, seconds: float | None) -> None:
    assert next_wait_s(attempts, 0.0, 2.5) == seconds
    assert next_wait_s(attempts, 0.5, 2.5) == (None if seconds is None else seconds * 1.05)


@pytest.mark.parametrize("attempts", range(1, len(SCHEDULE_S) + 1))
def test_chance_stretches_a_wait_by_a_tenth_at_most(attempts: int) -> None:
    least, most = next_wait_s(attempts, 0.0), next_wait_s(attempts, 0.999)
    assert least is not None
    assert most is not None
    assert least < most < least * (1 + JITTER)
