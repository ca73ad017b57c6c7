"""Figures of review: what counts where, how long things waited, and who decided."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.review.figures import (
    BY_PEOPLE,
    MOST_REASONS,
    SUBMITTED,
    VERDICTS,
    WEEK_MS,
    FigureEvent,
    Figures,
    figures_of,
    week_of,
)
from ostiary.domain.times import DAY_MS, HOUR_MS

NOW_MS = 1_776_249_000_000  # Wednesday, 2026-04-15
MONDAY_MS = week_of(NOW_MS)
MACHINE, ANA = "provider:builtin", f"{BY_PEOPLE}ana"


def submitted(at_ms: int, enablement_id: str = "e", product: str = "cards") -> FigureEvent:
    return FigureEvent(
        product=product, enablement_id=enablement_id, action=SUBMITTED, actor="key:k", at_ms=at_ms, codes=("in_kyc",)
    )


def verdict(
    at_ms: int, action: str = "verdict_approve", actor: str = MACHINE, enablement_id: str = "e", *codes: str
) -> FigureEvent:
    return FigureEvent(
        product="cards", enablement_id=enablement_id, action=action, actor=actor, at_ms=at_ms, codes=codes
    )


def figures(*events: FigureEvent, weeks: int = 3, product: str = "") -> Figures:
    return figures_of(events, NOW_MS, weeks, product)


def test_weeks_begin_on_monday_at_midnight_utc() -> None:
    assert MONDAY_MS == 1_776_038_400_000  # 2026-04-13T00:00:00Z
    assert week_of(MONDAY_MS) == MONDAY_MS
    assert week_of(MONDAY_MS - 1) == MONDAY_MS - WEEK_MS


def test_without_anything_there_are_empty_weeks() -> None:
    nothing = figures()
    assert [week.starts_at_ms for week in nothing.weeks] == [MONDAY_MS - 2 * WEEK_MS, MONDAY_MS - WEEK_MS, MONDAY_MS]
    assert (nothing.whole.submitted, nothing.whole.decided, nothing.whole.waits.p50_ms) == (0, 0, None)
    assert (nothing.reasons, nothing.products) == ((), ())


def test_everything_counts_in_the_week_in_which_it_came() -> None:
    last = MONDAY_MS - 1
    shown = figures(submitted(last), verdict(MONDAY_MS), submitted(MONDAY_MS - 9 * WEEK_MS, "old"))
    assert [(week.submitted, week.decided) for week in shown.weeks] == [(0, 0), (1, 0), (0, 1)]
    assert (shown.whole.submitted, shown.whole.decided) == (1, 1)


@pytest.mark.parametrize(("action", "end"), VERDICTS.items())
def test_every_verdict_ends_a_submission_in_its_way(action: str, end: str) -> None:
    whole = figures(submitted(MONDAY_MS), verdict(NOW_MS, action)).whole
    assert {name: getattr(whole, name) for name in ("enabled", "returned", "rejected")} == {
        name: int(name == end) for name in ("enabled", "returned", "rejected")
    }


def test_machines_and_people_are_told_apart() -> None:
    decided = (verdict(NOW_MS, actor=actor, enablement_id=actor) for actor in (MACHINE, "provider:sumsub", ANA))
    whole = figures(*decided).whole
    assert (whole.decided, whole.by_machine) == (3, 2)


def test_what_took_two_people_and_what_set_a_rule_aside_is_counted() -> None:
    whole = figures(
        verdict(NOW_MS, "verdict_approve", ANA, "a", "attempt_1", "looked_3", "override", "staged_7"),
        verdict(NOW_MS, "verdict_approve", ANA, "b", "attempt_1", "looked_3", "override"),
        verdict(NOW_MS, "verdict_return", ANA, "c", "image_blurred", "staged_9"),
        verdict(NOW_MS, "verdict_reject", ANA, "d"),
    ).whole
    assert (whole.decided, whole.by_two, whole.overridden) == (4, 2, 2)


def test_each_attempt_waits_for_itself() -> None:
    shown = figures(
        submitted(MONDAY_MS),
        verdict(MONDAY_MS + HOUR_MS, "verdict_return"),
        submitted(MONDAY_MS + 2 * HOUR_MS),
        verdict(MONDAY_MS + 2 * HOUR_MS + DAY_MS + 1),
        verdict(NOW_MS, "verdict_reject", ANA),  # off-boarded: nothing was submitted for that
    )
    waits = shown.whole.waits
    assert (waits.count, waits.p50_ms, waits.p95_ms, waits.prompt) == (2, HOUR_MS, DAY_MS + 1, 1)


def test_what_was_submitted_before_the_first_week_waited_since_then() -> None:
    before = MONDAY_MS - 3 * WEEK_MS
    assert figures(submitted(before), verdict(NOW_MS)).whole.waits.p50_ms == NOW_MS - before


def test_the_figures_of_a_product_are_its_own_and_all_products_are_named() -> None:
    shown = figures(submitted(NOW_MS), submitted(NOW_MS, "f", "loans"), product="loans")
    assert (shown.whole.submitted, shown.products) == (1, ("cards", "loans"))


def test_reasons_of_returns_come_most_first_without_what_a_decision_rests_on() -> None:
    returned = [
        verdict(NOW_MS, "verdict_return", ANA, str(number), "image_blurred", *more, "attempt_2", "looked_7", "staged_8")
        for number, more in enumerate([(), ("name_mismatch",), ("name_mismatch",), ("document_expired",)])
    ]
    rejected = verdict(NOW_MS, "verdict_reject", ANA, "x", "forged")
    assert figures(*returned, rejected).reasons[0] == ("image_blurred", 4)
    assert dict(figures(*returned, rejected).reasons) == {"image_blurred": 4, "name_mismatch": 2, "document_expired": 1}


def test_reasons_are_a_short_list() -> None:
    codes = tuple(f"reason_{number}" for number in range(MOST_REASONS + 5))
    assert len(figures(verdict(NOW_MS, "verdict_return", ANA, "e", *codes)).reasons) == MOST_REASONS


EVENTS = st.lists(
    st.builds(
        lambda action, actor, who, at: FigureEvent(
            product="cards", enablement_id=who, action=action, actor=actor, at_ms=NOW_MS - at
        ),
        st.sampled_from((SUBMITTED, *VERDICTS)),
        st.sampled_from((MACHINE, ANA)),
        st.sampled_from("abc"),
        st.integers(0, 5 * WEEK_MS),
    ),
    max_size=40,
)


@given(EVENTS)
def test_weeks_add_up_to_the_whole(events: list[FigureEvent]) -> None:
    shown = figures(*events)
    for name in ("submitted", "enabled", "returned", "rejected", "by_machine", "by_two", "overridden", "decided"):
        assert sum(getattr(week, name) for week in shown.weeks) == getattr(shown.whole, name), name
    assert sum(week.waits.count for week in shown.weeks) == shown.whole.waits.count <= shown.whole.decided
    inside = [event for event in events if event.at_ms >= shown.weeks[0].starts_at_ms]
    counts = Counter(event.action == SUBMITTED for event in inside)
    assert (shown.whole.submitted, shown.whole.decided) == (counts[True], counts[False])


@given(EVENTS, st.randoms())
def test_the_order_in_which_they_are_read_does_not_matter(events: list[FigureEvent], chance: object) -> None:
    apart = [event for event in events if len([each for each in events if each.at_ms == event.at_ms]) == 1]
    assert figures(*apart) == figures(*reversed(apart))


@given(EVENTS)
def test_who_waited_is_between_the_shortest_and_the_longest(events: list[FigureEvent]) -> None:
    waits = figures(*events).whole.waits
    assert (waits.p50_ms is None) == (waits.count == 0)
    assert waits.prompt <= waits.count
    if waits.p50_ms is not None and waits.p95_ms is not None:
        assert 0 <= waits.p50_ms <= waits.p95_ms
