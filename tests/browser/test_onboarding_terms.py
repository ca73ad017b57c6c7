"""Terms in Chromium on the narrowest telephone: axe on each screen, and a long text that scrolls by keyboard alone.

The page is served from this process, since the service that other tests share has a catalogue without terms.
"""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Route, expect

from tests.browser.conftest import holds
from tests.browser.test_for_everybody import look
from tests.hosted.desk import ORIGIN, hall_of
from tests.http.running import installation
from tests.terms import write

pytestmark = pytest.mark.asyncio(loop_scope="session")
NARROWEST = {"width": 320, "height": 640}
LONG = "".join(f"{number}. You may pay, as long as you pay what you have to pay.\n" for number in range(1, 200))
SCROLLED = "document.querySelector('.terms').scrollTop"


async def test_a_long_text_is_read_and_accepted_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    catalogue = write(tmp_path, texts={"en": LONG})
    with installation(tmp_path / "data", OSTIARY_CATALOGUE=str(catalogue)) as parts:
        async with hall_of(parts) as hall:
            guest = await hall.guest("pay")
            page = await browser.new_page(base_url=ORIGIN, viewport=NARROWEST)  # type: ignore[arg-type]
            await page.route("**/*", lambda route: answered(guest.browser.http, route))
            await page.goto(f"/onboarding/{guest.token}")
            await page.get_by_role("button", name="Begin").click()
            text = page.get_by_role("region", name="Text: Rules")
            await look(page, "terms")
            await text.focus()
            await page.keyboard.press("End")
            await holds(page, f"{SCROLLED} > 0")
            await page.keyboard.press("Tab")
            await expect(page.get_by_role("link", name="Save this text as a file")).to_be_focused()
            await page.get_by_role("button", name="Accept and continue").click()
            box = page.get_by_role("checkbox", name="I have read this text and accept it.")
            await expect(box).to_be_focused()
            await look(page, "the box was left empty")
            await page.keyboard.press("Space")
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("heading", name="Check and send")).to_be_visible()
            await page.close()


async def answered(http: httpx.AsyncClient, route: Route) -> None:
    """By the application in this process, which keeps the cookies and follows redirects in the browser's place."""
    asked = route.request
    headers = {name: value for name, value in (await asked.all_headers()).items() if name[:1] != ":"}
    content = asked.post_data_buffer
    answer = await http.request(asked.method, asked.url, headers=headers, content=content, follow_redirects=True)
    await route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)
