"""The onboarding page in Firefox: a whole way with script and without, its words where there is no camera, and axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest

from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.review.verdicts import Decision
from tests.browser.conftest import Stage
from tests.browser.firefox import Firefox, firefox
from tests.hosted.desk import Hall
from tests.http.running import Clock
from tests.material import dark_picture, picture

pytestmark = pytest.mark.asyncio(loop_scope="session")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
LOOK = """;axe.run(document, {resultTypes: ["violations"]}).then(
    ({violations}) => arguments[arguments.length - 1](violations.map((each) => each.id)));"""
SMALLEST = (450, 700)
"""Firefox makes no window narrower than this."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Firefox]:
    with firefox("es-MX", SMALLEST) as opened:
        yield opened


def look(browser: Firefox, name: str) -> None:
    assert browser.run_until_done(AXE + LOOK) == [], name


def photo(folder: Path, content: bytes) -> str:
    file = folder / "picture.jpg"
    file.write_bytes(content)
    return str(file)


async def test_from_link_to_the_verdict_with_a_camera_that_is_none(
    stage: Stage, browser: Firefox, tmp_path: Path
) -> None:
    guest = await Hall(stage.desk.parts, Clock()).guest(phone_country_code=None, phone_number=None)
    browser.open(f"{stage.service.url}/onboarding/{guest.token}")
    assert browser.run("return document.documentElement.lang") == "es"
    browser.press("Empezar")
    browser.press("Pasaporte")
    browser.press("Usar la cámara")
    browser.sees("No se encontró ninguna cámara.")
    look(browser, "no camera")
    browser.type("image_front", photo(tmp_path, dark_picture()))
    browser.press("Enviar")
    browser.sees("Haga una foto nueva con más luz")
    browser.type("image_front", photo(tmp_path, picture(1)))
    browser.press("Enviar")
    browser.type("number", "AB1234567")
    look(browser, "details")
    browser.press("Continuar")
    browser.type("phone", "011 6886-0622")
    browser.press("Continuar")
    browser.press("Enviar todo")
    browser.sees("Lo estamos revisando")
    look(browser, "waiting")
    await guest.judge(Decision.APPROVE)
    browser.sees("Listo")
    assert [each.status for each in await guest.now()] == [Status.ENABLED]


async def test_without_script(stage: Stage, browser: Firefox, tmp_path: Path) -> None:
    guest = await Hall(stage.desk.parts, Clock()).guest()
    browser.prefer(javascript__enabled=False)
    browser.open(f"{stage.service.url}/onboarding/{guest.token}")
    browser.press("Empezar")
    browser.press("Documento nacional")
    for side, seed in (("front", 2), ("back", 3)):
        browser.type(f"image_{side}", photo(tmp_path, picture(seed)))
        browser.press("Enviar")
    browser.type("number", "AB1234567")
    browser.press("Continuar")
    browser.press("English")
    browser.press("Send everything")
    browser.sees("We are looking at it")
    assert [each.status for each in await guest.now()] == [Status.IN_KYC]
