"""Pages for everybody: axe finds nothing in either theme, nothing is wider than a telephone, and the text can grow."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from ostiary.domain.operators.operator import Operator
from tests.browser.conftest import NARROW, THEMES, WIDE, Stage, holds
from tests.browser.scenes import chip_case, scene_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
ZOOMED = (WIDE[0] // 2, WIDE[1] // 2)
"""What a window shows at 200 %: of a width between the two that axe looks at."""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


DRAWN = "[...document.querySelectorAll('[data-picture] img')].filter(image => image.naturalWidth > 0).length === 2"
"""The picture and the portrait."""
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that a theme can break: it changes colours and nothing else, and the light one is held to all."""


async def look(page: Page, name: str, theme: str = "light") -> None:
    """Fails for what axe finds, and for a page that has to be moved sideways."""
    rules = {} if theme == "light" else {"runOnly": list(OF_COLOURS)}
    violations = (await Axe().run(page, options={"resultTypes": ["violations"], **rules})).response["violations"]
    faults = [(each["id"], [node["target"] for node in each["nodes"]]) for each in violations]
    assert not faults, f"{name}: {faults}"
    await fits(page, name)


async def fits(page: Page, name: str) -> None:
    assert await page.evaluate(OVERFLOW) <= 0, f"{name} is wider than its window"


async def pages_of(stage: Stage, theme: str, size: tuple[int, int]) -> None:
    scene = await scene_of(stage.desk, f"of {theme} {size[0]}")
    await _each(stage, scene.admin, scene.pages(), theme, size)
    await _each(stage, None, {"sign in": "/console/sign-in"}, theme, size)


async def _each(
    stage: Stage, operator: Operator | None, pages: dict[str, str], theme: str, size: tuple[int, int]
) -> None:
    async with stage.page(operator, theme=theme, size=size) as page:
        for name, path in pages.items():
            await page.goto(path)
            shown = f"{name}, {theme}, {size[0]} px"
            await (fits(page, shown) if size == ZOOMED else look(page, shown, theme))


async def answers_of(stage: Stage, theme: str, size: tuple[int, int]) -> None:
    """Pages that only forms lead to: secrets that are shown once, what is wrong, links, what is opened."""
    scene = await scene_of(stage.desk, f"answers, {theme} {size[0]}")
    async with stage.page(scene.admin, theme=theme, size=size) as page:
        await page.goto(scene.place)
        await page.locator("details summary").first.click()
        await look(page, "a key about to be revoked", theme)
        await page.get_by_label("From these networks only").fill("nowhere")
        await page.get_by_role("button", name="Make, and show the secret").click()
        await look(page, "a key that is wrong", theme)
        await page.get_by_label("From these networks only").fill("")
        await page.get_by_role("button", name="Make, and show the secret").click()
        await look(page, "a key's secret", theme)
        await page.goto("/console/operators")
        await page.get_by_role("button", name="Let in, and show the link").click()
        await page.get_by_label("Name").fill(f"Lea {theme} {size[0]}")
        await page.get_by_role("button", name="Let in, and show the link").click()
        link = await page.locator("#link").inner_text()
        await look(page, "an operator's link", theme)
        await page.keyboard.press("?")
        await look(page, "the keyboard's help", theme)
    async with stage.page(theme=theme, size=size) as page:
        await page.goto(link.strip())
        await look(page, "setting up", theme)
        await page.get_by_label("Password", exact=True).fill("short")
        await page.get_by_label("The same again").fill("short")
        await page.get_by_label("The six digits that it shows now").fill("0")
        await page.get_by_role("button", name="Set up and sign in").click()
        await look(page, "setting up, not yet right", theme)
        await page.goto("/console/sign-in")
        await page.get_by_label("Name").fill("Nobody")
        await page.get_by_label("Password").fill("nothing")
        await page.get_by_label("Code of your authenticator").fill("000000")
        await page.get_by_role("button", name="Sign in").click()
        await look(page, "not signed in", theme)


@pytest.mark.parametrize("theme", THEMES)
async def test_axe_finds_nothing_behind_forms(stage: Stage, theme: str) -> None:
    await answers_of(stage, theme, NARROW if theme == "light" else WIDE)


@pytest.mark.parametrize("theme", THEMES)
async def test_axe_finds_nothing_where_a_portrait_is_beside_its_picture(stage: Stage, theme: str) -> None:
    """Both are drawn by the confined process, and are as wide as there is room."""
    size = NARROW if theme == "light" else WIDE
    reviewer, place = await chip_case(stage.desk, f"of chips, {theme}")
    async with stage.page(reviewer, theme=theme, size=size) as page:
        await page.goto(place)
        await holds(page, DRAWN)
        assert await page.locator("[data-picture] img").last.get_attribute("alt") == (
            "passport, portrait of its chip, as it was sent"
        )
        await look(page, "a case with a chip", theme)


@pytest.mark.parametrize("theme", THEMES)
async def test_axe_finds_nothing(stage: Stage, theme: str) -> None:
    await pages_of(stage, theme, WIDE)


async def test_nothing_is_wider_than_a_telephone(stage: Stage) -> None:
    await pages_of(stage, "light", NARROW)


async def test_text_can_be_twice_as_large(stage: Stage) -> None:
    await pages_of(stage, "dark", ZOOMED)


@pytest.mark.parametrize("locale", ["es-MX", "pt-BR"])
async def test_other_languages_fit_a_telephone_and_axe_finds_nothing(stage: Stage, locale: str) -> None:
    """In one theme, where words are longest for the room they have. What the pages say is held by
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
