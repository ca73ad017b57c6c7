"""What specimens are printed with: OCR-B for machine-readable lines, plain letters for people, and PDF417 symbols."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from ostiary.adapters.reader.availability import INSTALL

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont, ImageFont

ADVANCE_EM = 0.723
"""How far every letter of OCR-B moves the next one."""
OCR_B = "fonts/OCRB.otf"
BARCODE_COLUMNS, BARCODE_CORRECTION = 10, "5"
"""Of PDF417. Several times as wide as high, as on licences, with modules that a photo still shows; of the levels of
error correction AAMVA's annex D prefers the fifth."""


def ocr_b(px: float) -> FreeTypeFont:
    """OCR-B, its em `px` pixels high; the font that comes with the service."""
    from PIL import ImageFont

    return ImageFont.truetype(BytesIO(_ocr_b_file()), px, layout_engine=ImageFont.Layout.BASIC)


@cache
def _ocr_b_file() -> bytes:
    return files("ostiary.specimens").joinpath(OCR_B).read_bytes()


@cache
def letters(px: int) -> FreeTypeFont | ImageFont:
    """The letters that come with Pillow, `px` pixels high."""
    from PIL import ImageFont

    return ImageFont.load_default(size=px)


def plain(text: str) -> str:
    """Without accents: the letters that come with Pillow have none."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def pdf417(text: str | bytes) -> Image:
    """The symbol of a text or of bytes, a module a pixel wide, without a quiet zone. ImportError without zxing-cpp."""
    from PIL import Image

    try:
        import zxingcpp
    except ImportError:
        raise ImportError(f"a barcode is drawn by zxing-cpp: {INSTALL}") from None
    form = zxingcpp.BarcodeFormat.PDF417
    symbol = zxingcpp.create_barcode(text, form, columns=BARCODE_COLUMNS, ec_level=BARCODE_CORRECTION)
    return Image.fromarray(zxingcpp.write_barcode_to_image(symbol, scale=1, add_quiet_zones=False))
