"""Where a zone's lines and a barcode are printed, from what was seen on the way of reading them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numpy.polynomial import polynomial

from ostiary.adapters.reader.recognition.barcodes import Points
from ostiary.adapters.reader.recognition.models import Colour
from ostiary.adapters.reader.recognition.zones import FoundZone
from ostiary.domain.documents.places import WHOLE, PrintedLine


def printed_lines(candidate: FoundZone, picture: Colour) -> tuple[PrintedLine, ...]:
    """Each line from its first character to its last, as it is read: a bar has room at both ends, and may lie upside
    down."""
    lines = []
    for bar, columns in zip(candidate.lines, candidate.columns, strict=True):
        corners = bar.corners[[2, 3, 0, 1]] if candidate.is_upside_down else bar.corners
        begin, middle, end = _ends(columns)
        across_top, across_bottom = corners[1] - corners[0], corners[2] - corners[3]
        text = np.array(
            [
                corners[0] + begin * across_top,
                corners[0] + end * across_top,
                corners[3] + end * across_bottom,
                corners[3] + begin * across_bottom,
            ]
        )
        lines.append(_printed(text, picture, round(WHOLE * (middle - begin) / max(end - begin, 1e-6))))
    return tuple(lines)


def printed_symbol(corners: Points, picture: Colour) -> PrintedLine:
    """A whole barcode: nothing says where in it a value is."""
    return _printed(corners, picture)


def _ends(columns: npt.NDArray[np.float32]) -> tuple[float, float, float]:
    """Where along a bar the first character begins, the middle one is and the last ends, 0 to 1: by all of them, since
    a single place may be off by half a letter."""
    count = len(columns)
    begin, middle, end = polynomial.polyval(
        (0, count / 2, count), polynomial.polyfit(np.arange(count) + 0.5, columns, 2)
    )
    return float(begin), float(middle), float(end)


def _printed(corners: Points, picture: Colour, middle: int = WHOLE // 2) -> PrintedLine:
    height, width = picture.shape[:2]
    shares = (np.asarray(corners) * WHOLE / (width, height)).round().clip(0, WHOLE).astype(int).ravel().tolist()
    return PrintedLine(tuple(shares), middle)
