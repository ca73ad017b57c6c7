"""Drawing pages of documents that do not exist, to try uploads with: of Utopia, as in ICAO Doc 9303, and marked so.

Nothing of a real document is copied: lines, letters and a silhouette, all from the seed.
"""

from __future__ import annotations

import math
import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from ostiary.adapters.machine_readable_zone import Holder, card_lines, passport_lines

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

_UNITS = 1600
"""The page is laid out 1600 units wide; one is a pixel at the default size."""
_SURNAMES = ("Alderwick", "Brandolin", "Castermont", "Dunmarrow", "Eskeland", "Fairbourne", "Grauwald", "Hollowmere")
_GIVEN_NAMES = ("Ada Lucia", "Benno", "Clara Ines", "Dario", "Elin Marie", "Florian", "Greta", "Hugo Emil")
_PLACES = ("Amaurot", "Anydra Falls", "Port Hythloday", "Lower Abraxa")  # from Thomas More's own Utopia
_TITLES = {"passport": "PASSPORT", "national_id": "IDENTITY CARD", "drivers_license": "DRIVING LICENCE"}
_INK, _SMALL_INK = (24, 28, 46), (92, 98, 122)


def specimen(
    seed: int,
    *,
    kind: str = "passport",
    side: str = "front",
    size: tuple[int, int] = (_UNITS, 1130),
    number: str = "",
    surname: str = "",
    given_names: str = "",
    country: str = "UTO",
) -> bytes:
    """A JPEG of one side, `size` in pixels; every seed gives another holder, unless told, and another pattern.

    A passport's page and the back of any card carry correct machine-readable lines, which hold a number of up to nine
    letters and digits; a longer one is a ValueError.
    """
    chance = random.Random(seed)  # noqa: S311 - the same seed shall give the same drawing; there is nothing secret in it
    holder = _holder(chance, number, surname, given_names, country)
    page = _Page.blank(size, chance)
    page.pattern(chance)
    if kind == "passport":
        page.front(_TITLES[kind], holder, chance)
        page.machine_readable(passport_lines(holder))
    elif side == "front":
        page.front(_TITLES.get(kind, kind.replace("_", " ").upper()), holder, chance)
    else:
        page.back(holder, chance)
        page.machine_readable(card_lines(holder))
    page.mark(f"SPECIMEN {seed}")
    out = BytesIO()
    page.picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _holder(chance: random.Random, number: str, surname: str, given_names: str, country: str) -> Holder:
    birth = date(1950, 1, 1) + timedelta(days=chance.randrange(19_000))
    invented = f"{chance.choice('ABCDEFGHJKLMNPRSTUVWXYZ')}{chance.randrange(10**8):08d}"
    names = chance.choice(_SURNAMES), chance.choice(_GIVEN_NAMES)
    expiry = date(2034, 1, 1) + timedelta(days=chance.randrange(700))
    return Holder(
        number or invented, surname or names[0], given_names or names[1], country, birth, expiry, chance.choice("FM")
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """A picture being drawn. Positions and lengths are in units, whatever the size in pixels."""

    picture: Image
    pen: ImageDraw
    px_per_unit: float
    height: float

    @classmethod
    def blank(cls, size: tuple[int, int], chance: random.Random) -> _Page:
        from PIL import Image, ImageDraw

        picture = Image.new("RGB", size, _pale(chance))
        scale = size[0] / _UNITS
        return cls(picture, ImageDraw.Draw(picture), scale, size[1] / scale)

    def pattern(self, chance: random.Random) -> None:
        """Interwoven waves, as on security paper."""
        for family in range(2):
            colour, waves, phase = _pale(chance, 60), chance.uniform(2, 5), chance.uniform(0, 6)
            for top in range(-60, int(self.height) + 60, 14):
                bends = (math.sin(x * waves / 250 + phase + top * (0.004 + 0.003 * family)) for x in range(0, 1640, 40))
                self.line([(x * 40.0, top + 34 * bend) for x, bend in enumerate(bends)], colour, 2)

    def front(self, title: str, holder: Holder, chance: random.Random) -> None:
        self.pen.rectangle(self.px((0, 0, _UNITS, 118)), fill=_deep(chance))
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
        self.fields(fields, left=560, top=150)

    def back(self, holder: Holder, chance: random.Random) -> None:
        street = f"{chance.randrange(1, 200)} Hythloday Street, {chance.choice(_PLACES)}".upper()
        fields = (("Address", street), ("Authority", f"{holder.country} REGISTRY OFFICE"))
        self.fields(fields, left=110, top=120)
        for bar in range(60):
            left = 110 + bar * 12
            self.pen.rectangle(self.px((left, 420, left + chance.choice((3, 5, 8)), 520)), fill=_INK)

    def fields(self, fields: tuple[tuple[str, str], ...], left: float, top: float) -> None:
        for row, (label, value) in enumerate(fields):
            column, line = (0, row) if row < 4 else ((row - 4) % 2, 4 + (row - 4) // 2)
            at = left + column * 500, top + line * 96
            self.text(at, label, 22, _SMALL_INK)
            self.text((at[0], at[1] + 26), value, 42, _INK)

    def portrait(self, chance: random.Random) -> None:
        """A silhouette: nobody's face."""
        shade, cloth = (126, 134, 148), _deep(chance)
        self.pen.rectangle(self.px((70, 160, 490, 700)), fill=(214, 220, 226), outline=_SMALL_INK, width=3)
        self.pen.pieslice(self.px((100, 510, 460, 890)), 180, 360, fill=cloth)
        self.pen.rectangle(self.px((235, 440, 325, 560)), fill=shade)
        self.pen.ellipse(self.px((180, 230, 380, 490)), fill=shade)
        self.text((110, 720), "(signature)", 26, _SMALL_INK)
        self.line([(250 + x * 8, 745 + 16 * math.sin(x * chance.uniform(0.7, 0.9))) for x in range(28)], _INK, 3)

    def machine_readable(self, lines: tuple[str, ...]) -> None:
        """In a pitch of its own for every letter: part 3 asks for 10 to the inch, 2.54 mm of a passport's 125 mm."""
        top, pitch = self.height - 66 * len(lines) - 70, 1430 / len(lines[0])
        self.pen.rectangle(self.px((0, top - 30, _UNITS, self.height)), fill=(244, 244, 240))
        for row, line in enumerate(lines):
            for column, letter in enumerate(line):
                self.text((85 + (column + 0.5) * pitch, top + row * 66), letter, 46, (12, 12, 14), "ma")

    def mark(self, text: str) -> None:
        """Across the page, shining through, so that nobody takes it for a document."""
        from PIL import Image, ImageDraw

        mask = Image.new("L", (self.pixels(900), self.pixels(150)))
        ImageDraw.Draw(mask).text((mask.width / 2, 0), text, fill=90, font=_font(self.pixels(104)), anchor="ma")
        turned = mask.rotate(20, expand=True)
        self.picture.paste((176, 30, 44), (self.pixels(540), self.pixels(self.height / 2 - 260)), turned)

    def text(
        self, at: tuple[float, float], text: str, units: int, fill: tuple[int, int, int], anchor: str = "la"
    ) -> None:
        where = at[0] * self.px_per_unit, at[1] * self.px_per_unit
        self.pen.text(where, _plain(text), fill=fill, font=_font(self.pixels(units)), anchor=anchor)

    def line(self, points: list[tuple[float, float]], fill: tuple[int, int, int], units: int) -> None:
        scaled = [(x * self.px_per_unit, y * self.px_per_unit) for x, y in points]
        self.pen.line(scaled, fill=fill, width=self.pixels(units))

    def px(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        left, top, right, bottom = (one * self.px_per_unit for one in box)
        return left, top, right, bottom

    def pixels(self, units: float) -> int:
        return max(1, round(units * self.px_per_unit))


def _plain(text: str) -> str:
    """Without accents: the built-in font has none."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


@cache
def _font(px: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size=px)


def _pale(chance: random.Random, darker: int = 0) -> tuple[int, int, int]:
    red, green, blue = (chance.randrange(214, 238) - chance.randrange(darker + 1) for _ in range(3))
    return red, green, blue


def _deep(chance: random.Random) -> tuple[int, int, int]:
    red, green, blue = (chance.randrange(30, 120) for _ in range(3))
    return red, green, blue
