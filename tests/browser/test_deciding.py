"""Reviewing in a browser by keyboard alone: few keys to a decision, undo before it is sent, two people at one case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from ostiary.domain.catalogue.catalogue import Eyes
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.operators.operator import Role
from tests.browser.conftest import NARROW, PATIENCE_MS, Stage
from tests.browser.test_for_everybody import OPENED, look
from tests.console.cases import WaitingRequest, demo, read_as, state, waiting
from tests.console.test_two_people import staged
from tests.reviewing import Stricter

pytestmark = pytest.mark.asyncio(loop_scope="session")
SENT_MS = PATIENCE_MS
"""Undo lasts five seconds; what follows is waited for as long as a busy machine needs."""
APPROVED_WITHIN, RETURNED_WITHIN = 4, 8
"""Key presses from the queue to the decision."""


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)
            self.count += 1


async def queue_of(stage: Stage, page: Page, request: WaitingRequest) -> None:
    """The queue with nothing but this case's company."""
    await page.goto(f"/console/queue?company={request.company.id}")
    await expect(page.locator("[data-row]")).to_have_count(1)


async def opened_by_keys(page: Page, keys: Keys) -> None:
    await keys.press("j", "Enter")
    await page.wait_for_url("**/requests/*")
    await expect(page.locator("#decide")).to_be_visible()


async def test_a_clear_case_is_decided_with_few_keys(stage: Stage) -> None:
    request = await waiting(stage.desk, await stage.desk.company("Acme of few keys"))
    async with stage.page(await stage.operator("Ana of few keys", Role.REVIEWER)) as page:
        await queue_of(stage, page, request)
        keys = Keys(page)
        await opened_by_keys(page, keys)
        await keys.press("a", "Enter")
        await page.wait_for_url("**/console/queue**", timeout=SENT_MS)
        await expect(page.get_by_text("The case is approved.")).to_be_visible()
    assert (await state(stage.desk, request)).status is Status.ENABLED
    assert keys.count <= APPROVED_WITHIN


async def test_a_return_with_two_reasons_takes_few_keys(stage: Stage) -> None:
    request = await waiting(stage.desk, await stage.desk.company("Acme of returns"))
    async with stage.page(await stage.operator("Ana of returns", Role.REVIEWER)) as page:
        await queue_of(stage, page, request)
        keys = Keys(page)
        await opened_by_keys(page, keys)
        await keys.press("r", "1", "3", "Enter")
        await page.wait_for_url("**/console/queue**", timeout=SENT_MS)
        await expect(page.get_by_text("The case is returned to the company.")).to_be_visible()
    assert (await state(stage.desk, request)).status is Status.PENDING_DOCUMENTATION
    assert keys.count <= RETURNED_WITHIN


async def test_keys_lead_through_the_filtered_queue_and_a_switch_on_to_its_next_case(stage: Stage) -> None:
    company = await stage.desk.company("Acme of going on")
    first, _, third = [
        await waiting(stage.desk, company, *reasons) for reasons in (["no_expiration"], [], ["no_expiration"])
    ]
    ana = await stage.operator("Ana of going on", Role.REVIEWER)
    async with stage.page(ana) as page:
        await page.goto(f"/console/queue?company={company.id}&reason=no_expiration")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**{first.place}?**")
        await page.keyboard.press("j")
        await page.wait_for_url(f"**{third.place}?**")
        await page.keyboard.press("k")
        await page.wait_for_url(f"**{first.place}?**")
        await page.keyboard.press("a")
        await page.keyboard.type("It has none by law.")
        await page.locator("details[data-act=a] [data-go-on]").check()
        await page.get_by_role("button", name="Approve", exact=True).click()
        await page.wait_for_url(f"**{third.place}?**", timeout=SENT_MS)
        await expect(page.get_by_text("The case is approved.")).to_be_visible()
        await page.keyboard.press("a")
        await expect(page.locator("details[data-act=a] [data-go-on]")).to_be_checked()
        await page.locator("h1").click()
        await page.keyboard.press("q")
        await page.wait_for_url(f"**/console/queue?company={company.id}&reason=no_expiration")
    assert (await state(stage.desk, first)).status is Status.ENABLED


async def test_undo_takes_a_decision_back_before_it_is_sent(stage: Stage) -> None:
    request = await waiting(stage.desk, await stage.desk.company("Acme of undo"))
    async with stage.page(await stage.operator("Ana of undo", Role.REVIEWER)) as page:
        await page.goto(request.place)
        for key in ("a", "Enter"):
            await page.keyboard.press(key)
        await expect(page.get_by_text("Approving, to be sent in")).to_be_visible()
        await page.keyboard.press("u")
        await expect(page.locator("#undo")).to_be_hidden()
        await page.reload()
    after = await state(stage.desk, request)
    assert (after.status, after.review) == (Status.IN_KYC, Review.SUBMISSION)


async def test_rejecting_shows_what_the_company_gets_while_it_is_typed(stage: Stage) -> None:
    request = await waiting(stage.desk, await stage.desk.company("Acme of rejecting"))
    async with stage.page(await stage.operator("Ana of rejecting", Role.REVIEWER)) as page:
        await page.goto(request.place)
        await page.keyboard.press("x")
        await page.keyboard.type("Not eligible: x and r are letters here.")
        await page.locator("details[data-act=x] .preview summary").click()
        preview = page.locator("details[data-act=x] [data-preview] pre")
        await expect(preview).to_contain_text('"rejection_description": "Not eligible: x and r are letters here."')
        await page.get_by_role("button", name="Reject", exact=True).click()
        await page.wait_for_url("**/console/queue**", timeout=SENT_MS)
    after = await state(stage.desk, request)
    assert (after.status, after.rejection_description) == (Status.REJECTED, "Not eligible: x and r are letters here.")


async def test_a_doubt_asks_for_its_note_and_the_draft_outlives_the_page(stage: Stage) -> None:
    request = await waiting(stage.desk, await stage.desk.company("Acme of notes"), "name_doubtful")
    ana = await stage.operator("Ana of notes", Role.REVIEWER)
    async with stage.page(ana) as page:
        await page.goto(request.place)
        await page.keyboard.press("a")
        await expect(page.locator("#note-approve")).to_be_focused()
        await page.keyboard.type("Her married name.")
        await page.keyboard.press("Enter")
        await page.keyboard.type("Seen on the bill.")
        await expect(page.get_by_text("Kept as a draft")).to_be_visible()
    async with stage.page(ana) as page:
        await page.goto(request.place)
        await page.keyboard.press("a")
        await expect(page.locator("#note-approve")).to_have_value("Her married name.\nSeen on the bill.")
        await page.locator("#note-approve").focus()
        await page.keyboard.press("ControlOrMeta+Enter")
        await page.wait_for_url("**/console/queue**", timeout=SENT_MS)
    assert (await state(stage.desk, request)).status is Status.ENABLED


async def test_the_second_sees_the_firsts_claim_and_a_decision_of_two_is_one(stage: Stage) -> None:
    request = await waiting(stage.desk, await stage.desk.company("Acme of a race"))
    ana, bob = [await stage.operator(f"{name} of a race", Role.REVIEWER) for name in ("Ana", "Bob")]
    async with stage.page(ana) as first, stage.page(bob) as second:
        await first.goto(request.place)
        await second.goto(request.place)
        await expect(second.get_by_text("Ana of a race works on this case since")).to_be_visible()
        await expect(second.locator("details.act")).to_have_count(0)
        await second.goto(f"/console/queue?company={request.company.id}")
        await expect(second.locator("[data-row]")).to_contain_text("Ana of a race")
        for key in ("a", "Enter"):
            await first.keyboard.press(key)
        await first.wait_for_url("**/console/queue**", timeout=SENT_MS)
        await second.goto(request.place)
        await expect(second.get_by_text("There is nothing to decide here.")).to_be_visible()
    assert (await state(stage.desk, request)).status is Status.ENABLED


async def test_pictures_and_their_boxes_are_turned_enlarged_and_hidden_by_keys(stage: Stage) -> None:
    request = await waiting(stage.desk, await stage.desk.company("Acme of turning"))
    await read_as(stage.desk, request)
    async with stage.page(await stage.operator("Ana of turning", Role.REVIEWER)) as page:
        await page.goto(request.place)
        image = page.locator("[data-picture] img").first
        await expect(image).to_have_js_property("complete", True)
        before = await image.evaluate("image => image.clientWidth")
        for key in ("p", "+", "t"):
            await page.keyboard.press(key)
        assert await image.evaluate("image => image.clientWidth") > before
        canvas, boxes = page.locator(".canvas").first, page.locator(".boxes").first
        assert await canvas.evaluate("canvas => canvas.style.transform") == "rotate(90deg)"
        assert await boxes.bounding_box() == await image.bounding_box(), (
            "boxes lie on the picture, however it is turned"
        )
        await page.keyboard.press("0")
        assert await canvas.evaluate("canvas => canvas.style.transform") == "rotate(0deg)"
        await page.keyboard.press("b")
        await expect(boxes).to_be_hidden()
        await page.keyboard.press("b")
        await page.locator(".seen a").first.focus()
        await expect(page.locator(".boxes .lit")).to_have_count(1)
        await page.keyboard.press("Enter")
        row = page.locator("tr.lit")
        await expect(row).to_be_focused()
        await row.get_by_role("link").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".seen a").first).to_be_focused()
        await page.locator(".boxes .differs polygon").click()
        await expect(row).to_be_focused()


async def test_axe_finds_nothing_in_cases_and_they_fit_a_telephone(stage: Stage) -> None:
    cases = await demo(stage.desk)
    pages = {f"case {number}": case.place for number, case in cases.items()}
    pages |= {
        "queue": "/console/queue",
        "nothing waits": "/console/queue?kind=confirmation",
        "other client": f"{cases[18].place}/others/{cases[1].client_id}",
    }
    async with stage.page(await stage.operator("Ada of cases", Role.APPROVER)) as page:
        for name, path in pages.items():
            await page.goto(path)
            await page.evaluate(OPENED)
            await look(page, name, NARROW)


async def test_an_approver_confirms_a_staged_decision_with_few_keys(stage: Stage) -> None:
    request = await staged_case(stage, "of few keys again")
    bea = await stage.operator("Bea of few keys", Role.APPROVER)
    async with stage.page(bea) as page:
        await page.goto(f"/console/queue?holding=approval&company={request.company.id}")
        await expect(page.locator("[data-row]")).to_have_count(1)
        keys = Keys(page)
        await keys.press("j", "Enter")
        await page.wait_for_url("**/requests/*")
        await expect(page.locator("details[data-act=a]")).to_be_visible()
        await look(page, "a staged case")
        await keys.press("a", "Enter")
        await page.wait_for_url("**/console/queue**", timeout=SENT_MS)
        await expect(page.get_by_text("The decision is confirmed")).to_be_visible()
    assert (await state(stage.desk, request)).status is Status.ENABLED
    assert keys.count <= APPROVED_WITHIN


async def test_axe_finds_nothing_in_a_staged_case(stage: Stage) -> None:
    request = await staged_case(stage, "staged")
    async with stage.page(await stage.operator("Bea, staged", Role.APPROVER)) as page:
        await page.goto(request.place)
        await page.evaluate(OPENED)
        await look(page, "a staged case, opened", NARROW)


async def staged_case(stage: Stage, name: str) -> WaitingRequest:
    """A case that somebody approved where that takes two."""
    context = stage.desk.console.context
    stricter = replace(context, catalogues=Stricter(context.catalogues, (Eyes.APPROVE,)))
    object.__setattr__(stage.desk.console, "context", stricter)
    request, _, _ = await staged(stage.desk, name)
    return request
