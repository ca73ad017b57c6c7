"""Probing a picture: what it really is, how large, whether whole, and how well it was taken.

Everything is bounded before it is begun: the header is read first, and what would cost too much is not decoded.
A picture is judged in grey at the judging scale: the smallest of 1, 1/2, 1/4, 1/8 at which it still has
`JUDGED_PX_LEAST` pixels; smaller pictures as they are. PDF and HEIC are opened in a process of their own. The
expensive pieces (hash, check sums, decoding, measuring) release the interpreter's lock: call it in a thread.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from ostiary.adapters import jpeg_pictures, png_pictures, webp_pictures
from ostiary.adapters.page_pictures import first_page
from ostiary.adapters.picture_colours import flattened, judging_shrink
from ostiary.adapters.picture_outline import DamagedError, Outline
from ostiary.adapters.picture_types import media_type_of
from ostiary.domain.pictures import DOCUMENT_TYPES, PictureFindings, PictureLimits

if TYPE_CHECKING:
    from PIL.Image import Image

    from ostiary.adapters.picture_measures import Grey

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
    """What can be said of these bytes. Never raises for what they hold; decodes nothing that is over the limits.

    Raises Unavailable when a PDF or HEIC is to be opened and no process can be started.
    """
    content = bytes(content)  # no copy where they are bytes already
    found = PictureFindings(media_type_of(content), len(content), sha256(content).digest())
    if found.media_type not in limits.media_types:
        return found
    if found.media_type in DOCUMENT_TYPES:
        return _paged(found, content, limits)
    if found.media_type not in _FORMATS:
        return found
    read_outline, decode = _FORMATS[found.media_type]
    try:
        outline = read_outline(content)
        found = replace(found, width_px=outline.width_px, height_px=outline.height_px, too_costly=outline.too_costly)
        pixels = outline.width_px * outline.height_px
        if len(content) > limits.max_bytes or pixels > limits.max_pixels or outline.too_costly:
            return found
        shrink = judging_shrink(outline.width_px, outline.height_px)
        return _measured(found, _grey(decode(content, shrink), (outline.width_px, outline.height_px), shrink))
    except _DECODING_FAULTS:
        return found


def _paged(found: PictureFindings, content: bytes, limits: PictureLimits) -> PictureFindings:
    """A PDF or HEIC, opened in another process."""
    if len(content) > limits.max_bytes:
        return found
    page = first_page(content, limits.max_pixels)
    found = replace(found, width_px=page.width_px, height_px=page.height_px, too_costly=page.too_costly)
    if not page.grey:
        return found
    import numpy

    grey = numpy.frombuffer(page.grey, numpy.uint8).reshape(page.grey_height_px, page.grey_width_px)
    return _measured(found, grey)


def _grey(picture: Image, size: tuple[int | None, int | None], shrink: int) -> Grey:
    """At the judging scale. `size` is the picture's as stored: a JPEG comes at that scale already."""
    import numpy

    still = shrink if picture.size == size else 1
    ready = still == 1 and picture.mode == "L" and "transparency" not in picture.info
    return numpy.asarray(picture if ready else flattened(picture, "L", still))


def _measured(found: PictureFindings, grey: Grey) -> PictureFindings:
    from ostiary.adapters.picture_measures import measure

    measures = measure(grey)
    return replace(
        found,
        readable=True,
        sharpness=measures.sharpness,
        brightness=measures.brightness,
        overexposed=measures.overexposed,
    )
