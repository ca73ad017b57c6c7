"""Pictures of what was sent, as every viewer shows them, for people who review: drawn anew from pixels that a caged
process decoded. The bytes that a stranger made go to nobody's browser."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from struct import Struct
from typing import TYPE_CHECKING

from ostiary.adapters.isolation.process import run_isolated
from ostiary.adapters.pages.answer import LONGEST_SIDE_PX
from ostiary.adapters.pages.mark import marked
from ostiary.adapters.pages.open_page import is_available

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = Struct("<II")
"""Width and height of a page, before its pixels of three bytes, row by row."""
WAIT_S = 25.0
MOST_ANSWERED_BYTES = 60_000_000
"""Two pages, whose longer side has `LONGEST_SIDE_PX`."""
JPEG_QUALITY = 92
MODULE = "ostiary.adapters.pages.view_child"


def page_views(content: bytes) -> tuple[bytes, ...]:
    """JPEG pictures of the pages of a PDF (two at most) or of a HEIC; none for what cannot be opened, or where the
    libraries are not installed. Blocks: call it in a thread. Raises OSError when no process can be started."""
    if not is_available():
        return ()
    answer = run_isolated(MODULE, (), content, WAIT_S, MOST_ANSWERED_BYTES).answer
    return tuple(_jpeg(page) for page in _pages(answer))


def marked_view(answer: bytes, page: int, words: str) -> bytes | None:
    """A JPEG of the `page`th picture (from 1) that a process answered, with a mark; None where there is none."""
    picture = next((each for number, each in enumerate(_pages(answer), 1) if number == page), None)
    if picture is None:
        return None
    return _jpeg(marked(picture, words))


def _pages(answer: bytes) -> Iterator[Image]:
    """What a process says that hostile bytes may have taken over is believed only where it adds up. Of a picture longer
    than the decoder makes one the mark would be as much larger, and take hundreds of megabytes here."""
    from PIL import Image

    at, content = 0, memoryview(answer)
    while len(content) - at >= SIZE.size:
        width, height = SIZE.unpack_from(content, at)
        at += SIZE.size
        pixels = content[at : at + width * height * 3]
        if not pixels or len(pixels) < width * height * 3 or max(width, height) > LONGEST_SIDE_PX:
            break
        at += len(pixels)
        yield Image.frombytes("RGB", (width, height), pixels)


def _jpeg(picture: Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
