"""PDF and HEIC at intake: opened in a process of their own, since their decoders are large and their makers unknown.

They are taken where the libraries of the extra `documents` are installed, which open them; only `child` ever
loads those.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from ostiary.adapters.isolation.process import Ended, run_isolated
from ostiary.adapters.pages.answer import HEAD, PageVerdict
from ostiary.domain.errors import Unavailable

WAIT_S = 20.0
"""On the wall. The process bounds its processor time itself, to 2 s; a busy machine delays it and refuses nothing."""
MOST_ANSWERED_BYTES = HEAD.size + 4_000_000
"""Twice the pixels that a picture is judged at, at most."""
RETRY_AFTER_S = 5
_MODULE = "ostiary.adapters.pages.child"
_NEEDED = ("pillow_heif", "pypdfium2")


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """The page that is shown: the first, or the second where the first is blank. `grey` has `grey_width_px` x
    `grey_height_px` bytes, by rows, and is empty when not opened."""

    width_px: int | None = None
    height_px: int | None = None
    grey_width_px: int = 0
    grey_height_px: int = 0
    grey: bytes = b""
    too_costly: bool = False


def is_available() -> bool:
    """Whether the libraries are installed; imports none of them."""
    return all(find_spec(module) is not None for module in _NEEDED)


def first_page(content: bytes, max_pixels: int) -> OpenedPage:
    """Of a PDF or HEIC; whatever goes wrong in opening it is in the answer. Blocks: call it in a thread.

    Raises Unavailable when no process can be started, or it was still at work when the time was over.
    """
    message = "The picture cannot be opened right now; try again shortly."
    try:
        ended = run_isolated(_MODULE, (str(max_pixels),), content, WAIT_S, MOST_ANSWERED_BYTES)
    except OSError as problem:
        raise Unavailable(message, retry_after_s=RETRY_AFTER_S) from problem
    if ended.was_working:
        raise Unavailable(message, retry_after_s=RETRY_AFTER_S)
    return _page(ended)


def _page(ended: Ended) -> OpenedPage:
    """What a process says that hostile bytes may have taken over is believed only where it adds up."""
    if len(ended.answer) < HEAD.size:
        return OpenedPage(too_costly=ended.stopped)
    verdict, width, height, grey_width, grey_height = HEAD.unpack_from(ended.answer)
    grey = ended.answer[HEAD.size :]
    too_costly = verdict == PageVerdict.TOO_COSTLY
    if not (width and height):
        return OpenedPage(too_costly=too_costly)
    if verdict == PageVerdict.OPENED and grey and len(grey) == grey_width * grey_height:
        return OpenedPage(
            width_px=width, height_px=height, grey_width_px=grey_width, grey_height_px=grey_height, grey=grey
        )
    return OpenedPage(width, height, too_costly=too_costly)
