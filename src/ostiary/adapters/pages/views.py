"""PDF and HEIC as pictures that every viewer shows, for people who review: opened in a process of their own."""

from __future__ import annotations

from io import BytesIO
from struct import Struct

from ostiary.adapters.isolation.process import run_isolated
from ostiary.adapters.pages.open_page import is_available

SIZE = Struct("<II")
"""Width and height of a page, before its pixels of three bytes, row by row."""
WAIT_S = 25.0
MOST_ANSWERED_BYTES = 60_000_000
"""Two pages, whose longer side has `decoder.LONGEST_SIDE_PX`."""
JPEG_QUALITY, JPEG_MOST_PX = 92, 65_500
"""The second is the longest side that libjpeg writes."""
_MODULE = "ostiary.adapters.pages.view_child"


def page_views(content: bytes) -> tuple[bytes, ...]:
    """JPEG pictures of the pages of a PDF (two at most) or of a HEIC; none for what cannot be opened, or where the
    libraries are not installed. Blocks: call it in a thread. Raises OSError when no process can be started."""
    if not is_available():
        return ()
    return tuple(_jpegs(run_isolated(_MODULE, (), content, WAIT_S, MOST_ANSWERED_BYTES).answer))


def _jpegs(answer: bytes) -> list[bytes]:
    """What a process says that hostile bytes may have taken over is believed only where it adds up."""
    from PIL import Image

    views, at = [], 0
    while len(answer) - at >= SIZE.size:
        width, height = SIZE.unpack_from(answer, at)
        at += SIZE.size
        pixels = answer[at : at + width * height * 3]
        if not pixels or len(pixels) < width * height * 3 or max(width, height) > JPEG_MOST_PX:
            break
        at += len(pixels)
        out = BytesIO()
        Image.frombytes("RGB", (width, height), pixels).save(out, "JPEG", quality=JPEG_QUALITY)
        views.append(out.getvalue())
    return views
