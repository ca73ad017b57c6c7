"""Where on a picture something is printed: in ten-thousandths of its width and height, upright as it is shown, so that
a view of any size can use it. Whole numbers, so that nothing that a reader's process answers can be no number at all.
"""

from __future__ import annotations

from dataclasses import dataclass

WHOLE = 10_000
"""The picture's width, and its height. A third of a pixel of the largest picture that is read."""

Quadrilateral = tuple[int, int, int, int, int, int, int, int]
"""Across and down of four corners: top left, top right, bottom right, bottom left for who reads what is printed."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A printed line from the beginning of its first character to the end of its last; or a barcode.

    `middle`: how far along it half of its characters are, in ten-thousandths. Seen from aside, the nearer half of a
    line is longer than the other.
    """

    corners: Quadrilateral
    middle: int = WHOLE // 2

    def part(self, start: float, end: float) -> Quadrilateral:
        """Where its characters from `start` to `end` are, both shares of them from 0 to 1."""
        first, last = self._along(start), self._along(end)
        top_left, top_right, bottom_right, bottom_left = zip(self.corners[::2], self.corners[1::2], strict=True)
        corners = (
            _between(top_left, top_right, first),
            _between(top_left, top_right, last),
            _between(bottom_left, bottom_right, last),
            _between(bottom_left, bottom_right, first),
        )
        return corners[0] + corners[1] + corners[2] + corners[3]

    def _along(self, share: float) -> float:
        """From the share of characters to the share of length: the parabola through both ends and the middle."""
        return share + (self.middle / WHOLE - 0.5) * 4 * share * (1 - share)


def _between(begin: tuple[int, int], end: tuple[int, int], share: float) -> tuple[int, int]:
    return round(begin[0] + (end[0] - begin[0]) * share), round(begin[1] + (end[1] - begin[1]) * share)
