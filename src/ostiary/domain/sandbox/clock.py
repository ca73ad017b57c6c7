"""How far a sandbox's clock is moved: only ahead, by a span of the calendar, and within bounds."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

from ostiary.domain.sentences import N_, sentence
from ostiary.domain.times import DAY_MS, HOUR_MS, MINUTE_MS

MOST_YEARS_AT_ONCE = 10
"""What becomes due on the way is done one by one; ten years are two reviews of every client."""
MOST_YEARS_AHEAD = 50
"""Of machine time, in all: dates of people and documents have to stay within what calendars of programs know."""
SPAN_CHARACTERS = 40
YEAR_MS = 366 * DAY_MS
_SPAN = re.compile(
    r"P(?=[0-9T])(?:([0-9]{1,3})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,7})S)?)?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def later(moment_ms: int, span: str) -> int | None:
    """The moment that lies a span of ISO 8601 later (`P90D`, `P1Y6M`, `PT36H`); None for another text, for no time at
    all, and behind the years that a calendar has. Years and months are added to the date; its month may end sooner."""
    match = _SPAN.fullmatch(span)
    if match is None:
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    start = _EPOCH + timedelta(milliseconds=moment_ms)
    year, month = divmod(start.year * 12 + start.month - 1 + years * 12 + months, 12)
    if year > MOST_YEAR:
        return None
    landed = start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))
    rest_ms = (weeks * 7 + days) * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * 1000
    until_ms = (landed - _EPOCH) // timedelta(milliseconds=1) + rest_ms
    return until_ms if until_ms > moment_ms else None


MOST_YEAR = 9_000
"""A thousand years short of what dates can say, so that nothing that is reckoned from here ends behind them."""


def span_fault(now_ms: int, machine_ms: int, span: str) -> str:
    """What is wrong with a wish to move a clock that shows `now_ms`; empty: nothing."""
    until_ms = later(now_ms, span)
    if until_ms is None:
        return N_("must be a span ahead in the form of ISO 8601, as P90D, P1Y6M or PT36H")
    if until_ms - now_ms > MOST_YEARS_AT_ONCE * YEAR_MS:
        return sentence("may be %(years)s years at most; move the clock again for more", years=MOST_YEARS_AT_ONCE)
    if until_ms - machine_ms > MOST_YEARS_AHEAD * YEAR_MS:
        return sentence(
            "would bring the clock more than %(years)s years ahead; make another sandbox company",
            years=MOST_YEARS_AHEAD,
        )
    return ""
