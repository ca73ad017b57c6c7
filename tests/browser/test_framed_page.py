"""The onboarding page within a page of its company, in Chromium: there where that is listed, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from ostiary.domain.hosted.brand import Brand
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.hosted.brand import set_brand
from tests.browser.conftest import Stage
from tests.browser.test_for_everybody import look
from tests.hosted.desk import Hall
from tests.http.running import Clock
from tests.material import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")
SHOP, STRANGER = "https://shop.example", "https://stranger.example"


async def shop(page: Page, origin: str, address: str) -> None:
    """A page of another site that shows an address within itself."""
    frame = f'<iframe title="Onboarding" src="{address}" width="400" height="700" allow="camera"></iframe>'
    html = f'<!doctype html><html lang="en"><title>Shop</title><main><h1>Shop</h1>{frame}</main></html>'
    await page.route(f"{origin}/", lambda route: route.fulfill(body=html, content_type="text/html"))
    await page.context.grant_permissions(["local-network-access"], origin=origin)  # of ours, which is on this machine
    await page.goto(f"{origin}/")


async def test_a_company_shows_it_within_its_own_and_nobody_else_does(stage: Stage, tmp_path: Path) -> None:
    hall = Hall(stage.desk.parts, Clock())
    guest = await hall.guest()
    caller = await operator_for(hall.parts.context, guest.company.id, "test")
    await hall.do(caller, set_brand, Brand(name="Acme Pay", frame_origins=(SHOP,)))
    link = f"{stage.service.url}/onboarding/{guest.token}"
    async with stage.page() as page:
        await shop(page, SHOP, link)
        frame = page.frame_locator("iframe")
        await frame.get_by_role("button", name="Begin").click()
        await frame.get_by_role("button", name="Passport").click()
        await look(page, "a frame that asks for a picture")
        file = tmp_path / "picture.jpg"
        file.write_bytes(picture(1))
        await frame.get_by_label("Picture or scan").set_input_files(file)
        await frame.get_by_role("button", name="Send", exact=True).click()
        await frame.get_by_label("Document Number").wait_for()
        cookies = await page.context.cookies()
        assert {each["name"] for each in cookies} == {"ostiary_onboarding_framed", "ostiary_draft_framed"}
        assert all(each["sameSite"] == "None" and each["secure"] for each in cookies)
        await page.goto(f"{stage.service.url}/onboarding/next")
        await expect(page.get_by_role("heading", name="Your session has ended")).to_be_visible()  # of that site alone
    async with stage.context() as context:
        page = await context.new_page()
        await shop(page, STRANGER, link)
        await expect(page.frame_locator("iframe").get_by_role("button")).to_have_count(0)
