"""Pictures that look alike: a perceptual hash of 575 bits for each, compared by the bits that differ.

A hint for people, never a proof. To find candidates without comparing with every picture there is, several samples
of a hash's bits (bands) are kept as keyed hashes: pictures that are the same but stored anew share some band whole.
"""

from __future__ import annotations

from collections.abc import Iterable

BITS = 575
MOST_DIFFERENT_BITS = 24
"""Of published specimens and drawn pages stored anew (JPEG quality 40, half size, darker) 97 % differ by less, half of
them by 4; pages of one layout with different holders, but the same portrait, by 30 at the least and 60 usually;
different documents by more than 100."""
BAND_BITS = 96
"""With 4 bits different a band stays whole half of the time, so all but one in 4,000 share one of the twelve; with 44,
as between holders of one layout, one in 200 does, which keeps the candidates few in a company of thousands."""
MOST_CANDIDATES = 10
"""Of other clients, for each band: an empty page is alike for everybody, and a hint must not cost a minute."""
_STRIDES = (7, 11, 13, 17, 19, 29, 31, 37, 41, 43, 47, 53)
"""Of each band through the bits: without a common divisor with their number, so that no bit comes twice."""
_SAMPLES = tuple(
    tuple((BITS * band // len(_STRIDES) + stride * step) % BITS for step in range(BAND_BITS))
    for band, stride in enumerate(_STRIDES)
)


def bands(likeness: bytes) -> tuple[bytes, ...]:
    """The bands of a hash, each with its number, so that equal bits of another are no match."""
    value = int.from_bytes(likeness, "big")
    return tuple(
        bytes([band])
        + sum((value >> place & 1) << at for at, place in enumerate(sample)).to_bytes(BAND_BITS // 8, "big")
        for band, sample in enumerate(_SAMPLES)
    )


def are_alike(ones: Iterable[bytes], others: Iterable[bytes]) -> bool:
    """Whether any of one document's pictures resembles any of another's."""
    theirs = tuple(int.from_bytes(fingerprint, "big") for fingerprint in others)
    return any(
        (int.from_bytes(fingerprint, "big") ^ other).bit_count() <= MOST_DIFFERENT_BITS
        for fingerprint in ones
        for other in theirs
    )
