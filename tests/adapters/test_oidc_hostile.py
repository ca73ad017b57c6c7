"""An identity provider that lies, or is another one than it seems: nothing it says is believed without proof."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from ostiary.adapters.identity.oidc import MOST_ANSWER_BYTES, MOST_GROUPS, OidcProvider, OidcSettings
from ostiary.domain.errors import Unavailable
from ostiary.domain.operators.federation import Flow, Identity, IdentityRefused
from tests.material import NOW_MS

NOW_S = NOW_MS // 1000
FLOW = Flow(return_url="http://127.0.0.1:9/back", state="s", nonce="the nonce", verifier="v" * 64)
KEY, OTHER = (RSAKey.generate_key(2048, parameters={"kid": "k"}) for _ in range(2))
CURVE = ECKey.generate_key("P-256", parameters={"kid": "curve"})
Claims = dict[str, Any]


class Liar:
    """What it answers; a test changes some of it. `sign` makes the ID token of the claims."""

    def __init__(self) -> None:
        self.discovery: Claims = {}
        self.claims: Claims = {
            "sub": "u-1",
            "aud": "ostiary",
            "iat": NOW_S,
            "exp": NOW_S + 300,
            "nonce": FLOW.nonce,
            "preferred_username": "maria",
            "groups": ["staff"],
        }
        self.keys: Any = KeySet([KEY, CURVE]).as_dict(private=False)
        self.userinfo: Any = {}
        self.tokens: Claims = {"access_token": "a"}
        self.sign: Callable[[Claims], str] = lambda claims: jwt.encode({"alg": "RS256", "kid": "k"}, claims, KEY)

    async def serve(self, request: web.Request) -> web.Response:
        issuer = f"http://{request.host}"
        answers: dict[str, Any] = {
            "/.well-known/openid-configuration": {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/auth",
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/keys",
                "userinfo_endpoint": f"{issuer}/me",
                **self.discovery,
            },
            "/keys": self.keys,
            "/me": self.userinfo,
        }
        if request.path == "/token":
            return web.json_response({"id_token": self.sign({"iss": issuer, **self.claims}), **self.tokens})
        return web.json_response(answers[request.path])


@asynccontextmanager
async def listening(liar: Liar) -> AsyncIterator[OidcProvider]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", liar.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [(_, port)] = runner.addresses
    settings = OidcSettings("corporate", "Corporate", f"http://127.0.0.1:{port}", "ostiary", "secret")
    provider = OidcProvider(settings, lambda: NOW_MS)
    try:
        yield provider
    finally:
        await provider.close()
        await runner.cleanup()


async def finished(liar: Liar) -> Identity:
    async with listening(liar) as provider:
        return await provider.finish(FLOW, "code")


async def test_the_truth_is_believed() -> None:
    assert await finished(Liar()) == Identity("corporate", "u-1", "maria", ("staff",))


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://id.example.com"}, {"aud": "another"}, {"aud": ["another", "ostiary"]},
        {"aud": ["ostiary", "another"], "azp": "another"}, {"azp": "another"}, {"exp": NOW_S - 61}, {"exp": "soon"},
        {"iat": NOW_S + 3_600}, {"nbf": NOW_S + 3_600}, {"nonce": "another"}, {"nonce": None}, {"nonce": 7},
        {"sub": None}, {"sub": 7}, {"sub": ""}, {"sub": "x" * 256}, {"preferred_username": ""},
        {"preferred_username": ["maria"]}, {"preferred_username": None}, {"groups": 7},
        {"at_hash": "another", "access_token": "a"},
    ],
    ids=str,
)  # fmt: skip
async def test_a_token_with_other_claims_is_refused(change: Claims) -> None:
    liar = Liar()
    liar.claims.update(change)
    with pytest.raises(IdentityRefused):
        await finished(liar)


@pytest.mark.parametrize("name", ["aud", "exp", "iat", "nonce", "sub"])
async def test_a_token_without_a_claim_that_it_must_have_is_refused(name: str) -> None:
    liar = Liar()
    del liar.claims[name]
    with pytest.raises(IdentityRefused):
        await finished(liar)


def encoded(*parts: bytes) -> str:
    return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def unsigned(claims: Claims) -> str:
    return encoded(b'{"alg": "none"}', json.dumps(claims).encode(), b"")


def by_public_key(claims: Claims) -> str:
    """Signed as with a shared secret, by what everybody knows of the key."""
    parts = (b'{"alg": "HS256", "kid": "k"}', json.dumps(claims).encode())
    return encoded(*parts, hmac.digest(KEY.as_pem(private=False), encoded(*parts).encode(), "sha256"))


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        by_public_key,
        lambda claims: jwt.encode({"alg": "RS256", "kid": "k"}, claims, OTHER),
        lambda claims: jwt.encode({"alg": "RS256", "kid": "unknown"}, claims, OTHER),
        lambda claims: jwt.encode({"alg": "RS256", "kid": "k"}, claims, KEY)[:-4] + "AAAA",
        lambda _: "no token",
        lambda _: "",
        lambda _: "a.b.c",
        lambda _: "[" * 10_000,
    ],
    ids=[
        "unsigned",
        "by the public key",
        "by another key",
        "by an unknown key",
        "cut",
        "words",
        "empty",
        "dots",
        "deep",
    ],
)
async def test_a_token_that_is_not_signed_by_the_provider_is_refused(sign: Callable[[Claims], str]) -> None:
    liar = Liar()
    liar.sign = sign
    with pytest.raises(IdentityRefused):
        await finished(liar)


async def test_any_of_the_keys_may_have_signed() -> None:
    liar = Liar()
    liar.sign = lambda claims: jwt.encode({"alg": "ES256", "kid": "curve"}, claims, CURVE)
    assert (await finished(liar)).name == "maria"


async def test_what_the_userinfo_endpoint_says_is_of_the_same_subject() -> None:
    liar = Liar()
    del liar.claims["groups"]
    liar.userinfo = {"sub": "u-2", "groups": ["admins"]}
    with pytest.raises(IdentityRefused, match="sub"):
        await finished(liar)


async def test_what_the_token_says_goes_before_what_the_userinfo_endpoint_says() -> None:
    liar = Liar()
    del liar.claims["groups"]
    liar.userinfo = {"sub": "u-1", "groups": ["staff"], "preferred_username": "admin"}
    assert await finished(liar) == Identity("corporate", "u-1", "maria", ("staff",))


@pytest.mark.parametrize(
    ("groups", "expected"),
    [([7, "staff", None], ("staff",)), ("staff", ("staff",)), (["g"] * (MOST_GROUPS + 1), ("g",) * MOST_GROUPS)],
    ids=["not all texts", "one text", "too many"],
)
async def test_groups_are_texts_and_not_without_end(groups: Any, expected: tuple[str, ...]) -> None:
    liar = Liar()
    liar.claims["groups"] = groups
    assert (await finished(liar)).groups == expected


ODD_KEYS = [{}, {"keys": None}, {"keys": "k"}, {"keys": [None, 7, {}, {"kty": "oct", "k": "c2VjcmV0", "kid": "k"}]}]


@pytest.mark.parametrize("keys", ODD_KEYS, ids=str)
async def test_a_set_without_a_key_that_can_be_used_proves_nothing(keys: Claims) -> None:
    liar = Liar()
    liar.keys = keys
    with pytest.raises(IdentityRefused):
        await finished(liar)


async def test_keys_that_nobody_knows_do_not_spoil_the_others() -> None:
    liar = Liar()
    liar.keys["keys"][:0] = [{"kty": "future", "kid": "f"}, {"kty": "RSA", "n": "?", "e": "?"}, {"no": "type"}]
    assert (await finished(liar)).name == "maria"


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://id.example.com"}, {"issuer": None}, {"token_endpoint": None}, {"jwks_uri": ["x"]},
        {"authorization_endpoint": 7}, {"padding": "x" * MOST_ANSWER_BYTES},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
async def test_a_provider_that_does_not_say_where_it_is_cannot_be_used(change: Claims) -> None:
    liar = Liar()
    liar.discovery = change
    with pytest.raises(Unavailable):
        await finished(liar)


@pytest.mark.parametrize("answer", [{"id_token": None}, {"id_token": 7}, {"id_token": ["a"]}], ids=str)
async def test_an_answer_without_a_token_is_refused(answer: Claims) -> None:
    liar = Liar()
    liar.tokens = answer
    with pytest.raises(IdentityRefused):
        await finished(liar)
