"""Reading the barcode of a North American driver's licence: PDF417, by zxing-cpp, however the card lies."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from ostiary.adapters.reader.models import Colour
from ostiary.domain.machine_readable.aamva import parse_aamva
from ostiary.domain.machine_readable.zone import Zone

MOST_BARCODES = 4
"""A licence has one; some jurisdictions print a second one of another kind beside it."""
NEARBY_DEGREES = (0, 3, -3)
"""A symbol of stacked rows is read up to some two degrees askew; perspective turns its two ends by some more."""
ENLARGED, MOST_TURNED_PX = 1.5, 2_600
"""Turning blurs the narrowest bars, so they are made wider first; a large picture (longer side) smaller."""
DIRECTION_PX, DIRECTION_STEPS = 800, 180
"""The longer side while edges are counted, and how many directions in a quarter turn are told apart."""


def read_barcode(picture: Colour) -> Zone | None:
    """What the first barcode with AAMVA's elements says."""
    import zxingcpp

    wanted = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.PDF417])
    for view in _views(picture):
        for one in zxingcpp.read_barcodes(view, formats=wanted)[:MOST_BARCODES]:
            zone = parse_aamva(one.text)
            if zone is not None:
                return zone
    return None


def _views(picture: Colour) -> Iterator[Colour]:
    """The picture as it is, then turned upright along the direction that most of its edges run in."""
    yield picture
    scale = min(1.0, MOST_TURNED_PX / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    tilt = _tilt(grey)
    for more in NEARBY_DEGREES:
        yield _turned(grey, tilt + more)


def _tilt(grey: Colour) -> float:
    """The angle of most edges to the frame, -45 to 45 degrees: bars, rows, lines and the card's rim agree on it."""
    scale = min(1.0, DIRECTION_PX / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    across, down = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
    strength, angle = cv2.cartToPolar(across, down, angleInDegrees=True)
    counted, _ = np.histogram(angle % 90, bins=DIRECTION_STEPS, range=(0, 90), weights=strength)
    around = sum(np.roll(counted, shift) for shift in range(-2, 3))
    degrees = (int(np.argmax(around)) + 0.5) * 90 / DIRECTION_STEPS
    return degrees if degrees <= 45 else degrees - 90


def _turned(grey: Colour, degrees: float) -> Colour:
    """The whole picture, on a canvas that its corners still fit on: a barcode often runs along an edge."""
    height, width = grey.shape
    scale = max(1.0, min(ENLARGED, MOST_TURNED_PX / max(height, width)))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    wide, high = int(height * sin + width * cos), int(height * cos + width * sin)
    turn[:, 2] += ((wide - width) / 2, (high - height) / 2)
    return cv2.warpAffine(grey, turn, (wide, high), borderMode=cv2.BORDER_REPLICATE).astype(np.uint8, copy=False)
