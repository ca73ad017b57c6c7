"""The paper of a sealed bill, as it is printed and photographed: an address, a sum that nobody owes, and the seal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from ostiary.adapters.reader.availability import INSTALL
from ostiary.specimens.letters import letters, plain

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH_PX, HEIGHT_PX = 1240, 1754
"""A4 with 150 points an inch."""
MODULE_PX, QUIET_PX = 4, 20
"""A module of 0.7 mm: the specification of 2D-Doc asks for half a millimetre at least."""
_INK, _PALE = (30, 30, 34), (176, 30, 44)


def draw_bill(text: str, lines: Sequence[str], issued: date) -> bytes:
    """A PNG. `text` is the seal's, `lines` the addressee's. ImportError without zxing-cpp."""
    from PIL import Image, ImageDraw

    page = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), "white")
    pen = ImageDraw.Draw(page)
    pen.text((90, 80), "UTOPIAN LIGHT AND WATER", _INK, letters(44))
    page.paste(_symbol(text), (90, 180))
    for row, line in enumerate(lines):
        pen.text((700, 300 + 48 * row), plain(line), _INK, letters(34))
    pen.text((90, 760), f"Bill of {issued.isoformat()}", _INK, letters(40))
    pen.text((90, 840), "Electricity, three months: 0.00", _INK, letters(34))
    pen.text((90, 1200), "SPECIMEN - no bill, nothing is owed", _PALE, letters(56))
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _symbol(text: str) -> Image:
    """A DataMatrix with the white around it that readers need."""
    from PIL import Image, ImageOps

    try:
        import zxingcpp
    except ImportError:
        raise ImportError(f"a seal is drawn by zxing-cpp: {INSTALL}") from None
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix)
    drawn = Image.fromarray(zxingcpp.write_barcode_to_image(symbol, scale=MODULE_PX, add_quiet_zones=False))
    return ImageOps.expand(drawn, QUIET_PX, "white")
