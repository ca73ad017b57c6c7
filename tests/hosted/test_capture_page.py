"""What the screen for a picture brings to the browser: limits of intake, words, and scripts that find each other."""

from __future__ import annotations

import gzip
import re

import pytest

from ostiary.domain.documents.pictures import BRIGHTNESS_LEAST, OVEREXPOSED_MOST, SHARPNESS_LEAST, PictureLimits
from ostiary.hosted.capture import SENT_LONGEST_PX, capture_attributes, proportions_of
from tests.hosted.desk import Browser, Hall, good
from tests.material import shipped

MOST_SCRIPT_BYTES, MOST_COMPRESSED_BYTES = 25_000, 100_000
LIMITS = PictureLimits()
SCRIPT = re.compile(r'<script type="module" src="(/onboarding/static/capture\.[^"]+)"')
IMPORT = re.compile(r'from "\./([^"]+)"')
SPOKEN = re.compile(r'say\("(\w+)"')


async def side_page(hall: Hall, kind: str = "passport") -> Browser:
    browser = await (await hall.guest()).arrive()
    await browser.send({"kind": kind})
    return browser


async def scripts_of(browser: Browser) -> dict[str, str]:
    """Every module that the screen loads, by its address."""
    waiting, scripts = SCRIPT.findall(browser.page.text), dict[str, str]()
    while waiting:
        address = waiting.pop()
        answer = await browser.http.get(address)
        assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True), address
        scripts[address] = answer.text
        waiting += {f"/onboarding/static/{name}" for name in IMPORT.findall(answer.text)} - {*scripts, *waiting}
    return scripts


async def test_modules_find_each_other_under_the_names_they_are_served_by(hall: Hall) -> None:
    scripts = await scripts_of(await side_page(hall))
    names = {address.rpartition("/")[2].split(".")[0] for address in scripts}
    assert names == {"capture", "camera", "framing", "measure", "sending"}
    assert sum(len(text.encode()) for text in scripts.values()) <= MOST_SCRIPT_BYTES


async def test_the_first_load_is_small(hall: Hall) -> None:
    browser = await side_page(hall)
    others = re.findall(r'(?:src|href)="(/onboarding/static/[^"]+)"', browser.page.text)
    texts = [browser.page.text, *(await scripts_of(browser)).values()]
    texts += [(await browser.http.get(address)).text for address in dict.fromkeys(others) if "capture." not in address]
    assert sum(len(gzip.compress(text.encode())) for text in texts) <= MOST_COMPRESSED_BYTES


async def test_the_page_may_use_a_camera_and_nothing_else(hall: Hall) -> None:
    headers = (await side_page(hall)).page.headers
    assert "camera=(self)" in headers["permissions-policy"]
    assert "microphone=()" in headers["permissions-policy"]
    assert "unsafe" not in headers["content-security-policy"]


async def test_limits_are_those_of_intake(hall: Hall) -> None:
    [form] = re.findall(r"<form [^>]*data-capture[^>]*>", (await side_page(hall)).page.text)
    for name, value in (
        ("sharpness-least", SHARPNESS_LEAST),
        ("brightness-least", BRIGHTNESS_LEAST),
        ("overexposed-most", OVEREXPOSED_MOST),
        ("short-px", LIMITS.min_short_side_px),
        ("long-px", LIMITS.min_long_side_px),
        ("max-bytes", LIMITS.max_bytes),
        ("longest-px", SENT_LONGEST_PX),
        ("side", "image_front"),
    ):
        assert f'data-{name}="{value}"' in form


async def test_every_word_that_a_script_says_stands_in_the_page(hall: Hall) -> None:
    browser = await side_page(hall)
    scripts = "".join((await scripts_of(browser)).values())
    reasons = set(re.findall(r': "(refused|missing|busy)"', scripts)) | {"insecure", "stopped"}
    problems = {"small", "dark", "white", "blurred", "place", "good"}
    spoken = set(SPOKEN.findall(scripts)) | reasons | problems
    assert len(spoken) > 15
    assert not [word for word in spoken if f"data-says-{word}=" not in browser.page.text]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("passport", 1.42), ("national_id", 1.586), ("drivers_license", 1.586), ("utility_bill", 0.707)],
)
def test_the_frame_has_the_documents_proportions(kind: str, expected: float) -> None:
    document_type = shipped().document_types[kind]
    assert proportions_of(document_type) == pytest.approx(expected, abs=0.001)
    assert capture_attributes(document_type, "image_front", LIMITS)["data-proportions"] == f"{expected:.3f}"


async def test_a_side_sent_twice_is_there_once(hall: Hall) -> None:
    """As when the answer to the first was lost on its way."""
    browser = await side_page(hall, "national_id")
    front, form = str(browser.page.url), browser.page
    await browser.send(picture=good(2))
    browser.page = form
    await browser.send(to=front, picture=good(2))
    assert browser.path.endswith("/back")
    await browser.send(picture=good(3))
    assert browser.path.endswith("/details")
