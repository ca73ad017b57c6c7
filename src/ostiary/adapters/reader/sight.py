"""What explains that a zone was not found or not read: blur, glare and too few pixels, measured where it lies."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ostiary.adapters.picture_measures import measure
from ostiary.adapters.reader.lines import Line
from ostiary.adapters.reader.models import Colour
from ostiary.domain.readings import Seen

_JUDGED_WIDTH_PX = 1_000
"""The width that sharpness thresholds speak of."""
_BURNT = 250
"""Grey level from which nothing can be told apart."""
_SPECK = 9
"""Pixels; burnt places smaller than this are paper's shine and print's gaps, not glare."""
_MARGIN_HEIGHTS = 0.5
_BAR_TO_TEXT = 0.6
"""A bar is cut with room around the letters."""


def seen_in(picture: Colour) -> Seen:
    """Of a whole picture."""
    grey = _judged(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_BGR2GRAY))
    return Seen(measure(grey).sharpness, _glare(grey))


def seen_at(picture: Colour, lines: Sequence[Line]) -> Seen:
    """Of the rectangle around a zone's lines."""
    corners = np.concatenate([one.corners for one in lines])
    margin = _MARGIN_HEIGHTS * max(one.height for one in lines)
    left, top = np.floor(corners.min(axis=0) - margin).astype(int).clip(0)
    right, bottom = np.ceil(corners.max(axis=0) + margin).astype(int)
    place = np.ascontiguousarray(picture[top:bottom, left:right])
    if not place.size:
        return Seen()
    scale = min(1.0, _JUDGED_WIDTH_PX / max(picture.shape[:2]))
    grey = _scaled(cv2.cvtColor(place, cv2.COLOR_BGR2GRAY), scale)
    text_px = float(np.median([one.height for one in lines])) * _BAR_TO_TEXT
    return Seen(measure(grey).sharpness, _glare(grey), round(text_px, 1))


def _judged(grey: np.ndarray) -> np.ndarray:
    return _scaled(grey, min(1.0, _JUDGED_WIDTH_PX / max(grey.shape)))


def _scaled(grey: np.ndarray, scale: float) -> np.ndarray:
    if scale == 1.0:
        return grey
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)


def _glare(grey: np.ndarray) -> float:
    burnt = (grey >= _BURNT).astype(np.uint8)
    return float(cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((_SPECK, _SPECK), np.uint8)).mean())
