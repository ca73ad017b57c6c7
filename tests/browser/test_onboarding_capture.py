"""A client with a camera before the real page: from the link to the end, and half of it on a phone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, expect

from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller, Environment
from ostiary.domain.hosted.links import LinkWish
from ostiary.domain.onboarding.enablement import Status
from ostiary.specimens.drawing import specimen
from ostiary.usecases.clients.individuals import create_client
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.hosted.links import make_link
from ostiary.usecases.onboarding.products import request_product
from tests.browser.cameras import chromium_with, held, showing, video
from tests.browser.conftest import PATIENCE_MS, Stage
from tests.browser.test_capture import photo
from tests.browser.test_for_everybody import look
from tests.house import CARDS
from tests.material import profile

pytestmark = pytest.mark.asyncio(loop_scope="session")
PHONE, COMPUTER = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
SMALL = ViewportSize(width=320, height=640)
NUMBER = "CA7654321"
MOST_PICTURES = 6


async def guest(stage: Stage, name: str) -> tuple[Caller, Client, str]:
    """A client who asks for a card, and the path of his link."""
    context = stage.desk.parts.context
    company = await stage.desk.company(f"Onboarding {name}", Environment.PRODUCTION)
    caller = await operator_for(context, company.id, "setup")
    given = profile(last_name="Baker", email=f"{name}@example.com")
    client: Client = await stage.desk.commit(caller, await create_client(context, caller, given))
    await stage.desk.commit(caller, await request_product(context, caller, client.id, CARDS))
    new = await stage.desk.commit(
        caller, await make_link(context, caller, client.id, LinkWish(), lambda url, plain: None)
    )
    return caller, client, new.url(stage.service.url)


async def status(stage: Stage, caller: Caller, client: Client) -> Status:
    dossier = await load_dossier(stage.desk.parts.context, caller, client.id)
    return dossier.enablements[0].status


def passport() -> bytes:
    return specimen(
        1,
        number=NUMBER,
        surname="Barber",
        given_names="Maria Julia",
        country="ARG",
        birth_date=date(1984, 11, 21),
        expiration_date=date(2034, 5, 31),
    )


@asynccontextmanager
async def window(browser: Browser, address: str, size: ViewportSize) -> AsyncIterator[Page]:
    """At the choice of a document, after the link's button. What a script does wrong fails the test."""
    context = await browser.new_context(viewport=size, permissions=["camera"], locale="en-GB", reduced_motion="reduce")
    page, problems = await context.new_page(), list[str]()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Security Policy" in message.text else None)
    await page.goto(address)
    await page.locator("main form button").click()
    await page.wait_for_url("**/documents/1-identity_document")
    yield page
    await context.close()
    assert not problems


async def read_at_once(page: Page) -> None:
    """Before the camera until the form is filled in: on a busy machine the reader has no time at first."""
    for _ in range(MOST_PICTURES):
        await page.get_by_role("button", name=re.compile("^Passport")).click()
        await page.get_by_role("button", name="Use the camera").click()
        await page.wait_for_url("**/details")
        if await page.get_by_label("Document Number").input_value():
            return
        await page.get_by_role("link", name="Choose another document").click()


async def test_a_passport_before_the_camera_fills_in_the_form_and_is_handed_in(stage: Stage, tmp_path: Path) -> None:
    caller, client, address = await guest(stage, "camera")
    file = video(tmp_path / "passport.y4m", [held(passport())])
    async with chromium_with(stage.browser, *showing(file)) as browser, window(browser, address, PHONE) as page:
        await read_at_once(page)
        await expect(page.get_by_role("status").first).to_contain_text("BARBER; we know you as Baker.")
        await look(page, "what does not fit")
        await expect(page.get_by_label("Document Number")).to_have_value(NUMBER)
        await expect(page.get_by_label(re.compile("Issuing Country"))).to_have_value("ARG")
        await page.get_by_role("link", name="Correct your own details instead").click()
        await page.get_by_label("Last name").fill("Barber")
        await page.get_by_role("button", name="Continue").click()
        await expect(page.get_by_label("Document Number")).to_have_value(NUMBER)
        await expect(page.locator(".misfits")).to_have_count(0)
        await page.get_by_role("button", name="Continue").click()
        await page.wait_for_url("**/review")
        await page.locator("main form button").last.click()
        await page.wait_for_url("**/state")
    assert await status(stage, caller, client) is Status.IN_KYC


async def test_the_computer_follows_the_phone_to_the_end(stage: Stage, browser: Browser) -> None:
    caller, client, address = await guest(stage, "phone")
    async with window(browser, address, COMPUTER) as computer:
        await computer.get_by_role("button", name=re.compile("^Passport")).click()
        await computer.get_by_role("link", name="Continue on a phone").click()
        await computer.get_by_role("button", name="Show the code").click()
        await expect(computer.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
        await expect(computer.locator("[data-follow]")).to_contain_text("Nobody has scanned the code yet.")
        await look(computer, "a code for a phone")
        scanned = await computer.locator(".code").screenshot()
        async with window(browser, decoded(scanned), PHONE) as phone:
            await expect(computer.locator("[data-follow]")).to_contain_text("Your phone is connected.")
            await phone.get_by_role("button", name=re.compile("^Passport")).click()
            await phone.get_by_label("Picture or scan").set_input_files(photo(passport()))
            await phone.get_by_role("button", name="Send", exact=True).click()
            await phone.wait_for_url("**/details")
            await phone.get_by_label("Document Number").fill(NUMBER)
            await phone.get_by_role("button", name="Continue").click()
            await phone.wait_for_url("**/review")
            await computer.wait_for_url("**/review")
            await computer.locator("main form button").last.click()
            await computer.wait_for_url("**/state")
    assert await status(stage, caller, client) is Status.IN_KYC


async def test_every_state_of_the_camera_is_for_everybody(stage: Stage, tmp_path: Path) -> None:
    _, _, address = await guest(stage, "everybody")
    file = video(tmp_path / "blurred.y4m", [held(passport(), blur_px=5)])
    async with chromium_with(stage.browser, *showing(file)) as browser, window(browser, address, SMALL) as page:
        await page.get_by_role("button", name=re.compile("^Passport")).click()
        await look(page, "before the camera")
        await page.get_by_role("button", name="Use the camera").click()
        await expect(page.locator("[data-status]")).to_contain_text("Not sharp.", timeout=PATIENCE_MS)
        await look(page, "with the camera")
        await page.get_by_role("button", name="Take the picture").click()
        await expect(page.get_by_role("img", name="The picture that was taken")).to_be_visible()
        await look(page, "a picture that is not good")
        await page.get_by_label("Picture or scan").set_input_files(photo(b"%PDF-1.7", "a.pdf", "application/pdf"))
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.get_by_role("alert")).to_be_focused()
        await look(page, "a picture that was refused")


def decoded(screenshot: bytes) -> str:
    """What a phone's camera reads of a screen."""
    [code] = zxingcpp.read_barcodes(Image.open(BytesIO(screenshot)))
    return str(code.text)
