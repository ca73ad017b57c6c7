"""Moments as whole milliseconds since 1970-01-01 UTC, and how they are shown.

The clock is outside; everything in the domain gets the moment passed in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
LAST_MS = 253_402_300_799_999
"""The last moment of the year 9999: a key that ends with its last day ends one millisecond later."""
END_MS = 2**63 - 1
"""Behind every moment: the largest number that a column holds."""
DAYS_KEPT, MINUTES_KEPT = 64, 4_096
"""What is shown is mostly of now, or of the same clients: so many days and minutes are written once."""
_EPOCH = date(1970, 1, 1)


def day_of(moment_ms: int) -> date:
    """The UTC date of a moment."""
    return _day(moment_ms // DAY_MS)


def day_starts_ms(day: date) -> int:
    """The beginning of a day in UTC."""
    return (day - _EPOCH).days * DAY_MS


def is_whole_number(text: str) -> bool:
    """Whether a text, from an address, is a whole number of no more digits than a moment has."""
    return text.isascii() and text.isdigit() and len(text) <= len("9999999999999")


def format_timestamp(moment_ms: int) -> str:
    """`2026-04-15T10:30:00`: UTC, whole seconds, no zone (the documented form of timestamps). What is later than any
    such timestamp is shown as the last."""
    minute, second = divmod(min(moment_ms, LAST_MS) // 1000, 60)
    return f"{_minute(minute)}{second:02d}"


@lru_cache(maxsize=DAYS_KEPT)
def _day(number: int) -> date:
    return _EPOCH + timedelta(days=number)


@lru_cache(maxsize=MINUTES_KEPT)
def _minute(number: int) -> str:
    """`2026-04-15T10:30:`"""
    return datetime.fromtimestamp(number * 60, UTC).isoformat()[:17]


def iso_date(text: object) -> date | None:
    """A real calendar date written YYYY-MM-DD (ISO 8601 extended form), or None."""
    if not isinstance(text, str) or len(text) != 10 or not text.isascii():
        return None
    try:
        return date.fromisoformat(text) if text[4] == text[7] == "-" else None
    except ValueError:
        return None


def completed_years(birth: date, today: date) -> int:
    """Age in completed years; someone born on 29 February completes a year on 1 March in common years."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def birthday(birth: date, years: int) -> date:
    """The day on which `years` years are completed."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)
