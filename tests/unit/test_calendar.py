"""Months and years added to dates: what comes of leap days and of months without such a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.catalogue.renewal_rules import CalendarPeriod
from ostiary.domain.renewals.calendar import after, day_ends_ms, days_after, period_from
from ostiary.domain.times import day_of, format_timestamp

DAYS = st.dates(date(1970, 1, 1), date(9000, 1, 1))


@pytest.mark.parametrize(
    ("day", "text", "later"),
    [
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2024-02-29", "P12M", "2025-02-28"),
        ("2023-02-28", "P1Y", "2024-02-28"),
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2028-01-31", "P1M", "2028-02-29"),
        ("2026-08-31", "P1M", "2026-09-30"),
        ("2026-12-31", "P2M", "2027-02-28"),
        ("2026-01-31", "P1M1D", "2026-03-01"),
        ("2026-04-15", "P5Y", "2031-04-15"),
        ("2026-04-15", "P90D", "2026-07-14"),
        ("2026-04-15", "P1Y6M15D", "2027-10-30"),
        ("9998-06-01", "P9999Y", "9999-12-30"),
        ("9999-12-01", "P1M", "9999-12-30"),
    ],
)
def test_a_period_later(day: str, text: str, later: str) -> None:
    period = period_from(text)
    assert period is not None
    assert after(date.fromisoformat(day), period) == date.fromisoformat(later)


@pytest.mark.parametrize("text", ["", "P", "P0D", "P0Y0M", "1Y", "P1W", "P1.5Y", "PT1H", "P1YT1H", "P-1Y", "p1y"])
def test_what_is_no_period(text: str) -> None:
    assert period_from(text) is None


@given(st.integers(0, 300), st.integers(0, 9_999))
def test_a_period_is_written_as_it_is_read(months: int, days: int) -> None:
    period = CalendarPeriod(months, days)
    assert period_from(str(period)) == (period if months or days else None)


@given(DAYS, st.integers(1, 600))
def test_months_later_is_that_many_months_later_and_never_in_the_next(day: date, months: int) -> None:
    later = after(day, CalendarPeriod(months))
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(DAYS, st.integers(0, 40_000))
def test_a_day_ends_a_millisecond_before_the_next(day: date, days: int) -> None:
    assert days_after(day, days) == day + timedelta(days=days)
    end = day_ends_ms(day)
    assert (day_of(end), day_of(end + 1)) == (day, day + timedelta(days=1))
    assert format_timestamp(end) == f"{day}T23:59:59"
