"""Moments and dates, 29 February included."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.times import DAY_MS, LAST_MS, birthday, completed_years, day_of, format_timestamp, iso_date
from tests.material import NOW_MS, TODAY


@pytest.mark.parametrize(
    ("moment_ms", "text"),
    [
        (NOW_MS, "2026-04-15T10:30:00"),
        (NOW_MS + 999, "2026-04-15T10:30:00"),
        (0, "1970-01-01T00:00:00"),
        (LAST_MS + 1, "9999-12-31T23:59:59"),
        (2**63 - 1, "9999-12-31T23:59:59"),
    ],
    ids=["documented", "whole seconds", "epoch", "the end of the last day there is", "for ever"],
)
def test_a_moment_is_shown_in_utc_without_a_zone(moment_ms: int, text: str) -> None:
    assert format_timestamp(moment_ms) == text


@given(st.integers(0, 253_402_300_799_999))
def test_any_moment_is_shown_as_the_calendar_has_it(moment_ms: int) -> None:
    """Until the end of the year 9999."""
    moment = datetime.fromtimestamp(moment_ms // 1000, UTC)
    assert format_timestamp(moment_ms) == moment.isoformat()[:19]
    assert day_of(moment_ms) == moment.date()


def test_the_day_of_a_moment_changes_at_utc_midnight() -> None:
    midnight_ms = NOW_MS - NOW_MS % DAY_MS
    assert day_of(NOW_MS) == day_of(midnight_ms) == TODAY
    assert day_of(midnight_ms - 1) == date(2026, 4, 14)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("0001-01-01", date(1, 1, 1)),
        ("2023-02-29", None),
        ("2023-13-01", None),
        ("20230101", None),
        ("2023-W01-1", None),
        ("2023-1-011", None),
        ("2023/01/01", None),
        (" 2023-01-1", None),
        ("2023-01-01 ", None),
        ("٢٠٢٣-٠١-٠١", None),
        ("", None),
        (None, None),
        (20230101, None),
    ],
)
def test_only_a_real_date_written_out_is_one(text: object, expected: date | None) -> None:
    assert iso_date(text) == expected


LEAP = date(2008, 2, 29)


@pytest.mark.parametrize(
    ("birth", "today", "years"),
    [
        (date(2000, 4, 15), date(2018, 4, 14), 17),
        (date(2000, 4, 15), date(2018, 4, 15), 18),
        (LEAP, date(2026, 2, 28), 17),
        (LEAP, date(2026, 3, 1), 18),
        (LEAP, date(2028, 2, 28), 19),
        (LEAP, date(2028, 2, 29), 20),
        (LEAP, LEAP, 0),
    ],
)
def test_a_year_is_completed_on_the_birthday_and_1_march_for_29_february(birth: date, today: date, years: int) -> None:
    assert completed_years(birth, today) == years


@pytest.mark.parametrize(
    ("birth", "years", "day"),
    [(date(2010, 4, 15), 18, date(2028, 4, 15)), (LEAP, 18, date(2026, 3, 1)), (LEAP, 20, date(2028, 2, 29))],
)
def test_the_birthday_is_the_first_day_with_that_many_years(birth: date, years: int, day: date) -> None:
    assert birthday(birth, years) == day
    assert completed_years(birth, day) == years
    assert completed_years(birth, date.fromordinal(day.toordinal() - 1)) == years - 1
