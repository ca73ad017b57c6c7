"""Which page of a file a document is on: not the blank one in front, as a scanner or a back side leaves it.

Told by edges, since paper is never evenly white: dust, shadows and what shines through have few of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

NEARLY_BLANK_SHARE = 0.1
"""A page with less than this share of the other's edges has nothing on it but a number, a heading or dirt."""
_LOOKED_AT_PX, _EDGE_LEAST = 500, 48
"""The longer side at which edges are counted, and how much of black and white's difference is one."""


def shown_page(pages: list[Image]) -> Image:
    """The first of up to two pages, or the second where the first is nearly blank beside it. IndexError for none."""
    if len(pages) < 2 or edges(pages[0]) >= NEARLY_BLANK_SHARE * edges(pages[1]):
        return pages[0]
    return pages[1]


def edges(page: Image) -> float:
    """The share of a page's pixels that lie at an edge, 0 to 1. `page` is grey or in colours."""
    from PIL import ImageFilter

    shrink = max(1, max(page.size) // _LOOKED_AT_PX)
    small = page.convert("L").reduce(shrink).filter(ImageFilter.FIND_EDGES)
    inner = small.crop((1, 1, small.width - 1, small.height - 1)) if min(small.size) > 2 else small
    return sum(inner.histogram()[_EDGE_LEAST:]) / (inner.width * inner.height)
