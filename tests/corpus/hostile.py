"""Files that people, programs and attackers send as pictures, built in memory: name, bytes, the codes they must get.

Every bug found in judging pictures adds a row.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from ostiary.specimens.drawing import specimen

PASSES: frozenset[str] = frozenset()
UNREADABLE, UNSUPPORTED = frozenset({"image_not_readable"}), frozenset({"image_type_not_supported"})
SMALL, LARGE = frozenset({"image_too_small"}), frozenset({"image_too_large"})
DARK, WHITE, BLURRED = frozenset({"image_too_dark"}), frozenset({"image_overexposed"}), frozenset({"image_blurred"})
SIZE = (900, 636)
JPEG = specimen(1, size=SIZE)
PICTURE = Image.open(io.BytesIO(JPEG)).convert("RGB")
SIGNATURE = b"\x89PNG\r\n\x1a\n"
SCAN = JPEG.index(b"\xff\xda")


class Case(NamedTuple):
    name: str
    make: Callable[[], bytes]
    codes: frozenset[str]


# ---- building blocks ------------------------------------------------------------------------------------------------


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def header(width: int, height: int, bits: int, colour: int, interlaced: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced))


def png(width: int, height: int, bits: int = 8, colour: int = 0, rows: int | None = None, row: bytes = b"") -> bytes:
    """Rows of one kind, compressed one by one, so that building a bomb costs no more than sending it."""
    length = -(-width * bits * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour] // 8)
    packer = zlib.compressobj(1)
    each = b"\0" + (row or bytes(length))
    packed = b"".join(packer.compress(each) for _ in range(height if rows is None else rows)) + packer.flush()
    return SIGNATURE + header(width, height, bits, colour) + chunk(b"IDAT", packed) + chunk(b"IEND")


def one_pixel() -> bytes:
    return SIGNATURE + header(1, 1, 8, 0) + png(500_000, 1_000)[33:]


def interlaced_png(rows_sent: slice = slice(None)) -> bytes:
    """Adam7, which Pillow reads and does not write."""
    grey = np.asarray(PICTURE.convert("L"))
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    rows = (b"\0" + row.tobytes() for left, top, dx, dy in passes for row in grey[top::dy, left::dx])
    data = zlib.compress(b"".join(rows)[rows_sent])
    return SIGNATURE + header(*SIZE, 8, 0, 1) + chunk(b"IDAT", data) + chunk(b"IEND")


def with_chunks(chunks: bytes) -> bytes:
    whole = saved(PICTURE, "PNG")
    return whole[:33] + chunks + whole[33:]


def with_segments(segments: bytes) -> bytes:
    return JPEG[:2] + segments + JPEG[2:]


def resized(content: bytes, width: int, height: int) -> bytes:
    """A JPEG whose frame header claims another size."""
    at = next(at for code in (0xC0, 0xC2) if (at := content.find(bytes((0xFF, code)))) > 0)
    return content[: at + 5] + struct.pack(">HH", height, width) + content[at + 9 :]


def many_scans(count: int) -> bytes:
    content = saved(PICTURE.resize((4000, 3000)), "JPEG", progressive=True, quality=20)
    last = content.rfind(b"\xff\xda")
    return content[:-2] + content[last:-2] * count + b"\xff\xd9"


def webp_canvas(width: int, height: int) -> bytes:
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes((content[at] ^ 0x55,)) + content[at + 1 :]


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.sh", "echo")
    return out.getvalue()


def animated(kind: str) -> bytes:
    others = [Image.new("RGB", SIZE, colour) for colour in ("red", "blue")]
    return saved(PICTURE, kind, save_all=True, append_images=others, duration=100)


def broken_animation() -> bytes:
    return with_chunks(chunk(b"acTL", bytes(8)) + chunk(b"fcTL", b"\xff" * 26))


def several_in_one() -> bytes:
    return saved(PICTURE, "MPO", save_all=True, append_images=[PICTURE])


def see_through() -> bytes:
    return saved(PICTURE.quantize(64), "PNG", transparency=bytes((0, 90)))


def rotated(how: int) -> bytes:
    """As EXIF numbers it: 1 upright, 2 mirrored, 6 and 8 quarter turns; above 8 nothing is defined."""
    exif = Image.Exif()
    exif[0x0112] = how
    return saved(PICTURE, "JPEG", exif=exif)


def sixteen_bit() -> bytes:
    return saved(Image.fromarray(np.asarray(PICTURE.convert("L")).astype(np.uint16) * 257), "PNG")


def film(brand: bytes) -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\0\0mif1" + brand + bytes(500)


def flat(level: int) -> bytes:
    return saved(Image.new("RGB", SIZE, (level, level, level)), "JPEG")


def noise_bytes(count: int) -> bytes:
    return random.Random(1).randbytes(count)


# ---- the table ------------------------------------------------------------------------------------------------------

OTHER_THINGS = (
    Case("nothing", lambda: b"", UNREADABLE),
    Case("one byte", lambda: b"\xff", UNREADABLE),
    Case("noise", lambda: noise_bytes(50_000), UNREADABLE),
    Case("text", lambda: b"BM is how this letter begins, and GIF how it goes on", UNREADABLE),
    Case("a web page", lambda: b"<html><script>alert(1)</script></html>", UNSUPPORTED),
    Case("a web page after a byte order mark", lambda: b"\xef\xbb\xbf\n <!DOCTYPE html><p>", UNSUPPORTED),
    Case("an SVG", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", UNSUPPORTED),
    Case("an SVG with a prolog", lambda: b"<?xml version='1.0'?>\n<svg onload='x()'/>", UNSUPPORTED),
    Case("XML of another kind", lambda: b"<?xml version='1.0'?><note/>", UNREADABLE),
    Case("a PDF", lambda: b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", UNSUPPORTED),
    Case("a PDF with a picture glued on", lambda: b"%PDF-1.7\n" + JPEG, UNSUPPORTED),
    Case("HEIC", lambda: film(b"heic"), UNSUPPORTED),
    Case("AVIF", lambda: film(b"avif"), UNSUPPORTED),
    Case("a film", lambda: struct.pack(">I", 20) + b"ftypisom\0\0\0\0mp42" + bytes(500), UNREADABLE),
    Case("GIF", lambda: saved(PICTURE, "GIF"), UNSUPPORTED),
    Case("GIF: animated", lambda: animated("GIF"), UNSUPPORTED),
    Case("TIFF", lambda: saved(PICTURE, "TIFF"), UNSUPPORTED),
    Case("a ZIP", zipped, UNSUPPORTED),
)
CUT = (
    Case("JPEG: the first bytes", lambda: JPEG[:4], UNREADABLE),
    Case("JPEG: cut in its tables", lambda: JPEG[: SCAN - 30], UNREADABLE),
    Case("JPEG: cut in its scan header", lambda: JPEG[: SCAN + 5], UNREADABLE),
    Case("JPEG: cut in a third", lambda: JPEG[: len(JPEG) // 3], UNREADABLE),
    Case("JPEG: cut near the end", lambda: JPEG[: len(JPEG) * 99 // 100], UNREADABLE),
    Case("JPEG: its end marker missing", lambda: JPEG[:-2], UNREADABLE),
    Case("JPEG: cut, end marker glued on", lambda: JPEG[: len(JPEG) // 2] + b"\xff\xd9", UNREADABLE),
    Case(
        "JPEG: its last hundredth cut, end marker glued on", lambda: JPEG[: -len(JPEG) // 100] + b"\xff\xd9", UNREADABLE
    ),
    Case("JPEG: progressive and cut", lambda: saved(PICTURE, "JPEG", progressive=True)[:40_000], UNREADABLE),
    Case("PNG: the signature", lambda: SIGNATURE, UNREADABLE),
    Case("PNG: cut in the middle", lambda: saved(PICTURE, "PNG")[:90_000], UNREADABLE),
    Case("PNG: its end chunk missing", lambda: saved(PICTURE, "PNG")[:-12], UNREADABLE),
    Case("PNG: too few rows", lambda: png(*SIZE, rows=100), UNREADABLE),
    Case("PNG: one row too few", lambda: png(*SIZE, rows=SIZE[1] - 1), UNREADABLE),
    Case("PNG: interlaced, too few rows", lambda: interlaced_png(slice(-600)), UNREADABLE),
    Case("PNG: no data", lambda: SIGNATURE + header(*SIZE, 8, 0) + chunk(b"IEND"), UNREADABLE),
    Case("WEBP: the signature", lambda: b"RIFF\0\1\0\0WEBP", UNREADABLE),
    Case("WEBP: cut in the middle", lambda: saved(PICTURE, "WEBP")[:9_000], UNREADABLE),
    Case("WEBP: its last byte cut", lambda: saved(PICTURE, "WEBP")[:-2], UNREADABLE),
    Case("WEBP: lossless and cut", lambda: saved(PICTURE, "WEBP", lossless=True)[:90_000], UNREADABLE),
)
BROKEN = (
    Case("PNG: a check sum of its data differs", lambda: flipped(saved(PICTURE, "PNG"), 5_000), UNREADABLE),
    Case("PNG: the check sum of its header differs", lambda: flipped(saved(PICTURE, "PNG"), 30), UNREADABLE),
    Case(
        "PNG: data that is not compressed",
        lambda: SIGNATURE + header(*SIZE, 8, 0) + chunk(b"IDAT", noise_bytes(9_000)) + chunk(b"IEND"),
        UNREADABLE,
    ),
    Case("PNG: an unknown colour type", lambda: saved(PICTURE, "PNG")[:25] + b"\x05" + bytes(40), UNREADABLE),
    Case("PNG: no pixels", lambda: SIGNATURE + header(0, 0, 8, 0) + chunk(b"IEND"), UNREADABLE),
    Case("JPEG: no pixels", lambda: resized(JPEG, 0, 0), UNREADABLE),
    Case("JPEG: no frame", lambda: JPEG[:2] + JPEG[SCAN:], UNREADABLE),
    Case("JPEG: arithmetic coding", lambda: JPEG.replace(b"\xff\xc0", b"\xff\xc9", 1), UNREADABLE),
    Case("JPEG: no tables", lambda: JPEG[:2] + JPEG[JPEG.index(b"\xff\xc0") : SCAN] + b"\xff\xd9", UNREADABLE),
    Case("JPEG: only fill bytes", lambda: b"\xff\xd8" + b"\xff" * 11_000_000, UNREADABLE),
    Case("JPEG: a million segments", lambda: with_segments(b"\xff\xfe\0\2" * 1_000_000), UNREADABLE),
    Case("JPEG: a million markers", lambda: with_segments(b"\xff\xd0" * 1_000_000), UNREADABLE),
    Case("PNG: a chunk of 2 GB, of which nothing is there",
         lambda: with_chunks(struct.pack(">I", 2**31 - 1) + b"IDAT"), UNREADABLE),
    Case("PNG: two hundred thousand chunks", lambda: with_chunks(chunk(b"teXt") * 200_000), UNREADABLE),
    Case("WEBP: nothing on its canvas", lambda: webp_canvas(*SIZE), UNREADABLE),
    Case("WEBP: noise for data", lambda: saved(PICTURE, "WEBP")[:40] + noise_bytes(60_000), UNREADABLE),
)  # fmt: skip
BOMBS = (
    Case("PNG: 900 megapixels", lambda: png(30_000, 30_000, bits=1), LARGE),
    Case("PNG: as large as the header can say", lambda: SIGNATURE + header(2**31 - 1, 2**31 - 1, 8, 6), LARGE),
    Case("PNG: 62 megapixels of four channels", lambda: png(7_900, 7_900, colour=6), LARGE),
    Case("JPEG: 4290 megapixels", lambda: resized(JPEG, 65_500, 65_500), LARGE),
    Case("JPEG: progressive, 62 megapixels in full colour",
         lambda: resized(saved(PICTURE, "JPEG", progressive=True, subsampling=0), 7_900, 7_900), LARGE),
    Case("JPEG: progressive, a thousand scans", lambda: many_scans(1_000), LARGE),
    Case("WEBP: 268 megapixels", lambda: webp_canvas(16_383, 16_383), LARGE),
    Case("WEBP: 25 megapixels", lambda: webp_canvas(5_000, 5_000), LARGE),
    Case("a file of 12.1 MB", lambda: JPEG + bytes(12_100_000 - len(JPEG)), LARGE),
    Case("PNG: one pixel that unpacks to 500 MB", one_pixel, SMALL | DARK),
    Case("PNG: the largest that is opened", lambda: png(7_000, 7_100, colour=2), DARK),
    Case("PNG: the largest that is opened, in 16 bits", lambda: png(7_000, 7_100, bits=16, colour=6), WHITE),
    Case("PNG: 63 megapixels of palette and transparency", lambda: with_palette(7_900, 7_900), WHITE),
)  # fmt: skip
ODD_BUT_GOOD = (
    Case("JPEG: a page", lambda: JPEG, PASSES),
    Case("JPEG: CMYK", lambda: saved(PICTURE.convert("CMYK"), "JPEG"), PASSES),
    Case("JPEG: grey", lambda: saved(PICTURE.convert("L"), "JPEG"), PASSES),
    Case("JPEG: progressive", lambda: saved(PICTURE, "JPEG", progressive=True), PASSES),
    Case("JPEG: restart markers", lambda: saved(PICTURE, "JPEG", restart_marker_blocks=7), PASSES),
    *(Case(f"JPEG: rotated by EXIF, {how}", partial(rotated, how), PASSES) for how in (2, 3, 4, 5, 6, 7, 8, 9, 65_535)),
    Case("JPEG: damaged EXIF", lambda: with_segments(b"\xff\xe1\0\x14Exif\0\0MM\0*\0\0\0\x08\xff\xff\0\0"), PASSES),
    Case("JPEG: sixty thousand segments", lambda: with_segments(b"\xff\xe4\0\x09oddity\0" * 60_000), PASSES),
    Case("JPEG: a ZIP glued on", lambda: JPEG + zipped(), PASSES),
    Case("JPEG: a script in a comment", lambda: with_segments(b"\xff\xfe\0\x0c<?php x?>\n"), PASSES),
    Case("JPEG: ends in middle grey", lambda: saved(framed(), "JPEG"), PASSES),
    Case("JPEG: several pictures in one", lambda: several_in_one(), PASSES),
    Case("PNG: 16 bits of grey", sixteen_bit, PASSES),
    Case("PNG: palette", lambda: saved(PICTURE.quantize(64), "PNG"), PASSES),
    Case("PNG: palette with transparency", lambda: see_through(), PASSES),
    Case("PNG: one transparent colour", lambda: saved(PICTURE, "PNG", transparency=(0, 0, 0)), PASSES),
    Case("PNG: grey with alpha", lambda: saved(PICTURE.convert("LA"), "PNG"), PASSES),
    Case("PNG: colours with alpha", lambda: saved(PICTURE.convert("RGBA"), "PNG"), PASSES),
    Case("PNG: black and white", lambda: saved(PICTURE.convert("1", dither=Image.Dither.NONE), "PNG"), PASSES),
    Case("PNG: interlaced", interlaced_png, PASSES),
    Case("PNG: animated", lambda: animated("PNG"), PASSES),
    Case("PNG: a broken animation", lambda: broken_animation(), PASSES),
    Case("PNG: an animation of two thousand million frames",
         lambda: with_chunks(chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))), PASSES),
    Case("PNG: a chunk of 10 MB that nobody knows", lambda: with_chunks(chunk(b"prVt", bytes(10_000_000))), PASSES),
    Case("PNG: fifty thousand texts", lambda: with_chunks(chunk(b"tEXt", b"a\0b") * 50_000), PASSES),
    Case("PNG: a text that unpacks to 100 MB",
         lambda: with_chunks(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100_000_000), 1))), PASSES),
    Case("PNG: a ZIP glued on", lambda: saved(PICTURE, "PNG") + zipped(), PASSES),
    Case("WEBP: a page", lambda: saved(PICTURE, "WEBP"), PASSES),
    Case("WEBP: lossless with alpha", lambda: saved(PICTURE.convert("RGBA"), "WEBP", lossless=True), PASSES),
    Case("WEBP: animated", lambda: animated("WEBP"), PASSES),
)  # fmt: skip
USELESS = (
    Case("a strip one pixel high", lambda: png(5_000, 1), SMALL | DARK),
    Case("a strip one pixel wide", lambda: png(1, 60_000, row=b"\xc8"), SMALL),
    Case("a narrow strip", lambda: saved(PICTURE.resize((900, 40)), "PNG"), SMALL),
    Case("a thumbnail", lambda: specimen(2, size=(160, 113)), SMALL),
    Case("nothing but white", lambda: flat(255), WHITE),
    Case("nothing but black", lambda: flat(0), DARK),
    Case("nothing but grey", lambda: flat(150), BLURRED),
)


def with_palette(width: int, height: int) -> bytes:
    plain = png(width, height, colour=3)
    return plain[:33] + chunk(b"PLTE", bytes(768)) + chunk(b"tRNS", bytes(256)) + plain[33:]


def framed() -> Image.Image:
    frame = Image.new("RGB", (SIZE[0] + 64, SIZE[1] + 64), (128, 128, 128))
    frame.paste(PICTURE, (32, 32))
    return frame


CASES = (*OTHER_THINGS, *CUT, *BROKEN, *BOMBS, *ODD_BUT_GOOD, *USELESS)
