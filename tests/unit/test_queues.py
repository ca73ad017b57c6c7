"""Places: whose messages are under way at once, and nobody in anybody's way."""

from __future__ import annotations

import pytest

from ostiary.domain.delivery.queues import (
    EVERYTHING,
    NEW,
    PLACES,
    PLAYED,
    Capacity,
    Health,
    Lane,
    lane_of,
    queue_of,
)

GOOD, BAD, OFF = Health(succeeded_at_ms=1), Health(failing_since_ms=2, succeeded_at_ms=1), Health(disabled_at_ms=3)


@pytest.mark.parametrize(
    ("queue", "health", "lane"),
    [
        ("webhook", NEW, Lane.UNTRIED), ("webhook", GOOD, Lane.PROVEN), ("webhook", BAD, Lane.FAILING),
        ("webhook", OFF, Lane.FAILING), ("provider", NEW, Lane.BUILTIN), ("provider", BAD, Lane.BUILTIN),
        ("provider/acme", NEW, Lane.PROVIDER), ("provider/acme", GOOD, Lane.PROVIDER),
        ("provider/acme", BAD, Lane.PROVIDER_FAILING), ("enquiry/acme", NEW, Lane.PROVIDER),
    ],
)  # fmt: skip
def test_how_a_receiver_behaved_says_whose_places_it_takes(queue: str, health: Health, lane: Lane) -> None:
    assert lane_of(queue, health) is lane


@pytest.mark.parametrize(
    ("health", "state"), [(NEW, "untried"), (GOOD, "working"), (BAD, "failing"), (OFF, "disabled")]
)
def test_a_receivers_health_in_a_word(health: Health, state: str) -> None:
    assert health.state == state


def test_a_queue_is_named_by_topic_and_provider() -> None:
    assert (queue_of("webhook", ""), queue_of("provider", "acme")) == ("webhook", "provider/acme")


def test_one_queue_takes_no_more_than_its_share() -> None:
    room = Capacity()
    assert room.free(Lane.PROVEN, "a", "webhook") == PLACES[Lane.PROVEN].each
    room.take(Lane.PROVEN, "a", "webhook", PLACES[Lane.PROVEN].each)
    assert room.free(Lane.PROVEN, "a", "webhook") == 0
    assert room.free(Lane.PROVEN, "b", "webhook") == PLACES[Lane.PROVEN].each
    room.give_back(Lane.PROVEN, "a", "webhook")
    assert room.free(Lane.PROVEN, "a", "webhook") == 1


def test_a_full_lane_takes_nothing_from_the_others() -> None:
    room = Capacity()
    for number in range(PLACES[Lane.FAILING].total):
        room.take(Lane.FAILING, f"dead{number}", "webhook")
    assert room.free(Lane.FAILING, "another", "webhook") == 0
    assert {lane for lane, _ in room.open_lanes()} == set(Lane) - {Lane.FAILING}
    assert room.free(Lane.PROVEN, "healthy", "webhook") > 0


def test_enough_queues_are_looked_at_to_find_one_that_may_go_on() -> None:
    room = Capacity()
    for number in range(5):
        room.take(Lane.UNTRIED, f"c{number}", "webhook")
    assert dict(room.open_lanes())[Lane.UNTRIED] == PLACES[Lane.UNTRIED].total


def test_a_copy_is_its_own() -> None:
    room = Capacity(EVERYTHING)
    other = room.copy()
    other.take(Lane.PROVEN, "a", "webhook")
    assert (room.in_queue["a", "webhook"], other.in_queue["a", "webhook"]) == (0, 1)
    other.take(Lane.PROVEN, "a", "webhook")
    other.give_back(Lane.PROVEN, "a", "webhook")
    assert other.in_queue["a", "webhook"] == 1
    other.give_back(Lane.PROVEN, "a", "webhook")
    assert ("a", "webhook") not in other.in_queue


def test_what_scenarios_decide_has_places_of_its_own() -> None:
    room, builtin = Capacity(sandboxes={"toy"}), PLACES[Lane.BUILTIN]
    for number in range(builtin.total // builtin.each):
        room.take(Lane.BUILTIN, f"c{number}", "provider", builtin.each)
    assert (room.free(Lane.BUILTIN, "d", "provider"), Lane.BUILTIN in dict(room.open_lanes())) == (0, True)
    assert room.free(Lane.BUILTIN, "toy", "provider") == PLAYED.each
    room.take(Lane.BUILTIN, "toy", "provider", PLAYED.each)
    assert (room.free(Lane.BUILTIN, "toy", "provider"), room.played) == (0, PLAYED.each)
    room.give_back(Lane.BUILTIN, "c0", "provider")
    assert (room.free(Lane.BUILTIN, "c0", "provider"), room.free(Lane.BUILTIN, "toy", "provider")) == (1, 0)
    assert room.copy().played == PLAYED.each


def test_a_sandbox_takes_as_much_as_others_of_what_is_sent_outside() -> None:
    room = Capacity(sandboxes={"toy"})
    assert room.free(Lane.PROVEN, "toy", "webhook") == room.free(Lane.PROVEN, "c", "webhook")
