"""The faint mark on a picture that is shown: who looks and when, over all of it, so that a copy says whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

LETTERS_SHARE, SMALLEST_LETTERS_PX = 1 / 60, 12
"""Of the longer side: as high as the print of most documents, so that a piece large enough to be of use has some."""
TURNED_DEGREES = 28
"""Lines of a document run along its edges: across them the mark is not taken for print."""
NEUTRAL, DARKER, LIGHTER = 128, 36, 44
"""Levels of 255 by which a letter is darker than the picture, and its edge lighter: on any ground there is one to be
seen. The picture is changed by how far the mark is from neutral."""
APART_ACROSS, APART_DOWN = 1.35, 1.5
"""Of the words' own size, from one to the next."""


def marked(picture: Image, words: str) -> Image:
    """An RGB picture with words over all of it, again and again. They must be ASCII: no other letter is in the font
    that comes with Pillow."""
    from PIL import Image, ImageChops

    tile = _tile(words, max(SMALLEST_LETTERS_PX, max(picture.size) * LETTERS_SHARE))
    across, down = round(tile.width * APART_ACROSS), round(tile.height * APART_DOWN)
    over = Image.new("RGB", picture.size, (NEUTRAL,) * 3)
    for row, y in enumerate(range(-tile.height // 2, picture.height, down)):
        for x in range(-(across // 2) * (row % 2), picture.width, across):
            over.paste(tile, (x, y))
    return ImageChops.add(picture, over, offset=-NEUTRAL)


def _tile(words: str, letters_px: float) -> Image:
    """The words once, turned."""
    from PIL import Image, ImageDraw, ImageFont

    font, edge = ImageFont.load_default(letters_px), max(1, round(letters_px / 20))
    left, top, right, bottom = (round(place) for place in font.getbbox(words))
    flat = Image.new("RGB", (right - left + edge, bottom - top + edge), (NEUTRAL,) * 3)
    pen = ImageDraw.Draw(flat)
    pen.text((edge - left, edge - top), words, (NEUTRAL + LIGHTER,) * 3, font)
    pen.text((-left, -top), words, (NEUTRAL - DARKER,) * 3, font)
    return flat.rotate(TURNED_DEGREES, Image.Resampling.BILINEAR, expand=True, fillcolor=(NEUTRAL,) * 3)
