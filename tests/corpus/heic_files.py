"""HEIC files that telephones, programs and attackers send: name, bytes, the codes they must get.

Every bug found in opening HEIC files adds a row.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from functools import cache
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import pillow_heif
from PIL import Image

from tests.corpus.hostile import (
    DARK,
    JPEG,
    LARGE,
    PASSES,
    PICTURE,
    SIZE,
    UNREADABLE,
    UNSUPPORTED,
    WHITE,
    Case,
    film,
    noise_bytes,
    saved,
    zipped,
)

pillow_heif.register_heif_opener()
FAST = {"enc_params": {"preset": "ultrafast"}}
"""For pictures of many pixels: a third of the time, and as costly to open."""


@cache
def plain() -> bytes:
    return saved(PICTURE, "HEIF", quality=60)


def flat(width: int, height: int, mode: str = "RGB") -> bytes:
    """Black, so that much of it is little."""
    return saved(Image.new(mode, (width, height)), "HEIF", quality=10, **FAST)


def black_in_twelve_bits(width: int, height: int) -> bytes:
    return in_twelve_bits(Image.new("RGB", (width, height)))


VAST: dict[str, Callable[[], bytes]] = {
    "39 megapixels": lambda: flat(7_800, 5_000),
    "39 megapixels and transparent": lambda: flat(7_800, 5_000, "RGBA"),
    "28 megapixels and transparent": lambda: flat(7_000, 4_000, "RGBA"),
    "24 megapixels of twelve bits": lambda: black_in_twelve_bits(6_000, 4_000),
    "26 megapixels of twelve bits": lambda: black_in_twelve_bits(6_500, 4_000),
}
"""What takes seconds to encode, and is little: it is kept beside this file. `python -m tests.corpus.heic_files` encodes
it anew; `corpus/test_hostile_pages.py` compares it before a release."""
VAST_FILE = Path(__file__).with_name("vast_heic.zip")


def vast(name: str) -> bytes:
    with ZipFile(VAST_FILE) as archive:
        return archive.read(name)


def keep_vast() -> None:
    with ZipFile(VAST_FILE, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, make in VAST.items():
            archive.writestr(ZipInfo(name), make(), ZIP_DEFLATED, 9)


@cache
def tiled() -> bytes:
    """In squares put together when opened, as telephones write it."""
    size_px, pillow_heif.options.GRID_TILE_SIZE = pillow_heif.options.GRID_TILE_SIZE, 256
    try:
        return saved(PICTURE, "HEIF", quality=60)
    finally:
        pillow_heif.options.GRID_TILE_SIZE = size_px


def in_twelve_bits(picture: Image.Image) -> bytes:
    deep, out = np.asarray(picture).astype(np.uint16) * 257, io.BytesIO()
    pillow_heif.encode("RGB;16", picture.size, deep.tobytes(), out, quality=60, **FAST)
    return out.getvalue()


def turned(*, in_boxes: bool) -> bytes:
    """By a quarter, as a telephone says it (irot, ISO/IEC 23008-12, 6.5.10), or in EXIF only, which says nothing."""
    exif, picture = Image.Exif(), PICTURE.copy()
    exif[0x0112] = 6
    if in_boxes:
        picture.info["exif"] = exif.tobytes()
    return saved(picture, "HEIF", **FAST, **({} if in_boxes else {"exif": exif}))


def several() -> bytes:
    others = [Image.new("RGB", SIZE, colour) for colour in ("red", "blue")]
    return saved(PICTURE, "HEIF", save_all=True, append_images=others, **FAST)


def claiming(width: int, height: int) -> bytes:
    """The sizes that its boxes name (ispe, ISO/IEC 23008-12, 6.5.3) say something else."""
    content = bytearray(plain())
    at = content.find(b"ispe")
    while at >= 0:
        struct.pack_into(">II", content, at + 8, width, height)
        at = content.find(b"ispe", at + 1)
    return bytes(content)


def grid(columns: int, rows: int, width: int, height: int) -> bytes:
    """A tiled picture whose grid names another size (ISO/IEC 23008-12, 6.6.2.3.2)."""
    content = bytearray(tiled())
    at = content.rindex(b"idat") + 4
    struct.pack_into(">BBBBHH", content, at, 0, 0, rows - 1, columns - 1, width, height)
    return bytes(content)


def replaced(box: bytes, by: Callable[[bytes], bytes]) -> bytes:
    """The body of the first box of this name, written over within its length."""
    content = plain()
    at = content.index(box) + 4
    end = at - 8 + int.from_bytes(content[at - 8 : at - 4], "big")
    body = by(content[at:end])
    assert len(body) == end - at
    return content[:at] + body + content[end:]


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


HEAD = box(b"ftyp", b"heic\0\0\0\0mif1heic")


def nested(depth: int) -> bytes:
    body = b"".join(struct.pack(">I", 8 * left) + b"iprp" for left in range(depth, 0, -1))
    return HEAD + box(b"meta", bytes(4) + body)


def many_items(count: int) -> bytes:
    entry = box(b"infe", b"\2\0\0\0" + b"\0\1\0\0hvc1\0")
    return HEAD + box(b"meta", bytes(4) + box(b"iinf", b"\1\0\0\0" + struct.pack(">I", count) + entry * count))


def many_properties(count: int) -> bytes:
    return HEAD + box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", box(b"ispe", bytes(12)) * count)))


GOOD = (
    Case("HEIC: a page", plain, PASSES),
    Case("HEIC: in tiles", tiled, PASSES),
    Case("HEIC: turned", lambda: turned(in_boxes=True), PASSES),
    Case("HEIC: turned in its EXIF only", lambda: turned(in_boxes=False), PASSES),
    Case("HEIC: grey", lambda: saved(PICTURE.convert("L"), "HEIF", **FAST), PASSES),
    Case("HEIC: transparent", lambda: saved(PICTURE.convert("RGBA"), "HEIF", **FAST), PASSES),
    Case("HEIC: twelve bits", lambda: in_twelve_bits(PICTURE), PASSES),
    Case("HEIC: several pictures", several, PASSES),
    Case(
        "HEIC: noise for data, which shows as noise",
        lambda: plain()[:1_000] + noise_bytes(len(plain()) - 1_000),
        PASSES,
    ),
    Case("HEIC: a ZIP glued on", lambda: plain() + zipped(), PASSES),
    Case("HEIC: a JPEG glued on", lambda: plain() + JPEG, PASSES),
    Case("HEIC: 12 megapixels", lambda: saved(PICTURE.resize((4_000, 3_000)), "HEIF", quality=30, **FAST), PASSES),
)
BROKEN = (
    Case("HEIC: its first box", lambda: plain()[:24], UNREADABLE),
    Case("HEIC: a brand and noise", lambda: HEAD + noise_bytes(50_000), UNREADABLE),
    Case("HEIC: a brand and nothing", lambda: film(b"heic"), UNREADABLE),
    Case("HEIC: cut in its boxes", lambda: plain()[:300], UNREADABLE),
    Case("HEIC: cut in a third", lambda: plain()[: len(plain()) // 3], UNREADABLE),
    Case("HEIC: cut near its end", lambda: plain()[:-300], UNREADABLE),
    Case("HEIC: its last byte cut", lambda: plain()[:-1], UNREADABLE),
    Case("HEIC: in tiles, cut", lambda: tiled()[:-9_000], UNREADABLE),
    Case("HEIC: its places lie outside", lambda: replaced(b"iloc", lambda body: body[:8] + b"\x7f" * (len(body) - 8)),
         UNREADABLE),
    Case("HEIC: no primary picture", lambda: replaced(b"pitm", lambda body: b"\xff" * len(body)), UNREADABLE),
    Case("HEIC: the decoder's settings are noise", lambda: replaced(b"hvcC", lambda body: noise_bytes(len(body))),
         UNREADABLE),
    Case("HEIC: properties of nothing", lambda: replaced(b"ipma", lambda body: b"\xff" * len(body)), UNREADABLE),
    Case("HEIC: a hundred thousand boxes in each other", lambda: nested(100_000), UNREADABLE),
    Case("HEIC: a hundred thousand pictures of nothing", lambda: many_items(100_000), UNREADABLE),
    Case("HEIC: half a million properties", lambda: many_properties(500_000), UNREADABLE),
    Case("AVIF", lambda: film(b"avif"), UNSUPPORTED),
    Case("a film of HEIC's family", lambda: film(b"hevc"), UNREADABLE),
)  # fmt: skip
OF_39_MEGAPIXELS = Case("HEIC: 39 megapixels", lambda: vast("39 megapixels"), DARK)
BOMBS = (
    Case("HEIC: says it has 4 thousand million pixels", lambda: claiming(65_000, 65_000), LARGE),
    Case("HEIC: says it has as many as can be said", lambda: claiming(2**32 - 1, 2**32 - 1), UNREADABLE),
    Case("HEIC: says it has 60 megapixels", lambda: claiming(8_000, 7_500), LARGE),
    Case("HEIC: says it has 39 megapixels", lambda: claiming(7_800, 5_000), UNREADABLE),
    Case("HEIC: says it has one pixel", lambda: claiming(1, 1), UNREADABLE),
    OF_39_MEGAPIXELS,
    Case("HEIC: 39 megapixels and transparent", lambda: vast("39 megapixels and transparent"), LARGE),
    Case("HEIC: 28 megapixels and transparent", lambda: vast("28 megapixels and transparent"), WHITE),
    Case("HEIC: 24 megapixels of twelve bits", lambda: vast("24 megapixels of twelve bits"), DARK),
    Case("HEIC: 26 megapixels of twelve bits", lambda: vast("26 megapixels of twelve bits"), LARGE),
    Case("HEIC: a grid of 256 x 256 tiles", lambda: grid(256, 256, 60_000, 60_000), UNREADABLE),
    Case("HEIC: a grid that says 39 megapixels", lambda: grid(4, 3, 7_800, 5_000), UNREADABLE),
)

CASES = (*GOOD, *BROKEN, *BOMBS)

if __name__ == "__main__":
    keep_vast()
