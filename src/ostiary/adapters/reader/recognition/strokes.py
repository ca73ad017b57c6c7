"""What the strokes in a bar of text tell before anything is recognised: how high the letters are, and whether they
stand in one pitch as in a machine-readable zone. A millisecond each, where recognising a line takes fifty.
"""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
from numpy.fft import rfft  # NumPy loads it when first used, which is too late in an enclosed process

from ostiary.adapters.pictures.measures import Grey
from ostiary.adapters.reader.recognition.lines import Line

LETTERS_SHARE = 0.58
"""Of a bar's height, what letters take where the recogniser reads them best."""
PITCH_LEAST = 5.0
"""How much the strongest period stands out. Lines of published zones have 9 and more; of other print three in five have
less."""
_ROWS, _MOST_COLUMNS, _COLUMNS_PER_HEIGHT = 48, 720, 24
_STROKES_FROM = 0.4
"""Of the way from the emptiest row to the fullest: from here a row belongs to the letters."""
_LEAST_SHARE, _MOST_SHARE, _CONTRAST_LEAST = 0.2, 0.75, 1.3
"""Otherwise what was found is no line of letters with room around it, and the bar stays as it is."""
_PITCH_ROWS, _PITCH_COLUMNS, _BACKGROUND_COLUMNS = 24, 1_024, 61
_FEWEST, _MOST = 27, 52
"""Letters along a bar: thirty to forty-four, with some room at its ends."""
_LOWEST, _HIGHEST = 15, 70
"""Periods along a bar of which the usual strength is taken."""


def tightened(grey: Grey, line: Line) -> Line:
    """The line with its letters' height and middle: bars of a coarse map have much room, which makes letters small."""
    columns = min(_MOST_COLUMNS, max(_ROWS, round(_COLUMNS_PER_HEIGHT * line.length / line.height)))
    bar = _bar(grey, line, columns, _ROWS)
    across = np.abs(cv2.Sobel(bar, cv2.CV_32F, 1, 0))
    rows = np.minimum(across, np.percentile(across, 97)).mean(axis=1)
    inner = slice(_ROWS // 4, -_ROWS // 4)
    emptiest, fullest = float(rows.min()), float(rows[inner].max())
    if fullest < _CONTRAST_LEAST * emptiest:
        return line
    empty = np.flatnonzero(rows <= emptiest + _STROKES_FROM * (fullest - emptiest))
    middle = int(rows[inner].argmax()) + _ROWS // 4
    top = int(empty[empty < middle].max(initial=-1)) + 1
    bottom = int(empty[empty > middle].min(initial=_ROWS))
    share = (bottom - top) / _ROWS
    if not _LEAST_SHARE < share < _MOST_SHARE:
        return line
    down = ((top + bottom) / 2 / _ROWS - 0.5) * line.height
    turned = math.radians(line.angle)
    height = line.height * min(1.0, share / LETTERS_SHARE)
    return replace(line, x=line.x - down * math.sin(turned), y=line.y + down * math.cos(turned), height=height)


def pitch(grey: Grey, line: Line) -> float:
    """How strongly strokes repeat at one distance, as lines of 27 to 52 letters of one width do: the strongest such
    period over the usual one."""
    bar = _bar(grey, line, _PITCH_COLUMNS, _PITCH_ROWS).astype(np.float32)
    ink = np.maximum(cv2.blur(bar, (_BACKGROUND_COLUMNS, _PITCH_ROWS)) - bar, 0).mean(axis=0)
    spectrum = np.abs(rfft((ink - ink.mean()) * np.hanning(_PITCH_COLUMNS), 2 * _PITCH_COLUMNS))
    usual = float(np.median(spectrum[2 * _LOWEST : 2 * _HIGHEST]))
    return float(spectrum[2 * _FEWEST : 2 * _MOST].max()) / max(usual, 1e-6)


def _bar(grey: Grey, line: Line, columns: int, rows: int) -> npt.NDArray[np.uint8]:
    """The bar upright, in so many columns and rows, from a picture no finer than that needs."""
    shrink = max(1, int(line.height / rows))
    left, top = np.floor(line.corners.min(axis=0)).astype(int).clip(0) - 1
    right, bottom = np.ceil(line.corners.max(axis=0)).astype(int) + 2
    left, top = max(0, int(left)), max(0, int(top))
    place = np.ascontiguousarray(grey[top:bottom, left:right])
    if not place.size:
        return np.zeros((rows, columns), np.uint8)
    corners = line.corners - np.array([left, top], np.float32)
    if shrink > 1:
        place = np.asarray(cv2.resize(place, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA))
        corners = corners / shrink
    target = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    turn = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    upright = cv2.warpPerspective(place, turn, (columns, rows), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(upright, np.uint8)
