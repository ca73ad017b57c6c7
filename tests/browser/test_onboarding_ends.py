"""Where a way through the onboarding page is left, leads elsewhere or ends otherwise than by being sent, and what the
console shows of links: for everybody, in each language and both themes."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from ostiary.domain.operators.operator import Role
from tests.browser.conftest import NARROW, WIDE, Stage
from tests.browser.test_for_everybody import look
from tests.browser.test_onboarding_page import NARROWEST
from tests.console.cases import waiting
from tests.hosted.desk import Hall
from tests.http.running import Clock

pytestmark = pytest.mark.asyncio(loop_scope="session")
ENOUGH = pytest.mark.release
"""Screens before these are looked at in Portuguese by `test_onboarding_languages.py`, in English by
`test_onboarding_page.py`: another language is other words on the same page, and Spanish has the longest."""
WITHOUT_SESSION = {
    "a session that is over": "/onboarding/next",
    "no cookies": "/onboarding/next?begun=1",
    "a link that is not known": f"/onboarding/{'x' * 64}",
}


@pytest.mark.parametrize("locale", ["es-MX", pytest.param("en-GB", marks=ENOUGH), pytest.param("pt-BR", marks=ENOUGH)])
async def test_ends_and_detours_are_for_everybody(stage: Stage, locale: str) -> None:
    guest = await Hall(stage.desk.parts, Clock()).guest()
    async with stage.page(size=NARROWEST, locale=locale) as page:
        for name, path in WITHOUT_SESSION.items():
            await page.goto(path)
            assert await page.evaluate("document.documentElement.lang") == locale[:2]
            await look(page, f"{name}, {locale}")
        await page.goto(f"/onboarding/{guest.token}")
        await page.locator("main button.main").click()
        await page.locator("#ending").evaluate("form => { form.hidden = false; }")
        await look(page, f"a session that ends soon, {locale}")
        await page.goto("/onboarding/nothing/here")
        await look(page, f"no such page, {locale}")
        await page.goto("/onboarding/details/1-about_you")
        await page.locator("input[name=first_name]").fill("")
        await page.locator("main button.main").click()
        await expect(page.locator("input[name=first_name]")).to_be_focused()
        await look(page, f"a name is missing, {locale}")
        await page.goto("/onboarding/phone")
        await look(page, f"on a phone, {locale}")
        await page.locator("main button.main").click()
        await expect(page.locator(".code")).to_be_visible()
        await look(page, f"a code for a phone, {locale}")
        await page.locator("form[action='/onboarding/leave'] button").click()
        await look(page, f"left, {locale}")


async def test_a_link_that_is_made_and_what_a_webhook_hears_of_are_for_everybody(stage: Stage) -> None:
    company = await stage.desk.company("Acme of links")
    request = await waiting(stage.desk, company)
    async with stage.page(await stage.operator("Ada of links", Role.ADMIN), size=NARROW) as page:
        await page.goto(request.place)
        await page.locator("details:has(form[action$='/link']) > summary").click()
        await page.locator("form[action$='/link'] button").click()
        await expect(page.locator("#link")).to_be_visible()
        await look(page, "a link for a client", WIDE)
        await page.goto(f"/console/companies/{company.id}")
        await page.locator("summary", has_text="Set the webhook").click()
        await expect(page.locator("input[name=event_types]").first).to_be_visible()
        await look(page, "what a webhook hears of", WIDE)
