"""Birth dates as publishers of lists write them: YYYY-MM-DD with parts missing, and OFAC's remarks.

Of an entry either all dates are understood or none is known: one that is left out beside others would speak against
whoever was born on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

MOST_YEARS = 10
"""Of a range of birth years; a wider one says nothing."""
REMARKS_CUT = 990
"""Characters of remarks from which the rest may be elsewhere: OFAC's field holds a thousand, and goes on in the file of
comments."""
_PART = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_EACH = re.compile(r"\bDOB\b")
_REMARK = re.compile(
    r"\bDOB(?: (?:circa|about|approximately|between|early|late))*"
    r" ((?:\d{1,2} [A-Z][a-z]{2} )?(?:[A-Z][a-z]{2} )?\d{4})(?:(?: (?:to|and|or) | ?[-/] ?)(?:[\w ]{0,7}\b)?(\d{4}))?"
)


def dates_listed(written: Iterable[str]) -> tuple[str, ...]:
    """The dates of a column, filled up to two digits; what is 00 in one is not known."""
    dates = [_date(text) for text in written]
    return () if None in dates else tuple(day for day in dates if day is not None)


def _date(text: str) -> str | None:
    parts = _PART.fullmatch(text.strip())
    if parts is None:
        return None
    year, month, day = (int(part or 0) for part in parts.groups())
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    if not month:
        return f"{year:04}"
    return f"{year:04}-{month:02}-{day:02}" if day else f"{year:04}-{month:02}"


def dates_in_remarks(remarks: str, *, is_whole: bool) -> tuple[str, ...]:
    """What stands behind each DOB; `is_whole` is false where more may stand in a file that is not there."""
    remarked = _REMARK.findall(remarks)
    ways = [tuple(_years(first, last)) for first, last in remarked]
    if len(remarked) < len(_EACH.findall(remarks)) or () in ways or not is_whole:
        return ()
    return tuple(dict.fromkeys(day for some in ways for day in some))


def _years(first: str, last: str) -> Iterator[str]:
    """One date, or the years of a range ("DOB 1963 to 1965")."""
    day = _day(first)
    if day is not None and not last:
        yield day
    elif day is not None and 0 <= int(last) - int(day[:4]) <= MOST_YEARS:
        yield from (str(year) for year in range(int(day[:4]), int(last) + 1))


def _day(text: str) -> str | None:
    for form, shown in (("%d %b %Y", "%Y-%m-%d"), ("%b %Y", "%Y-%m"), ("%Y", "%Y")):
        try:
            return datetime.strptime(text.strip(), form).strftime(shown)  # noqa: DTZ007 (a date has no zone)
        except ValueError:
            continue
    return None
