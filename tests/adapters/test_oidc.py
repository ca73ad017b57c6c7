"""Signing in by OpenID Connect, with a certified provider as a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ostiary.adapters.clock import now_ms
from ostiary.adapters.identity.oidc import DISCOVERED_FOR_MS, KEYS_ASKED_AFTER_MS, OidcProvider, OidcSettings
from ostiary.domain.errors import Unavailable
from ostiary.domain.operators.federation import Flow, Identity, IdentityRefused
from tests.servers.identity import CLIENT_ID, CLIENT_SECRET, IdentityServer, running

pytestmark = pytest.mark.heavy
BACK = "http://127.0.0.1:9/console/signed-in/corporate"
MARIA, PEDRO = "u-1", "u-2"
ACCOUNTS: dict[str, dict[str, Any]] = {
    MARIA: {"preferred_username": " maria ", "email": "maria@example.com", "groups": ["reviewers", "staff"]},
    PEDRO: {"groups": "staff", "email": "pedro@example.com"},
}
FLOW = Flow(return_url=BACK, state="s" * 43, nonce="n" * 43, verifier="v" * 64)


@pytest.fixture(scope="module")
def server() -> Iterator[IdentityServer]:
    with running(ACCOUNTS, [BACK]) as started:
        yield started


def settings_for(server: IdentityServer, **changes: Any) -> OidcSettings:
    usual = OidcSettings(
        name="corporate", label="Corporate", issuer=server.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET
    )
    return replace(usual, **changes)


async def came_back(provider: OidcProvider, server: IdentityServer, login: str, flow: Flow = FLOW) -> dict[str, str]:
    """What the provider sends the browser back with."""
    address = await asyncio.to_thread(server.signed_in, await provider.begin(flow), login)
    assert address.startswith(f"{BACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


async def signed_in(provider: OidcProvider, server: IdentityServer, login: str = MARIA) -> Identity:
    query = await came_back(provider, server, login)
    assert query["state"] == FLOW.state
    return await provider.finish(FLOW, query["code"], query.get("iss", ""))


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
@pytest.mark.parametrize("conforms", [True, False], ids=["claims by userinfo", "claims in the token"])
@pytest.mark.parametrize(
    ("method", "secret"), [("client_secret_basic", CLIENT_SECRET), ("client_secret_post", CLIENT_SECRET), ("none", "")]
)
async def test_who_signs_in_is_known_with_name_and_groups(
    algorithm: str, conforms: bool, method: str, secret: str
) -> None:
    with running(ACCOUNTS, [BACK], algorithm=algorithm, conforms=conforms, method=method, secret=secret) as server:
        provider = OidcProvider(settings_for(server, client_secret=secret))
        identity = await signed_in(provider, server)
        await provider.close()
    assert identity == Identity("corporate", MARIA, "maria", ("reviewers", "staff"))


async def test_which_claims_count_is_a_setting(server: IdentityServer) -> None:
    provider = OidcProvider(settings_for(server, name_claim="email"))
    identity = await signed_in(provider, server, PEDRO)
    await provider.close()
    assert (identity.name, identity.groups) == ("pedro@example.com", ("staff",))


async def test_who_has_no_name_is_refused(server: IdentityServer) -> None:
    provider = OidcProvider(settings_for(server))
    with pytest.raises(IdentityRefused) as refused:
        await signed_in(provider, server, PEDRO)
    await provider.close()
    assert refused.value.problem == "preferred_username"


@pytest.mark.parametrize(
    "flow",
    [replace(FLOW, nonce="m" * 43), replace(FLOW, verifier="w" * 64), replace(FLOW, return_url=BACK + "/other")],
    ids=["another sign-in's token", "another sign-in's verifier", "another address"],
)
async def test_what_belongs_to_another_sign_in_is_refused(server: IdentityServer, flow: Flow) -> None:
    provider = OidcProvider(settings_for(server))
    query = await came_back(provider, server, MARIA)
    with pytest.raises(IdentityRefused):
        await provider.finish(flow, query["code"], server.issuer)
    await provider.close()


@pytest.mark.parametrize("issuer", ["", "https://id.example.com"], ids=["not said", "another provider"])
async def test_an_answer_of_another_provider_is_refused(server: IdentityServer, issuer: str) -> None:
    provider = OidcProvider(settings_for(server))
    query = await came_back(provider, server, MARIA)
    with pytest.raises(IdentityRefused, match="iss"):
        await provider.finish(FLOW, query["code"], issuer)
    await provider.close()


async def test_a_code_is_good_once(server: IdentityServer) -> None:
    provider = OidcProvider(settings_for(server))
    query = await came_back(provider, server, MARIA)
    assert await provider.finish(FLOW, query["code"], server.issuer)
    with pytest.raises(IdentityRefused, match="code"):
        await provider.finish(FLOW, query["code"], server.issuer)
    await provider.close()


async def test_a_wrong_client_secret_says_so_to_whom_it_concerns(server: IdentityServer) -> None:
    provider = OidcProvider(settings_for(server, client_secret="another"))
    query = await came_back(provider, server, MARIA)
    with pytest.raises(Unavailable, match="status 401"):
        await provider.finish(FLOW, query["code"], server.issuer)
    await provider.close()


async def test_new_keys_are_found_when_they_are_used() -> None:
    later = [0]
    with running(ACCOUNTS, [BACK]) as server:
        provider = OidcProvider(settings_for(server), lambda: now_ms() + later[0])
        assert await signed_in(provider, server)
        port = int(server.issuer.rpartition(":")[2])
    with running(ACCOUNTS, [BACK], kid="second", port=port) as server:
        with pytest.raises(IdentityRefused):
            await signed_in(provider, server)
        later[0] = KEYS_ASKED_AFTER_MS
        assert await signed_in(provider, server)
    await provider.close()


async def test_a_token_is_of_now(server: IdentityServer) -> None:
    later = [0]
    provider = OidcProvider(settings_for(server), lambda: now_ms() + later[0])
    query = await came_back(provider, server, MARIA)
    later[0] = DISCOVERED_FOR_MS - 60_000 + 120_000  # tokens of this provider hold for an hour
    with pytest.raises(IdentityRefused, match="ExpiredTokenError"):
        await provider.finish(FLOW, query["code"], server.issuer)
    await provider.close()


async def test_a_provider_that_is_gone_is_said_to_be() -> None:
    with running(ACCOUNTS, [BACK]) as server:
        pass
    provider = OidcProvider(settings_for(server))
    with pytest.raises(Unavailable, match="does not answer"):
        await provider.begin(FLOW)
    await provider.close()


async def test_an_issuer_that_calls_itself_otherwise_is_not_used(server: IdentityServer) -> None:
    provider = OidcProvider(settings_for(server, issuer=server.issuer.replace("127.0.0.1", "localhost")))
    with pytest.raises(Unavailable, match="issuer"):
        await provider.begin(FLOW)
    await provider.close()
