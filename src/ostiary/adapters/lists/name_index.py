"""Finds the entries of a list that a name may mean: by words that are the same or nearly so, the rarest first.

One hundred thousand entries have some hundred thousand different words. A query compares each of its words with those
of about its length that begin or end as it does (a scan in C), collects the entries behind them, and scores the best
of these. A word with wrong letters at both ends is not found by itself, but its entry is by the other words.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ostiary.adapters.similarity import similarity
from ostiary.domain.list_matching import WORD_LEAST, Entry, Words, score, words_of
from ostiary.domain.screening import Subject

MOST_SIMILAR_WORDS = 300
"""Of one word: spellings of a common name. More are other names."""
MOST_CANDIDATES = 250
"""Entries that are scored in full, the likeliest first: some ten milliseconds."""
LENGTH_SLACK = 3
"""Words that differ by more letters are below WORD_LEAST unless they are long; those are rare enough to miss."""


class NameIndex:
    """An index over entries; immutable once built."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: list[Entry] = []
        self._words: list[tuple[Words, ...]] = []
        known: dict[str, str] = {}
        postings: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for number, entry in enumerate(entries):
            names = tuple(tuple(known.setdefault(word, word) for word in words_of(name)) for name in entry.names)
            self._entries.append(entry)
            self._words.append(names)
            for word in {word for name in names for word in name}:
                postings[word].append(number)
        self._postings = dict(postings)
        self._by_end: dict[tuple[int, str, bool], list[str]] = defaultdict(list)
        for word in self._postings:
            self._by_end[len(word), word[0], True].append(word)
            self._by_end[len(word), word[-1], False].append(word)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, subject: Subject, threshold: float, without: frozenset[str]) -> list[tuple[float, Entry]]:
        """Entries at or above the threshold, nearest first."""
        asked = [words_of(one) for one in subject.names]
        found = []
        for number in self._candidates(asked):
            entry = self._entries[number]
            if (
                entry.id not in without
                and (near := score(subject, asked, entry, self._words[number], similarity)) >= threshold
            ):
                found.append((near, entry))
        return sorted(found, key=lambda one: (-one[0], one[1].id))

    def _candidates(self, asked: Sequence[Words]) -> list[int]:
        """Numbers of entries, those that share the rarest words first."""
        weights: dict[int, float] = defaultdict(float)
        total = len(self._entries) + 1
        for word in dict.fromkeys(word for words in asked for word in (*words, "".join(words))):
            best: dict[int, float] = {}
            for similar, near in self._similar(word):
                held = self._postings[similar]
                weight = near * log(total / len(held))
                for number in held:
                    if weight > best.get(number, 0.0):
                        best[number] = weight
            for number, weight in best.items():
                weights[number] += weight
        return sorted(weights, key=lambda one: -weights[one])[:MOST_CANDIDATES]

    def _similar(self, word: str) -> Iterator[tuple[str, float]]:
        if len(word) <= 1:
            return iter(())  # an initial is on everybody's name
        found: dict[str, float] = {}
        for length in range(max(2, len(word) - LENGTH_SLACK), len(word) + LENGTH_SLACK + 1):
            for end, is_first in ((word[0], True), (word[-1], False)):
                words = self._by_end.get((length, end, is_first))
                if words:
                    found.update(_near(word, words))
        return iter(found.items())


def _near(word: str, words: list[str]) -> Iterator[tuple[str, float]]:
    for one, near, _ in process.extract(
        word, words, scorer=OSA.normalized_similarity, score_cutoff=WORD_LEAST, limit=MOST_SIMILAR_WORDS
    ):
        yield one, near
