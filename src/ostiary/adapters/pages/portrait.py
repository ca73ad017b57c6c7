"""The portrait of a chip (DG2), decoded. For an isolated process only, as everything that a stranger made.

Passports have JPEG or JPEG 2000. Of both the size is read from where the decoder takes it, before it decodes: what says
that it is small there is small.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from ostiary.adapters.pages.answer import LONGEST_SIDE_PX
from ostiary.adapters.pages.portrait_file import CODESTREAM, DG2, JPEG, portrait_of
from ostiary.adapters.pictures import jpeg
from ostiary.adapters.pictures.colours import flattened
from ostiary.adapters.pictures.outline import DamagedError

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PORTRAIT_PIXELS = 4_000_000
"""Portraits have 413 x 531; ISO/IEC 19794-5 asks for no more than some 1,600 x 2,100 anywhere."""
MOST_TILES, MOST_COMPONENTS = 256, 4
"""Of a JPEG 2000: real ones are one tile of one or three components. Each costs the decoder memory of its own."""
_SIZES = slice(8, 40)
_SIZE_FIELDS = 8
_COMPONENTS = slice(40, 42)


def is_portrait(content: bytes) -> bool:
    """Whether it is a file of a chip, and no picture."""
    return content[:1] == bytes([DG2])


def portrait(content: bytes) -> Image:
    """In RGB. Raises ValueError (Malformed among them), DamagedError and whatever decoders raise."""
    picture = portrait_of(content)
    return _jpeg(picture) if picture.startswith(JPEG) else _jpeg_2000(picture)


def _jpeg(content: bytes) -> Image:
    from PIL.JpegImagePlugin import JpegImageFile

    outline = jpeg.outline(content)
    if outline.too_costly or outline.width_px * outline.height_px > MOST_PORTRAIT_PIXELS:
        raise DamagedError("too large for a portrait")
    with warnings.catch_warnings(action="ignore"):  # of EXIF that is damaged
        return flattened(JpegImageFile(BytesIO(content)), "RGB")


def _jpeg_2000(content: bytes) -> Image:
    from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

    at = content.find(CODESTREAM)
    _check_codestream(content[at : at + 42] if at >= 0 else b"")
    with warnings.catch_warnings(action="ignore"):
        opened = Jpeg2KImageFile(BytesIO(content))
        if opened.width * opened.height > MOST_PORTRAIT_PIXELS:
            raise DamagedError("too large for a portrait")
        return flattened(opened, "RGB")


def _check_codestream(start: bytes) -> None:
    """ISO/IEC 15444-1, A.5.1: where the picture and its tiles begin and end, and how many components it has."""
    if len(start) < _COMPONENTS.stop:
        raise DamagedError("no JPEG 2000")
    sizes = start[_SIZES]
    fields = [int.from_bytes(sizes[4 * at : 4 * at + 4], "big") for at in range(_SIZE_FIELDS)]
    width, height, left, top, tile_width, tile_height, tile_left, tile_top = fields
    components = int.from_bytes(start[_COMPONENTS], "big")
    if not (left < width and top < height and tile_width and tile_height and tile_left <= left and tile_top <= top):
        raise DamagedError("no size")
    tiles = -(-(width - tile_left) // tile_width) * -(-(height - tile_top) // tile_height)
    # the canvas counts, and not what of it is shown: the decoder makes room for tiles by it
    if width * height > MOST_PORTRAIT_PIXELS or tiles > MOST_TILES or not 0 < components <= MOST_COMPONENTS:
        raise DamagedError("too large for a portrait")
    if max(width, height) > LONGEST_SIDE_PX:
        raise DamagedError("too large for a portrait")
