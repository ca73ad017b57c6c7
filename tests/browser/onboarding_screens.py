"""Screens of the page on which clients onboard themselves, as a telephone shows them: one way through it, its steps
beside each other."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Page

from ostiary.app import Installation
from ostiary.specimens.drawing import specimen
from tests.hosted.desk import Hall
from tests.http.running import Clock

PHONE, GAP_PX, WIDTH_PX = (360, 640), 20, 1_645
NUMBER = "UT4471226"


async def onboarding_screens(page: Page, parts: Installation, ahead_ms: int, folder: Path) -> Image.Image:
    """Link, which document, its picture, what it says, and a look at everything. `ahead_ms`: how far the clock of the
    service is ahead of this machine's."""
    guest = await Hall(parts, Clock(ahead_ms)).guest(phone_country_code=None, phone_number=None)
    shots = []
    await page.goto(f"/onboarding/{guest.token}")
    shots.append(await _shot(page))
    await page.get_by_role("button", name="Begin").click()
    shots.append(await _shot(page))
    await page.get_by_role("button", name="Passport").click()
    file = folder / "passport.jpg"
    file.write_bytes(specimen(1, number=NUMBER))
    await page.get_by_label("Picture or scan").set_input_files(file)
    shots.append(await _shot(page))
    await page.get_by_role("button", name="Send", exact=True).click()
    await page.get_by_label("Document Number").fill(NUMBER)
    shots.append(await _shot(page))
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("Phone").fill("011 6886-0622")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Send everything").wait_for()
    shots.append(await _shot(page))
    return _beside_each_other(shots)


async def _shot(page: Page) -> Image.Image:
    return Image.open(BytesIO(await page.screenshot(animations="disabled"))).convert("RGB")


def _beside_each_other(shots: list[Image.Image]) -> Image.Image:
    width = len(shots) * PHONE[0] + (len(shots) - 1) * GAP_PX
    sheet = Image.new("RGB", (width, PHONE[1]), (128, 128, 128))
    for number, shot in enumerate(shots):
        sheet.paste(shot, (number * (PHONE[0] + GAP_PX), 0))
    return sheet.resize((WIDTH_PX, PHONE[1] * WIDTH_PX // width), Image.Resampling.LANCZOS)
