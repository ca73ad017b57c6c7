"""From whatever a picture's pixels are to grey or to red, green and blue, eight bits each, smaller on the way.

Sixteen bits become eight; what shines through is taken for white, as on paper. It goes strip by strip, so that no
second picture of full size is ever held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

JUDGED_PX_LEAST = 480_000
"""So that a camera's 4000 x 3000 and 3840 x 2160 are judged at a quarter: print of a document that fills the picture
is then 10 to 20 px high, and a blur of 2 px there is what makes it unreadable."""
STRIP_PX = 256
"""Height of the strips; a multiple of every `shrink`, so that no pixel of the result lies in two."""
_TRANSPARENT = ("LA", "La", "PA", "RGBA", "RGBa")


def judging_shrink(width_px: int, height_px: int) -> int:
    """1, 2, 4 or 8: by how much a picture of this size is made smaller before it is judged."""
    return next((by for by in (8, 4, 2) if (width_px // by) * (height_px // by) >= JUDGED_PX_LEAST), 1)


def flattened(picture: Image, mode: str, shrink: int = 1) -> Image:
    """In `mode` ("L" or "RGB"), at 1/shrink of the size, rounded up; `shrink` is a power of two."""
    return joined(_strips(picture), picture.size, mode, shrink)


def joined(strips: Iterable[Image], size: tuple[int, int], mode: str, shrink: int = 1) -> Image:
    """The same of a picture of `size` that comes in strips, from the top, each `STRIP_PX` high but the last."""
    from PIL import Image as Images

    width, height = size
    whole = Images.new(mode, (-(-width // shrink), -(-height // shrink)))
    for number, strip in enumerate(strips):
        flat = _flat(strip, mode)
        whole.paste(flat.reduce(shrink) if shrink > 1 else flat, (0, number * STRIP_PX // shrink))
    return whole


def _strips(picture: Image) -> Iterator[Image]:
    width, height = picture.size
    for top in range(0, height, STRIP_PX):
        yield picture.crop((0, top, width, min(height, top + STRIP_PX)))


def _flat(strip: Image, mode: str) -> Image:
    from PIL import Image as Images

    if strip.mode.startswith("I"):
        import numpy

        return Images.fromarray((numpy.asarray(strip) >> 8).astype(numpy.uint8)).convert(mode)
    if strip.mode in _TRANSPARENT or "transparency" in strip.info:
        paper = Images.new("RGBA", strip.size, "white")
        return Images.alpha_composite(paper, strip.convert("RGBA")).convert(mode)
    return strip.convert(mode)
