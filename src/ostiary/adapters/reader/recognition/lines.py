"""Finding lines of text: thin bars in the detector's map, cut out upright, and those that could be a zone together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import cv2
import numpy as np

from ostiary.adapters.reader.recognition.models import Colour, Shares

_TEXT_SHARE = 0.3
"""Of the detector's map: as PP-OCR was tuned."""
_GROWTH = 1.6
"""The detector marks the middle of text; PP-OCR's own ratio brings the bar back to full height."""
_THINNEST_PX = 3
_LEAST_ASPECT = 5
"""The narrowest line of a zone, 30 characters, is some 15 times as wide as high; a piece of one still this."""
_ZONE_ASPECT = 10
"""Of a whole line of a zone; bars are cut with room, and a card's line of 30 characters still has 17 or more."""
MOST_LINES = 60
"""The longest; a page of print has about forty."""
_SEAM_DEGREES = 45
"""Directions are told from -45 to 135 degrees: lines of one zone, upright or on their side, are never across it."""
_SAME_DIRECTION_DEGREES = 8
_SAME_LENGTH = 0.8
_NEAREST_HEIGHTS, _FARTHEST_HEIGHTS = 0.5, 4.5
"""From line to line; Doc 9303 sets them 6 to 7 mm apart, some two and a half heights, and skew adds to that."""
_FARTHEST_SHIFT = 0.15
"""Of the length: lines of a zone begin below each other."""
_WHOLE_LINES = 3
"""The longest, of which one may be a zone's line whose neighbour was found in part only."""
_OVERHANG = 0.55
"""Of the length, to either side: a piece of the neighbour lies within the whole line's ends."""


@dataclass(frozen=True, slots=True)
class Line:
    """A bar of text in the picture's pixels. `angle` is of its long side, -45 to 135 degrees, downwards positive."""

    x: float
    y: float
    length: float
    height: float
    angle: float

    @property
    def corners(self) -> np.ndarray:
        """Top left, top right, bottom right, bottom left for who reads along the angle."""
        along = np.array([math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))])
        down = np.array([-along[1], along[0]])
        middle, side, up = np.array([self.x, self.y]), along * self.length / 2, down * self.height / 2
        return np.array([middle - side - up, middle + side - up, middle + side + up, middle - side + up], np.float32)

    def below(self, other: Line) -> float:
        """How far this lies below another, across the other's direction."""
        angle = math.radians(other.angle)
        return (self.y - other.y) * math.cos(angle) - (self.x - other.x) * math.sin(angle)

    def beside(self, other: Line) -> float:
        """How far this lies along the other's direction."""
        angle = math.radians(other.angle)
        return (self.x - other.x) * math.cos(angle) + (self.y - other.y) * math.sin(angle)


def find_lines(text_map: Shares, width: int, height: int) -> list[Line]:
    """The bars of a text map of a picture that is `width` x `height`, longest first."""
    marked = cv2.dilate((text_map > _TEXT_SHARE).astype(np.uint8), np.ones((2, 2), np.uint8))
    across, down = width / text_map.shape[1], height / text_map.shape[0]
    outlines = cv2.findContours(marked, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]
    lines = (_line(cv2.minAreaRect(outline), across, down) for outline in outlines)
    return sorted((line for line in lines if line is not None), key=lambda line: -line.length)[:MOST_LINES]


def _line(bar: tuple[Sequence[float], Sequence[float], float], across: float, down: float) -> Line | None:
    (x, y), (long, thin), angle = bar
    if long < thin:
        long, thin, angle = thin, long, angle + 90
    if thin < _THINNEST_PX or long < _LEAST_ASPECT * thin:
        return None
    grown = _GROWTH * long * thin / (long + thin)
    turned = math.radians(angle)
    dx, dy = math.cos(turned) * across, math.sin(turned) * down
    stretch, thickness = math.hypot(dx, dy), math.hypot(math.sin(turned) * across, math.cos(turned) * down)
    direction = (math.degrees(math.atan2(dy, dx)) + _SEAM_DEGREES) % 180 - _SEAM_DEGREES
    return Line(
        x=x * across, y=y * down, length=(long + grown) * stretch, height=(thin + grown) * thickness, angle=direction
    )


def cut(picture: Colour, line: Line, *, upside_down: bool = False) -> Colour:
    """The line, upright."""
    size = max(1, round(line.length)), max(1, round(line.height))
    corners = line.corners[[2, 3, 0, 1]] if upside_down else line.corners
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    turn = cv2.getPerspectiveTransform(corners, target)
    upright = cv2.warpPerspective(picture, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return upright.astype(np.uint8, copy=False)


def is_whole(line: Line) -> bool:
    """As long and thin as a whole line of a zone."""
    return line.length / line.height >= _ZONE_ASPECT


def neighbours(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    """Groups of two and three that lie below each other like the lines of a zone, top first; the likeliest first.

    Last come pairs of which one line was found in part only: a run of fillers does not always look like text.
    """
    yield from _groups(combinations(lines, 2))
    pieces = (
        (whole, _completed(piece, whole)) for whole in lines[:_WHOLE_LINES] for piece in lines if piece is not whole
    )
    yield from _groups(pieces)


def _groups(couples: Iterable[tuple[Line, Line]]) -> Iterator[tuple[Line, ...]]:
    pairs = sorted((pair for pair in map(_pair, couples) if pair is not None), key=lambda pair: pair[0])
    for _, upper, lower in pairs:
        third = next((last for _, middle, last in pairs if middle is lower), None)
        if third is not None:
            yield (upper, lower, third)
        yield (upper, lower)


def _completed(piece: Line, whole: Line) -> Line:
    """A piece of a line as long as the whole line that it is parallel to, or as it is when it is no such piece."""
    turned = abs((piece.angle - whole.angle + 90) % 180 - 90)
    if turned > _SAME_DIRECTION_DEGREES or abs(piece.beside(whole)) + piece.length / 2 > whole.length * _OVERHANG:
        return piece
    angle, gap = math.radians(whole.angle), piece.below(whole)
    x, y = whole.x - gap * math.sin(angle), whole.y + gap * math.cos(angle)
    return replace(whole, x=x, y=y)


def _pair(both: tuple[Line, Line]) -> tuple[float, Line, Line] | None:
    """Two lines as upper and lower with how unlike a zone they are; None when they are no pair."""
    line, other = both
    gap = other.below(line)
    upper, lower = (line, other) if gap > 0 else (other, line)
    height = (line.height + other.height) / 2
    turned = abs((line.angle - other.angle + 90) % 180 - 90)
    shift = abs(lower.beside(upper)) / upper.length
    alike = min(line.length, other.length) / max(line.length, other.length)
    if turned > _SAME_DIRECTION_DEGREES or alike < _SAME_LENGTH or shift > _FARTHEST_SHIFT:
        return None
    if min(line.length / line.height, other.length / other.height) < _ZONE_ASPECT:
        return None
    if not _NEAREST_HEIGHTS * height < abs(gap) < _FARTHEST_HEIGHTS * height:
        return None
    return (1 - alike) * 2 + shift + abs(gap) / height / 20 - upper.length / height / 40, upper, lower
