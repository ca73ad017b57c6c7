"""What people do with the console, in a browser, before a real service: by keyboard alone, without script, and over a
restart."""

from __future__ import annotations

import httpx
import pyotp
import pytest
from playwright.async_api import Page, expect

from ostiary.domain.operators.operator import Role
from ostiary.domain.operators.sessions import IDLE_MS
from ostiary.languages.choosing import OFFERED
from ostiary.usecases.operators.directory import acting
from ostiary.usecases.operators.sessions import end_all
from tests.browser.conftest import NARROW, Stage, holds
from tests.browser.scenes import scene_of
from tests.console.desk import SESSION

pytestmark = pytest.mark.asyncio(loop_scope="session")
PASSWORD = "the cat sleeps in the shed"
MOST_TABS = 60
MINUTE_MS = 60_000


FOCUSED = """() => {
  const node = document.activeElement;
  const text = node.getAttribute("aria-label") || node.labels?.[0]?.innerText || node.innerText || node.value || "";
  return [text, node.localName, getComputedStyle(node).outlineStyle];
}"""


async def reach(page: Page, name: str, element: str = "") -> None:
    """Goes on by Tab until what has this name has the focus; fails where Tab never comes to it, or it does not show."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        text, local_name, outline = await page.evaluate(FOCUSED)
        if name in " ".join(text.split()) and local_name != "body" and element in ("", local_name):
            assert outline != "none", f"{name}: the focus can be seen"
            return
    raise AssertionError(f"{name} is not reached by Tab")


async def type_into(page: Page, name: str, text: str) -> None:
    await reach(page, name, "input")
    await page.keyboard.type(text)


async def test_somebody_is_let_in_and_signs_in_by_keyboard_alone(stage: Stage) -> None:
    admin = await stage.operator("Ada by keyboard")
    async with stage.page(admin) as page:
        await page.goto("/console/operators")
        await type_into(page, "Name", "Kay by keyboard")
        await reach(page, "Let in, and show the link")
        await page.keyboard.press("Enter")
        link = (await page.locator("#link").inner_text()).strip()
    assert link.startswith(f"{stage.service.url}/console/link/")
    async with stage.page() as page:
        await page.goto(link)
        picture = page.locator("img.code-picture")
        assert await picture.evaluate("image => image.complete && image.naturalWidth > 100"), "the QR code is drawn"
        secret = (await page.locator("details code").text_content() or "").replace(" ", "")
        await type_into(page, "Password", PASSWORD)
        await type_into(page, "The same again", PASSWORD)
        await type_into(page, "The six digits that it shows now", pyotp.TOTP(secret).now())
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Kay by keyboard")).to_be_visible()
        await reach(page, "Sign out", "button")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("You are signed out.")).to_be_visible()
        await page.go_back()
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_a_key_is_made_and_revoked_by_keyboard_alone(stage: Stage) -> None:
    scene = await scene_of(stage.desk, "of keys")
    async with stage.page(scene.admin) as page:
        await page.goto(scene.place)
        await type_into(page, "From these networks only", "198.51.100.0/24")
        await reach(page, "Make, and show the secret")
        await page.keyboard.press("Enter")
        secret = await page.locator("#secret").inner_text()
        assert secret.strip().startswith("osk_")
        await reach(page, f"Back to {scene.company.name}", "a")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**{scene.place}")
        await page.keyboard.press("j")
        await reach(page, "Revoke", "summary")
        await page.keyboard.press("Enter")
        await reach(page, "Revoke key", "button")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("no call with it is answered any more")).to_be_visible()


async def test_a_delivery_is_sent_again_by_keyboard_alone(stage: Stage) -> None:
    scene = await scene_of(stage.desk, "of deliveries")
    async with stage.page(scene.admin) as page:
        await page.goto(scene.place)
        await reach(page, "Deliveries", "a")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/deliveries")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/deliveries/*")
        await reach(page, "Send again, under the same id")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("The delivery is due now")).to_be_visible()


async def test_letters_go_through_rows_and_can_be_switched_off(stage: Stage) -> None:
    await scene_of(stage.desk, "of letters, first")
    scene = await scene_of(stage.desk, "of letters, second")
    async with stage.page(scene.admin) as page:
        await page.goto("/console/companies")
        rows = await page.locator("[data-row] a").all_inner_texts()
        for key, at in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
            await page.keyboard.press(key)
            assert await page.locator(":focus").inner_text() == rows[at]
        await page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keyboard")
        await expect(dialog).to_be_visible()
        await dialog.get_by_label("Use single letters as keys").uncheck()
        await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
        await page.reload()
        await page.keyboard.press("j")
        assert await page.locator("[data-row] a:focus").count() == 0
        await page.goto("/console/operators")
        await page.get_by_label("Name").fill("")
        await page.get_by_label("Name").type("jk?")
        assert await page.get_by_label("Name").input_value() == "jk?"


async def test_the_first_tab_skips_to_the_content(stage: Stage) -> None:
    async with stage.page(await stage.operator("Skip the menu")) as page:
        await page.goto("/console/about")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "content"


async def test_every_task_works_without_script(stage: Stage) -> None:
    scene = await scene_of(stage.desk, "without script")
    async with stage.page(scene.admin, size=NARROW, java_script_enabled=False) as page:
        await page.goto(scene.place)
        await page.get_by_role("button", name="Make, and show the secret").click()
        await expect(page.locator("#secret")).to_contain_text("osk_")
        await page.goto(f"{scene.place}/audit")
        await expect(page.get_by_text("each is as it was written")).to_be_visible()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_a_page_left_open_locks_when_its_session_is_ended_elsewhere(stage: Stage) -> None:
    scene = await scene_of(stage.desk, "of the lock")
    context, admin = stage.desk.parts.context, await stage.operator("Ada who ends")
    async with stage.page(scene.admin) as page:
        await page.clock.install()
        asked = list[str]()
        page.on("request", lambda request: asked.append(request.url) if "/session" in request.url else None)
        await page.goto(scene.place)
        await page.clock.fast_forward(MINUTE_MS)
        await holds(page, "performance.now() >= 60000")
        await expect(page.get_by_role("heading", name=scene.company.name)).to_be_visible()
        own = await stage.desk.own_house()
        caller = acting(admin, own)
        await stage.desk.commit(caller, await end_all(context, caller, scene.admin.id))
        async with page.expect_response("**/console/session"):
            await page.clock.fast_forward(MINUTE_MS)
        await expect(page.get_by_role("heading", name="Locked")).to_be_visible()
        assert scene.company.name not in await page.locator("body").inner_text()
        assert await page.title() == "Locked · Ostiary"
        assert len(asked) <= 2, "it asks once a minute"
        await page.get_by_role("link", name="Sign in again").click()
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert "next=" in page.url


async def test_a_page_locks_by_itself_when_the_service_is_away(stage: Stage) -> None:
    """What was known of the end still holds, also where nobody can be asked."""
    scene = await scene_of(stage.desk, "of the end")
    async with stage.page(scene.admin) as page:
        await page.clock.install()
        await page.goto(scene.place)
        async with page.expect_response("**/console/session"):
            await page.clock.fast_forward(MINUTE_MS)
        await page.context.set_offline(True)
        for _ in range(IDLE_MS // MINUTE_MS + 1):
            await page.clock.run_for(MINUTE_MS)
        await expect(page.get_by_role("heading", name="Locked")).to_be_visible()


async def test_who_is_signed_in_stays_so_over_a_restart(stage: Stage) -> None:
    scene = await scene_of(stage.desk, "of the restart")
    async with stage.page(scene.admin) as page:
        await page.goto(scene.place)
        await page.get_by_label("From these networks only").fill("198.51.100.0/24")
        assert stage.service.stop() == 0
        stage.service.start()
        await page.get_by_role("button", name="Make, and show the secret").click()
        await expect(page.locator("#secret")).to_contain_text("osk_")


async def test_markup_in_a_name_runs_nothing(stage: Stage) -> None:
    scene = await scene_of(stage.desk, "<img src=x onerror=document.title='run'><script>document.title='run'</script>")
    async with stage.page(scene.admin) as page:
        for path in scene.pages().values():
            await page.goto(path)
            assert "run" not in await page.title()
            assert await page.locator("main img, main script, header script").count() == 0


async def test_a_viewer_sees_nothing_to_press_that_is_not_his(stage: Stage) -> None:
    scene = await scene_of(stage.desk, "of viewers")
    viewer = await stage.operator("Vic who views", Role.VIEWER, scene.company.id)
    async with stage.page(viewer) as page:
        await page.goto(scene.place)
        assert await page.get_by_role("button").all_inner_texts() == ["?", "Sign out", *OFFERED.values()]
        assert await page.get_by_role("link", name="Audit trail").count() == 0
        assert await page.get_by_role("link", name="Operators").count() == 0


async def test_a_head_that_is_too_large_is_refused_here_too(stage: Stage) -> None:
    async with httpx.AsyncClient(base_url=stage.service.url, trust_env=False) as plain:
        for headers in ({"cookie": f"{SESSION}={'x' * 70_000}"}, {f"x-{number}": "x" for number in range(200)}):
            assert (await plain.get("/console", headers=headers)).status_code == 431
