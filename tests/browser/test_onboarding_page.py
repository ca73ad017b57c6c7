"""The onboarding page in Chromium without script, on the narrowest telephone: one whole way, and axe on each screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.review.verdicts import Decision
from tests.browser.conftest import Stage
from tests.browser.test_for_everybody import look
from tests.hosted.desk import Hall
from tests.http.running import Clock
from tests.material import dark_picture, picture

pytestmark = pytest.mark.asyncio(loop_scope="session")
NARROWEST = (320, 640)
MINUTE_MS = 60_000


async def sent(page: Page, folder: Path, content: bytes) -> None:
    """A picture chosen as a file, and sent."""
    file = folder / "picture.jpg"
    file.write_bytes(content)
    await page.get_by_label("Picture or scan").set_input_files(file)
    await page.get_by_role("button", name="Send", exact=True).click()


@pytest.mark.parametrize("has_script", [False, True])
async def test_from_link_to_waiting(stage: Stage, tmp_path: Path, has_script: bool) -> None:
    """Looked at without script; with it, where it changes the page or the page changes by itself."""
    hall = Hall(stage.desk.parts, Clock())
    guest = await hall.guest(phone_country_code=None, phone_number=None)
    async with stage.context(size=NARROWEST, java_script_enabled=True) as looking:
        page = await looking.new_page()
        if not has_script:  # axe is script; the page's own is kept out
            await page.route("**/onboarding/static/*.js", lambda route: route.abort())

        async def plain(name: str) -> None:
            if not has_script:
                await look(page, name)

        await page.goto(f"/onboarding/{guest.token}")
        await plain("link")
        await page.get_by_role("button", name="Begin").click()
        await plain("which document")
        await page.get_by_role("button", name="Passport").click()
        await look(page, "its picture")
        await sent(page, tmp_path, dark_picture())
        await expect(page.get_by_role("alert").filter(has_text="too dark")).to_be_visible()
        await plain("a dark picture")
        await sent(page, tmp_path, picture(1))
        await page.get_by_role("button", name="Continue").click()
        await expect(page.get_by_label("Document Number")).to_be_focused()
        await plain("a number is missing")
        await page.get_by_label("Document Number").fill("AB1234567")
        await page.get_by_role("button", name="Continue").click()
        await page.get_by_label("Phone").fill("011 6886-0622")
        await plain("details")
        await page.get_by_role("button", name="Continue").click()
        await plain("review")
        await page.get_by_role("button", name="Send everything").click()
        await expect(page.get_by_role("heading", name="We are looking at it")).to_be_visible()
        await look(page, "waiting")
        if has_script:
            await guest.judge(Decision.APPROVE)
            await expect(page.get_by_role("heading", name="Done")).to_be_visible()
            await look(page, "done")
        await page.get_by_role("button", name="Leave").click()
        await page.goto(f"/onboarding/{guest.token}")
        await plain("a link that is used up")
    assert [each.status for each in await guest.now()] == [Status.ENABLED if has_script else Status.IN_KYC]


async def test_without_any_script_at_all(stage: Stage, tmp_path: Path) -> None:
    hall = Hall(stage.desk.parts, Clock())
    guest = await hall.guest()
    async with stage.context(size=NARROWEST, java_script_enabled=False) as context:
        page = await context.new_page()
        await page.goto(f"/onboarding/{guest.token}")
        await page.get_by_role("button", name="Begin").click()
        await page.get_by_role("button", name="National identity card").click()
        for side in (2, 3):
            await sent(page, tmp_path, picture(side))
        await page.get_by_label("Document Number").fill("AB1234567")
        await page.get_by_role("button", name="Continue").click()
        await page.get_by_role("button", name="Español").click()
        await page.get_by_role("button", name="Enviar todo").click()
        await expect(page.get_by_role("heading", name="Lo estamos revisando")).to_be_visible()
    assert [each.status for each in await guest.now()] == [Status.IN_KYC]


async def test_a_session_warns_before_it_ends_and_again_before_its_day_does(stage: Stage) -> None:
    hall = Hall(stage.desk.parts, Clock())
    guest = await hall.guest()
    async with stage.context(size=NARROWEST) as context:
        page = await context.new_page()
        await page.clock.install()
        await page.goto(f"/onboarding/{guest.token}")
        await page.get_by_role("button", name="Begin").click()
        warning = page.locator("#ending")
        await expect(page.get_by_role("button", name="Passport")).to_be_visible()
        await page.clock.fast_forward(54 * MINUTE_MS)
        await expect(warning).to_be_hidden()
        await page.clock.fast_forward(2 * MINUTE_MS)
        await expect(warning).to_be_visible()
        await warning.evaluate("form => { form.dataset.ends = Number(form.dataset.now) + 100 * 60000; }")
        await page.get_by_role("button", name="Stay here").click()
        await expect(warning).to_be_hidden()
        await page.clock.fast_forward(38 * MINUTE_MS)
        await expect(warning).to_be_hidden()
        await page.clock.fast_forward(2 * MINUTE_MS)
        await expect(warning).to_be_visible()
