"""Photos of specimens: what is asked for happens to the page, nothing else, and the same again each time."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import zxingcpp
from PIL import Image

from ostiary.domain.mrz.aamva import parse_aamva
from ostiary.specimens.drawing import specimen
from ostiary.specimens.photos import Glare, Shot, photographed

PDF417 = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.PDF417])
PAGE = specimen(3, size=(800, 563))
EFFECTS: dict[str, dict[str, Any]] = {
    "none": {},
    "turned": {"turned_degrees": 12},
    "perspective": {"perspective": 0.08},
    "gradient": {"gradient": 0.5},
    "light": {"light": 0.4},
    "glare": {"glare": Glare()},
    "blur": {"blur_px": 1.5},
    "noise": {"noise": 5},
    "margin": {"margin": 0.2},
    "quality": {"jpeg_quality": 40},
}
"""At a width at which each can be told from the others."""


def photo(seed: int = 1, **effects: Any) -> npt.NDArray[np.uint8]:
    return np.asarray(
        Image.open(BytesIO(photographed(PAGE, seed, Shot(**{"longest_px": 800, **effects})))).convert("L")
    )


@pytest.mark.parametrize("effects", EFFECTS.values(), ids=EFFECTS)
def test_the_same_seed_gives_the_same_photo_and_another_another_table(effects: dict[str, Any]) -> None:
    again = [photographed(PAGE, seed, Shot(longest_px=400, **effects)) for seed in (1, 1, 2)]
    assert again[0] == again[1] != again[2]


def test_every_effect_changes_the_photo() -> None:
    assert len({photographed(PAGE, 1, Shot(longest_px=400, **effect)) for effect in EFFECTS.values()}) == len(EFFECTS)


def test_a_page_can_be_a_picture_or_its_file() -> None:
    assert photographed(Image.open(BytesIO(PAGE)), 1, Shot(noise=3)) == photographed(PAGE, 1, Shot(noise=3))


@pytest.mark.parametrize("degrees", [0, 33, 90, 180, 271.5])
@pytest.mark.parametrize("longest_px", [300, 1600])
def test_the_longer_side_is_as_asked(degrees: float, longest_px: int) -> None:
    assert max(photo(turned_degrees=degrees, perspective=0.1, longest_px=longest_px).shape) == longest_px


@pytest.mark.parametrize(("degrees", "quarters"), [(0, 0), (90, 1), (180, 2), (-90, 3), (270, 3)])
def test_quarter_turns_are_counter_clockwise_and_lose_nothing(degrees: float, quarters: int) -> None:
    """Without a margin the photo is the page."""
    flat = np.asarray(Image.open(BytesIO(PAGE)).convert("L").resize((400, 281)))
    image = Image.fromarray(photo(turned_degrees=degrees, margin=0))
    upright = np.rot90(np.asarray(image.resize((400, 281) if quarters % 2 == 0 else (281, 400))), -quarters)
    assert np.abs(upright.astype(int) - flat).mean() < 4


def test_gradient_and_light_take_light_away() -> None:
    bright, dim = photo(), photo(light=0.4)
    assert dim.mean() == pytest.approx(bright.mean() * 0.4, rel=0.05)
    shaded = photo(gradient=0.8).astype(float) / np.maximum(bright, 1)
    assert np.percentile(shaded, 2) < 0.35
    assert np.percentile(shaded, 98) > 0.85


@pytest.mark.parametrize("degrees", [0, 180])
def test_glare_is_where_it_was_asked_for_on_the_page(degrees: float) -> None:
    """The silhouette is dark, until light falls on it; turned around, it is at the opposite place."""
    glare = Glare(across=0.17, down=0.3, radius=0.1, strength=1)
    plain, glaring = (photo(turned_degrees=degrees, margin=0, glare=strength) for strength in (None, glare))
    y, x = int(plain.shape[0] * 0.3), int(plain.shape[1] * 0.17)
    if degrees:
        y, x = plain.shape[0] - y, plain.shape[1] - x
    here = np.s_[y - 5 : y + 5, x - 5 : x + 5]
    assert plain[here].mean() < 150
    assert glaring[here].mean() > 245
    far = np.s_[plain.shape[0] // 2 :, :] if not degrees else np.s_[: plain.shape[0] // 2, :]
    assert np.abs(plain[far].astype(int) - glaring[far]).mean() < 3


def test_blur_softens_and_noise_roughens() -> None:
    def edges(image: npt.NDArray[np.uint8]) -> float:
        return float(np.abs(np.diff(image.astype(int), axis=1)).mean())

    assert edges(photo(blur_px=2)) < edges(photo()) * 0.7
    assert edges(photo(noise=8)) > edges(photo()) * 1.5


@pytest.mark.parametrize("perspective", [-0.1, 0.31, float("nan")])
def test_a_perspective_that_leaves_no_page_is_refused(perspective: float) -> None:
    with pytest.raises(ValueError, match=r"0 to 0\.3"):
        photographed(PAGE, 1, Shot(perspective=perspective))


@pytest.mark.parametrize("effects", [
    {}, {"turned_degrees": 90}, {"turned_degrees": 182}, {"perspective": 0.02}, {"light": 0.35, "noise": 3},
    {"gradient": 0.5}, {"blur_px": 1}, {"jpeg_quality": 50},
])  # fmt: skip
def test_a_barcode_survives_a_fair_photo(effects: dict[str, Any]) -> None:
    page = specimen(9, kind="drivers_license", side="back", number="X1234567")
    image = np.asarray(Image.open(BytesIO(photographed(page, 1, Shot(**effects)))))
    (barcode,) = zxingcpp.read_barcodes(image, formats=PDF417)
    zone = parse_aamva(barcode.text)
    assert zone is not None
    assert zone.number == "X1234567"
