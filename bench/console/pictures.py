"""How soon the first picture of a case is there, in a real browser.

    python -m bench.console.pictures [--times 20] [--folder FOLDER]

A service with its console, a case with two photos of 12 megapixels (further ones are fetched later), and Chromium: from
the click until the first is decoded and shown, p50 and p95, opened from the queue as people do. Ends with 1 when p50 is
over 300 ms. To be run on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, async_playwright
from tests.console.cases import WaitingRequest, read_as, waiting
from tests.console.desk import SESSION, desk_of

from bench.service import make_ostiary
from ostiary.app import Installation, opened
from ostiary.domain.operators.operator import Role
from ostiary.settings import read_settings
from ostiary.specimens.drawing import specimen
from ostiary.specimens.photos import Shot, photographed
from ostiary.usecases.onboarding.add_document import Upload

MOST_MS, LONGEST_PX = 300.0, 4_000
ARRIVED = """async () => {
    const image = document.querySelector("[data-picture] img");
    await image.decode();
    await new Promise(requestAnimationFrame);
    return performance.now();
}"""
"""Milliseconds since the navigation began."""


def photo(seed: int) -> bytes:
    page = Image.open(BytesIO(specimen(seed, size=(2_400, 1_690))))
    return photographed(page, seed, Shot(turned_degrees=2, noise=3, longest_px=LONGEST_PX))


async def begin(parts: Installation) -> tuple[WaitingRequest, str]:
    """A case, and the token of somebody who decides it."""
    async with desk_of(parts) as desk:
        details = {"number": "AB1234567", "issuing_country": "ARG"}
        card = Upload("national_id", details, photo(1), photo(2))
        request = await waiting(desk, await desk.company("Bench"), sent=[card])
        await read_as(desk, request)
        return request, await desk.session(await desk.operator("reader", Role.REVIEWER))


async def opened_once(page: Page, url: str, place: str) -> float:
    """From the queue, as a person does."""
    await page.goto(f"{url}/console/queue")
    await page.wait_for_timeout(1_000)  # somebody reads it
    await page.goto(f"{url}{place}", wait_until="commit")
    await page.wait_for_selector("[data-picture] img")
    return float(await page.evaluate(ARRIVED))


async def measure(url: str, place: str, token: str, times: int) -> list[float]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    async with async_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=chromium, args=sandbox)
        context = await browser.new_context(viewport={"width": 1280, "height": 900})
        await context.add_cookies([{"name": SESSION, "value": token, "url": url}])
        page = await context.new_page()
        await opened_once(page, url, place)  # what is first asked for is loaded
        waits = [await opened_once(page, url, place) for _ in range(times)]
        await browser.close()
    return sorted(waits)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        data = Path(folder) / "data"
        variables = {"OSTIARY_DATA_DIR": str(data), "OSTIARY_RATE_LIMIT_PER_SECOND": "0"}
        with opened(read_settings(variables), may_make=True) as parts:
            request, token = parts.run(begin(parts))
            service = make_ostiary(data, "none", OSTIARY_LOG_LEVEL="error")
            service.start()
            try:
                waits = asyncio.run(measure(service.server.url, request.place, token, given.times))
            finally:
                service.stop()
    p50, p95 = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
    print(f"first of two pictures of 12 megapixels: p50 {p50:.0f} ms, p95 {p95:.0f} ms ({len(waits)} times)")
    sys.exit(p50 > MOST_MS)


if __name__ == "__main__":
    main()
