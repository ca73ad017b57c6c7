"""The process that opens one logo: bytes from its input, its pixels with what shines through to its output, and ends.

It makes it as small as it is kept. It has no settings, no database and no key.
"""

from __future__ import annotations

import os
import sys
import warnings
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING

from ostiary.adapters.isolation.confinement import answer_only, confine, enclose
from ostiary.adapters.pages.decoder import FAULTS
from ostiary.adapters.pages.logos import LOGO_TYPES, MOST_PIXELS, SIZE
from ostiary.adapters.pictures import jpeg, png, webp
from ostiary.adapters.pictures.outline import DamagedError
from ostiary.adapters.pictures.types import media_type_of
from ostiary.domain.hosted.brand import LOGO_HEIGHT_PX, LOGO_WIDTH_PX

if TYPE_CHECKING:
    from PIL.Image import Image

JPEG, PNG, WEBP = LOGO_TYPES
CPU_S = 3
ALARM_S = 30
"""On the wall: for when the service is gone that would have ended it sooner."""
MEMORY_BYTES = 300_000_000
"""A logo of `MOST_PIXELS` with four channels takes 64 MB, and is copied twice."""
_ON_THE_WAY = (
    "PIL.JpegImagePlugin", "PIL.PngImagePlugin", "PIL.WebPImagePlugin", "PIL.ImageColor", "PIL.ImageFile",
    "PIL.ImagePalette", "PIL.TiffImagePlugin", "linecache", "tracemalloc",
)  # fmt: skip
"""What Pillow imports only when it is about to use it, and then no longer can."""
_OUTLINES = {JPEG: jpeg.outline, PNG: png.outline, WEBP: webp.outline}


def main() -> None:
    confine(CPU_S, ALARM_S, MEMORY_BYTES)
    sink = answer_only()
    for module in _ON_THE_WAY:
        import_module(module)
    content = sys.stdin.buffer.read()
    enclose(threads=False)
    with suppress(MemoryError, *FAULTS), warnings.catch_warnings(action="ignore"):
        picture = _small(content)
        answer = memoryview(SIZE.pack(*picture.size) + picture.tobytes())
        while answer:
            answer = answer[os.write(sink, answer) :]
    os._exit(0)  # at once: what the decoders still hold need not be tidied up


def _small(content: bytes) -> Image:
    kind = media_type_of(content) or ""
    if kind not in LOGO_TYPES:
        raise DamagedError("no logo")
    outline = _OUTLINES[kind](content)
    if outline.too_costly or outline.width_px * outline.height_px > MOST_PIXELS:
        raise DamagedError("too large")
    picture = _decoded(kind, content).convert("RGBA")
    picture.thumbnail((LOGO_WIDTH_PX, LOGO_HEIGHT_PX))
    return picture


def _decoded(kind: str, content: bytes) -> Image:
    if kind == PNG:
        return png.decode(content, 1)
    if kind == WEBP:
        return webp.decode(content, 1)
    from PIL.JpegImagePlugin import JpegImageFile

    return JpegImageFile(BytesIO(content))


if __name__ == "__main__":
    main()
