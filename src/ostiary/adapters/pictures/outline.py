"""What the header of a picture says before any of it is decoded, and the limits that are the same for every format."""

from __future__ import annotations

from dataclasses import dataclass

MOST_PARTS = 100_000
"""Segments or chunks of one file. Real ones have tens; a PNG of 64 megapixels written in 8 KB pieces 1,500. Walking
so many takes 0.1 s."""
MOST_DECODED_BYTES = 200_000_000
"""Memory that decoding one picture may take; how many are decoded at once `decoding_budget` says."""


class DamagedError(Exception):
    """The file breaks the rules of its own format."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Width and height as stored; `decoded_bytes` is the memory that decoding would take at its peak."""

    width_px: int
    height_px: int
    decoded_bytes: int
    too_slow: bool = False

    def __post_init__(self) -> None:
        if self.width_px < 1 or self.height_px < 1:
            raise DamagedError("a picture without pixels")

    @property
    def too_costly(self) -> bool:
        return self.too_slow or self.decoded_bytes > MOST_DECODED_BYTES
