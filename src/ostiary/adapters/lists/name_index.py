"""Finds the entries of a list that a name may mean.

Every row that shares a word of nearly the same sound gets the score that `list_names` would give it, less what needs a
closer look (initials, words joined in other ways): a few operations on arrays. The best rows are then scored in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from ostiary.adapters.lists.name_table import NameTable
from ostiary.adapters.lists.similar_words import SimilarWords
from ostiary.adapters.similarity import similarity
from ostiary.domain.list_matching import ABOUT_YEARS, OTHER_DATE, SAME_DAY_LEAST, SAME_DAY_RAISE, Entry, weighed
from ostiary.domain.list_names import (
    JOINED_MOST,
    LEFT_OUT,
    STEEPNESS,
    Words,
    names_score,
    readings_of,
    sound_of,
    weight_of,
)
from ostiary.domain.screening import Subject

MOST_ROWS = 200
"""Names that are scored in full, the likeliest first: some milliseconds. Of a name that a list has more often nobody
looks at all hits."""
MOST_PARTED = 4
"""Ways to part a name elsewhere; each costs a millisecond, and lists have short words for nearly any."""
SLACK = 0.12
"""How far the first estimate may lie below: an initial, or a particle more, a wrong letter in a short word."""
PART_LEAST = 2
"""Letters of each part when a word is tried as two."""

_Floats = NDArray[np.float32]


class NameIndex:
    """An index over entries; immutable once built."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._table = NameTable(entries)
        self._similar = SimilarWords(tuple(self._table.sounds))

    def __len__(self) -> int:
        return len(self._table)

    def find(self, subject: Subject, threshold: float, without: frozenset[str]) -> list[tuple[float, Entry]]:
        """Entries at or above the threshold, nearest first."""
        asked = list(dict.fromkeys(words for name in subject.names for words in readings_of(name)))
        best: dict[int, float] = {}
        for row in self._candidates(subject, asked, threshold):
            number, listed = int(self._table.row_entries[row]), self._table.words_in(row)
            near = max(names_score(one, listed, similarity) for one in asked)
            best[number] = max(near, best.get(number, 0.0))
        found = []
        for number, near in best.items():
            entry = self._table.entry(number)
            score = weighed(near, subject, entry.birth_dates, entry.countries)
            if score >= threshold and entry.id not in without:
                found.append((score, entry))
        return sorted(found, key=lambda one: (-one[0], one[1].id))

    def _candidates(self, subject: Subject, asked: list[Words], threshold: float) -> list[int]:
        """Rows that may be at or above the threshold, the likeliest first."""
        rows = len(self._table.row_entries)
        known: dict[str, _Floats] = {}
        estimates = np.zeros(rows, np.float32)
        for words in self._rewritten(asked):
            for word in words:
                if word not in known:
                    known[word] = self._word_in_rows(word)
            np.maximum(estimates, self._estimated(words, known), out=estimates)
        likely = np.flatnonzero(estimates >= _names_least(threshold, subject) - SLACK)
        ranks = estimates[likely] * self._dates(subject, likely)
        if len(likely) > MOST_ROWS:
            top = np.argpartition(-ranks, MOST_ROWS)[:MOST_ROWS]
            likely, ranks = likely[top], ranks[top]
        return [int(one) for one in likely[np.argsort(-ranks, kind="stable")]]

    def _word_in_rows(self, word: str) -> _Floats:
        """By row, how well its best word agrees with this one."""
        held = np.zeros(len(self._table.row_entries), np.float32)
        if len(word) > 1:  # an initial is in everybody's name
            sounds, near = self._similar.near(sound_of(word))
            order = np.argsort(near, kind="stable")  # where a row has several, the nearest is written last
            rows, counts = self._table.rows_of(sounds[order])
            held[rows] = np.repeat(1 - (1 - near[order]) * STEEPNESS, counts)
        return held

    def _estimated(self, words: Words, known: dict[str, _Floats]) -> _Floats:
        """By row, what `names_score` is about."""
        agreed = np.zeros(len(self._table.row_entries), np.float32)
        for word in words:
            agreed += known[word] * np.float32(weight_of(word))
        touched = np.flatnonzero(agreed)
        paired = np.zeros(len(touched), np.float32)
        for word in words:
            paired += (known[word][touched] > 0) * np.float32(weight_of(word))
        left = np.maximum(sum(map(weight_of, words)) - paired, 0)
        right = np.maximum(self._table.row_weights[touched] - paired, 0)
        against = np.minimum(left, right)
        found: _Floats = np.zeros(len(agreed), np.float32)
        found[touched] = agreed[touched] / (paired + against + LEFT_OUT * (np.maximum(left, right) - against))
        return found

    def _dates(self, subject: Subject, rows: NDArray[np.intp]) -> _Floats:
        """By row, whether the year of birth speaks against it."""
        ones: _Floats = np.ones(len(rows), np.float32)
        if subject.birth_date is None:
            return ones
        years = self._table.years[self._table.row_entries[rows]]
        apart = (years > 0) & (np.abs(years - int(subject.birth_date[:4])) > ABOUT_YEARS)
        return np.where(apart, np.float32(OTHER_DATE), ones)

    def _rewritten(self, asked: list[Words]) -> list[Words]:
        """The names asked about, and with words joined or parted elsewhere where the list has such words."""
        ways: dict[Words, int] = {}
        for words in asked:
            ways.update(self._parted(words))
        likeliest = sorted(ways, key=lambda one: -ways[one])[:MOST_PARTED]
        return list(dict.fromkeys((*asked, *likeliest)))

    def _parted(self, words: Words) -> dict[Words, int]:
        """Ways to write one to three words as one or two, with the length of the shortest: long ones are meant."""
        ways: dict[Words, int] = {}
        for count in range(1, min(JOINED_MOST, len(words)) + 1):
            for at in range(len(words) - count + 1):
                whole = "".join(words[at : at + count])
                for parts in _cuts(whole):
                    if parts != words[at : at + count] and all(sound_of(one) in self._table.sounds for one in parts):
                        ways[(*words[:at], *parts, *words[at + count :])] = min(map(len, parts))
        return ways


def _cuts(whole: str) -> Iterator[Words]:
    """A word as one and as two, also without the letter between them, which was hit for the space bar."""
    yield (whole,)
    for at in range(PART_LEAST, len(whole) - PART_LEAST + 1):
        yield whole[:at], whole[at:]
        if at < len(whole) - PART_LEAST:
            yield whole[:at], whole[at + 1 :]


def _names_least(threshold: float, subject: Subject) -> float:
    """What names have to reach so that dates may lift them to the threshold."""
    if subject.birth_date is None:
        return threshold
    return max(SAME_DAY_LEAST, (threshold - SAME_DAY_RAISE) / (1 - SAME_DAY_RAISE))
