"""Pages for everybody: axe finds nothing in either theme, nothing is wider than a telephone, and the text can grow."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

from tests.browser.conftest import NARROW, WIDE, Stage, holds
from tests.browser.scenes import chip_case, scene_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
ZOOMED = (WIDE[0] // 2, WIDE[1] // 2)
"""What a window shows at 200 %: of a width between the two that axe looks at."""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


DRAWN = "[...document.querySelectorAll('[data-picture] img')].filter(image => image.naturalWidth > 0).length === 2"
"""The picture and the portrait."""
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that a theme can break: it changes colours and nothing else, and the light one is held to all. They
take most of axe's time, and a window's width breaks none of them."""
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
OPENED = (
    "for (const panel of document.querySelectorAll('details')) { panel.removeAttribute('name'); panel.open = true; }"
)
FAULTS = """options => axe.run(document, { resultTypes: ["violations"], ...options }).then(
 results => results.violations.map(fault => [fault.id, fault.nodes.map(node => node.target)]))"""


async def look(page: Page, name: str, *windows: tuple[int, int]) -> None:
    """Fails for what axe finds in either theme, and for a page that has to be moved sideways, in this window and in
    others of these sizes. What is there is looked at in all ways at once: to come to it takes longer than to look."""
    window = page.viewport_size
    assert window is not None
    await page.evaluate(AXE_SCRIPT)
    for theme, options in zip(THEMES, ({}, {"runOnly": OF_COLOURS}), strict=True):
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        await _keeps(page, f"{name}, {theme}, {window['width']} px", options)
    await fits(page, name)
    for width, height in windows:
        await page.set_viewport_size({"width": width, "height": height})
        await fits(page, f"{name}, {width} px")
        await _keeps(page, f"{name}, {width} px", {"rules": {rule: {"enabled": False} for rule in OF_COLOURS}})
    await page.set_viewport_size(window)
    await page.emulate_media(color_scheme="light")


async def _keeps(page: Page, name: str, options: dict[str, Any]) -> None:
    faults = await page.evaluate(FAULTS, options)
    assert not faults, f"{name}: {faults}"


async def fits(page: Page, name: str) -> None:
    assert await page.evaluate(OVERFLOW) <= 0, f"{name} is wider than its window"


async def test_axe_finds_nothing_and_all_fits_a_telephone_and_text_twice_as_large(stage: Stage) -> None:
    scene = await scene_of(stage.desk, "for everybody")
    for operator, pages in ((scene.admin, scene.pages()), (None, {"sign in": "/console/sign-in"})):
        async with stage.page(operator) as page:
            for name, path in pages.items():
                await page.goto(path)
                await look(page, name, ZOOMED, NARROW)


async def test_axe_finds_nothing_behind_forms(stage: Stage) -> None:
    """Pages that only forms lead to: secrets that are shown once, what is wrong, links, what is opened."""
    scene = await scene_of(stage.desk, "answers")
    async with stage.page(scene.admin) as page:
        await page.goto(scene.place)
        await page.locator("details summary").first.click()
        await look(page, "a key about to be revoked", NARROW)
        await page.get_by_label("From these networks only").fill("nowhere")
        await page.get_by_role("button", name="Make, and show the secret").click()
        await look(page, "a key that is wrong", NARROW)
        await page.get_by_label("From these networks only").fill("")
        await page.get_by_role("button", name="Make, and show the secret").click()
        await look(page, "a key's secret", NARROW)
        await page.goto("/console/operators")
        await page.get_by_role("button", name="Let in, and show the link").click()
        await page.get_by_label("Name").fill("Lea of answers")
        await page.get_by_role("button", name="Let in, and show the link").click()
        link = await page.locator("#link").inner_text()
        await look(page, "an operator's link", NARROW)
        await page.keyboard.press("?")
        await look(page, "the keyboard's help", NARROW)
    async with stage.page() as page:
        await page.goto(link.strip())
        await look(page, "setting up", NARROW)
        await page.get_by_label("Password", exact=True).fill("short")
        await page.get_by_label("The same again").fill("short")
        await page.get_by_label("The six digits that it shows now").fill("0")
        await page.get_by_role("button", name="Set up and sign in").click()
        await look(page, "setting up, not yet right", NARROW)
        await page.goto("/console/sign-in")
        await page.get_by_label("Name").fill("Nobody")
        await page.get_by_label("Password").fill("nothing")
        await page.get_by_label("Code of your authenticator").fill("000000")
        await page.get_by_role("button", name="Sign in").click()
        await look(page, "not signed in", NARROW)


async def test_axe_finds_nothing_where_a_portrait_is_beside_its_picture(stage: Stage) -> None:
    """Both are drawn by the confined process, and are as wide as there is room."""
    reviewer, place = await chip_case(stage.desk, "of chips")
    async with stage.page(reviewer) as page:
        await page.goto(place)
        await holds(page, DRAWN)
        assert await page.locator("[data-picture] img").last.get_attribute("alt") == (
            "passport, portrait of its chip, as it was sent"
        )
        await look(page, "a case with a chip", NARROW)


@pytest.mark.parametrize("locale", ["es-MX", "pt-BR"])
async def test_other_languages_fit_a_telephone_and_axe_finds_nothing(stage: Stage, locale: str) -> None:
    """Where words are longest for the room they have. What the pages say is held by
    tests/console/test_translated_pages.py."""
    scene = await scene_of(stage.desk, f"in {locale}")
    named = ("company", "operators", "figures", "audit")
    pages = {"queue": "/console/queue", **{name: scene.pages()[name] for name in named}}
    async with stage.page(scene.admin, size=NARROW, locale=locale) as page:
        for name, path in pages.items():
            await page.goto(path)
            assert await page.evaluate("document.documentElement.lang") == locale[:2]
            await look(page, f"{name}, {locale}")
    async with stage.page(size=NARROW, locale=locale) as page:
        await page.goto("/console/sign-in")
        await look(page, f"sign in, {locale}")
        await page.get_by_role("button", name="English").click()
        assert await page.get_by_role("heading", level=1).inner_text() == "Sign in"
