"""How long what is kept: a table of clients, since when their clock runs, and when it is over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ostiary.domain.catalogue.renewal_rules import CalendarPeriod
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.privacy.erasure import (
    AGAIN_AFTER_MS,
    AGAIN_AT_LEAST_MS,
    Cause,
    Erasure,
    ErasureState,
    again_after_ms,
)
from ostiary.domain.privacy.retention import USUAL, Category, Rule, may_be_over_ms, over_ms, standing_of
from ostiary.domain.times import DAY_MS, day_of
from tests.material import NOW_MS, client, enablement

LATER_MS = NOW_MS + 40 * DAY_MS


def request(status: Status, attempt: int = 0, at_ms: int = NOW_MS) -> Any:
    return enablement(status, attempt=attempt, updated_at_ms=at_ms)


CASES: dict[str, tuple[tuple[Any, ...], bool, Category, int | None]] = {
    "enabled": ((request(Status.ENABLED, 1),), True, Category.ENDED, None),
    "under review": ((request(Status.IN_KYC, 1),), False, Category.ENDED, None),
    "sent back": ((request(Status.PENDING_DOCUMENTATION, 1),), False, Category.REFUSED, None),
    "enabled, then ended": ((request(Status.REJECTED, 1),), True, Category.ENDED, NOW_MS),
    "refused": ((request(Status.REJECTED, 1),), False, Category.REFUSED, NOW_MS),
    "refused twice": (
        (request(Status.REJECTED, 1), request(Status.REJECTED, 1, LATER_MS)), False, Category.REFUSED, LATER_MS,
    ),
    "refused, and asking again": (
        (request(Status.REJECTED, 1), request(Status.REQUESTED)), False, Category.REFUSED, NOW_MS,
    ),
    "never submitted": ((request(Status.REQUESTED),), False, Category.NEVER_SUBMITTED, NOW_MS),
    "withdrawn before": ((request(Status.REJECTED),), False, Category.NEVER_SUBMITTED, NOW_MS),
    "asked for nothing": ((), False, Category.NEVER_SUBMITTED, NOW_MS),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_client_is_kept_by_how_its_relation_ended(name: str) -> None:
    requests, was_enabled, category, since = CASES[name]
    dossier = Dossier(client(created_at_ms=NOW_MS, updated_at_ms=NOW_MS), requests)
    standing = standing_of(dossier, was_enabled, USUAL)
    assert (standing.category, standing.since_ms, standing.is_live) == (category, since, since is None)


def test_what_was_never_submitted_runs_from_the_last_change() -> None:
    dossier = Dossier(client(created_at_ms=NOW_MS, updated_at_ms=LATER_MS), (request(Status.REQUESTED),))
    assert standing_of(dossier, False, USUAL).since_ms == LATER_MS


PERIODS = (
    (CalendarPeriod(), "2024-02-29", "2024-02-29"),
    (CalendarPeriod(days=90), "2023-11-05", "2024-02-04"),
    (CalendarPeriod(60), "2024-02-29", "2029-03-01"),
    (CalendarPeriod(60), "2026-12-01", "2031-12-02"),
)


@pytest.mark.parametrize(("period", "began", "over"), PERIODS)
def test_a_period_is_over_with_its_day(period: CalendarPeriod, began: str, over: str) -> None:
    since = next(day for day in range(19_000, 21_000) if f"{day_of(day * DAY_MS)}" == began) * DAY_MS + 7
    assert f"{day_of(over_ms(since, period))}" == over


def test_nobody_is_looked_at_whose_period_cannot_be_over() -> None:
    assert may_be_over_ms(LATER_MS, {}) is None
    rules = {Category.REFUSED: Rule(Category.REFUSED, CalendarPeriod(1, 2), "x", by_itself=True)}
    assert may_be_over_ms(LATER_MS, rules) == LATER_MS - 30 * DAY_MS
    assert may_be_over_ms(LATER_MS, USUAL) == LATER_MS


def test_what_refuses_is_asked_less_often_and_daily_in_the_end() -> None:
    waits = [again_after_ms(attempts) for attempts in range(40)]
    assert waits[:3] == [AGAIN_AFTER_MS, AGAIN_AFTER_MS, 2 * AGAIN_AFTER_MS]
    assert waits == sorted(waits)
    assert waits[-1] == AGAIN_AT_LEAST_MS


def test_an_erasure_is_overdue_after_a_week_unless_it_waits_for_people() -> None:
    erasure = Erasure(
        id="e",
        company_id="c",
        client_id="x",
        state=ErasureState.WAITING,
        cause=Cause.REQUEST,
        requested_by="ana",
        requested_at_ms=NOW_MS,
        due_at_ms=NOW_MS,
    )
    week = NOW_MS + 7 * DAY_MS
    assert [erasure.is_overdue(week - 1), erasure.is_overdue(week)] == [False, True]
    assert not replace(erasure, state=ErasureState.STAGED).is_overdue(week)
    assert not replace(erasure, erased_at_ms=NOW_MS + 1, state=ErasureState.ERASED).is_overdue(week)
    assert [state.is_open for state in ErasureState] == [True, True, True, False, False]
