"""The pages of any file that is taken, as pictures. For an isolated process only: hostile files may end it.

A PDF has up to two pages, everything else one. Sizes are checked before anything is decoded; what decoding itself may
cost is bounded by the limits of the process.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from ostiary.adapters.pages import pdf
from ostiary.adapters.pages.answer import LONGEST_SIDE_PX
from ostiary.adapters.pictures import bmp, heic, jpeg, png, webp
from ostiary.adapters.pictures.colours import flattened
from ostiary.adapters.pictures.outline import DamagedError, Outline
from ostiary.adapters.pictures.types import media_type_of
from ostiary.domain.documents.pictures import PictureLimits

if TYPE_CHECKING:
    from PIL.Image import Image

_ORIENTATION = 0x0112
"""EXIF's tag for how a camera was held: 1 to 8, 1 for upright."""
FAULTS = (
    DamagedError, OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, RuntimeError,
    struct.error, zlib.error,
)  # fmt: skip
"""All that the decoders raise at damaged files."""


class PageRefused(Exception):
    """The file cannot be opened; `too_costly`: it may be whole, but opening it takes more than is spent."""

    def __init__(self, too_costly: bool = False) -> None:
        super().__init__("too costly to open" if too_costly else "not a picture that can be opened")
        self.too_costly = too_costly


def pages(content: bytes, limits: PictureLimits | None = None) -> Iterator[Image]:
    """RGB pictures, upright as far as the file says how it was held, no side longer than `LONGEST_SIDE_PX`.

    Raises PageRefused, and nothing else, for what the bytes hold; MemoryError is one too.
    """
    limits = limits or PictureLimits()
    if len(content) > limits.max_bytes:
        raise PageRefused(too_costly=True)
    decode = _DECODERS.get(media_type_of(content) or "")
    if decode is None:
        raise PageRefused
    try:
        yield from decode(content, limits)
    except MemoryError:
        raise PageRefused(too_costly=True) from None
    except FAULTS:
        raise PageRefused from None


def _pdf(content: bytes, _limits: PictureLimits) -> Iterator[Image]:
    yield from pdf.pages(content, "RGB")


def _heic(content: bytes, limits: PictureLimits) -> Iterator[Image]:
    picture = heic.HeicPicture(content)
    yield picture.decode("RGB", _shrink(picture.outline, limits))


def _jpeg(content: bytes, limits: PictureLimits) -> Iterator[Image]:
    """The decoder makes it smaller by itself; as many cameras do, the rotation stands in EXIF."""
    from PIL.JpegImagePlugin import JpegImageFile

    outline = jpeg.outline(content)
    shrink = _shrink(outline, limits)
    with warnings.catch_warnings(action="ignore"):  # of EXIF that is damaged
        picture = JpegImageFile(BytesIO(content))
        picture.decodermaxblock = len(content)  # one call into the decoder, not one for every 64 kB
        picture.draft("RGB", (outline.width_px // shrink, outline.height_px // shrink))
        upright = _upright(flattened(picture, "RGB"), picture)
    yield upright


def _png(content: bytes, limits: PictureLimits) -> Iterator[Image]:
    """No camera writes PNG, and its texts may unpack to anything: there is no rotation to be looked for."""
    shrink = _shrink(png.outline(content), limits)
    yield flattened(png.decode(content, 1), "RGB", shrink)


def _bmp(content: bytes, limits: PictureLimits) -> Iterator[Image]:
    shrink = _shrink(bmp.outline(content), limits)
    yield flattened(bmp.decode(content, 1), "RGB", shrink)


def _webp(content: bytes, limits: PictureLimits) -> Iterator[Image]:
    shrink = _shrink(webp.outline(content), limits)
    with warnings.catch_warnings(action="ignore"):
        picture = webp.decode(content, 1)
        upright = _upright(flattened(picture, "RGB", shrink), picture)
    yield upright


def _shrink(outline: Outline, limits: PictureLimits) -> int:
    """1, 2, 4 and so on: by how much it must be made smaller. Raises PageRefused for what is not to be decoded."""
    if outline.too_costly or outline.width_px * outline.height_px > limits.max_pixels:
        raise PageRefused(too_costly=True)
    longest, shrink = max(outline.width_px, outline.height_px), 1
    while -(-longest // shrink) > LONGEST_SIDE_PX:
        shrink *= 2
    return shrink


def _upright(picture: Image, stored: Image) -> Image:
    """Turned as EXIF says; damaged EXIF says nothing."""
    from PIL import Image as Images

    turns = Images.Transpose
    how = {
        2: turns.FLIP_LEFT_RIGHT,
        3: turns.ROTATE_180,
        4: turns.FLIP_TOP_BOTTOM,
        5: turns.TRANSPOSE,
        6: turns.ROTATE_270,
        7: turns.TRANSVERSE,
        8: turns.ROTATE_90,
    }
    try:
        turn = how.get(stored.getexif().get(_ORIENTATION, 1))
    except FAULTS:
        return picture
    return picture if turn is None else picture.transpose(turn)


_DECODERS = {
    "application/pdf": _pdf,
    "image/heic": _heic,
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/bmp": _bmp,
}
