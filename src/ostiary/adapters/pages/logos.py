"""Logos drawn anew: a caged process gives pixels, and what clients' browsers get is a PNG that is made of them here."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from io import BytesIO
from struct import Struct

from ostiary.adapters.isolation.process import run_isolated
from ostiary.adapters.pictures.types import media_type_of
from ostiary.domain.errors import Unavailable
from ostiary.domain.hosted.brand import LOGO_HEIGHT_PX, LOGO_WIDTH_PX

SIZE = Struct("<II")
"""Width and height, before the pixels of four bytes (red, green, blue, opacity), row by row."""
LOGO_TYPES = ("image/jpeg", "image/png", "image/webp")
MOST_PIXELS = 16_000_000
"""4,000 x 4,000: a drawing of that size fits 512 kB."""
WAIT_S = 15.0
RETRY_AFTER_S = 5
MOST_ANSWERED_BYTES = SIZE.size + LOGO_WIDTH_PX * LOGO_HEIGHT_PX * 4
_MODULE = "ostiary.adapters.pages.logo_child"


async def redrawn(pool: Executor, content: bytes) -> bytes | None:
    """A PNG of at most 512 x 256 px, of a PNG, JPEG or WEBP; None for what is none, or cannot be opened. Raises
    Unavailable."""
    return await asyncio.get_running_loop().run_in_executor(pool, redrawn_logo, content)


def redrawn_logo(content: bytes) -> bytes | None:
    """The same; blocks."""
    if media_type_of(content) not in LOGO_TYPES:
        return None
    try:
        ended = run_isolated(_MODULE, (), content, WAIT_S, MOST_ANSWERED_BYTES)
    except OSError as problem:
        raise _unavailable() from problem
    if ended.was_working:
        raise _unavailable()
    return png_of(ended.answer)


def png_of(answer: bytes) -> bytes | None:
    """What a process says that hostile bytes may have taken over is believed only where it adds up."""
    from PIL import Image

    if len(answer) < SIZE.size:
        return None
    width, height = SIZE.unpack_from(answer)
    is_kept = 1 <= width <= LOGO_WIDTH_PX and 1 <= height <= LOGO_HEIGHT_PX
    if not is_kept or len(answer) != SIZE.size + width * height * 4:
        return None
    out = BytesIO()
    Image.frombytes("RGBA", (width, height), answer[SIZE.size :]).save(out, "PNG", optimize=True)
    return out.getvalue()


def _unavailable() -> Unavailable:
    return Unavailable("The logo cannot be drawn right now; try again shortly.", retry_after_s=RETRY_AFTER_S)
