"""Probing a picture: what it really is, how large, whether whole, and how well it was taken.

Everything is bounded before it is begun: the header is read first, and what would cost too much is not decoded.
A picture is judged in grey at the judging scale: the smallest of 1, 1/2, 1/4, 1/8 at which it still has
`JUDGED_PX_LEAST` pixels; smaller pictures as they are. The expensive pieces (hash, check sums, decoding, measuring)
release the interpreter's lock: call it in a thread.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from ostiary.adapters import jpeg_pictures, png_pictures, webp_pictures
from ostiary.adapters.picture_outline import DamagedError, Outline
from ostiary.adapters.picture_types import media_type_of
from ostiary.domain.pictures import PictureFindings, PictureLimits

if TYPE_CHECKING:
    from PIL.Image import Image

JUDGED_PX_LEAST = 480_000
"""So that a camera's 4000 x 3000 and 3840 x 2160 are judged at a quarter: print of a document that fills the picture
is then 10 to 20 px high, and a blur of 2 px there is what makes it unreadable."""
_STRIP_PX = 256
"""Height of the strips in which colours become grey, so that no second picture of full size is ever held."""
_DECODING_FAULTS = (
    DamagedError, OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, struct.error,
    zlib.error,
)  # fmt: skip
"""All that Pillow raises at damaged files; what it never raises, such as MemoryError, is no judgement of a picture."""
_FORMATS: dict[str, tuple[Callable[[bytes], Outline], Callable[[bytes, int], Image]]] = {
    "image/jpeg": (jpeg_pictures.outline, jpeg_pictures.decode),
    "image/png": (png_pictures.outline, png_pictures.decode),
    "image/webp": (webp_pictures.outline, webp_pictures.decode),
}


def probe(content: bytes | memoryview, limits: PictureLimits) -> PictureFindings:
    """What can be said of these bytes. Never raises for what they hold; decodes nothing that is over the limits."""
    content = bytes(content)  # no copy where they are bytes already
    found = PictureFindings(media_type_of(content), len(content), sha256(content).digest())
    if found.media_type not in _FORMATS or found.media_type not in limits.media_types:
        return found
    read_outline, decode = _FORMATS[found.media_type]
    try:
        outline = read_outline(content)
        found = replace(found, width_px=outline.width_px, height_px=outline.height_px, too_costly=outline.too_costly)
        pixels = outline.width_px * outline.height_px
        if len(content) > limits.max_bytes or pixels > limits.max_pixels or outline.too_costly:
            return found
        shrink = judging_shrink(outline.width_px, outline.height_px)
        return _measured(found, decode(content, shrink), shrink)
    except _DECODING_FAULTS:
        return found


def judging_shrink(width_px: int, height_px: int) -> int:
    """1, 2, 4 or 8: by how much a picture of this size is made smaller before it is judged."""
    return next((by for by in (8, 4, 2) if (width_px // by) * (height_px // by) >= JUDGED_PX_LEAST), 1)


def _measured(found: PictureFindings, picture: Image, shrink: int) -> PictureFindings:
    import numpy

    from ostiary.adapters.picture_measures import measure

    still = shrink if picture.size == (found.width_px, found.height_px) else 1  # a JPEG comes small already
    ready = still == 1 and picture.mode == "L" and "transparency" not in picture.info
    measures = measure(numpy.asarray(picture if ready else _grey(picture, still)))
    return replace(
        found,
        readable=True,
        sharpness=measures.sharpness,
        brightness=measures.brightness,
        overexposed=measures.overexposed,
    )


def _grey(picture: Image, shrink: int) -> Image:
    from PIL import Image as Images

    width, height = picture.size
    grey = Images.new("L", (-(-width // shrink), -(-height // shrink)))
    for top in range(0, height, _STRIP_PX):
        strip = _grey_strip(picture.crop((0, top, width, min(height, top + _STRIP_PX))))
        grey.paste(strip.reduce(shrink) if shrink > 1 else strip, (0, top // shrink))
    return grey


def _grey_strip(strip: Image) -> Image:
    """Sixteen bits become eight; what shines through is taken for white, as on paper."""
    from PIL import Image as Images

    if strip.mode.startswith("I"):
        import numpy

        return Images.fromarray((numpy.asarray(strip) >> 8).astype(numpy.uint8))
    if strip.mode in ("LA", "PA", "RGBA") or "transparency" in strip.info:
        paper = Images.new("RGBA", strip.size, "white")
        return Images.alpha_composite(paper, strip.convert("RGBA")).convert("L")
    return strip.convert("L")
