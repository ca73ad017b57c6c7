"""Arithmetic of the calendar, in UTC: months and years added to a date, and the moment at which a day ends."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from ostiary.domain.catalogue.renewal_rules import CalendarPeriod
from ostiary.domain.times import day_starts_ms

_PERIOD = re.compile(r"P(?=[0-9])(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,5})D)?")
_LAST_DAY = date.max - timedelta(days=1)
"""Whose end is a moment that can be shown still."""


def period_from(text: str) -> CalendarPeriod | None:
    """The period that a text in the form of ISO 8601 says, in years, months and days (`P5Y`, `P1Y6M`, `P90D`); None for
    another text, and for no time at all."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        return None
    years, months, days = (int(part or 0) for part in match.groups())
    period = CalendarPeriod(12 * years + months, days)
    return None if period == CalendarPeriod() else period


def after(day: date, period: CalendarPeriod) -> date:
    """The day a period later. Where the month it comes to has no such day, its last one: a year after 29 February is
    28 February, a month after 31 January the end of February. Days are counted from there."""
    years, month = divmod(day.year * 12 + day.month - 1 + period.months, 12)
    if years > _LAST_DAY.year:
        return _LAST_DAY
    landed = date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))
    return days_after(landed, period.days)


def days_after(day: date, days: int) -> date:
    """So many days later; the end of the calendar where it has none."""
    return min(day, _LAST_DAY) + timedelta(days=days) if (_LAST_DAY - day).days >= days else _LAST_DAY


def day_ends_ms(day: date) -> int:
    """The last moment of a day in UTC: what is due on a day is in time until then."""
    return day_starts_ms(min(day, _LAST_DAY) + timedelta(days=1)) - 1
