"""How alike two texts are."""

from __future__ import annotations

from rapidfuzz.distance import OSA


def similarity(word: str, other: str) -> float:
    """1 less the optimal string alignment distance over the longer length: 1 for equal texts, 0 for nothing in common.

    A letter left out, added, wrong, or exchanged with its neighbour counts as one: what fingers and readers do.
    """
    return float(OSA.normalized_similarity(word, other))
