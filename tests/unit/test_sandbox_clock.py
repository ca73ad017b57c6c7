"""How far a sandbox's clock is moved."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.sandbox.clock import MOST_YEARS_AHEAD, MOST_YEARS_AT_ONCE, later, span_fault
from ostiary.domain.times import DAY_MS, format_timestamp
from tests.material import NOW_MS


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


@pytest.mark.parametrize(("start", "span", "end"), [
    ("2026-04-15T10:30:00", "P90D", "2026-07-14T10:30:00"),
    ("2026-04-15T10:30:00", "P2W", "2026-04-29T10:30:00"),
    ("2026-04-15T10:30:00", "PT36H", "2026-04-16T22:30:00"),
    ("2026-04-15T10:30:00", "PT1M30S", "2026-04-15T10:31:30"),
    ("2026-04-15T10:30:00", "P1Y2M3DT4H5M6S", "2027-06-18T14:35:06"),
    ("2028-02-29T00:00:00", "P1Y", "2029-02-28T00:00:00"),
    ("2028-02-29T00:00:00", "P4Y", "2032-02-29T00:00:00"),
    ("2026-01-31T23:59:59", "P1M", "2026-02-28T23:59:59"),
    ("2026-12-31T12:00:00", "P2M", "2027-02-28T12:00:00"),
    ("2026-10-25T00:30:00", "P1D", "2026-10-26T00:30:00"),
])  # fmt: skip
def test_a_span_is_added_as_a_calendar_does(start: str, span: str, end: str) -> None:
    until = later(at(start), span)
    assert until is not None
    assert format_timestamp(until) == end


@pytest.mark.parametrize("span", [
    "", "P", "PT", "P0D", "PT0S", "-P1D", "P-1D", "P1.5D", "1D", "p1d", "P1D ", "P1H", "PT1D", "P1DT", "P\u0661D",
    "P1D1Y", "P999Y9999M99999D",
])  # fmt: skip
def test_what_is_no_span_ahead_is_none(span: str) -> None:
    assert later(NOW_MS + 10 * DAY_MS, span) is None or span == "P999Y9999M99999D"
    assert span_fault(NOW_MS, NOW_MS, span)


def test_a_clock_stays_within_the_years_of_calendars() -> None:
    assert later(at("9000-12-01T00:00:00"), "P1M") is None


def test_bounds_are_named() -> None:
    assert span_fault(NOW_MS, NOW_MS, f"P{MOST_YEARS_AT_ONCE}Y") == ""
    assert "10 years at most" in span_fault(NOW_MS, NOW_MS, f"P{MOST_YEARS_AT_ONCE}Y1M")
    far = later(NOW_MS, f"P{MOST_YEARS_AHEAD - 1}Y")
    assert far is not None
    assert span_fault(far, NOW_MS, "P11M") == ""
    assert "50 years ahead" in span_fault(far, NOW_MS, "P2Y")


@given(st.integers(0, 120), st.integers(0, 3_000), st.integers(0, 100_000))
def test_longer_spans_never_end_sooner(months: int, days: int, seconds: int) -> None:
    less, more = later(NOW_MS, f"P{months}M{days}DT{seconds}S"), later(NOW_MS, f"P{months}M{days + 1}DT{seconds}S")
    assert more is not None
    assert less is None or NOW_MS < less < more
