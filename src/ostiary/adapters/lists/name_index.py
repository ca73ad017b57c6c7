"""Finds the entries of a list that a name may mean.

Every row that shares a word of nearly the same sound gets the score that `name_score` would give it, less what needs a
closer look (initials, words joined in other ways): a few operations on arrays. The best rows are then scored in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from ostiary.adapters.lists.name_similarity import SHORT_FORM, related, similarity
from ostiary.adapters.lists.name_table import NameTable
from ostiary.adapters.lists.similar_words import SimilarWords
from ostiary.adapters.lists.transliteration import in_latin
from ostiary.domain.names.readings import Words, readings_of
from ostiary.domain.names.sounds import ENDINGS, consonants_of, is_without_vowels, sound_of
from ostiary.domain.screening.matching import (
    ABOUT_YEARS,
    OTHER_DATE,
    SAME_DAY_LEAST,
    SAME_DAY_RAISE,
    ListEntry,
    weighed,
)
from ostiary.domain.screening.name_score import INITIALS_SCORE, JOINED_MOST, LEFT_OUT, STEEPNESS, names_score, weight_of
from ostiary.domain.screening.subject import Subject

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

    def __init__(self, entries: Iterable[ListEntry]) -> None:
        self._table = NameTable(entries)
        self._similar = SimilarWords(tuple(self._table.sounds))

    def __len__(self) -> int:
        return len(self._table)

    def find(self, subject: Subject, threshold: float, without: frozenset[str]) -> list[tuple[float, ListEntry]]:
        """Entries at or above the threshold, nearest first."""
        asked = list(dict.fromkeys(words for name in subject.names for words in readings_of(name, in_latin)))
        best: dict[int, float] = {}
        for row in self._candidates(subject, asked, threshold):
            number, listed = int(self._table.row_entries[row]), self._table.words_in(row)
            near = max(names_score(name, listed, similarity) for name in asked)
            best[number] = max(near, best.get(number, 0.0))
        pairs = []
        for number, near in best.items():
            entry = self._table.entry(number)
            score = weighed(near, subject, entry.birth_dates, entry.countries)
            if score >= threshold and entry.id not in without:
                pairs.append((score, entry))
        return sorted(pairs, key=lambda pair: (-pair[0], pair[1].id))

    def _candidates(self, subject: Subject, asked: list[Words], threshold: float) -> list[int]:
        """Rows that may be at or above the threshold, the likeliest first."""
        rows = len(self._table.row_entries)
        scores: dict[str, _Floats] = {}
        estimates = np.zeros(rows, np.float32)
        for words in self._rewritten(asked):
            has_initials = sum(len(word) == 1 for word in words) > 1
            for word in words:
                if word not in scores:
                    scores[word] = self._initial_in_rows(word) if has_initials else self._word_in_rows(word)
            np.maximum(estimates, self._estimated(words, scores), out=estimates)
        for words in asked:
            for turned in dict.fromkeys((words, words[1:] + words[:1], words[-1:] + words[:-1])):
                estimates[self._table.rows_with_letters(turned)] = 1.0
        likely = np.flatnonzero(estimates >= _names_least(threshold, subject) - SLACK)
        ranks = estimates[likely] * self._dates(subject, likely)
        if len(likely) > MOST_ROWS:
            top = np.argpartition(-ranks, MOST_ROWS)[:MOST_ROWS]
            likely, ranks = likely[top], ranks[top]
        return [int(number) for number in likely[np.argsort(-ranks, kind="stable")]]

    def _word_in_rows(self, word: str) -> _Floats:
        """By row, how well its best word agrees with this one."""
        held = np.zeros(len(self._table.row_entries), np.float32)
        if len(word) > 1:  # an initial is in everybody's name
            sounds, near = self._similar.near(sound_of(word))
            order = np.argsort(near, kind="stable")  # where a row has several, the nearest is written last
            rows, counts = self._table.rows_of(sounds[order])
            held[rows] = np.repeat(1 - (1 - near[order]) * STEEPNESS, counts)
            rows, _ = self._table.rows_of(np.array(self._otherwise_written(word), np.intp))
            held[rows] = np.maximum(held[rows], np.float32(1 - (1 - SHORT_FORM) * STEEPNESS))
        return held

    def _initial_in_rows(self, word: str) -> _Floats:
        """By row, how well its best word agrees with one that may be a single letter."""
        if len(word) > 1:
            return self._word_in_rows(word)
        held = np.zeros(len(self._table.row_entries), np.float32)
        rows, _ = self._table.rows_of(np.array(self._table.sounds_by_initial.get(word, ()), np.intp))
        held[rows] = np.float32(INITIALS_SCORE)
        return held

    def _otherwise_written(self, word: str) -> list[int]:
        """Sounds of the list that mean the same although they sound otherwise: short forms; words with vowels beside
        one of a script that leaves them out."""
        shorter = [self._table.sounds.get(sound_of(other)) for other in related(word)]
        rows = [number for number in shorter if number is not None]
        if is_without_vowels(word):
            consonants = consonants_of(word)
            ways = {ending: (consonants + ending, consonants.removesuffix(ending)) for ending in ENDINGS}
            for written in dict.fromkeys(way for pair in ways.values() for way in pair):
                rows += self._table.sounds_by_consonants.get(written, ())
        else:
            consonants = consonants_of(word)
            for ending in ENDINGS:
                rows += self._table.sounds_without_vowels.get(consonants + ending, ())
                rows += self._table.sounds_without_vowels.get(consonants.removesuffix(ending), ())
        return rows

    def _estimated(self, words: Words, floatss: dict[str, _Floats]) -> _Floats:
        """By row, what `names_score` is about."""
        agreed = np.zeros(len(self._table.row_entries), np.float32)
        for word in words:
            agreed += floatss[word] * np.float32(weight_of(word))
        touched = np.flatnonzero(agreed)
        paired = np.zeros(len(touched), np.float32)
        for word in words:
            paired += (floatss[word][touched] > 0) * np.float32(weight_of(word))
        left = np.maximum(sum(map(weight_of, words)) - paired, 0)
        right = np.maximum(self._table.row_weights[touched] - paired, 0)
        against = np.minimum(left, right)
        total: _Floats = np.zeros(len(agreed), np.float32)
        total[touched] = agreed[touched] / (paired + against + LEFT_OUT * (np.maximum(left, right) - against))
        return total

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
        likeliest = sorted(ways, key=lambda way: -ways[way])[:MOST_PARTED]
        return list(dict.fromkeys((*asked, *likeliest)))

    def _parted(self, words: Words) -> dict[Words, int]:
        """Ways to write one to three words as one or two, with the length of the shortest: long ones are meant."""
        ways: dict[Words, int] = {}
        for count in range(1, min(JOINED_MOST, len(words)) + 1):
            for at in range(len(words) - count + 1):
                whole = "".join(words[at : at + count])
                for parts in _cuts(whole):
                    if parts != words[at : at + count] and all(sound_of(part) in self._table.sounds for part in parts):
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
