"""DG2 of a specimen: a drawn face that is nobody's, in either form that chips carry faces in.

ICAO Doc 9303 part 10, 4.7.2: a face by ISO/IEC 19794-5:2005, as chips have had it since 2006, or by ISO/IEC 39794-5,
which takes its place from 2026 on. The picture is a JPEG in both.
"""

from __future__ import annotations

import random
from io import BytesIO
from typing import TYPE_CHECKING
from zlib import crc32

from ostiary.adapters.chip.tlv import encoded
from ostiary.specimens.letters import letters
from ostiary.specimens.zone_lines import Holder

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

PORTRAIT_PX = (413, 531)
"""35 x 45 mm at 300 to the inch, as portraits have."""
JPEG_QUALITY = 80
FORMS = ("iso19794", "iso39794")
_SKINS = ((244, 214, 190), (224, 182, 148), (188, 140, 104), (140, 96, 68), (96, 64, 48))
_HAIR = ((40, 32, 28), (92, 58, 34), (150, 106, 58), (196, 158, 96), (120, 120, 124))
_EYES = ((70, 92, 120), (84, 100, 62), (82, 56, 38))
_CLOTHS = ((46, 62, 92), (92, 48, 58), (52, 84, 70), (70, 66, 88))
_PAPER, _INK, _WHITE, _LIPS, _MARK = (226, 230, 234), (40, 36, 36), (250, 250, 250), (168, 92, 88), (176, 30, 44)
_JPEG_CODE, _FRONTAL = 2, 1
_VERSION, _YEAR = 3, 2019
_DG2, _GROUP, _FACE, _RECORD, _ENCODED = 0x75, 0x7F61, 0x7F60, 0x5F2E, 0x7F2E


def portrait_group(holder: Holder, form: str) -> bytes:
    """DG2 of a holder: always the same face for the same holder."""
    picture = drawn_face(crc32(repr(holder).encode()))
    tag, content = (_RECORD, _record(picture)) if form == FORMS[0] else (_ENCODED, _block(picture))
    # CBEFF (ISO/IEC 7816-11): a face, in a form of ISO/IEC JTC 1/SC 37
    header = encoded(0xA1, encoded(0x81, b"\x02") + encoded(0x87, b"\x01\x01") + encoded(0x88, b"\x00\x08"))
    return encoded(_DG2, encoded(_GROUP, encoded(0x02, b"\x01") + encoded(_FACE, header + encoded(tag, content))))


def drawn_face(seed: int) -> bytes:
    """A JPEG of a face that consists of ellipses and lines, and says that it is a specimen."""
    from PIL import Image, ImageDraw

    chance = random.Random(seed)  # noqa: S311 (the same face for the same seed; there is nothing secret in it)
    picture = Image.new("RGB", PORTRAIT_PX, _PAPER)
    _draw_head(ImageDraw.Draw(picture), chance)
    mark = Image.new("L", (380, 70))
    ImageDraw.Draw(mark).text((mark.width / 2, 4), "SPECIMEN", fill=110, font=letters(56), anchor="ma")
    picture.paste(_MARK, (16, 420), mark.rotate(8, expand=True))
    out = BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _draw_head(pen: ImageDraw, chance: random.Random) -> None:
    skin, hair, iris = chance.choice(_SKINS), chance.choice(_HAIR), chance.choice(_EYES)
    half, middle = chance.randrange(92, 112), PORTRAIT_PX[0] // 2
    shade = (skin[0] * 4 // 5, skin[1] * 4 // 5, skin[2] * 4 // 5)
    hair_end = chance.choice((250, 330, 420))
    pen.rounded_rectangle((middle - half - 16, 78, middle + half + 16, hair_end), 100, fill=hair)
    pen.pieslice((40, 440, PORTRAIT_PX[0] - 40, 760), 180, 360, fill=chance.choice(_CLOTHS))
    pen.rectangle((middle - 44, 370, middle + 44, 470), fill=shade)
    pen.ellipse((middle - half, 110, middle + half, 420), fill=skin)
    pen.pieslice((middle - half, 84, middle + half, 260), 180, 360, fill=hair)
    for side in (-1, 1):
        eye = middle + side * half * 2 // 5
        pen.ellipse((eye - 20, 242, eye + 20, 266), fill=_WHITE, outline=_INK)
        pen.ellipse((eye - 9, 245, eye + 9, 263), fill=iris)
        pen.ellipse((eye - 4, 250, eye + 4, 258), fill=_INK)
        pen.line((eye - 24, 228, eye + 24, 226 + chance.randrange(6)), fill=hair, width=6)
    pen.line((middle, 268, middle - 10, 318, middle + 8, 322), fill=shade, width=5)
    pen.line((middle - 34, 362, middle, 366, middle + 34, 362), fill=_LIPS, width=7)


def _record(picture: bytes) -> bytes:
    """ISO/IEC 19794-5:2005, 5.3 to 5.7: header, what is known of the face (nothing), facts of the picture, the picture;
    without points."""
    size = 20 + 12 + len(picture)
    face = size.to_bytes(4, "big") + bytes(2 + 14)
    width, height = (each.to_bytes(2, "big") for each in PORTRAIT_PX)
    facts = bytes([_FRONTAL, 0]) + width + height + b"\x01" + bytes(5)  # a JPEG, in sRGB, of an unknown camera
    return b"FAC\x00010\x00" + (14 + size).to_bytes(4, "big") + b"\x00\x01" + face + facts + picture


def _block(picture: bytes) -> bytes:
    """ISO/IEC 39794-5:2019, in DER: the version, then one representation with its picture, its format and its size."""
    version = encoded(0xA0, encoded(0x80, bytes([_VERSION])) + encoded(0x81, _YEAR.to_bytes(2, "big")))
    width, height = (each.to_bytes(2, "big") for each in PORTRAIT_PX)
    facts = encoded(0xA0, encoded(0x80, bytes([_JPEG_CODE]))) + encoded(
        0xA7, encoded(0x80, width) + encoded(0x81, height)
    )
    image = encoded(0xA0, encoded(0x80, picture) + encoded(0xA1, facts))
    each = encoded(0x30, encoded(0x80, b"\x00") + encoded(0xA1, encoded(0xA0, image)))
    return encoded(0xA1, encoded(0x65, version + encoded(0xA1, each)))
