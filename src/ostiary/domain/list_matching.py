"""How near a person is to an entry of a list: names first, then birth dates and countries. A score from 0 to 1.

Names are compared word by word, in any order, in Latin letters. Lists and clients spell, order and leave out; a person
looks at what comes out, so that a miss is worse than a false alarm, up to a point that reviewers put up with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from ostiary.domain.machine_readable.letters import spellings
from ostiary.domain.screening import Subject

Similarity = Callable[[str, str], float]
Words = tuple[str, ...]
DEFAULT_THRESHOLD = 0.82
"""Chosen on the pairs of `bench/screening` (figures in docs/screening.md): a typing error or another spelling in one
word of three stays above it, another word stays below."""
WORD_LEAST = 0.72
"""Below this two words are different words: two wrong letters of seven."""
INITIAL_SCORE = 0.85
"""A single letter stands for a name that begins with it: likely, not certain."""
LEFT_OUT = 0.35
"""What a word without a partner costs of its length, once two words agree: second names are often left out."""
LEFT_OUT_ALONE = 1.0
MOST_NAMES, MOST_WORDS, MOST_NAME_CHARACTERS = 50, 12, 200
"""Of one entry: more aliases than any person on a list has, and names cut where no name goes on."""
SAME_DATE, SAME_YEAR, SWAPPED, NEAR_YEAR, OTHER_DATE = 1.0, 1.0, 0.98, 0.93, 0.62
"""Factors: the same day, the year where that is all a list knows, day and month exchanged, a year off by one (lists say
"circa"), and another date, which only a nearly identical name survives as a hint."""
OTHER_COUNTRY = 0.97
"""Nationality, birth place and residence are mixed on lists: it hardly counts."""
DATE_BONUS = 0.04
"""The same day of birth makes up for a spelling."""


_APART = {code: " " for code in range(128) if not chr(code).isalnum()}


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a list. Dates are YYYY-MM-DD, YYYY-MM or YYYY; countries ISO 3166-1 alpha-3."""

    id: str
    names: tuple[str, ...]
    birth_dates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def words_of(name: str) -> Words:
    """The words of a name in the letters A to Z and digits: other scripts as ICAO Doc 9303 spells them, else folded."""
    name = name[:MOST_NAME_CHARACTERS]
    if name.isascii():
        return tuple(name.upper().replace("'", "").translate(_APART).split()[:MOST_WORDS])  # as below, and faster
    spelled = spellings(name)
    text = spelled[0] if spelled else _folded(name)
    return tuple("".join(one if one.isalnum() else " " for one in text.upper()).split()[:MOST_WORDS])


def _folded(name: str) -> str:
    return "".join(one for one in normalize("NFKD", name) if not combining(one))


def score(
    subject: Subject, asked: Sequence[Words], entry: Entry, listed: Sequence[Words], similarity: Similarity
) -> float:
    """The best of all names against all names, weighed by what is known besides.

    `asked` and `listed` are the names of both as words.
    """
    best = max((names_score(one, other, similarity) for one in asked for other in listed), default=0.0)
    factor = dates_factor(subject.birth_date, entry.birth_dates)
    bonus = DATE_BONUS if subject.birth_date in entry.birth_dates and best >= WORD_LEAST else 0.0
    if subject.countries and entry.countries and not set(subject.countries) & set(entry.countries):
        factor *= OTHER_COUNTRY
    return min(1.0, best * factor + bonus)


def names_score(one: Words, other: Words, similarity: Similarity) -> float:
    """Two names word by word in any order, or run together: Abd Al Rahman is Abdalrahman."""
    if not one or not other:
        return 0.0
    joined, joined_other = "".join(one), "".join(other)
    if joined == joined_other:
        return 1.0
    together = similarity(joined, joined_other)
    return max(_paired(one, other, similarity), together if together >= WORD_LEAST else 0.0)


def _paired(one: Words, other: Words, similarity: Similarity) -> float:
    """Pairs the nearest words first; what is left over costs by its length, less when two words have partners."""
    found = sorted(
        ((_word_score(a, b, similarity), at, to) for at, a in enumerate(one) for to, b in enumerate(other)),
        reverse=True,
    )
    taken, matched = (set[int](), set[int]()), 0.0
    weight, pairs = 0.0, 0
    for near, at, to in found:
        if near < WORD_LEAST or at in taken[0] or to in taken[1]:
            continue
        taken[0].add(at)
        taken[1].add(to)
        length = max(len(one[at]), len(other[to]))
        matched, weight, pairs = matched + near * length, weight + length, pairs + 1
    cost = LEFT_OUT if pairs >= 2 else LEFT_OUT_ALONE
    left = sum(len(a) for at, a in enumerate(one) if at not in taken[0])
    left += sum(len(b) for to, b in enumerate(other) if to not in taken[1])
    return matched / (weight + cost * left) if matched else 0.0


def _word_score(one: str, other: str, similarity: Similarity) -> float:
    if one == other:
        return 1.0
    if len(one) == 1 or len(other) == 1:
        return INITIAL_SCORE if one[0] == other[0] else 0.0
    return similarity(one, other)


def dates_factor(given: str | None, listed: Sequence[str]) -> float:
    """How birth dates speak for or against it; the best of those listed. Unknown ones say nothing."""
    if given is None or not listed:
        return 1.0
    return max(_date_factor(given, one) for one in listed)


def _date_factor(given: str, listed: str) -> float:
    if given.startswith(listed):
        return SAME_DATE if len(listed) == len(given) else SAME_YEAR
    year, month, day = given.split("-")
    if listed == f"{year}-{day}-{month}":
        return SWAPPED
    if not listed[:4].isdecimal():
        return 1.0
    off = abs(int(year) - int(listed[:4]))
    return NEAR_YEAR if (off <= 1 and len(listed) < len(given)) or off == 1 else OTHER_DATE
