"""Drawing one side of a specimen: paper, what people read, and what machines read. Positions are in units, of which
a side is 1600 wide, whatever its size in pixels.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ostiary.specimens.letters import ADVANCE_EM, letters, ocr_b, pdf417, plain
from ostiary.specimens.zone_lines import Holder

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

UNITS = 1600
PITCH_MM = 2.54
"""Ten characters to the inch: Doc 9303 part 3, for OCR-B of size 1."""
BAND_MM = 23.2
"""The height of the machine-readable zone, at the lower edge of every form."""
LINES_APART_MM = {1: 0.0, 2: 25.4 / 4, 3: 25.4 / 6}
"""By the number of lines: four to the inch, and six where there are three."""
BARCODE_SHARE = 0.86
"""Of the width, the most that a barcode takes; the rest is its quiet zone."""

_PLACES = ("Amaurot", "Anydra Falls", "Port Hythloday", "Lower Abraxa")  # from Thomas More's own Utopia
_INK, _SMALL_INK, _LINES_INK = (24, 28, 46), (92, 98, 122), (12, 12, 14)
_BAND, _PAPER = (244, 244, 240), (250, 250, 248)
_MARK_UNITS = 460
"""How high the mark is, turned."""
_HEADER_UNITS, _FIELDS_TOP, _FIELD_UNITS, _BARS_BOTTOM = 118, 150, 96, 520
_FINER = 3
"""Lines are drawn so many times larger, so that no letter is thicker for where its pixels happen to be."""
_Colour = tuple[int, int, int]


@dataclass(slots=True)
class DrawnPage:
    """A side being drawn. `floor` is where the space for people ends, in units from the top."""

    picture: Image
    pen: ImageDraw
    px_per_unit: float
    units_per_mm: float
    height: float
    floor: float

    @classmethod
    def blank(cls, size: tuple[int, int], width_mm: float, chance: random.Random) -> DrawnPage:
        """Paper of some pale colour, `size` in pixels."""
        from PIL import Image, ImageDraw

        picture = Image.new("RGB", size, _pale(chance))
        scale = size[0] / UNITS
        height = size[1] / scale
        return cls(picture, ImageDraw.Draw(picture), scale, UNITS / width_mm, height, height - 40)

    def pattern(self, chance: random.Random) -> None:
        """Interwoven waves, as on security paper."""
        for family in range(2):
            colour, waves, phase = _pale(chance, 60), chance.uniform(2, 5), chance.uniform(0, 6)
            for top in range(-60, int(self.height) + 60, 14):
                bends = (math.sin(x * waves / 250 + phase + top * (0.004 + 0.003 * family)) for x in range(0, 1640, 40))
                self.line([(x * 40.0, top + 34 * bend) for x, bend in enumerate(bends)], colour, 2)

    # ---- for machines -----------------------------------------------------------------------------------------------

    def machine_readable(self, lines: tuple[str, ...]) -> None:
        """Lines of OCR-B in the middle of a light band at the lower edge, every letter at its own place: 2.54 mm after
        the one before, whatever a pixel is."""
        from PIL import Image, ImageDraw

        self.floor = self.height - BAND_MM * self.units_per_mm
        top = round(self.floor * self.px_per_unit)
        width, height = self.picture.width, self.picture.height - top
        ink = Image.new("L", (width * _FINER, height * _FINER))
        pen, mm = ImageDraw.Draw(ink), self.units_per_mm * self.px_per_unit * _FINER
        pitch, apart = PITCH_MM * mm, LINES_APART_MM[len(lines)] * mm
        left = (ink.width - len(lines[0]) * pitch) / 2
        first = (ink.height - apart * (len(lines) - 1) + pitch) / 2  # a capital is as high as the pitch is wide
        font = ocr_b(pitch / ADVANCE_EM)
        for row, line in enumerate(lines):
            for column, letter in enumerate(line):
                pen.text((left + (column + 0.5) * pitch, first + row * apart), letter, 255, font, "ms")
        self.pen.rectangle((0, top, width, top + height), fill=_BAND)
        self.picture.paste(_LINES_INK, (0, top), ink.reduce(_FINER))

    def barcode(self, text: str | bytes) -> None:
        """A PDF417 symbol at the lower edge. ImportError without zxing-cpp."""
        from PIL import Image

        drawn = pdf417(text)
        module_px = self.picture.width * BARCODE_SHARE / drawn.width
        if module_px >= 1:
            module_px = int(module_px)  # modules of different widths are harder to read
        size = round(drawn.width * module_px), round(drawn.height * module_px)
        scaled = drawn.resize(size, Image.Resampling.NEAREST if module_px >= 1 else Image.Resampling.BOX)
        left = (self.picture.width - size[0]) // 2
        top = self.picture.height - size[1] - self.pixels(60)
        self.floor = top / self.px_per_unit - 30
        self.pen.rectangle((0, self.floor * self.px_per_unit, self.picture.width, self.picture.height), fill=_PAPER)
        self.picture.paste(scaled, (left, top))

    # ---- for people -------------------------------------------------------------------------------------------------

    def front(self, title: str, holder: Holder, chance: random.Random) -> None:
        """Title, silhouette and the holder's details."""
        self.pen.rectangle(self.px((0, 0, UNITS, _HEADER_UNITS)), fill=_deep(chance))
        self.text((60, 32), "UTOPIA" if holder.country == "UTO" else holder.country, 52, (245, 245, 240))
        self.text((560, 40), title, 40, (245, 245, 240))
        self.portrait(chance)
        issued = holder.expiration_date.replace(year=holder.expiration_date.year - 10, day=1)
        fields = (
            ("Document number", holder.number),
            ("Surname", holder.surname.upper()),
            ("Given names", holder.given_names.upper()),
            ("Nationality", holder.country),
            ("Date of birth", f"{holder.birth_date:%d %m %Y}"),
            ("Place of birth", chance.choice(_PLACES).upper()),
            ("Sex", holder.sex),
            ("Date of issue", f"{issued:%d %m %Y}"),
            ("Date of expiry", f"{holder.expiration_date:%d %m %Y}"),
        )
        self.fields(fields, left=560, top=_FIELDS_TOP)

    def back(self, holder: Holder, chance: random.Random) -> None:
        """Address and authority, and bars that mean nothing."""
        street = f"{chance.randrange(1, 200)} Hythloday Street, {chance.choice(_PLACES)}".upper()
        fields = (("Address", street), ("Authority", f"{holder.country} REGISTRY OFFICE"))
        self.fields(fields, left=110, top=120)
        if self.floor < _BARS_BOTTOM:
            return
        for bar in range(60):
            left = 110 + bar * 12
            self.pen.rectangle(self.px((left, 420, left + chance.choice((3, 5, 8)), _BARS_BOTTOM)), fill=_INK)

    def fields(self, fields: tuple[tuple[str, str], ...], left: float, top: float) -> None:
        """Four in a column, then two beside each other; as near together as the floor wants it."""
        places = [(0, row) if row < 4 else ((row - 4) % 2, 4 + (row - 4) // 2) for row in range(len(fields))]
        apart = min(_FIELD_UNITS, (self.floor - top) / (places[-1][1] + 1))
        for (label, value), (column, row) in zip(fields, places, strict=True):
            x, y = left + column * 500, top + row * apart
            self.text((x, y), label, 22, _SMALL_INK)
            self.text((x, y + 26), value, 42, _INK)

    def portrait(self, chance: random.Random) -> None:
        """A silhouette: nobody's face."""
        shade, cloth = (126, 134, 148), _deep(chance)
        scale = min(1.0, (self.floor - 160 - 90) / 540)

        def at(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
            return self.px((70 + left * scale, 160 + top * scale, 70 + right * scale, 160 + bottom * scale))

        self.pen.rectangle(at(0, 0, 420, 540), fill=(214, 220, 226), outline=_SMALL_INK, width=3)
        self.pen.pieslice(at(30, 350, 390, 730), 180, 360, fill=cloth)
        self.pen.rectangle(at(165, 280, 255, 400), fill=shade)
        self.pen.ellipse(at(110, 70, 310, 330), fill=shade)
        below = 180 + 540 * scale
        self.text((110, below), "(signature)", 26, _SMALL_INK)
        self.line([(250 + x * 8, below + 25 + 16 * math.sin(x * chance.uniform(0.7, 0.9))) for x in range(28)], _INK, 3)

    def mark(self, text: str) -> None:
        """Across the space for people, shining through, so that nobody takes it for a document."""
        from PIL import Image, ImageDraw

        mask = Image.new("L", (self.pixels(900), self.pixels(150)))
        ImageDraw.Draw(mask).text((mask.width / 2, 0), text, fill=90, font=letters(self.pixels(104)), anchor="ma")
        turned = mask.rotate(20, expand=True)
        top = max(0.0, min(self.height / 2 - 260, self.floor - _MARK_UNITS))
        self.picture.paste((176, 30, 44), (self.pixels(540), round(top * self.px_per_unit)), turned)

    # ---- in units ---------------------------------------------------------------------------------------------------

    def text(self, at: tuple[float, float], text: str, units: int, fill: _Colour) -> None:
        where = at[0] * self.px_per_unit, at[1] * self.px_per_unit
        self.pen.text(where, plain(text), fill=fill, font=letters(self.pixels(units)))

    def line(self, points: list[tuple[float, float]], fill: _Colour, units: int) -> None:
        scaled = [(x * self.px_per_unit, y * self.px_per_unit) for x, y in points]
        self.pen.line(scaled, fill=fill, width=self.pixels(units))

    def px(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        left, top, right, bottom = (edge * self.px_per_unit for edge in box)
        return left, top, right, bottom

    def pixels(self, units: float) -> int:
        return max(1, round(units * self.px_per_unit))


def _pale(chance: random.Random, darker: int = 0) -> _Colour:
    red, green, blue = (chance.randrange(214, 238) - chance.randrange(darker + 1) for _ in range(3))
    return red, green, blue


def _deep(chance: random.Random) -> _Colour:
    red, green, blue = (chance.randrange(30, 120) for _ in range(3))
    return red, green, blue
