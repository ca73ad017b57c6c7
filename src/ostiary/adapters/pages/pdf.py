"""PDF (ISO 32000-2): its first pages as pictures, as if they had been scanned. For an isolated process only.

Nothing in a file is run and nothing is fetched: what was filled into a form is drawn, with a PDFium that has no
interpreter for scripts and no XFA; with another one forms are left out. A file that asks for a password is refused; one
that merely forbids changes opens, as in every viewer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from math import isfinite
from typing import TYPE_CHECKING, Any

from ostiary.adapters.pictures.outline import DamagedError

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PAGES = 2
"""The two sides of a document, scanned one after the other. Whatever follows is not looked at."""
LONG_SIDE_PX = 2_000
"""Of a page when rendered, whatever its size on paper: an A4 sheet comes at 171 dpi, where the machine-readable lines
of a card copied onto it are 17 px high, and a page takes no more memory than any other."""

_END, _END_WITHIN_BYTES = b"%%EOF", 1_024
"""The last line of every file (7.5.5), which viewers look for this far from the end."""


def pages(content: bytes, mode: str) -> Iterator[Image]:
    """The first `MOST_PAGES` pages in `mode` ("L" or "RGB"), each with its longer side of `LONG_SIDE_PX`.

    Raises DamagedError, or whatever PDFium's wrapper raises.
    """
    import pypdfium2

    if _END not in content[-_END_WITHIN_BYTES:]:
        raise DamagedError("cut off")  # PDFium would piece together what is left
    with closing(pypdfium2.PdfDocument(content)) as document:
        if not pypdfium2.PDFIUM_INFO.flags:  # built without V8 and XFA, as the package's own wheels are
            document.init_forms()
        for number in range(min(len(document), MOST_PAGES)):
            with closing(document[number]) as page:
                yield _rendered(page, mode)


def _rendered(page: Any, mode: str) -> Image:
    longer = max(page.get_size())
    if not isfinite(longer) or longer <= 0:
        raise DamagedError("a page without a size")
    bitmap = page.render(
        LONG_SIDE_PX / longer, grayscale=mode == "L", rev_byteorder=True, may_draw_forms=True, limit_image_cache=True
    )
    with closing(bitmap):
        picture: Image = bitmap.to_pil().copy()
    return picture
