"""Passkeys in a browser with an authenticator of its own (Chromium's virtual one): set up, signed in with, refused."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import CDPSession, Page, expect

from ostiary.domain.companies.company import Caller
from ostiary.domain.operators.operator import Role
from ostiary.usecases.operators.directory import create_operator, house
from tests.browser.conftest import NARROW, Stage
from tests.browser.test_for_everybody import look
from tests.browser.test_journeys import reach

pytestmark = pytest.mark.asyncio(loop_scope="session")
DEVICE = {
    "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


async def device_of(page: Page) -> tuple[CDPSession, str]:
    """The window's own authenticator."""
    browser = await page.context.new_cdp_session(page)
    await browser.send("WebAuthn.enable")
    added: dict[str, Any] = await browser.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return browser, added["authenticatorId"]


async def link_for(stage: Stage, name: str) -> str:
    """The path of a one-time link."""
    context = stage.desk.parts.context
    caller = Caller(await house(context), "operator:setup", 5)
    link = await stage.desk.commit(caller, await create_operator(context, caller, name, Role.VIEWER))
    return f"/console/link/{link.token}"


async def test_a_passkey_is_set_up_and_signs_in_by_keyboard_alone(stage: Stage) -> None:
    here = f"http://localhost:{stage.service.port}"
    async with stage.page(size=NARROW) as page:
        browser, device = await device_of(page)
        await page.goto(here + await link_for(stage, "Kim of the device"))
        await look(page, "setting up with a passkey")
        await reach(page, "Set up a passkey and sign in", "button")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/console/queue")
        [credential] = (await browser.send("WebAuthn.getCredentials", {"authenticatorId": device}))["credentials"]
        assert (credential["isResidentCredential"], credential["rpId"]) == (True, "localhost")

        await page.goto(f"{here}/console/sessions")
        await look(page, "an account with a passkey")
        await expect(page.get_by_role("row", name="First passkey")).to_contain_text("your only way in")
        await page.get_by_label("What to call it").fill("the same again")
        await page.get_by_role("button", name="Add a passkey").click()
        await expect(page.get_by_role("alert")).to_have_text("This device has a passkey for you already.")

        await page.get_by_role("button", name="Sign out").click()
        await browser.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        await reach(page, "Sign in with a passkey", "button")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("Nothing was confirmed")
        await expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_focused()
        await look(page, "a passkey that was not confirmed")

        await browser.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/console/queue")
        await page.goto(f"{here}/console/sessions")
        await expect(page.get_by_role("row", name="First passkey")).not_to_contain_text("not yet")
