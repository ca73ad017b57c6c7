"""The order in which cases wait, the place that stands in an address, and what may be asked for."""

from __future__ import annotations

import pytest

from ostiary.domain.errors import ValidationFailed
from ostiary.domain.onboarding.enablement import Review
from ostiary.domain.review.waiting import (
    ORDINARY,
    START,
    URGENT,
    QueueFilters,
    QueuePlace,
    WaitingCase,
    demand_filters,
    merged,
    place_of,
)
from tests.material import id_at


def case(since_ms: int, review: Review = Review.SUBMISSION, company: str = "acme", salt: int = 0) -> WaitingCase:
    return WaitingCase(
        company_id=company,
        enablement_id=id_at(since_ms, salt),
        client_id="client",
        product="cards",
        review=review,
        since_ms=since_ms,
    )


def test_hits_on_enabled_clients_come_first_then_the_oldest_whoever_they_belong_to() -> None:
    acme = [case(90, Review.SCREENING), case(10), case(30)]
    other = [case(95, Review.SCREENING, "other"), case(20, company="other")]
    assert [each.since_ms for each in merged([acme, other], 10)] == [90, 95, 10, 20, 30]
    assert [each.since_ms for each in merged([acme, other], 3)] == [90, 95, 10]
    assert merged([], 3) == ()


def test_of_the_same_moment_the_ids_decide() -> None:
    cases = [case(10, salt=salt) for salt in (1, 2)]
    assert merged([[cases[0]], [cases[1]]], 2) == tuple(cases)


@pytest.mark.parametrize(("review", "rank"), [(each, ORDINARY) for each in Review if each is not Review.SCREENING])
def test_only_a_hit_is_urgent(review: Review, rank: int) -> None:
    assert case(1, review).place.rank == rank
    assert case(1, Review.SCREENING).place.rank == URGENT


def test_a_place_comes_back_from_an_address_as_it_was() -> None:
    place = case(10).place
    assert place_of(place.text()) == place
    assert place_of("") == START
    assert START.key < place.key


@pytest.mark.parametrize(
    "text",
    ["x", "2.1." + id_at(1), "0..", "0.1.short", "0.-1." + id_at(1), "0.99999999999999." + id_at(1), "0.١." + id_at(1)],
)
def test_what_is_no_place_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValidationFailed, match="after must be the place"):
        place_of(text)


@pytest.mark.parametrize(("filters", "words"), [
    (QueueFilters(kind="nothing"), "kind must be one of submission"),
    (QueueFilters(reason="nothing"), "reason must be one of no_document"),
])  # fmt: skip
def test_a_filter_that_there_is_not_names_those_there_are(filters: QueueFilters, words: str) -> None:
    with pytest.raises(ValidationFailed, match=words):
        demand_filters(filters)


def test_filters_that_there_are_pass() -> None:
    demand_filters(QueueFilters(kind="change", reason="name_doubtful"))
    demand_filters(QueueFilters())


def test_a_place_is_before_what_comes_later() -> None:
    assert QueuePlace(URGENT, 5, "b").key < QueuePlace(ORDINARY, 1, "a").key
