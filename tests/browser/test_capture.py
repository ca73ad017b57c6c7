"""A picture of a document, taken in a browser with a camera that shows one of ours, or with none that works."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from ostiary.adapters.pictures.probe import probe
from ostiary.domain.documents.pictures import PictureLimits, judge_picture
from ostiary.hosted.capture import SENT_LONGEST_PX
from ostiary.specimens.drawing import specimen
from ostiary.specimens.photos import Shot, photographed
from tests.browser.cameras import HEIGHT_PX, NO_CAMERA, WIDTH_PX, chromium_with, held, showing, table, video
from tests.browser.conftest import PATIENCE_MS
from tests.browser.stand_in import StandIn, stand_in
from tests.judgement_material import KIND

pytestmark = pytest.mark.asyncio(loop_scope="session")
PHONE = ViewportSize(width=390, height=844)


@asynccontextmanager
async def upload_page(browser: Browser, place: StandIn, *, may: bool = True) -> AsyncIterator[Page]:
    """The form in a window of its own. What the policy of content keeps out, or a script does wrong, fails the test."""
    context = await browser.new_context(viewport=PHONE, permissions=["camera"] if may else [])
    page, problems = await context.new_page(), list[str]()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Security Policy" in message.text else None)
    await page.goto(place.address)
    yield page
    await context.close()
    assert not problems


@asynccontextmanager
async def before(browser: Browser, file: Path) -> AsyncIterator[tuple[StandIn, Page]]:
    """The form in a browser whose camera shows a video."""
    async with (
        chromium_with(browser, *showing(file)) as another,
        stand_in(KIND) as place,
        upload_page(another, place) as page,
    ):
        yield place, page


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def at_table(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """A browser whose camera shows a table."""
    file = video(tmp_path_factory.mktemp("camera") / "table.y4m", [table()])
    async with chromium_with(browser, *showing(file)) as another:
        yield another


async def says(page: Page, text: str) -> None:
    await expect(page.locator("[data-status]")).to_contain_text(text, timeout=PATIENCE_MS)


def said_of(content: bytes) -> list[str]:
    """What intake says of it."""
    findings = probe(content, PictureLimits())
    return [each.code.value for each in judge_picture("passport", "image_front", findings, PictureLimits())]


async def open_camera(page: Page) -> None:
    await page.get_by_role("button", name="Use the camera").click()


async def test_a_document_that_keeps_still_is_taken_by_itself_and_passes_intake(
    browser: Browser, tmp_path: Path
) -> None:
    file = video(tmp_path / "held.y4m", [held(specimen(1))])
    async with before(browser, file) as (place, page):
        await open_camera(page)
        await page.wait_for_url("**/done")
    [sent] = place.came
    assert (sent.name, sent.media_type, said_of(sent.content)) == ("picture.jpg", "image/jpeg", [])


@pytest.mark.parametrize(
    ("view", "advice", "code"),
    [
        (partial(held, specimen(1), blur_px=5), "Not sharp.", "image_blurred"),
        (partial(held, specimen(1), light=0.2), "Too dark.", "image_too_dark"),
        (table, "Hold the document so that it fills the frame.", None),
    ],
    ids=["blurred", "dark", "no document"],
)
async def test_what_is_not_good_is_not_taken_by_itself_and_can_be_sent_all_the_same(
    browser: Browser, tmp_path: Path, view: Callable[[], Image.Image], advice: str, code: str | None
) -> None:
    file = video(tmp_path / "view.y4m", [view()])
    async with before(browser, file) as (place, page):
        await open_camera(page)
        await says(page, advice)
        await page.wait_for_timeout(1_500)  # three times as long as a good one takes
        assert not place.begun
        await page.get_by_role("button", name="Take the picture").click()
        if code is not None:
            await expect(page.get_by_role("button", name="Use the camera")).to_be_focused()
            await says(page, advice)
            assert not place.begun
            await page.get_by_role("button", name="Send it all the same").click()
        await page.wait_for_url("**/done")
    assert said_of(place.came[0].content) == ([code] if code else [])


async def test_what_the_camera_shows_is_what_was_drawn(browser: Browser, tmp_path: Path) -> None:
    """Otherwise the pictures of these tests would be brighter, and have more contrast, than they look here."""
    shades = {(1, 1): (12, 12, 12), (1, 3): (128, 128, 128), (3, 1): (245, 245, 245), (3, 3): (190, 90, 60)}
    drawn = Image.new("RGB", (WIDTH_PX, HEIGHT_PX))
    for (across, down), shade in shades.items():
        left, top = (across - 1) * WIDTH_PX // 4, (down - 1) * HEIGHT_PX // 4
        drawn.paste(shade, (left, top, left + WIDTH_PX // 2, top + HEIGHT_PX // 2))
    async with before(browser, video(tmp_path / "shades.y4m", [drawn])) as (_, page):
        await open_camera(page)
        await expect(page.locator("canvas")).to_have_attribute("width", re.compile("[0-9]+"), timeout=PATIENCE_MS)
        point = """(c, [x, y]) => [...c.getContext('2d').getImageData(c.width * x / 4, c.height * y / 4, 1, 1).data]"""
        for place, shade in shades.items():
            shown = await page.locator("canvas").evaluate(point, list(place))
            assert shown[:3] == pytest.approx(shade, abs=4)


async def test_a_document_that_moves_is_not_taken(browser: Browser, tmp_path: Path) -> None:
    still = held(specimen(1))
    moving = [still.rotate(0, translate=(away, 0), fillcolor=(70, 62, 54)) for away in (0, 40, 80, 40)]
    async with before(browser, video(tmp_path / "moving.y4m", moving)) as (place, page):
        await open_camera(page)
        await says(page, "Hold the document")
        await page.wait_for_timeout(2_000)
        assert not place.begun


async def test_a_camera_that_is_turned_off_leaves_the_file(at_table: Browser) -> None:
    async with stand_in(KIND) as place, upload_page(at_table, place) as page:
        await open_camera(page)
        await page.get_by_role("button", name="Turn the camera off").click()
        await says(page, "The camera is off.")
        await expect(page.get_by_label("File")).to_be_visible()
        assert await page.evaluate("document.querySelector('video').srcObject") is None


async def test_a_camera_that_stops_midway_says_so_and_can_be_opened_again(at_table: Browser) -> None:
    async with stand_in(KIND) as place, upload_page(at_table, place) as page:
        await open_camera(page)
        await says(page, "Hold the document")
        await page.context.clear_permissions()
        await says(page, "The camera stopped.")
        await expect(page.get_by_label("File")).to_be_visible()
        await expect(page.get_by_role("button", name="Use the camera")).to_be_focused()
        await page.context.grant_permissions(["camera"])
        await open_camera(page)
        await says(page, "Hold the document")


async def test_a_camera_that_shows_the_same_for_ever_has_stopped(at_table: Browser) -> None:
    """As one does whose cable is loose: the track goes on, no picture comes."""
    async with stand_in(KIND) as place, upload_page(at_table, place) as page:
        await open_camera(page)
        await says(page, "Hold the document")
        await page.evaluate("document.querySelector('video').pause()")
        await says(page, "The camera stopped.")


@pytest.mark.parametrize(
    ("options", "may", "why"),
    [
        ((NO_CAMERA,), True, "No camera was found."),
        (("--use-fake-device-for-media-stream",), False, "This page may not use your camera."),
    ],
    ids=["absent", "denied"],
)
async def test_a_camera_that_cannot_be_used_says_why_and_offers_the_file(
    browser: Browser, options: tuple[str, ...], may: bool, why: str
) -> None:
    async with (
        chromium_with(browser, *options) as another,
        stand_in(KIND) as place,
        upload_page(another, place, may=may) as page,
    ):
        await open_camera(page)
        await says(page, why)
        await says(page, "a file instead.")
        await page.get_by_label("File").set_input_files(photo(specimen(1)))
        await page.get_by_role("button", name="Send", exact=True).click()
        await page.wait_for_url("**/done")


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("new DOMException('', 'NotReadableError')", "Another program is using the camera."),
        ("new DOMException('', 'AbortError')", "Another program is using the camera."),
        ("new DOMException('', 'OverconstrainedError')", "No camera was found."),
        ("new DOMException('', 'SecurityError')", "This page may not use your camera."),
        ("new TypeError()", "The camera stopped."),
    ],
)
async def test_every_fault_of_a_camera_has_its_words(browser: Browser, fault: str, why: str) -> None:
    async with stand_in(KIND) as place, upload_page(browser, place) as page:
        await page.evaluate(f"() => {{ navigator.mediaDevices.getUserMedia = async () => {{ throw {fault}; }}; }}")
        await open_camera(page)
        await says(page, why)


async def test_a_page_without_https_says_that_it_gets_no_camera(browser: Browser) -> None:
    mapped = "--host-resolver-rules=MAP onboarding.test 127.0.0.1"
    options = (mapped, "--use-fake-device-for-media-stream")
    async with chromium_with(browser, *options) as another, stand_in(KIND) as place:
        place.address = place.address.replace("localhost", "onboarding.test")
        async with upload_page(another, place, may=False) as page:
            await open_camera(page)
            await says(page, "Your browser offers no camera to this page.")


def shot(**how: float) -> bytes:
    return photographed(specimen(1), 1, Shot(**how))  # type: ignore[arg-type]


def photo(content: bytes, name: str = "photo.jpg", media_type: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": media_type, "buffer": content}


async def send_file(page: Page, file: FilePayload, advice: str) -> None:
    await page.get_by_label("File").set_input_files(file)
    await says(page, advice)
    await page.get_by_role("button", name="Send", exact=True).click()
    await page.wait_for_url("**/done")


async def test_a_large_photo_is_made_smaller_and_judged_as_it_would_have_been(browser: Browser) -> None:
    large = photographed(specimen(1), 1, Shot(longest_px=4_000, noise=4, blur_px=1, jpeg_quality=92))
    async with stand_in(KIND) as place, upload_page(browser, place) as page:
        await send_file(page, photo(large), "The picture looks good.")
    [sent] = place.came
    assert max(Image.open(BytesIO(sent.content)).size) == SENT_LONGEST_PX
    assert len(sent.content) < len(large) / 3
    assert said_of(sent.content) == said_of(large) == []
    before, after = probe(large, PictureLimits()), probe(sent.content, PictureLimits())
    assert after.sharpness == pytest.approx(before.sharpness, abs=0.1)
    assert after.brightness == pytest.approx(before.brightness, abs=0.02)


async def test_a_photo_that_was_taken_lying_is_sent_upright(browser: Browser) -> None:
    lying, stored = Image.open(BytesIO(specimen(1))).resize((3_000, 2_112)), BytesIO()
    lying.save(stored, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
    async with stand_in(KIND) as place, upload_page(browser, place) as page:
        await send_file(page, photo(stored.getvalue()), "The picture looks good.")
    sent = Image.open(BytesIO(place.came[0].content))
    assert sent.height == SENT_LONGEST_PX > sent.width
    assert not sent.getexif()


@pytest.mark.parametrize(
    ("drawn", "name", "media_type", "advice"),
    [
        (lambda: b"%PDF-1.7 as it is", "scan.pdf", "application/pdf", "This file is looked at once it is sent."),
        (lambda: b"\0\0\0\x18ftypheic as it is", "a.heic", "image/heic", "This file is looked at once it is sent."),
        (partial(specimen, 1), "page.jpg", "image/jpeg", "The picture looks good."),
        (partial(shot, blur_px=4), "blurred.jpg", "image/jpeg", "Not sharp."),
        (partial(shot, longest_px=300), "small.jpg", "image/jpeg", "Too small to be read."),
    ],
)
async def test_files_are_sent_as_they_are_where_nothing_is_gained(
    browser: Browser, drawn: Callable[[], bytes], name: str, media_type: str, advice: str
) -> None:
    content = drawn()
    async with stand_in(KIND) as place, upload_page(browser, place) as page:
        await send_file(page, photo(content, name, media_type), advice)
    [sent] = place.came
    assert (sent.name, sent.media_type, sent.content) == (name, media_type, content)


async def test_a_broken_connection_is_tried_again_with_the_same_picture(browser: Browser) -> None:
    async with stand_in(KIND) as place, upload_page(browser, place) as page:
        place.breaks, place.lost = 1, 1
        await page.get_by_label("File").set_input_files(photo(specimen(1)))
        await page.get_by_role("button", name="Send", exact=True).click()
        await says(page, "The connection broke. Sending again, attempt 1.")
        await says(page, "The connection broke. Sending again, attempt 2.")
        await page.wait_for_url("**/done")
    assert place.begun == 3
    first, again = place.came
    assert first == again


async def test_a_connection_that_comes_back_is_used_at_once(browser: Browser) -> None:
    async with stand_in(KIND) as place, upload_page(browser, place) as page:
        await page.get_by_label("File").set_input_files(photo(specimen(1)))
        await says(page, "looks good")
        await page.clock.install()
        await page.context.set_offline(True)
        await page.get_by_role("button", name="Send", exact=True).click()
        await says(page, "attempt 3")
        await page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))  # the next one would be in four
        await page.context.set_offline(False)
        await page.wait_for_url("**/done")
    assert place.begun == 1


async def test_what_could_not_be_sent_is_kept_for_another_try(browser: Browser) -> None:
    async with stand_in(KIND) as place, upload_page(browser, place) as page:
        await page.evaluate(
            "() => { const real = window.setTimeout; window.setTimeout = (act, ms) => real(act, ms / 20); }"
        )
        await page.get_by_label("File").set_input_files(photo(specimen(1)))
        await says(page, "looks good")
        await page.context.set_offline(True)
        await page.get_by_role("button", name="Send", exact=True).click()
        await says(page, "The picture could not be sent. It is still here")
        await expect(page.get_by_role("button", name="Send again")).to_be_focused()
        await page.context.set_offline(False)
        await page.get_by_role("button", name="Send again").click()
        await page.wait_for_url("**/done")
    assert place.begun == 1


async def test_a_slow_connection_shows_how_far_it_is(browser: Browser) -> None:
    async with stand_in(KIND) as place, upload_page(browser, place) as page:
        network = await page.context.new_cdp_session(page)
        slow = {"offline": False, "latency": 100, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
        await page.get_by_label("File").set_input_files(photo(specimen(1)))
        await says(page, "looks good")
        await network.send("Network.emulateNetworkConditions", slow)
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.get_by_role("progressbar", name="Sending the picture")).to_be_visible()
        await says(page, "percent done")
        await page.wait_for_url("**/done")


async def test_a_picture_that_is_refused_leads_to_what_the_service_said(browser: Browser) -> None:
    async with stand_in(KIND) as place, upload_page(browser, place) as page:
        place.refuses = True
        await page.get_by_label("File").set_input_files(photo(specimen(1)))
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.get_by_role("alert")).to_be_focused()
        assert await page.title() == "Sorry"
