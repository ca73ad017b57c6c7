"""The small machines that share out places, waits and requests: what holds in any order of events."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.companies.rate_limit import (
    FORGIVEN_AFTER_MS,
    LONGEST_PENALTY_S,
    WINDOW_MS,
    RateState,
    SharedUsage,
    joined,
    penalty_s,
    weigh,
)
from ostiary.domain.delivery.attempts import DISABLED_AFTER_MS, HELD_MS, MOST_HELD_MS, after_try, held
from ostiary.domain.delivery.messages import Message, MessageOutcome, SendResult, Topic
from ostiary.domain.delivery.queues import NEW, PLACES, Capacity, Health, Lane, lane_of
from ostiary.domain.delivery.retry import SCHEDULE_S, next_wait_s
from ostiary.domain.times import DAY_MS, HOUR_MS
from tests.material import COMPANY_ID, NOW_MS, id_at

gaps_ms = st.lists(st.integers(0, 1_500), max_size=60)


# ---- the rate limit -------------------------------------------------------------------------------------------------


@given(gaps_ms, st.integers(1, 5))
def test_no_second_serves_more_than_the_limit(gaps: list[int], per_second: int) -> None:
    standing, now, served = RateState(), NOW_MS, list[int]()
    for gap in gaps:
        now += gap
        standing, wait_s = weigh(standing, now, per_second)
        if wait_s == 0:
            served.append(now)
    for at in served:
        assert sum(at - WINDOW_MS < moment_ms <= at for moment_ms in served) <= per_second


@given(gaps_ms, st.integers(1, 5))
def test_who_waits_as_long_as_told_is_served_and_never_sooner(gaps: list[int], per_second: int) -> None:
    standing, now = RateState(), NOW_MS
    for gap in gaps:
        now += gap
        standing, wait_s = weigh(standing, now, per_second)
        if wait_s:
            assert weigh(standing, now + wait_s * 1000, per_second)[1] == 0
            assert weigh(standing, standing.blocked_until_ms - 1, per_second)[1] == 1


@given(gaps_ms)
def test_asking_while_blocked_changes_nothing(gaps: list[int]) -> None:
    blocked, wait_s = weigh(RateState(recent_ms=(NOW_MS,)), NOW_MS, 1)
    assert wait_s == 1
    for gap in gaps:
        if gap < 1000:
            assert weigh(blocked, NOW_MS + gap, 1)[0] is blocked


@pytest.mark.parametrize(
    ("after_ms", "seconds"), [(0, 300), (1, 300), (999, 300), (1_000, 299), (1_001, 299), (299_000, 1), (299_999, 1)]
)
def test_the_wait_told_is_rounded_up_to_whole_seconds(after_ms: int, seconds: int) -> None:
    blocked, _ = weigh(RateState((NOW_MS,), 20, NOW_MS), NOW_MS, 1)
    assert weigh(blocked, NOW_MS + after_ms, 1)[1] == seconds


@pytest.mark.parametrize(("violations", "seconds"), [(1, 1), (2, 2), (3, 4), (8, 128), (9, 300), (10, 300), (99, 300)])
def test_the_penalty_doubles_up_to_five_minutes(violations: int, seconds: int) -> None:
    assert penalty_s(violations) == seconds <= LONGEST_PENALTY_S
    before = RateState((NOW_MS,), violations - 1, NOW_MS, 0)
    assert weigh(before, NOW_MS, 1)[1] == seconds


@pytest.mark.parametrize(("ago_ms", "violations"), [(-1, 6), (0, 1), (1, 1)])
def test_an_hour_forgives(ago_ms: int, violations: int) -> None:
    before = RateState((NOW_MS,), 5, NOW_MS - FORGIVEN_AFTER_MS - ago_ms, 0)
    assert weigh(before, NOW_MS, 1)[0].violations == violations
    assert FORGIVEN_AFTER_MS == HOUR_MS


@pytest.mark.parametrize(
    ("spent", "before", "into_ms", "recent"),
    [(0, 0, 0, 0), (3, 0, 500, 3), (0, 10, 0, 10), (0, 10, 1, 9), (0, 10, 500, 5), (0, 10, 999, 0), (6, 10, 500, 6),
     (4, 10, 500, 5), (0, 1, 1, 0), (0, 10, 1000, 0)],
)  # fmt: skip
def test_what_others_served_is_counted_rather_too_low(spent: int, before: int, into_ms: int, recent: int) -> None:
    assert SharedUsage("who", spent, before, into_ms, 0, 0, 0).recent() == recent


standings = st.builds(
    RateState, st.just(()), st.integers(0, 9), st.integers(NOW_MS - 9_000, NOW_MS), st.integers(0, NOW_MS + 9_000)
)
usages = st.builds(
    SharedUsage,
    st.just("who"),
    st.just(0),
    st.just(0),
    st.just(0),
    st.integers(0, 9),
    st.integers(0, 9_000),
    st.integers(0, 9_000),
)


@given(standings, usages)
def test_what_others_saw_makes_a_standing_worse_never_better_and_telling_it_twice_changes_nothing(
    mine: RateState, theirs: SharedUsage
) -> None:
    after = joined(mine, theirs, NOW_MS)
    assert after.violations == max(mine.violations, theirs.violations)
    assert after.violated_at_ms == max(mine.violated_at_ms, NOW_MS - theirs.violated_ago_ms)
    assert after.blocked_until_ms == max(mine.blocked_until_ms, NOW_MS + theirs.blocked_for_ms)
    assert joined(after, theirs, NOW_MS) == after


# ---- places ---------------------------------------------------------------------------------------------------------

steps = st.lists(
    st.tuples(st.sampled_from(Lane), st.sampled_from("AB"), st.sampled_from(["webhook", "provider"]), st.booleans()),
    max_size=200,
)


@given(steps)
def test_places_are_never_over_taken_and_all_come_back(taken: list[tuple[Lane, str, str, bool]]) -> None:
    """Whoever takes no more than is free keeps every limit, whatever the others do."""
    room, held_places = Capacity(), list[tuple[Lane, str, str]]()
    for lane, company, queue, gives_back in taken:
        if gives_back and held_places:
            room.give_back(*held_places.pop())
            continue
        for _ in range(room.free(lane, company, queue)):
            room.take(lane, company, queue)
            held_places.append((lane, company, queue))
        assert room.free(lane, company, queue) == 0
    lanes = Counter(lane for lane, _, _ in held_places)
    assert all(lanes[lane] <= PLACES[lane].total for lane in Lane)
    for lane, company, queue in set(held_places):
        mine = sum(held_place == (lane, company, queue) for held_place in held_places)
        assert mine <= PLACES[lane].each
    for held_place in held_places:
        room.give_back(*held_place)
    assert not room.in_queue
    assert dict(room.open_lanes()) == {lane: PLACES[lane].total for lane in Lane}


def test_a_copy_of_the_room_is_its_own() -> None:
    room = Capacity()
    room.take(Lane.PROVEN, "A", "webhook", 3)
    other = room.copy()
    other.take(Lane.PROVEN, "A", "webhook")
    assert (room.in_lane[Lane.PROVEN], other.in_lane[Lane.PROVEN]) == (3, 4)
    assert room.free(Lane.PROVEN, "A", "webhook") == PLACES[Lane.PROVEN].each - 3


@pytest.mark.parametrize("lane", Lane)
def test_a_lane_that_is_full_is_not_looked_at(lane: Lane) -> None:
    room = Capacity()
    room.take(lane, "A", "q", PLACES[lane].total - 1)
    assert dict(room.open_lanes())[lane] == 1 + 1  # one place, and one queue that may not use it
    room.take(lane, "B", "q")
    assert lane not in dict(room.open_lanes())
    assert room.free(lane, "C", "q") == 0


# ---- deliveries -----------------------------------------------------------------------------------------------------

MESSAGE = Message(id_at(9), COMPANY_ID, Topic.WEBHOOK, id_at(1), id_at(5), 2, NOW_MS, {}, attempts=1)
healths = st.builds(
    Health, st.one_of(st.none(), st.integers(NOW_MS - 9 * DAY_MS, NOW_MS)), st.one_of(st.none(), st.integers(0, NOW_MS))
)
sent = st.builds(
    SendResult,
    st.one_of(st.none(), st.sampled_from([200, 204, 299, 300, 301, 400, 404, 410, 429, 500, 503])),
    st.just(""),
    st.integers(0, 9_000),
    st.just(b""),
    st.one_of(st.none(), st.floats(0, 1e9)),
)


@given(sent, healths, st.integers(1, 12), st.floats(0, 0.999), st.booleans())
def test_a_try_ends_in_one_of_four_ways(
    how: SendResult, health: Health, attempts: int, chance: float, may: bool
) -> None:
    wait_s = next_wait_s(attempts, chance)
    end = after_try(replace(MESSAGE, attempts=attempts), how, health, NOW_MS, wait_s, may_disable=may)
    assert end.attempt is not None
    assert end.attempt.at_ms == NOW_MS - how.ms
    if how.status is not None and 200 <= how.status < 300:
        assert (end.outcome, end.disables, end.health.state) == (MessageOutcome.DELIVERED, False, "working")
        assert end.wakes_others is (health.failing_since_ms is not None)
        return
    assert not end.wakes_others
    failing_since = NOW_MS if health.failing_since_ms is None else health.failing_since_ms
    assert end.health.failing_since_ms == failing_since
    assert end.health.succeeded_at_ms == health.succeeded_at_ms
    assert end.disables is (may and (how.status == 410 or NOW_MS - failing_since >= DISABLED_AFTER_MS))
    if end.disables:
        assert (end.outcome, end.due_at_ms, end.health.state) == (MessageOutcome.PENDING, NOW_MS + HELD_MS, "disabled")
    elif attempts > len(SCHEDULE_S):
        assert end.outcome is MessageOutcome.FAILED
    else:
        usual_ms = SCHEDULE_S[attempts - 1] * 1000
        longest_ms = max(usual_ms * 1.1, min(how.retry_after_s or 0, SCHEDULE_S[-1]) * 1000)
        assert end.outcome is MessageOutcome.PENDING
        assert usual_ms <= end.due_at_ms - NOW_MS <= longest_ms


@given(healths, st.sampled_from(["webhook", "provider", "provider/acme", "enquiry/acme"]))
def test_after_a_success_a_receiver_has_the_places_of_those_that_work(health: Health, queue: str) -> None:
    better = after_try(MESSAGE, SendResult(200), health, NOW_MS, None).health
    worse = after_try(MESSAGE, SendResult(500), NEW, NOW_MS, None).health
    good = {"webhook": Lane.PROVEN, "provider": Lane.BUILTIN}.get(queue, Lane.PROVIDER)
    bad = {"webhook": Lane.FAILING, "provider": Lane.BUILTIN}.get(queue, Lane.PROVIDER_FAILING)
    assert (lane_of(queue, better), lane_of(queue, worse)) == (good, bad)


@pytest.mark.parametrize(
    ("age_ms", "outcome"),
    [
        (MOST_HELD_MS - 1, MessageOutcome.PENDING),
        (MOST_HELD_MS, MessageOutcome.FAILED),
        (1 << 50, MessageOutcome.FAILED),
    ],
)
def test_a_held_message_is_looked_at_every_hour_for_thirty_days(age_ms: int, outcome: MessageOutcome) -> None:
    end = held(NOW_MS - age_ms, Health(disabled_at_ms=1), NOW_MS)
    assert (end.outcome, end.due_at_ms) == (outcome, NOW_MS + HELD_MS if outcome is MessageOutcome.PENDING else 0)
    assert MOST_HELD_MS == 30 * DAY_MS
