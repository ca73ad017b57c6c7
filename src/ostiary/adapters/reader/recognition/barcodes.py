"""Reading the PDF417 barcodes of licences and identity cards, and seals on paper, by zxing-cpp, however they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ostiary.adapters.reader.recognition.models import Colour
from ostiary.domain.mrz.aamva import parse_aamva
from ostiary.domain.mrz.national_barcodes import parse_cedula, parse_dni
from ostiary.domain.mrz.zone import Zone
from ostiary.domain.seals.two_d_doc import MOST_SEAL_CHARACTERS, looks_like_seal

Points = npt.NDArray[np.float64]
_PARSERS: tuple[Callable[[str], Zone | None], ...] = (parse_aamva, parse_dni, parse_cedula)
"""A barcode is told by what it holds."""
MOST_BARCODES = 4
"""A licence has one; some jurisdictions print a second one of another kind beside it."""
DOUBLED_BELOW_PX = 1_600
"""Longer side of a picture whose narrowest bars may be under two pixels wide: it is looked at in twice the size too."""
MOST_SLANT_DEGREES = 1.5
"""Between upper and lower edge of a symbol whose corners are believed: askew by 2 degrees it is as much already."""
NEARBY_DEGREES = (0, 3, -3)
"""On a photo a symbol of stacked rows is read up to some two degrees askew (a drawn one up to five); perspective turns
its two ends by some more."""
ENLARGED, MOST_TURNED_PX = 1.5, 2_600
"""Turning blurs the narrowest bars, so they are made wider first; a large picture (longer side) smaller."""
DIRECTION_PX, DIRECTION_STEPS = 800, 180
"""The longer side while edges are counted, and how many directions in a quarter turn are told apart."""


@dataclass(frozen=True, slots=True)
class FoundBarcode:
    """A barcode as read, and its corners in the picture's pixels: top left, top right, bottom right, bottom left for
    who reads it."""

    zone: Zone
    corners: Points


@dataclass(frozen=True, slots=True)
class FoundSeal:
    """The text of a seal, and its corners as those of a barcode."""

    text: str
    corners: Points


@dataclass(frozen=True, slots=True)
class _View:
    """A picture to look for barcodes on. `back` takes its pixels to those of the whole picture: two rows of three."""

    grey: Colour
    back: Points = field(default_factory=lambda: np.eye(2, 3))


def read_barcode(picture: Colour) -> FoundBarcode | None:
    """What the first barcode of a known form says. `picture` is rows x columns x 3, blue first."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    for view in _views(grey):
        barcode = _read(view)
        if barcode is not None:
            return barcode if _slant(barcode.corners) <= MOST_SLANT_DEGREES else _upright(grey, barcode)
    return None


def read_seal(picture: Colour) -> FoundSeal | None:
    """The first DataMatrix that begins as a seal does: what it says is for others."""
    import zxingcpp

    wanted = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.DataMatrix])
    for view in _views(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)):
        for barcode in zxingcpp.read_barcodes(view.grey, formats=wanted)[:MOST_BARCODES]:
            text = _text(barcode.bytes)
            if looks_like_seal(text) and len(text) <= MOST_SEAL_CHARACTERS:
                return FoundSeal(text, _corners(barcode.position, view))
    return None


def _read(view: _View) -> FoundBarcode | None:
    import zxingcpp

    wanted = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.PDF417])
    for barcode in zxingcpp.read_barcodes(view.grey, formats=wanted)[:MOST_BARCODES]:
        text = _text(barcode.bytes)
        zone = next((parsed for parse in _PARSERS if (parsed := parse(text))), None)
        if zone is not None:
            return FoundBarcode(zone, _corners(barcode.position, view))
    return None


def _upright(grey: Colour, askew: FoundBarcode) -> FoundBarcode:
    """The same barcode with the corners of a picture that was turned upright, if it is read there too and they are
    better: of one that lies askew zxing-cpp names corners that are not the symbol's."""
    upright = next((barcode for view in _turned_views(grey) if (barcode := _read(view))), askew)
    is_better = upright.zone == askew.zone and _slant(upright.corners) < _slant(askew.corners)
    return upright if is_better else askew


def _slant(corners: Points) -> float:
    """Degrees between the upper and the lower edge, which are parallel in a symbol that is seen from the front."""
    above, below = corners[1] - corners[0], corners[2] - corners[3]
    return abs(float(np.degrees(np.arctan2(above[0] * below[1] - above[1] * below[0], above @ below))))


def _corners(position: Any, view: _View) -> Points:
    """Of what zxing-cpp found on a view, in the whole picture's pixels."""
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([(corner.x, corner.y, 1) for corner in corners], np.float64) @ view.back.T


def _text(content: bytes) -> str:
    """Issuers name no character set; ISO 8859-1 is the symbol's own (ISO/IEC 15438) and has a letter for every byte.
    zxing-cpp's own text is a guess by the bytes, which takes NÚÑEZ for Shift_JIS."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("iso-8859-1")


def _views(grey: Colour) -> Iterator[_View]:
    """The picture as it is, a small one in twice its size, then turned upright along the direction that most of its
    edges run in. zxing-cpp itself looks along all four sides."""
    yield _View(grey)
    if max(grey.shape) < DOUBLED_BELOW_PX:
        doubled = np.asarray(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
        yield _View(doubled, np.eye(2, 3) / 2)
    yield from _turned_views(grey)


def _turned_views(grey: Colour) -> Iterator[_View]:
    scale = min(1.0, MOST_TURNED_PX / max(grey.shape))
    if scale < 1:
        grey = _smaller(grey, scale)
    tilt = _tilt(grey)
    for more in NEARBY_DEGREES:
        turned = _turned(grey, tilt + more)
        yield _View(turned.grey, turned.back / scale)


def _smaller(grey: Colour, scale: float) -> Colour:
    """The picture made smaller; a strip that is a pixel or two high keeps at least one."""
    height, width = grey.shape
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _tilt(grey: Colour) -> float:
    """The angle of most edges to the frame, -45 to 45 degrees: bars, rows, lines and the card's rim agree on it."""
    scale = min(1.0, DIRECTION_PX / max(grey.shape))
    small = _smaller(grey, scale)
    across, down = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
    strength, angle = cv2.cartToPolar(across, down, angleInDegrees=True)
    counted, _ = np.histogram(angle % 90, bins=DIRECTION_STEPS, range=(0, 90), weights=strength)
    around = sum(np.roll(counted, shift) for shift in range(-2, 3))
    degrees = (int(np.argmax(around)) + 0.5) * 90 / DIRECTION_STEPS
    return degrees if degrees <= 45 else degrees - 90


def _turned(grey: Colour, degrees: float) -> _View:
    """The whole picture, on a canvas that its corners still fit on: a barcode often runs along an edge."""
    height, width = grey.shape
    scale = max(1.0, min(ENLARGED, MOST_TURNED_PX / max(height, width)))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    wide, high = int(height * sin + width * cos), int(height * cos + width * sin)
    turn[:, 2] += ((wide - width) / 2, (high - height) / 2)
    turned = cv2.warpAffine(grey, turn, (wide, high), borderMode=cv2.BORDER_REPLICATE).astype(np.uint8, copy=False)
    return _View(turned, np.asarray(cv2.invertAffineTransform(turn), np.float64))
