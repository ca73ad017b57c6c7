"""Logos are drawn anew: of what a stranger sends, pixels alone come to be kept, of a size that is known."""

from __future__ import annotations

import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from ostiary.adapters.pages import logo_child, logos
from ostiary.adapters.pages.decoder import FAULTS
from ostiary.adapters.pages.logos import SIZE, png_of, redrawn, redrawn_logo
from ostiary.domain.errors import Unavailable
from ostiary.domain.hosted.brand import LOGO_HEIGHT_PX, LOGO_WIDTH_PX
from tests.corpus.hostile import CASES, Case
from tests.corpus.made import content_of

pytestmark = pytest.mark.heavy
SECRET = b"where the picture was taken"


def stored(kind: str, size: tuple[int, int] = (900, 300), mode: str = "RGB", **options: Any) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "#1d4f91").save(out, kind, **options)
    return out.getvalue()


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    picture = Image.open(BytesIO(content))
    assert picture.format == "PNG"
    return picture


@pytest.mark.parametrize(("kind", "mode"), [
    ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("JPEG", "RGB"), ("JPEG", "CMYK"), ("WEBP", "RGBA"),
])  # fmt: skip
def test_every_kind_becomes_a_small_png(kind: str, mode: str) -> None:
    assert opened(redrawn_logo(stored(kind, mode=mode))).size == (512, 171)


@pytest.mark.parametrize(("size", "expected"), [
    ((100, 40), (100, 40)), ((512, 256), (512, 256)), ((300, 900), (85, 256)), ((2_000, 2_000), (256, 256)),
])  # fmt: skip
def test_it_is_made_smaller_and_never_larger(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert opened(redrawn_logo(stored("PNG", size))).size == expected


def test_what_shines_through_stays() -> None:
    out = BytesIO()
    Image.new("RGBA", (20, 10), (255, 0, 0, 0)).save(out, "PNG")
    assert opened(redrawn_logo(out.getvalue())).convert("RGBA").getpixel((5, 5)) == (255, 0, 0, 0)


def test_nothing_but_pixels_is_kept() -> None:
    info, exif = PngImagePlugin.PngInfo(), Image.Exif()
    info.add_text("comment", SECRET.decode())
    exif[0x010E] = SECRET.decode()
    for content in (stored("PNG", pnginfo=info), stored("JPEG", exif=exif), stored("PNG") + SECRET):
        assert SECRET in content
        drawn = redrawn_logo(content)
        assert drawn is not None
        assert SECRET not in drawn


def bomb() -> bytes:
    """Some bytes that would unpack to a gigabyte."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    head = (20_000).to_bytes(4, "big") * 2 + bytes((8, 6, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1 << 20)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("content", [
    b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"BM" + bytes(100),
    stored("PNG")[:200], stored("JPEG")[:200], stored("WEBP")[:60], stored("PNG", (4_001, 4_000), "L"), bomb(),
    b"RIFF\xff\xff\xff\xffWEBPVP8X" + bytes(40),
])  # fmt: skip
def test_what_is_no_logo_or_too_large_is_none(content: bytes) -> None:
    assert redrawn_logo(content) is None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_file_is_no_logo_or_a_small_one(case: Case) -> None:
    """As its process draws it, in this one: a start takes longer than any of them."""
    with suppress(MemoryError, *FAULTS), warnings.catch_warnings(action="ignore"):
        width, height = logo_child._small(content_of(case)).size
        assert width <= LOGO_WIDTH_PX
        assert height <= LOGO_HEIGHT_PX


def test_what_is_too_large_to_be_taken_is_no_logo_or_a_small_one_in_its_process() -> None:
    for case in CASES:
        if "image_too_large" in case.codes and (drawn := redrawn_logo(content_of(case))) is not None:
            assert opened(drawn).size <= (LOGO_WIDTH_PX, LOGO_HEIGHT_PX)


@pytest.mark.parametrize("answer", [
    b"", bytes(7), SIZE.pack(2, 2) + bytes(15), SIZE.pack(2, 2) + bytes(17), SIZE.pack(0, 2),
    SIZE.pack(513, 1) + bytes(2_052), SIZE.pack(1, 257) + bytes(1_028),
])  # fmt: skip
def test_an_answer_that_does_not_add_up_is_not_believed(answer: bytes) -> None:
    assert png_of(answer) is None


async def test_it_is_drawn_beside_the_event_loop() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert opened(await redrawn(pool, stored("PNG"))).size == (512, 171)


def test_without_processes_it_is_not_now(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(*_: object) -> object:
        raise OSError

    monkeypatch.setattr(logos, "run_isolated", none_left)
    with pytest.raises(Unavailable):
        redrawn_logo(stored("PNG"))


def test_one_that_had_no_processor_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logos, "WAIT_S", 0.0)
    with pytest.raises(Unavailable):
        redrawn_logo(stored("PNG"))
