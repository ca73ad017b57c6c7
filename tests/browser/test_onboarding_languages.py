"""The onboarding page in Spanish and Portuguese on the narrowest telephone: axe on its screens, and on its ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.domain.hosted.brand import Brand, Ink
from ostiary.domain.rejections import Code, Kind, Rejection, reject
from ostiary.domain.review.verdicts import Decision
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.hosted.brand import set_brand
from tests.browser.conftest import Stage
from tests.browser.test_for_everybody import look
from tests.browser.test_onboarding_page import NARROWEST
from tests.hosted.desk import Hall
from tests.house import ACCOUNTS
from tests.http.running import Clock
from tests.material import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")
YELLOW = Brand(name="Acme Pay", primary_colour="#ffd400", text_on_primary=Ink.BLACK, support="help@example.com")
BLURRED = reject(Kind.DOCUMENT, "passport", Code.IMAGE_BLURRED, "image_front")


@pytest.mark.parametrize(("locale", "decision", "rejections"), [
    ("es-MX", Decision.RETURN, (BLURRED,)), ("pt-BR", Decision.REJECT, ()),
])  # fmt: skip
async def test_screens_and_ends_are_for_everybody(
    stage: Stage, tmp_path: Path, locale: str, decision: Decision, rejections: tuple[Rejection, ...]
) -> None:
    hall = Hall(stage.desk.parts, Clock())
    guest, young = await hall.guest(), await hall.guest(ACCOUNTS, birth_date="2015-03-01")
    await hall.do(await operator_for(hall.parts.context, guest.company.id, "test"), set_brand, YELLOW)
    async with stage.page(size=NARROWEST, locale=locale) as page:
        await page.goto(f"/onboarding/{guest.token}")
        assert await page.evaluate("document.documentElement.lang") == locale[:2]
        await look(page, f"a link in colours, {locale}")
        await page.locator("main button.main").click()
        await page.locator("button[value=passport]").click()
        await look(page, f"its picture, {locale}")
        file = tmp_path / "picture.jpg"
        file.write_bytes(picture(1))
        await page.locator("input[type=file]").set_input_files(file)
        await page.get_by_role("button", name="Enviar", exact=True).click()
        await page.locator("input[name=number]").fill("AB1234567")
        await look(page, f"its details, {locale}")
        await page.locator("main button.main").click()
        await page.wait_for_url("**/onboarding/review")
        await look(page, f"review, {locale}")
        await page.locator("main button.main").click()
        await page.wait_for_url("**/onboarding/state")
        await guest.judge(decision, *rejections)
        await page.goto("/onboarding/next")
        await look(page, f"{decision}, {locale}")
    async with stage.page(size=NARROWEST, locale=locale) as page:
        await page.goto(f"/onboarding/{young.token}")
        await page.locator("main button.main").click()
        await page.wait_for_url("**/onboarding/state")
        await look(page, f"too young, {locale}")
