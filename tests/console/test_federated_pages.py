"""Signing in at a certified identity provider, coming back to the console, and every way in which that goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import httpx
import pytest

from ostiary.adapters.config import providers_file
from ostiary.app import Installation
from ostiary.console.forms.cookies import WAY
from tests.console.desk import ORIGIN, SESSION, Desk, Visitor, desk_of, text_of
from tests.http.running import installation
from tests.servers.identity import CLIENT_ID, CLIENT_SECRET, IdentityServer, running

pytestmark = pytest.mark.heavy
ACCOUNTS = {
    "u-1": {"preferred_username": "maria", "groups": ["reviewers"]},
    "u-2": {"preferred_username": "pedro", "groups": ["canteen"]},
}
ADDRESSES = count(1)
BACK, START = f"{ORIGIN}/console/signed-in/corporate", "/console/sign-in/corporate"
SOURCE = """sign_in:
  corporate:
    kind: oidc
    label: Example Corp
    issuer: {issuer}
    client_id: {client_id}
    client_secret_file: secret
    roles: {{reviewers: reviewer}}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[IdentityServer]:
    with running(ACCOUNTS, [BACK]) as started:
        yield started


@pytest.fixture(scope="module")
def parts(server: IdentityServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder: Path = tmp_path_factory.mktemp("federated")
    (folder / "secret").write_text(CLIENT_SECRET)
    file = folder / "providers.yaml"
    file.write_text(SOURCE.format(issuer=server.issuer, client_id=CLIENT_ID))
    with installation(folder, OSTIARY_PROVIDERS=str(file), OSTIARY_PUBLIC_URL=ORIGIN) as opened_parts:
        yield opened_parts


@pytest.fixture
async def desk(parts: Installation) -> AsyncIterator[Desk]:
    """With connections of this test's own loop, and an address of its own, since failures are counted by address."""
    configured = providers_file.load(parts.settings.providers, ORIGIN)
    own = replace(parts, context=replace(parts.context, federations=configured.federations))
    async with desk_of(own) as opened_desk:
        opened_desk.address = f"198.51.100.{next(ADDRESSES)}"
        yield opened_desk
    for federation in configured.federations:
        await federation.provider.close()


async def sent_back(visitor: Visitor, server: IdentityServer, login: str = "u-1", path: str = START) -> str:
    """Where the provider sends the browser."""
    answer = await visitor.get(path)
    assert answer.status_code == 303
    return await asyncio.to_thread(server.signed_in, answer.headers["location"], login)


def session_in(answer: httpx.Response) -> bool:
    return any(value.startswith(f"{SESSION}=") for value in answer.headers.get_list("set-cookie"))


async def test_a_button_leads_to_the_provider_and_back_into_the_console(desk: Desk, server: IdentityServer) -> None:
    visitor = desk.visitor()
    page = await visitor.get("/console/sign-in?next=%2Fconsole%2Fsessions")
    assert "Sign in with Example Corp" in text_of(page)
    assert (
        f'href="{START}?next=%2Fconsole%2Fsessions"' in page.text
        or f'href="{START}?next=/console/sessions"' in page.text
    )
    back = await sent_back(visitor, server, path=f"{START}?next=/console/sessions")
    answer = await visitor.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/sessions")
    assert WAY not in visitor.http.cookies
    assert "maria" in text_of(await visitor.get("/console/sessions"))


async def test_who_is_signed_in_is_not_sent_away(desk: Desk, server: IdentityServer) -> None:
    visitor = await desk.signed_in("already here")
    answer = await visitor.get(f"{START}?next=/console/sessions")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/sessions")


@pytest.mark.parametrize("wanted", ["https://example.com", "//example.com", "/console/../x", "/elsewhere", "x" * 2_000])
async def test_nobody_is_sent_on_elsewhere(desk: Desk, server: IdentityServer, wanted: str) -> None:
    visitor = desk.visitor()
    answer = await visitor.get(START, params={"next": wanted})
    back = await asyncio.to_thread(server.signed_in, answer.headers["location"], "u-1")
    assert (await visitor.get(back)).headers["location"].startswith("/console/")


async def test_the_cookie_of_the_way_is_short_and_no_script_s(desk: Desk) -> None:
    answer = await desk.visitor().get(START)
    [cookie] = [value for value in answer.headers.get_list("set-cookie") if value.startswith(WAY)]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"))


async def test_who_has_no_role_is_told_so_on_the_page(desk: Desk, server: IdentityServer) -> None:
    visitor = desk.visitor()
    answer = await visitor.get(await sent_back(visitor, server, "u-2"))
    assert answer.status_code == 401
    assert "no role here" in text_of(answer)
    assert not session_in(answer)


async def test_another_browser_cannot_come_back_for_somebody(desk: Desk, server: IdentityServer) -> None:
    """Nor does somebody who is given such an address by another sign in as that one."""
    back = await sent_back(desk.visitor(), server)
    for visitor in (desk.visitor(), desk.visitor()):
        await visitor.get(START)
        answer = await visitor.get(back)
        assert answer.status_code == 401
        assert "begin again" in text_of(answer)
        assert not session_in(answer)


async def test_one_coming_back_is_good_once(desk: Desk, server: IdentityServer) -> None:
    visitor = desk.visitor()
    back = await sent_back(visitor, server)
    way = visitor.http.cookies[WAY]
    assert session_in(await visitor.get(back))
    again = desk.visitor()
    again.http.cookies[WAY] = way
    answer = await again.get(back)
    assert (answer.status_code, session_in(answer)) == (401, False)


@pytest.mark.parametrize(
    "query",
    ["", "?error=access_denied&error_description=<b>no</b>", "?code=x", "?state=x&code=y", "?code=a&code=b&state=c"],
)
async def test_an_odd_way_back_is_refused(desk: Desk, query: str) -> None:
    visitor = desk.visitor()
    await visitor.get(START)
    answer = await visitor.get(f"/console/signed-in/corporate{query}")
    assert answer.status_code in (400, 401)
    assert "<b>" not in answer.text
    assert not session_in(answer)


@pytest.mark.parametrize("path", ["/console/sign-in/another", "/console/signed-in/another?code=a&state=b"])
async def test_an_unknown_provider_is_no_page(desk: Desk, path: str) -> None:
    assert (await desk.visitor().get(path)).status_code == 404


async def test_a_session_is_as_good_as_any_other(desk: Desk, server: IdentityServer) -> None:
    visitor = desk.visitor()
    await visitor.get(await sent_back(visitor, server))
    assert (await visitor.get("/console/operators")).status_code == 403, "a reviewer"
    assert (await visitor.post("/console/sign-out", {"form_token": await visitor.form_token()})).status_code == 303
    assert (await visitor.get("/console/sessions")).headers["location"].startswith("/console/sign-in")
