"""Measures why a zone was not found or not read: blur, glare and too few pixels, at the place where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ostiary.adapters.pictures.measures import Grey, measure
from ostiary.adapters.reader.recognition.lines import Line
from ostiary.adapters.reader.recognition.models import Colour
from ostiary.domain.documents.reading import PictureQuality

_JUDGED_WIDTH_PX = 1_000
"""The width that sharpness thresholds speak of."""
_BURNT = 250
"""Grey level from which nothing can be told apart."""
_SPECK = 9
"""Pixels; burnt places smaller than this are paper's shine and print's gaps, not glare."""
_SMALLEST_SPOT, _MOST_SPOTS = 0.003, 200
"""Share of the picture, and how many are looked at."""
_RING_PX, _STILL_BRIGHT, _FADING_LEAST = 10, 200, 0.72
"""Around a lamp's reflection 0.73 to 1.0 of the ring is above this grey level, at the edges of white paper and of
fields on published specimens mostly 0.4 to 0.68."""
_MARGIN_HEIGHTS = 0.5
_BAR_TO_TEXT = 0.6
"""A bar is cut with room around the letters."""


def seen_in(picture: Colour) -> PictureQuality:
    """The quality of a whole picture."""
    grey = _scaled(picture, min(1.0, _JUDGED_WIDTH_PX / max(picture.shape[:2])))
    light = _light(grey)
    return PictureQuality(measure(grey).sharpness, light.glare, light.white)


def seen_at(picture: Colour, lines: Sequence[Line]) -> PictureQuality:
    """The quality of the rectangle around a zone's lines."""
    corners = np.concatenate([line.corners for line in lines])
    margin = _MARGIN_HEIGHTS * max(line.height for line in lines)
    left, top = np.floor(corners.min(axis=0) - margin).astype(int).clip(0)
    right, bottom = np.ceil(corners.max(axis=0) + margin).astype(int)
    place = np.ascontiguousarray(picture[top:bottom, left:right])
    if not place.size:
        return PictureQuality()
    scale = min(1.0, _JUDGED_WIDTH_PX / max(picture.shape[:2]))
    grey = _scaled(place, scale)
    light = _light(grey)
    text_px = float(np.median([line.height for line in lines])) * _BAR_TO_TEXT
    return PictureQuality(measure(grey).sharpness, light.glare, light.white, round(text_px, 1))


def _scaled(picture: Colour, scale: float) -> Grey:
    """The picture in grey, made smaller by a factor of at most 1."""
    grey = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_BGR2GRAY)
    if scale < 1.0:
        size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return grey.astype(np.uint8, copy=False)


@dataclass(frozen=True, slots=True)
class _Light:
    """Shares of a picture: burnt out or blank, and the part of it with fading edges."""

    white: float
    glare: float


def _light(grey: Grey) -> _Light:
    """White paper ends at print and at its own edge, sharply; a reflection fades into what it lies on."""
    burnt = cv2.morphologyEx((grey >= _BURNT).astype(np.uint8), cv2.MORPH_OPEN, np.ones((_SPECK, _SPECK), np.uint8))
    count, marks, boxes, _ = cv2.connectedComponentsWithStats(burnt)
    marked = np.asarray(marks, np.int32)
    spots = range(1, min(count, _MOST_SPOTS))
    areas = {spot: int(boxes[spot][cv2.CC_STAT_AREA]) for spot in spots}
    large = (spot for spot, area in areas.items() if area >= _SMALLEST_SPOT * grey.size)
    fading = sum(areas[spot] for spot in large if _fades(grey, marked, [int(edge) for edge in boxes[spot]], spot))
    return _Light(float(burnt.mean()), fading / grey.size)


def _fades(grey: Grey, marked: npt.NDArray[np.int32], box: Sequence[int], spot: int) -> bool:
    """Whether nearly all around a spot is still bright."""
    left, top, width, height = box[:4]
    around = np.s_[max(0, top - _RING_PX) : top + height + _RING_PX, max(0, left - _RING_PX) : left + width + _RING_PX]
    inside = (marked[around] == spot).astype(np.uint8)
    grown = cv2.dilate(inside, np.ones((2 * _RING_PX - 1, 2 * _RING_PX - 1), np.uint8))
    ring = grey[around][(grown > 0) & (inside == 0)]
    return bool(ring.size) and float((ring >= _STILL_BRIGHT).mean()) >= _FADING_LEAST
