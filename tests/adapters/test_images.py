"""Probing pictures: what is measured, at which scale, and what is never begun. Damaged files are in `tests/corpus`."""

from __future__ import annotations

import hashlib
import io
import random
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from ostiary.adapters.pictures import decoding
from ostiary.adapters.pictures.colours import flattened, judging_shrink
from ostiary.adapters.pictures.probe import probe
from ostiary.domain.documents.pictures import PictureLimits, judge_picture
from ostiary.specimens.drawing import specimen

LIMITS = PictureLimits()


def page(seed: int = 1, size: tuple[int, int] = (1400, 1000)) -> Image.Image:
    """A sharp, evenly lit picture of a printed page."""
    return _drawn_page(seed, size).copy()


@lru_cache(maxsize=16)
def _drawn_page(seed: int, size: tuple[int, int]) -> Image.Image:
    draw_from = random.Random(seed)
    picture = Image.new("RGB", size, (226, 230, 222))
    pen = ImageDraw.Draw(picture)
    for top in range(40, size[1] - 40, 28):
        text = "".join(draw_from.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<") for _ in range(size[0] // 9))
        pen.text((40, top), text, fill=(20, 24, 40))
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **{"quality": 90, **options})
    return out.getvalue()


def codes(content: bytes) -> set[str]:
    return {
        rejection.code.value for rejection in judge_picture("passport", "image_front", probe(content, LIMITS), LIMITS)
    }


def sharpness(content: bytes) -> float:
    measured = probe(content, LIMITS).sharpness
    assert measured is not None
    return measured


def noisy(picture: Image.Image, sigma_levels: float) -> Image.Image:
    grain = np.random.default_rng(1).normal(0, sigma_levels, (picture.height, picture.width, 1))
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))


def smeared(picture: Image.Image, px: int) -> Image.Image:
    shifted = [np.roll(np.asarray(picture, dtype=np.float32), by, axis=1) for by in range(px)]
    return Image.fromarray(np.mean(shifted, axis=0).astype(np.uint8))


def on_a4(card: Image.Image) -> Image.Image:
    """A white sheet scanned at 300 dots an inch with a card on it."""
    sheet = Image.new("RGB", (2480, 3508), "white")
    sheet.paste(card.resize((1011, 638), Image.Resampling.LANCZOS), (300, 300))
    return sheet


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
@pytest.mark.parametrize("size", [(1400, 1000), (700, 1000), (3000, 2100)])
def test_every_format_is_found_out_and_measured_alike(kind: str, media_type: str, size: tuple[int, int]) -> None:
    content = saved(page(size=size), kind)
    probed = probe(content, LIMITS)
    assert (probed.media_type, probed.width_px, probed.height_px, probed.readable) == (media_type, *size, True)
    assert (probed.size_bytes, probed.sha256) == (len(content), hashlib.sha256(content).digest())
    assert probed.sharpness == pytest.approx(sharpness(saved(page(size=size), "PNG")), abs=0.15)
    assert probed.brightness == pytest.approx(0.9, abs=0.02)
    assert probed.overexposed == 0


def test_a_view_of_bytes_is_as_good_as_bytes() -> None:
    content = saved(page())
    assert probe(memoryview(content), LIMITS) == probe(content, LIMITS)


def test_threads_do_not_disturb_each_other() -> None:
    contents = [specimen(seed, size=(800, 565)) for seed in range(6)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda content: probe(content, LIMITS), contents * 3))
    assert together == [probe(content, LIMITS) for content in contents] * 3


@pytest.mark.parametrize(
    ("size", "shrink"),
    [((4000, 3000), 4), ((3840, 2160), 4), ((8000, 6000), 8), ((1600, 1200), 2), ((1400, 1000), 1), ((250, 160), 1)],
)
def test_the_judging_scale_follows_from_the_pixels(size: tuple[int, int], shrink: int) -> None:
    assert judging_shrink(*size) == shrink
    assert judging_shrink(*reversed(size)) == shrink


@pytest.mark.parametrize(
    "limits",
    [PictureLimits(max_pixels=1_399_999), PictureLimits(max_bytes=10_000), PictureLimits(media_types=("image/png",))],
)
def test_nothing_over_a_limit_is_decoded(limits: PictureLimits, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(content: bytes, shrink: int) -> Image.Image:
        raise AssertionError("decoded")

    monkeypatch.setitem(decoding.FORMATS, "image/jpeg", (decoding.FORMATS["image/jpeg"][0], never))
    assert not probe(saved(page()), limits).readable


@pytest.mark.parametrize("sigma_px", [3, 4, 6, 12])
def test_a_blurred_page_is_refused_and_nothing_else_is_said_of_it(sigma_px: int) -> None:
    width_1000 = page().resize((1000, 714), Image.Resampling.LANCZOS)
    assert codes(saved(width_1000.filter(ImageFilter.GaussianBlur(sigma_px)))) == {"image_blurred"}


def test_a_page_smeared_by_a_moving_hand_is_refused() -> None:
    assert codes(saved(smeared(page(), 15))) == {"image_blurred"}


@pytest.mark.parametrize("quality", [40, 60, 90])
def test_compression_is_not_taken_for_sharpness(quality: int) -> None:
    assert codes(saved(page(), quality=quality)) == set()
    assert codes(saved(page().filter(ImageFilter.GaussianBlur(5)), quality=quality)) == {"image_blurred"}


def test_sharpness_does_not_depend_on_contrast() -> None:
    faint = page().point(lambda level: 128 + level // 4)
    assert sharpness(saved(faint, "PNG")) == pytest.approx(sharpness(saved(page(), "PNG")), abs=0.05)


def test_a_picture_of_twelve_megapixels_with_grain_is_good() -> None:
    large = page().resize((4000, 2857), Image.Resampling.BICUBIC)
    assert codes(saved(noisy(large, 6), quality=85)) == set()
    assert codes(saved(noisy(large.filter(ImageFilter.GaussianBlur(14)), 6), quality=85)) == {"image_blurred"}


def test_brightness_is_that_of_the_paper_even_on_a_dark_table() -> None:
    table = Image.new("RGB", (1800, 1400), (20, 18, 16))
    table.paste(page(size=(900, 640)), (300, 300))
    assert codes(saved(table)) == set()


@pytest.mark.parametrize(("divisor", "expected"), [(2, set()), (5, {"image_too_dark"}), (12, {"image_too_dark"})])
def test_less_light_is_refused_in_the_end(divisor: int, expected: set[str]) -> None:
    assert codes(saved(page().point(lambda level: level // divisor))) == expected


def test_a_white_sheet_with_print_or_a_card_on_it_is_not_overexposed() -> None:
    letter = page().point(lambda level: min(255, level * 5 // 4))
    card = Image.open(io.BytesIO(specimen(3, kind="national_id")))
    assert codes(saved(letter)) == set()
    assert codes(saved(on_a4(card))) == set()
    assert codes(saved(on_a4(card).filter(ImageFilter.GaussianBlur(12)))) == {"image_blurred"}


def test_a_page_of_which_a_shadow_is_left_is_overexposed() -> None:
    assert "image_overexposed" in codes(saved(page().point(lambda level: 255 - (255 - level) // 12)))


def test_a_rotation_asked_for_by_the_file_changes_no_measure() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    plain, turned = probe(saved(page()), LIMITS), probe(saved(page(), exif=exif), LIMITS)
    assert (plain.width_px, plain.sharpness, plain.brightness) == (turned.width_px, turned.sharpness, turned.brightness)


@pytest.mark.parametrize("kept_percent", [30, 50, 70, 90, 95, 98])
@pytest.mark.parametrize("options", [{}, {"restart_marker_blocks": 11}, {"quality": 30}], ids=str)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_cut_jpeg_is_unreadable_even_with_an_end_marker_glued_on(
    mode: str, options: dict[str, Any], kept_percent: int
) -> None:
    content = saved(page().convert(mode), **options)
    cut = content[: len(content) * kept_percent // 100]
    assert codes(content) == set()
    assert codes(cut) == {"image_not_readable"}
    assert codes(cut + b"\xff\xd9") == {"image_not_readable"}


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("stored", ["1", "L", "LA", "I;16", "P", "RGB", "RGBA", "CMYK"])
@pytest.mark.parametrize("shrink", [1, 4])
def test_whatever_its_pixels_are_a_picture_becomes_the_same(stored: str, mode: str, shrink: int) -> None:
    """White, dark and, where pixels can be, transparent on the right: strips are pieced together without a seam."""
    picture = Image.new("L", (600, 1030), 255)
    picture.paste(0, (100, 200, 300, 900))
    if stored == "I;16":
        other = Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)
    elif stored in ("LA", "RGBA"):
        other = picture.convert(stored)
        other.paste((0,) * len(stored), (400, 0, 600, 1030))
    else:
        other = picture.convert(stored)
    flat = flattened(other, mode, shrink)
    assert (flat.mode, flat.size) == (mode, (600 // shrink, -(-1030 // shrink)))
    assert np.abs(np.asarray(flat.convert("L")).astype(int) - np.asarray(picture.reduce(shrink))).max() <= 2
