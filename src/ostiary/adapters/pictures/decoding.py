"""Decoding one JPEG, PNG, WEBP or BMP and measuring it: the part that works on hostile bytes with libraries in C."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from ostiary.adapters.pictures import bmp, jpeg, png, webp
from ostiary.adapters.pictures.colours import flattened, judging_shrink
from ostiary.adapters.pictures.outline import DamagedError, Outline

if TYPE_CHECKING:
    from PIL.Image import Image

    from ostiary.adapters.pictures.intake_answer import Measures
    from ostiary.adapters.pictures.measures import Grey

DECODING_FAULTS = (
    DamagedError, OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, struct.error,
    zlib.error,
)  # fmt: skip
"""All that Pillow raises at damaged files; what it never raises, such as MemoryError, is no judgement of a picture."""
FORMATS: dict[str, tuple[Callable[[bytes], Outline], Callable[[bytes, int], Image]]] = {
    "image/jpeg": (jpeg.outline, jpeg.decode),
    "image/png": (png.outline, png.decode),
    "image/webp": (webp.outline, webp.decode),
    "image/bmp": (bmp.outline, bmp.decode),
}


def measured(media_type: str, content: bytes, width_px: int, height_px: int) -> Measures:
    """Decodes it, whatever that costs: who calls has looked at its header. Raises one of `DECODING_FAULTS` for what the
    bytes hold."""
    from ostiary.adapters.pictures.measures import measure

    shrink = judging_shrink(width_px, height_px)
    _, decode = FORMATS[media_type]
    return measure(_grey(decode(content, shrink), (width_px, height_px), shrink))


def _grey(picture: Image, size: tuple[int, int], shrink: int) -> Grey:
    """At the judging scale. `size` is the picture's as stored: a JPEG comes at that scale already."""
    import numpy

    still = shrink if picture.size == size else 1
    ready = still == 1 and picture.mode == "L" and "transparency" not in picture.info
    return numpy.asarray(picture if ready else flattened(picture, "L", still))
