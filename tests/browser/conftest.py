"""A real browser, Debian's Chromium, before a real `serve`: one of each for all tests of a worker.

Tests and fixtures here share one event loop (`loop_scope="session"`), which the browser's connection belongs to.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from ostiary.app import Installation, opened
from ostiary.domain.operators.operator import Operator, Role
from ostiary.settings import read_settings
from tests.acceptance.conftest import RunningService, services
from tests.browser.firefox import FIREFOX
from tests.chips.builder import built
from tests.chips.house import believe, catalogue_with
from tests.console.desk import SESSION, Desk, desk_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WIDE, NARROW = (1280, 900), (360, 740)
HOLDS_WITHIN_S, ASKED_EVERY_S = 60.0, 0.05
PATIENCE_MS = 60_000
"""On a machine whose cores are all busy with something else; five seconds, the usual, are too few there."""
expect.set_options(timeout=PATIENCE_MS)


async def holds(page: Page, expression: str) -> None:
    """Waits until it does. Asked from here each time: what Playwright waits by itself evaluates texts within the page,
    which the page's own policy forbids from the second time on."""
    async with asyncio.timeout(HOLDS_WITHIN_S):
        while not await page.evaluate(expression):
            await asyncio.sleep(ASKED_EVERY_S)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests are skipped, unless nothing may be."""
    if os.environ.get("SKIP_NOTHING"):
        return
    for item in items:
        if Path(__file__).parent in item.path.parents and not CHROMIUM:
            item.add_marker(pytest.mark.skip(reason="needs chromium (apt-get install chromium)"))
        if item.path.name == "test_firefox.py" and not FIREFOX:
            item.add_marker(pytest.mark.skip(reason="needs Firefox (apt-get install firefox-esr)"))


@dataclass(slots=True)
class Stage:
    """A service with its console, a desk over the same database to set things up with, and a browser."""

    service: RunningService
    desk: Desk
    browser: Browser

    @asynccontextmanager
    async def context(
        self, operator: Operator | None = None, size: tuple[int, int] = WIDE, **options: Any
    ) -> AsyncIterator[BrowserContext]:
        """A browser of its own, signed in as an operator if one is given."""
        context = await self.browser.new_context(
            base_url=self.service.url,
            viewport={"width": size[0], "height": size[1]},
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        if operator is not None:
            token = await self.desk.session(operator)
            await context.add_cookies([{"name": SESSION, "value": token, "url": self.service.url}])
        try:
            yield context
        finally:
            await context.close()

    @asynccontextmanager
    async def page(self, operator: Operator | None = None, **options: Any) -> AsyncIterator[Page]:
        """One window. What goes wrong in its scripts, or is kept out by the policy of content, fails the test."""
        async with self.context(operator, **options) as context:
            page, problems = await context.new_page(), list[str]()
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("console", lambda message: problems.append(message.text) if "Policy" in message.text else None)
            yield page
            assert not problems

    async def operator(self, name: str, role: Role = Role.ADMIN, *companies: str) -> Operator:
        return await self.desk.operator(name, role, *companies)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """Its catalogue keeps portraits of chips, and its trust store has a country."""
    folder = tmp_path_factory.mktemp("browser")
    catalogue, trust = catalogue_with(folder, "auto", "chip: optional; chip_portrait: true"), folder / "trust.jsonl"
    believe(trust, built().csca)
    with services(folder) as start:
        yield start(embedded_worker="0", catalogue=catalogue, trust=trust)


@pytest.fixture(scope="session")
def installation(served: RunningService) -> Iterator[Installation]:
    """The same installation from this process."""
    chosen = {name: value for name, value in served.variables.items() if name.startswith("OSTIARY_")}
    with opened(read_settings(chosen)) as parts:
        yield parts


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to have one as root
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(served: RunningService, installation: Installation, browser: Browser) -> AsyncIterator[Stage]:
    async with desk_of(installation) as desk:
        yield Stage(served, desk, browser)
