"""The words of a list that sound nearly like another: a scan of all that could, none missed.

Two words can only be so near if nearly all letters of one are in the other, whatever their order. That is a few
operations on bits for a hundred thousand words at once, and leaves some thousand to be compared letter by letter in C.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

NEAR_LEAST = 0.65
"""Below the least of whole words: sounds are shorter than words, so that a wrong letter weighs more."""
_BITS = 32


class SimilarWords:
    """Words by number, in the order given. Immutable."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = np.array([*words, ""], object)[:-1]
        self._letters = np.fromiter(map(_letters, words), np.uint64, len(words))
        self._lengths = np.fromiter(map(len, words), np.int16, len(words))

    def near(self, word: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Numbers of the words at or above NEAR_LEAST, and how near they are."""
        mask, length = np.uint64(_letters(word)), len(word)
        apart = ((1 - NEAR_LEAST) * np.maximum(self._lengths, length)).astype(np.int16)
        numbers = np.flatnonzero(
            (np.abs(self._lengths - length) <= apart)
            & (np.bitwise_count(self._letters & ~mask) <= apart)
            & (np.bitwise_count(~self._letters & mask) <= apart)
        )
        if not len(numbers):
            return numbers, np.zeros(0, np.float32)
        scores = process.cdist([word], self._words[numbers], scorer=OSA.normalized_similarity, score_cutoff=NEAR_LEAST)[
            0
        ]
        rows = np.flatnonzero(scores)
        return numbers[rows], scores[rows]


def _letters(word: str) -> int:
    """A bit for each letter, another for one that is there again. Letters may share bits: nothing is missed."""
    bits = 0
    for letter in word:
        bit = 1 << ord(letter) % _BITS
        bits |= bit << _BITS if bits & bit else bit
    return bits
