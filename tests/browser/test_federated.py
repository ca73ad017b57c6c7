"""A browser that goes to the identity provider of the house, and comes back signed in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.acceptance.conftest import RunningService, services
from tests.servers.identity import CLIENT_ID, CLIENT_SECRET, running
from tests.servers.ports import free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")
ACCOUNTS = {"u-1": {"preferred_username": "maria", "groups": ["reviewers"]}}
SOURCE = """sign_in:
  corporate:
    kind: oidc
    label: Example Corp
    issuer: http://127.0.0.1:{port}
    client_id: {client_id}
    client_secret_file: secret
    roles: {{reviewers: reviewer}}
"""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[RunningService]:
    """With a provider that runs beside it."""
    port, file = free_port(), tmp_path / "providers.yaml"
    (tmp_path / "secret").write_text(CLIENT_SECRET)
    file.write_text(SOURCE.format(port=port, client_id=CLIENT_ID))
    with services(tmp_path) as start:
        started = start(providers=file, public_url="http://127.0.0.1:{port}", embedded_worker="0")
        with running(ACCOUNTS, [f"{started.url}/console/signed-in/corporate"], port=port):
            yield started


async def sign_in(page: Page) -> None:
    """At the provider's own page."""
    await page.get_by_role("link", name="Sign in with Example Corp").click()
    await page.get_by_placeholder("Enter any login").fill("u-1")
    await page.get_by_placeholder("and password").fill("any")
    await page.get_by_role("button", name="Sign-in").click()


async def test_somebody_signs_in_by_the_house_and_stays_through_a_restart(
    service: RunningService, browser: Browser
) -> None:
    context = await browser.new_context(base_url=service.url)
    try:
        page = await context.new_page()
        await page.goto("/console/sessions")
        assert (await Axe().run(page)).response["violations"] == []
        await sign_in(page)
        await expect(page).to_have_url(f"{service.url}/console/sessions")
        await expect(page.get_by_role("banner")).to_contain_text("maria")
        await asyncio.to_thread(service.stop)
        await asyncio.to_thread(service.start)
        await page.reload()
        await expect(page.get_by_role("banner")).to_contain_text("maria")
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("link", name="Sign in with Example Corp")).to_be_visible()
    finally:
        await context.close()
    assert "u-1" not in service.log.read_text()
    assert "state=" not in service.log.read_text()
