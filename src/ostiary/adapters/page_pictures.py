"""PDF and HEIC at intake: opened in a process of their own, since their decoders are large and their makers unknown.

They are taken where the extra `ostiary[documents]` is installed, whose libraries open them; only `page_child` ever
loads those.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from ostiary.adapters.isolated import Ended, run_isolated
from ostiary.adapters.page_answer import HEAD, Verdict
from ostiary.domain.errors import Unavailable

WAIT_S = 6.0
"""On the wall: three times the processor time that the process has, for when others have the cores too."""
MOST_ANSWERED_BYTES = HEAD.size + 4_000_000
"""Twice the pixels that a picture is judged at, at most."""
RETRY_AFTER_S = 5
_MODULE = "ostiary.adapters.page_child"
_NEEDED = ("pillow_heif", "pypdfium2")


@dataclass(frozen=True, slots=True)
class Page:
    """The first page. `grey` has `grey_width_px` x `grey_height_px` bytes, by rows, and is empty when not opened."""

    width_px: int | None = None
    height_px: int | None = None
    grey_width_px: int = 0
    grey_height_px: int = 0
    grey: bytes = b""
    too_costly: bool = False


def is_available() -> bool:
    """Whether the libraries are installed; imports none of them."""
    return all(find_spec(one) is not None for one in _NEEDED)


def first_page(content: bytes, max_pixels: int) -> Page:
    """Of a PDF or HEIC; whatever goes wrong in opening it is in the answer. Blocks: call it in a thread.

    Raises Unavailable when no process can be started.
    """
    try:
        return _page(run_isolated(_MODULE, (str(max_pixels),), content, WAIT_S, MOST_ANSWERED_BYTES))
    except OSError as problem:
        message = "The picture cannot be opened right now; try again shortly."
        raise Unavailable(message, retry_after_s=RETRY_AFTER_S) from problem


def _page(ended: Ended) -> Page:
    """What a process says that hostile bytes may have taken over is believed only where it adds up."""
    if len(ended.answer) < HEAD.size:
        return Page(too_costly=ended.stopped)
    verdict, width, height, grey_width, grey_height = HEAD.unpack_from(ended.answer)
    grey = ended.answer[HEAD.size :]
    too_costly = verdict == Verdict.TOO_COSTLY
    if not (width and height):
        return Page(too_costly=too_costly)
    if verdict == Verdict.OPENED and grey and len(grey) == grey_width * grey_height:
        return Page(width, height, grey_width, grey_height, grey)
    return Page(width, height, too_costly=too_costly)
