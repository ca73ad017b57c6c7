"""What comes after "enabled", in a browser by keyboard alone: the history of the catalogue and what versions differ in,
what is due again, and a sandbox's clock. axe looks at each of them with something on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import expect

from ostiary.app import Installation, opened
from ostiary.domain.hosted.links import LinkWish
from ostiary.domain.operators.operator import Role
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.settings import read_settings
from ostiary.usecases.hosted.links import make_link
from ostiary.usecases.lifecycle.renewals import ask_renewal
from ostiary.usecases.review.apply_verdict import apply_verdict
from ostiary.usecases.transaction import execute
from tests.acceptance.conftest import RunningService, services
from tests.browser.conftest import NARROW, Stage
from tests.browser.scenes import scene_of
from tests.browser.test_for_everybody import OPENED, look
from tests.browser.test_journeys import reach
from tests.browser.test_onboarding_page import NARROWEST
from tests.console.cases import WaitingRequest, caller_of, waiting
from tests.hosted.desk import Hall
from tests.http.running import Clock
from tests.renewing import renewing_catalogue

pytestmark = pytest.mark.asyncio(loop_scope="session")
LANGUAGES = ["en-GB", "es-MX", "pt-BR"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service whose cards are due again."""
    folder = tmp_path_factory.mktemp("due")
    with services(folder) as start:
        yield start(embedded_worker="0", catalogue=str(renewing_catalogue(folder)))


@pytest.fixture(scope="module")
def installation(served: RunningService) -> Iterator[Installation]:
    """The same installation from this process."""
    chosen = {name: value for name, value in served.variables.items() if name.startswith("OSTIARY_")}
    with opened(read_settings(chosen)) as parts:
        yield parts


async def due_case(stage: Stage, name: str) -> WaitingRequest:
    """An enabled client of whom an operator asked that all be confirmed again."""
    case = await waiting(stage.desk, await stage.desk.company(f"Acme {name}"))
    context, caller = stage.desk.parts.context, await caller_of(stage.desk, case.company)

    async def done(use_case: Any, value: object) -> None:
        await execute(context, caller, lambda: use_case(context, caller, case.client_id, case.id, value))

    await done(apply_verdict, Verdict(Decision.APPROVE))
    await done(ask_renewal, "A newspaper article.")
    return case


async def test_a_second_person_reads_what_differs_and_approves_it_by_keyboard_alone(stage: Stage) -> None:
    await scene_of(stage.desk, "of publications")
    ben = await stage.operator("Ben of publications", Role.APPROVER)
    async with stage.page(ben) as page:
        await page.goto("/console/about")
        await reach(page, "History of the catalogue", "a")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/console/catalogue")
        await look(page, "a proposal")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/console/catalogue/difference?**")
        await expect(page.get_by_text("21, it was 18").first).to_be_visible()
        await page.go_back()
        await reach(page, "Approve version", "button")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("The publication is approved")).to_be_visible()
        await reach(page, "Withdraw", "summary")
        await page.keyboard.press("Enter")
        await look(page, "a publication about to be withdrawn")
        await reach(page, "Withdraw version", "button")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("The publication is withdrawn.")).to_be_visible()


async def test_a_sandboxs_clock_is_moved_by_keyboard_alone(stage: Stage) -> None:
    scene = await scene_of(stage.desk, "of clocks")
    async with stage.page(scene.admin) as page:
        await page.goto(scene.place)
        await reach(page, "Move it ahead", "summary")
        await page.keyboard.press("Enter")
        await look(page, "a clock about to be moved")
        await reach(page, "By how many", "input")
        await page.keyboard.press("ControlOrMeta+a")
        await page.keyboard.type("0")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("must be a span ahead")).to_be_visible()
        await look(page, "a clock that is not moved like that")
        await reach(page, "By how many", "input")
        await page.keyboard.press("ControlOrMeta+a")
        await page.keyboard.type("90")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("The clock is moved")).to_be_visible()
        await expect(page.get_by_text("90 days", exact=True)).to_be_visible()


async def test_what_is_due_again_leads_to_its_case_and_axe_finds_nothing(stage: Stage) -> None:
    case = await due_case(stage, "due again")
    vic = await stage.operator("Vic, due again", Role.REVIEWER, case.company.id)
    async with stage.page(vic) as page:
        await page.goto(f"/console/companies/{case.company.id}")
        await reach(page, "Due again", "a")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/renewals")
        await look(page, "what is due again", NARROW)
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**{case.place}")
        await expect(page.get_by_text("an operator asked for it").first).to_be_visible()
        await page.evaluate(OPENED)
        await look(page, "a case that is due again", NARROW)


@pytest.mark.parametrize("locale", LANGUAGES)
async def test_a_client_confirms_that_nothing_has_changed(stage: Stage, locale: str) -> None:
    case = await due_case(stage, f"confirmed, {locale}")
    caller = await caller_of(stage.desk, case.company)
    link = await Hall(stage.desk.parts, Clock()).do(
        caller, make_link, case.client_id, LinkWish(), lambda url, plain: None
    )
    async with stage.page(size=NARROWEST, locale=locale) as page:
        await page.goto(f"/onboarding/{link.token}")
        await look(page, f"a link to confirm, {locale}")
        for place in ("review", "state"):
            await page.locator("main button.main").click()
            await page.wait_for_url(f"**/onboarding/{place}")
            await look(page, f"{place} of a renewal, {locale}")
