"""How near a person is to an entry of a list: names first, then birth dates and countries. A score from 0 to 1.

A person looks at what comes out, so that a miss is worse than a false alarm, up to a point that reviewers put up with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ostiary.domain.names.readings import Transliterate, Words, readings_of, unaccented
from ostiary.domain.screening.name_score import Similarity, names_score
from ostiary.domain.screening.subject import Subject

DEFAULT_THRESHOLD = 0.78
"""Chosen on the pairs of `bench/screening` (figures in docs/screening.md): a typing error or another spelling in each
of two words stays above it, as do two names of four; another word, whatever the others are, stays below."""
MOST_NAMES = 50
"""Of one entry: more aliases than any person on a list has."""
SAME_DAY_RAISE, SAME_DAY_LEAST = 0.4, 0.6
"""The same day of birth closes so much of what the names left open, once they are more alike than not: one in some
twenty thousand has it by chance."""
SWAPPED = 0.97
"""Day and month exchanged, as countries write them in either order."""
SAME_YEAR = 0.9
"""Another day of the same year, or the same day with one wrong digit in the year: typed, read or remembered wrongly. An
equal name stays a hit."""
ABOUT, ABOUT_YEARS = 0.95, 2
"""Lists that know only a year often say "circa" it."""
NEAR_YEAR = 0.85
"""Two whole dates one year apart: an equal name stays a hit."""
OTHER_DATE = 0.6
"""Another date: no name survives it."""
OTHER_COUNTRY = 0.97
"""Nationality, birth place and residence are mixed on lists: it hardly counts."""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One person of a list. Dates are YYYY-MM-DD, YYYY-MM or YYYY; countries ISO 3166-1 alpha-3."""

    id: str
    names: tuple[str, ...]
    birth_dates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def likeness(
    subject: Subject, entry: ListEntry, similarity: Similarity, transliterate: Transliterate = unaccented
) -> float:
    """The score of a subject beside an entry."""
    asked = [words for name in subject.names for words in readings_of(name, transliterate)]
    listed = [words for name in entry.names for words in readings_of(name, transliterate)]
    return score(subject, asked, entry, listed, similarity)


def score(
    subject: Subject, asked: Sequence[Words], entry: ListEntry, listed: Sequence[Words], similarity: Similarity
) -> float:
    """The best of all names against all names, weighed by what is known besides.

    `asked` and `listed` are the names of both as words.
    """
    best = max((names_score(name, other, similarity) for name in asked for other in listed), default=0.0)
    return weighed(best, subject, entry.birth_dates, entry.countries)


def weighed(names: float, subject: Subject, dates: Sequence[str], countries: Sequence[str]) -> float:
    """What the names say, together with what dates and countries do."""
    if subject.birth_date in dates and names >= SAME_DAY_LEAST:
        return names + (1 - names) * SAME_DAY_RAISE
    apart = bool(subject.countries) and bool(countries) and not set(subject.countries).intersection(countries)
    return names * dates_factor(subject.birth_date, dates) * (OTHER_COUNTRY if apart else 1.0)


def dates_factor(given: str | None, listed: Sequence[str]) -> float:
    """How birth dates speak against it; the kindest of those listed. Unknown ones say nothing."""
    if given is None or not listed:
        return 1.0
    return max(_date_factor(given, date) for date in listed)


def _date_factor(given: str, listed: str) -> float:
    if given.startswith(listed) or not listed[:4].isdecimal():
        return 1.0
    year, _, day = given.partition("-")
    years = abs(int(year) - int(listed[:4]))
    if len(listed) < len(given):
        return ABOUT if years <= ABOUT_YEARS else OTHER_DATE
    if years == 0:
        return SWAPPED if listed[5:] == "-".join(reversed(day.split("-"))) else SAME_YEAR
    if listed[5:] == day and sum(a != b for a, b in zip(year, listed[:4], strict=True)) == 1:
        return SAME_YEAR
    return NEAR_YEAR if years == 1 else OTHER_DATE
