"""Good pictures damaged at every kind of place: whole or refused, never half read, and never an exception."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from ostiary.adapters.pictures.probe import probe
from ostiary.adapters.pictures.types import media_type_of
from ostiary.domain.documents.pictures import PictureLimits, judge_picture
from tests.corpus.hostile import JPEG, PICTURE, SIGNATURE, chunk, saved
from tests.depth import deep

pytestmark = pytest.mark.heavy

LIMITS = PictureLimits()
SMALL_PAGE = PICTURE.resize((420, 300))


@lru_cache
def page(kind: str) -> bytes:
    """A picture just large enough to be taken."""
    options: dict[str, dict[str, Any]] = {
        "PNG": {},
        "PNG, palette": {},
        "BMP": {},
        "BMP, palette": {},
        "WEBP": {"quality": 60},
        "WEBP, lossless": {"lossless": True},
    }
    picture = SMALL_PAGE.quantize(32) if "palette" in kind else SMALL_PAGE
    return saved(picture, kind.partition(",")[0], **options.get(kind, {"quality": 80, "progressive": "prog" in kind}))


KINDS = ("JPEG", "JPEG, progressive", "PNG", "PNG, palette", "WEBP", "WEBP, lossless", "BMP", "BMP, palette")


def codes(content: bytes) -> set[str]:
    return {
        rejection.code.value for rejection in judge_picture("passport", "image_front", probe(content, LIMITS), LIMITS)
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_pictures_damaged_below_are_good_as_they_are(kind: str) -> None:
    findings = probe(page(kind), LIMITS)
    assert codes(page(kind)) == set()
    assert (findings.width_px, findings.height_px, findings.readable) == (420, 300, True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("eighths", range(8))
def test_a_picture_cut_off_anywhere_is_not_readable(kind: str, eighths: int) -> None:
    content = page(kind)
    for length in {len(content) * eighths // 8, len(content) * eighths // 8 + 1}:
        assert codes(content[:length]) == {"image_not_readable"}


@given(st.sampled_from(KINDS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=deep(30, 300), suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_bytes_overwritten_anywhere_never_raise_and_never_change_what_it_is_called(
    kind: str, changes: list[tuple[float, int]]
) -> None:
    content = bytearray(page(kind))
    for where, value in changes:
        content[12 + int(where * (len(content) - 13))] = value
    findings = probe(bytes(content), LIMITS)
    assert findings.media_type == media_type_of(page(kind))
    assert findings.readable is (findings.sharpness is not None or findings.brightness is not None)


def chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, begin and end of every chunk of a PNG."""
    at = len(SIGNATURE)
    while at < len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        yield content[at + 4 : at + 8], at, end
        at = end


@pytest.mark.parametrize("kind", ["PNG", "PNG, palette"])
@pytest.mark.parametrize("part", ["length", "name", "content", "check sum"])
def test_a_flipped_bit_in_any_part_of_any_chunk_is_found(kind: str, part: str) -> None:
    whole = page(kind)
    for name, begin, end in chunks(whole):
        at = {"length": begin + 3, "name": begin + 4, "content": begin + 8, "check sum": end - 1}[part]
        content = bytearray(whole)
        content[at] ^= 1
        assert codes(bytes(content)), (name, at)


@pytest.mark.parametrize("name", [b"IHDR", b"PLTE", b"IDAT", b"IEND"])
def test_a_png_without_a_chunk_that_it_needs_is_not_readable(name: bytes) -> None:
    whole = page("PNG, palette")
    rest = b"".join(whole[begin:end] for kind, begin, end in chunks(whole) if kind != name)
    assert codes(SIGNATURE + rest) == {"image_not_readable"}


def test_chunks_that_nobody_needs_are_passed_over_wherever_they_are() -> None:
    whole = page("PNG")
    pieces = [whole[begin:end] for _, begin, end in chunks(whole)]
    for at in range(1, len(pieces)):
        more = chunk(b"zzZz", b"nobody knows") + chunk(b"tEXt", b"Comment\0<script>")
        assert codes(SIGNATURE + b"".join([*pieces[:at], more, *pieces[at:]])) == set()


def test_data_in_many_chunks_is_the_same_picture_as_in_one() -> None:
    whole = page("PNG")
    data = b"".join(whole[begin + 8 : end - 4] for name, begin, end in chunks(whole) if name == b"IDAT")
    head = next(whole[begin:end] for name, begin, end in chunks(whole) if name == b"IHDR")
    for size in (1_000, 8_192, len(data)):
        pieces = b"".join(chunk(b"IDAT", data[at : at + size]) for at in range(0, len(data), size))
        in_pieces = probe(SIGNATURE + head + pieces + chunk(b"IEND"), LIMITS)
        in_one_piece = probe(whole, LIMITS)
        assert replace(in_pieces, size_bytes=0, sha256=b"") == replace(in_one_piece, size_bytes=0, sha256=b"")


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (400, 250, set()), (399, 250, {"image_too_small"}), (400, 249, {"image_too_small"}), (250, 400, set()),
        (249, 400, {"image_too_small"}), (250, 399, {"image_too_small"}), (5_000, 250, set()),
        (5_000, 249, {"image_too_small"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP"])
def test_the_least_size_holds_for_every_format_whichever_way_it_is_turned(
    kind: str, width: int, height: int, expected: set[str]
) -> None:
    content = saved(
        PICTURE.resize((width, height), Image.Resampling.BILINEAR), kind, **({} if kind == "BMP" else {"quality": 90})
    )
    assert codes(content) & {"image_too_small", "image_not_readable", "image_too_large"} == expected


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda bits, colour: (3, 0), {"image_not_readable"}),
        (lambda bits, colour: (16, 3), {"image_not_readable"}),
        (lambda bits, colour: (bits, 1), {"image_not_readable"}),
        (lambda bits, colour: (bits, 7), {"image_not_readable"}),
        (lambda bits, colour: (0, colour), {"image_not_readable"}),
    ],
    ids=["three bits", "a palette of 16 bits", "colour type 1", "colour type 7", "no bits"],
)
def test_an_impossible_header_of_a_png_is_not_readable(wrong: object, expected: set[str]) -> None:
    assert callable(wrong)
    bits, colour = wrong(8, 2)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 420, 300, bits, colour, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(bytes((420 * 3 + 1) * 300)))
    assert codes(SIGNATURE + header + data + chunk(b"IEND")) == expected


def bmp(size: int = 40, compression: int = 0, bits: int = 24, width: int = 420, height: int = 300) -> bytes:
    """A BMP of one colour with any header."""
    rows = bytes(-(-max(0, width) * bits // 32) * 4 * abs(height))
    if size == 12:
        header = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        header = struct.pack("<IiiHHIIiiII", size, width, height, 1, bits, compression, len(rows), 0, 0, 0, 0)
    start = 14 + size
    return b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start) + header.ljust(size, b"\0") + rows


@pytest.mark.parametrize(
    ("content", "readable"),
    [
        (bmp(), True), (bmp(size=124), True), (bmp(size=12), True), (bmp(height=-300), True), (bmp(bits=32), True),
        (bmp(compression=1, bits=8), False), (bmp(compression=2, bits=4), False), (bmp(compression=4), False),
        (bmp(bits=5), False), (bmp(width=-420), False), (bmp()[:-1], False), (bmp()[:40], False), (bmp(width=0), False),
        (bmp()[:10] + b"\x20\0\0\0" + bmp()[14:], False),
    ],
    ids=range(14),
)  # fmt: skip
def test_a_bmp_is_taken_as_far_as_its_pixels_lie_open(content: bytes, readable: bool) -> None:
    assert probe(content, LIMITS).readable is readable
    assert ("image_not_readable" in codes(content)) is not readable


@pytest.mark.parametrize(
    ("start", "media_type"),
    [
        (b"\xff\xd8\xff", "image/jpeg"), (b"\xff\xd8", None), (b"\xff\xd8\xfe", None),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\x89PNG\n\x1a\n", None), (b"RIFF\0\0\0\0WEBP", "image/webp"), (b"RIFF\0\0\0\0WAVE", None),
        (b"RIFX\0\0\0\0WEBP", None),
        (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"), (b"GIF88a", None),
        (b"PK\x03\x04", "application/zip"), (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"), (b"II\0*", None), (b"%PDF-", "application/pdf"), (b"  \n%PDF-1.4", "application/pdf"),
        (b"\xef\xbb\xbf%PDF-1.4", "application/pdf"), (b"x%PDF-1.4", None), (b"%PDX-", None),
        (b"BM" + bytes(12) + struct.pack("<I", 40), "image/bmp"), (b"BM" + bytes(12) + struct.pack("<I", 41), None),
        (b"<HTML>", "text/html"), (b"\n\t<!DocType HTML>", "text/html"), (b"<Script>", "text/html"), (b"<htm", None),
        (b"<!-- x --><svg>", "image/svg+xml"), (b"<?xml?>" + b" " * 1_100 + b"<svg>", None),
        (b"<svgx", "image/svg+xml"),
        (b"\0\0\0\x18ftypheic", "image/heic"), (b"\0\0\0\x18ftypmif1", "image/heic"),
        (b"\0\0\0\x18ftypavif", "image/avif"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isomheic", "image/heic"), (b"\0\0\0\x14ftypmp42\0\0\0\0isomheic", None),
        (b"\0\0\0\x1cftypmif1\0\0\0\0heicavif", "image/avif"), (b"\0\0\0\x18ftypmp42heic", None),
        (b"\0\0\0\x18FTYPheic", None), (b"", None), (b"\0", None), (b" " * 2_000 + b"<html", None),
    ],
    ids=lambda content: repr(content)[:32],
)  # fmt: skip
def test_a_type_is_known_by_its_first_bytes(start: bytes, media_type: str | None) -> None:
    assert media_type_of(start) == media_type


@given(st.binary(max_size=64))
def test_bytes_of_any_kind_have_a_type_or_none(content: bytes) -> None:
    media_type = media_type_of(content)
    assert media_type is None or "/" in media_type
    assert media_type_of(JPEG[:20] + content) == "image/jpeg"
