"""The rate limit: penalties that grow, and are forgiven."""

from __future__ import annotations

import pytest

from ostiary.domain.companies.rate_limit import FORGIVEN_AFTER_MS, RateState, penalty_s, weigh

PER_SECOND = 3
START_MS = 10_000_000


@pytest.mark.parametrize(
    ("violations", "seconds"),
    [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 64), (8, 128), (9, 300), (10, 300), (1000, 300)],
)
def test_a_penalty_doubles_and_is_300_s_from_the_ninth_time(violations: int, seconds: int) -> None:
    assert penalty_s(violations) == seconds


def exceed(standing: RateState, now_ms: int) -> tuple[RateState, int]:
    """One request more than a second holds; the standing after it and its wait."""
    for _ in range(PER_SECOND):
        standing, wait_s = weigh(standing, now_ms, PER_SECOND)
        assert wait_s == 0
    return weigh(standing, now_ms, PER_SECOND)


def test_going_over_again_and_again_blocks_longer_and_longer() -> None:
    standing, now, waits = RateState(), START_MS, []
    for _ in range(11):
        standing, wait_s = exceed(standing, now)
        waits.append(wait_s)
        now = standing.blocked_until_ms
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 300, 300, 300]


@pytest.mark.parametrize(("later_ms", "wait_s"), [(0, 1), (1, 1), (999, 1), (1000, 0)])
def test_a_blocked_request_waits_for_what_is_left_in_whole_seconds(later_ms: int, wait_s: int) -> None:
    blocked, _ = exceed(RateState(), START_MS)
    assert weigh(blocked, START_MS + later_ms, PER_SECOND)[1] == wait_s


def test_a_blocked_request_consumes_nothing_and_is_no_new_violation() -> None:
    blocked, _ = exceed(RateState(), START_MS)
    for later_ms in range(0, 1000, 100):
        assert weigh(blocked, START_MS + later_ms, PER_SECOND)[0] == blocked


@pytest.mark.parametrize(("pause_ms", "wait_s"), [(FORGIVEN_AFTER_MS - 1, 2), (FORGIVEN_AFTER_MS, 1)])
def test_one_hour_without_a_violation_is_forgiven(pause_ms: int, wait_s: int) -> None:
    blocked, _ = exceed(RateState(), START_MS)
    assert exceed(blocked, START_MS + pause_ms)[1] == wait_s


def test_the_window_slides() -> None:
    standing = RateState()
    for later_ms in (0, 400, 800, 1000, 1400, 1800):
        standing, wait_s = weigh(standing, START_MS + later_ms, PER_SECOND)
        assert wait_s == 0
    assert weigh(standing, START_MS + 1900, PER_SECOND)[1] == 1
