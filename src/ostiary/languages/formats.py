"""How moments, spans and numbers are written (Unicode CLDR, by Babel). Every moment is in UTC, and says so.

Babel is imported when the first is written: a service that shows nobody a page goes without.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

from ostiary.domain.times import DAY_MS, HOUR_MS, format_timestamp

LOCALES = {"en": "en_GB", "es": "es", "pt": "pt"}
"""CLDR's `pt` is as in Brazil, and `es` as in Spain. English is written with the day before the month, as most of the
world does."""
MINUTE_MS = 60_000
UNITS = ((DAY_MS, "day"), (HOUR_MS, "hour"), (MINUTE_MS, "minute"))
DAYS_KEPT = 4_096
"""The same days come again and again on a page of a queue, and each costs more than all else of its line."""


def moment(tag: str, at_ms: int) -> str:
    """`15 Apr 2026, 10:30 UTC`"""
    at = time_of(at_ms)
    return f"{day(tag, at.date())}, {at:%H:%M} UTC"


def time_of(at_ms: int) -> datetime:
    """In UTC; what is after the last day that there is, is its end."""
    return datetime.fromisoformat(format_timestamp(at_ms)).replace(tzinfo=UTC)


def second(tag: str, written: str) -> str:
    """The same with seconds, of a moment as the API writes it (`2026-04-15T10:30:07`); nothing of nothing."""
    if not written:
        return ""
    at = datetime.fromisoformat(written)
    return f"{day(tag, at.date())}, {at:%H:%M:%S} UTC"


@lru_cache(DAYS_KEPT)
def day(tag: str, at: date) -> str:
    """`15 Apr 2026`"""
    from babel.dates import format_date

    return format_date(at, "medium", LOCALES[tag])


def short_day(tag: str, at: date) -> str:
    """`13 Apr`"""
    from babel.dates import format_skeleton

    return format_skeleton("MMMd", datetime(at.year, at.month, at.day, tzinfo=UTC), locale=LOCALES[tag])


@lru_cache(DAYS_KEPT)
def duration(tag: str, count: int, unit: str) -> str:
    """`3 days`; `unit` is one of `day`, `hour`, `minute` and `second`."""
    from babel.units import format_unit

    return format_unit(count, f"duration-{unit}", "long", locale=LOCALES[tag])


def number(tag: str, value: float) -> str:
    """`1,234`"""
    from babel.numbers import format_decimal

    return format_decimal(value, locale=LOCALES[tag])


def decimal(tag: str, value: float, places: int = 1) -> str:
    """With so many places behind the point: `0.90`."""
    from babel.numbers import format_decimal

    return format_decimal(value, format=f"#,##0.{'0' * places}", locale=LOCALES[tag])


def percent(tag: str, share: float) -> str:
    """`75%`, of 0.75."""
    from babel.numbers import format_percent

    return format_percent(share, locale=LOCALES[tag])
