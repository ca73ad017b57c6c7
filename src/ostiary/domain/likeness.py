"""Pictures that look alike: a 63-bit perceptual hash of each, compared by the bits that differ.

A hint for people, never a proof. To find candidates without comparing with every picture there is, a hash is cut
into bands: two that differ in fewer bits than there are bands share at least one band unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

BITS = 63
MOST_DIFFERENT_BITS = 4
"""Re-encodings of one picture differ by at most this, pictures of different documents by at least 10."""
BANDS = MOST_DIFFERENT_BITS + 1
MOST_CANDIDATES = 10
"""Of other clients, for each band: a form's empty page is alike for everybody, and a hint must not cost a minute."""


def bands(likeness: int) -> tuple[bytes, ...]:
    """The bands of a hash, each with its place, so that equal bits elsewhere are no match."""
    cuts = [BITS * place // BANDS for place in range(BANDS + 1)]
    return tuple(
        bytes([place]) + (likeness >> low & (1 << high - low) - 1).to_bytes(2, "big")
        for place, (low, high) in enumerate(pairwise(cuts))
    )


def are_alike(ones: Iterable[int], others: Iterable[int]) -> bool:
    """Whether any of one document's pictures resembles any of another's."""
    known = tuple(others)
    return any((one ^ other).bit_count() <= MOST_DIFFERENT_BITS for one in ones for other in known)
