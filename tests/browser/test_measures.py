"""What is measured of a picture in the browser is what the service measures of it at intake."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, Route

from ostiary import hosted
from ostiary.adapters.pictures.colours import judging_shrink
from ostiary.adapters.pictures.probe import probe
from ostiary.domain.documents.pictures import (
    BRIGHTNESS_LEAST,
    OVEREXPOSED_MOST,
    SHARPNESS_LEAST,
    PictureLimits,
    judge_picture,
)
from ostiary.specimens.drawing import specimen
from ostiary.specimens.photos import Glare, Shot, photographed

pytestmark = pytest.mark.asyncio(loop_scope="session")
STATIC = Path(hosted.__file__).parent / "static"
LIMITS = PictureLimits()
APART_MOST = 0.02
"""Of a share: browsers scale a JPEG's colours up in another way, and make it smaller after decoding, not before."""
MEASURED = """async ([content, least]) => {
  const { greyOf, measure, problemOf } = await import("/measure.js");
  const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))]));
  const measures = measure(greyOf(picture, [0, 0, picture.width, picture.height]));
  return { ...measures, problem: problemOf(measures, picture.width, picture.height, least) };
}"""
LEAST = {
    "shortPx": LIMITS.min_short_side_px, "longPx": LIMITS.min_long_side_px, "sharpness": SHARPNESS_LEAST,
    "brightness": BRIGHTNESS_LEAST, "overexposed": OVEREXPOSED_MOST,
}  # fmt: skip
PROBLEMS = {
    "": [], "small": ["image_too_small"], "dark": ["image_too_dark"], "white": ["image_overexposed"],
    "blurred": ["image_blurred"],
}  # fmt: skip
"""Of those that the service names, the browser names the first."""


def taken(**how: Any) -> bytes:
    return photographed(specimen(1), 1, Shot(**how))


def flat() -> Image.Image:
    return Image.open(BytesIO(specimen(1)))


def stored(picture: Image.Image, kind: str) -> bytes:
    content = BytesIO()
    picture.save(content, kind)
    return content.getvalue()


PICTURES: dict[str, Callable[[], bytes]] = {
    "flat": lambda: specimen(1),
    "turned": lambda: taken(turned_degrees=3, perspective=0.03, noise=3, gradient=0.3),
    "a little blurred": lambda: taken(blur_px=1.5, noise=3),
    "just good": lambda: taken(blur_px=2.4, noise=2),
    "just blurred": lambda: taken(blur_px=3, noise=2),
    "very blurred": lambda: taken(blur_px=6, noise=2),
    "dark": lambda: taken(light=0.2, noise=3),
    "glaring": lambda: taken(glare=Glare(radius=0.4)),
    "12 megapixels": lambda: taken(longest_px=4_000, noise=4, blur_px=1),
    "12 megapixels, blurred": lambda: taken(longest_px=4_000, noise=4, blur_px=9),
    "odd sides": lambda: taken(longest_px=1_333),
    "small": lambda: taken(longest_px=380),
    "blank": lambda: stored(Image.new("RGB", (1_200, 900), "white"), "PNG"),
    "black": lambda: stored(Image.new("L", (801, 603)), "PNG"),
    "webp": lambda: stored(flat(), "WEBP"),
    "shining through": lambda: stored(flat().convert("RGBA").resize((900, 634)), "PNG"),
    "of one tile": lambda: stored(flat().resize((420, 40)), "PNG"),
}
"""Drawn by the test that looks at one: large ones take seconds, and every process imports this."""


@pytest.mark.parametrize("name", PICTURES)
async def test_browser_and_intake_measure_alike(browser: Browser, name: str) -> None:
    content = PICTURES[name]()
    async with await browser.new_context() as context:
        await context.route("https://onboarding.test/**", answer)
        page = await context.new_page()
        await page.goto("https://onboarding.test/")
        in_browser = await page.evaluate(MEASURED, [b64encode(content).decode(), LEAST])
    at_intake = probe(content, LIMITS)
    assert at_intake.readable
    for measure in ("sharpness", "brightness", "overexposed"):
        expected = getattr(at_intake, measure)
        assert in_browser[measure] == (None if expected is None else pytest.approx(expected, abs=APART_MOST)), measure
    codes = [each.code.value for each in judge_picture("passport", "image_front", at_intake, LIMITS)]
    assert PROBLEMS[in_browser["problem"]] == codes[:1]


async def answer(route: Route) -> None:
    name = route.request.url.rsplit("/", 1)[1]
    if name:
        await route.fulfill(body=(STATIC / name).read_text(), content_type="text/javascript")
    else:
        await route.fulfill(body="<!doctype html><title>Measures</title>", content_type="text/html")


async def test_both_judge_at_the_same_scale(browser: Browser) -> None:
    sizes = [(400, 250), (999, 480), (1_600, 1_200), (1_601, 1_199), (3_840, 2_160), (4_000, 3_000), (8_000, 6_000)]
    async with await browser.new_context() as context:
        await context.route("https://onboarding.test/**", answer)
        page = await context.new_page()
        await page.goto("https://onboarding.test/")
        script = (
            "async (sizes) => { const m = await import('/measure.js'); return sizes.map((s) => m.shrinkOf(...s)); }"
        )
        assert await page.evaluate(script, sizes) == [judging_shrink(*size) for size in sizes]
