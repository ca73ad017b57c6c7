"""Screens for the docs: the console's main pages with the demo's cases, and the way through the onboarding page, at a
time that is always the same.

    python -m tests.browser.screens docs/pictures        (make screens)

What chance makes (ids) is shown as one id, so that the same pages give nearly the same pictures. Needs chromium and
libfaketime, as tests do.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from glob import glob
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from ostiary.adapters.clock import now_ms
from ostiary.app import Installation, opened
from ostiary.cli.demo.cases import CASES
from ostiary.cli.demo.fill import COMPANY_NAME, fill, reference
from ostiary.domain.operators.operator import Role
from ostiary.settings import read_settings
from tests.acceptance.conftest import RunningService, services
from tests.browser.conftest import CHROMIUM
from tests.browser.onboarding_screens import PHONE, onboarding_screens
from tests.console.cases import caller_of
from tests.console.desk import SESSION, Desk, desk_of

SHOWN_AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
FIRST_AT, APART = datetime(2026, 3, 2, 8, 7, 30, tzinfo=UTC), timedelta(minutes=17)
"""When the demo's cases come in; half a minute keeps what is rounded from changing while screens are taken."""
SIZE, QUALITY, MOST_BYTES = (1160, 780), 62, 600_000
"""Of a window in pixels; WebP's; of all files together."""
THEMES = ("light", "dark")
ONE_ID = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        node.nodeValue = node.nodeValue.replace(/\\b0G[0-9A-Za-z]{28,30}\\b/g, "0Gq1eYkVw5mX3tZ8cJ2nB7sD4fR6hLpa")
            .replace(/…[0-9A-Za-z]{6}\\b/g, "…6hLpa0");
    }
}"""
NUMBER_CASE, HIT_CASE = 5, 14
"""Of the demo: a number that differs, and a hit."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A page, what is done on it first (keys, as a person would), and what is brought into sight."""

    path: str
    keys: tuple[str, ...] = ()
    in_sight: str = ""
    pointed_at: str = ""


def screens(places: Mapping[int, str]) -> dict[str, Screen]:
    """By the names of their files. `places` are cases by their numbers in the demo."""
    number = places[NUMBER_CASE]
    return {
        "queue": Screen("/console/queue"),
        "case": Screen(number),
        "boxes": Screen(number, in_sight="[data-pictures]", pointed_at=".seen .differs a"),
        "return": Screen(number, keys=("r", "1", "3")),
        "hit": Screen(places[HIT_CASE]),
        "figures": Screen("/console/figures"),
    }


async def cases(desk: Desk) -> dict[int, str]:
    """Fills the demo's company, one case after the other; where each is."""
    company, context, places = await desk.company(COMPANY_NAME), desk.parts.context, {}
    for number in range(1, len(CASES) + 1):
        desk.clock.ahead_ms = _ms(FIRST_AT + number * APART) - now_ms()
        await fill(context, company, lambda at, of: None, (number,))
        client = await context.storage.clients.by_reference(company.id, reference(number))
        assert client is not None
        dossier = await context.storage.dossier((await caller_of(desk, company)).company.id, client.id)
        assert dossier is not None
        places[number] = f"/console/companies/{company.id}/requests/{dossier.enablements[0].id}"
    await desk.parts.reader.close()
    desk.clock.ahead_ms = _ms(SHOWN_AT) - now_ms()
    return places


async def taken(page: Page, screen: Screen) -> bytes:
    """A small picture of a page."""
    await page.goto(screen.path)
    for key in screen.keys:
        await page.keyboard.press(key)
    if screen.in_sight:
        await page.locator(screen.in_sight).scroll_into_view_if_needed()
        await page.evaluate(f"document.querySelector({screen.in_sight!r}).scrollIntoView()")
    for picture in (await page.locator("[data-picture] img").all())[:2]:
        await picture.evaluate("image => image.decode()")
    if screen.pointed_at:
        await page.locator(screen.pointed_at).first.hover()
    await page.evaluate(ONE_ID)
    return as_webp(Image.open(BytesIO(await page.screenshot(animations="disabled"))))


def as_webp(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=6)
    return out.getvalue()


async def take(service: RunningService, parts: Installation, folder: Path) -> int:
    """Writes every screen in both themes; how many bytes they have together."""
    written = 0
    async with desk_of(parts) as desk, async_playwright() as playwright:
        places = await cases(desk)
        operator = await desk.operator("Ana Torres", Role.ADMIN)
        token = await desk.session(operator)
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        for theme in THEMES:
            page = await window(browser, service.url, token, theme)
            shown = {name: await taken(page, screen) for name, screen in screens(places).items()}
            page = await window(browser, service.url, "", theme, PHONE)
            steps = await onboarding_screens(page, desk.parts, desk.clock.ahead_ms, service.data)
            shown["onboarding"] = as_webp(steps)
            for name, content in shown.items():
                (folder / f"{name}-{theme}.webp").write_bytes(content)
                written += len(content)
        await browser.close()
    return written


async def window(browser: Browser, url: str, token: str, theme: str, size: tuple[int, int] = SIZE) -> Page:
    context = await browser.new_context(
        base_url=url,
        color_scheme="dark" if theme == "dark" else "light",
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
    )
    if token:
        await context.add_cookies([{"name": SESSION, "value": token, "url": url}])
    return await context.new_page()


def always_then() -> dict[str, str]:
    """What makes a process begin at the time that screens show."""
    libraries = glob("/usr/lib/*/faketime/libfaketime.so.1")
    if not libraries or not CHROMIUM:
        sys.exit("Screens need chromium and libfaketime: apt-get install chromium libfaketime")
    return {
        "LD_PRELOAD": libraries[0],
        "FAKETIME": f"@{SHOWN_AT:%Y-%m-%d %H:%M:%S}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
    }


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, services(Path(scratch)) as start:
        service = start(embedded_worker="0")
        chosen = {name: value for name, value in service.variables.items() if name.startswith("OSTIARY_")}
        service.stop()
        service.variables.update(always_then())
        service.start()
        with opened(read_settings(chosen)) as parts:
            written = asyncio.run(take(service, parts, folder))
    sys.stdout.write(f"{written:,} bytes in {folder}\n")
    sys.exit(written > MOST_BYTES)


if __name__ == "__main__":
    main()
