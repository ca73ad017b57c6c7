"""Signing in by OpenID Connect: authorization code with PKCE (OpenID Connect Core 1.0, RFC 7636), found by discovery.

Its address is the administrator's own choice, so it may lie in a private network. What it answers is bounded, and
believed only as far as its signature and claims go.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from ostiary.adapters.clock import now_ms
from ostiary.adapters.http_client.session import CallFailed, Outgoing, Request, Response
from ostiary.domain.delivery.timing import ENDPOINT_TIMEOUT_S
from ostiary.domain.errors import Unavailable
from ostiary.domain.operators.federation import Flow, Identity, IdentityRefused

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

MOST_ANSWER_BYTES = 256 * 1024
"""Keys with their certificates, of the largest providers, are some 20 kB."""
MOST_TEXT = 255
"""OpenID Connect Core section 2 gives a subject at most 255 characters."""
MOST_GROUPS = 1_000
"""More are cut off by the providers themselves, or make tokens that no header holds."""
DISCOVERED_FOR_MS = 3_600_000
KEYS_ASKED_AFTER_MS = 60_000
"""A token under an unknown key makes the keys be asked for again, but no flood of such tokens does so more often."""
LEEWAY_S = 60
"""How far two clocks that are kept in time may be apart."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures that only the provider can make: neither `none` nor a shared secret."""
SCOPES = "openid profile email"


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """One provider. `scopes` are asked for besides the usual ones. Without a secret the client is a public one.

    `name_claim` gives the operator's name, `groups_claim` the groups that give him his rights.
    """

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name_claim: str = "preferred_username"
    groups_claim: str = "groups"
    scopes: tuple[str, ...] = ()
    timeout_s: float = ENDPOINT_TIMEOUT_S


class OidcProvider:
    """One such provider. Asks it on first use, and keeps what it says of itself for an hour; `close` it."""

    def __init__(self, settings: OidcSettings, now_ms: Callable[[], int] = now_ms) -> None:
        self._settings, self._now_ms = settings, now_ms
        self._outgoing = Outgoing(timeout_s=settings.timeout_s)
        self._metadata: Mapping[str, Any] = {}
        self._discovered_at_ms = self._keys_at_ms = 0
        self._keys: KeySet | None = None

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def label(self) -> str:
        """What is written on the button."""
        return self._settings.label

    async def begin(self, flow: Flow) -> str:
        """Where the browser is sent. Raises Unavailable."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": flow.return_url,
            "scope": " ".join((SCOPES, *self._settings.scopes)),
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": create_s256_code_challenge(flow.verifier),
            "code_challenge_method": "S256",
        }
        address = str((await self._discovered())["authorization_endpoint"])
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"

    async def finish(self, flow: Flow, code: str, issuer: str = "") -> Identity:
        """Who the browser came back as; `issuer` is who it says that it came from (RFC 9207), empty if it does not.

        Raises IdentityRefused, Unavailable.
        """
        metadata = await self._discovered()
        if (issuer or metadata.get("authorization_response_iss_parameter_supported")) and issuer != metadata["issuer"]:
            raise IdentityRefused("iss")
        tokens = await self._tokens(metadata, flow, code)
        claims = await self._claims(metadata, flow, tokens)
        wanted = (self._settings.name_claim, self._settings.groups_claim)
        if any(name not in claims for name in wanted) and isinstance(metadata.get("userinfo_endpoint"), str):
            claims = {**await self._userinfo(metadata, tokens, claims["sub"]), **claims}
        return self._identity(claims)

    async def close(self) -> None:
        await self._outgoing.close()

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        subject, name = claims["sub"], claims.get(self._settings.name_claim)
        groups = claims.get(self._settings.groups_claim, ())
        if isinstance(groups, str):
            groups = (groups,)
        if not isinstance(subject, str) or not 0 < len(subject) <= MOST_TEXT:
            raise IdentityRefused("sub")
        if not isinstance(name, str) or not name.strip():
            raise IdentityRefused(self._settings.name_claim)
        if not isinstance(groups, Collection):
            raise IdentityRefused(self._settings.groups_claim)
        texts = tuple(group for group in groups if isinstance(group, str))[:MOST_GROUPS]
        return Identity(provider=self._settings.name, subject=subject, name=name.strip(), groups=texts)

    async def _discovered(self) -> Mapping[str, Any]:
        """What the provider says of itself. Raises Unavailable."""
        now = self._now_ms()
        if self._metadata and abs(now - self._discovered_at_ms) < DISCOVERED_FOR_MS:
            return self._metadata
        from authlib.oidc.discovery import OpenIDProviderMetadata

        issuer = self._settings.issuer
        document = await self._json(Request("GET", f"{issuer}/.well-known/openid-configuration", MOST_ANSWER_BYTES, {}))
        if str(document.get("issuer", "")).rstrip("/") != issuer:  # OpenID Connect Discovery 1.0 section 4.3
            raise Unavailable("The identity provider calls itself by another issuer than the settings do.")
        metadata = OpenIDProviderMetadata(document)
        try:
            if (
                urlsplit(issuer).scheme == "https"
            ):  # what is plain is somebody's own test, where no endpoint can be secure
                metadata.validate_authorization_endpoint()
                metadata.validate_token_endpoint()
                metadata.validate_jwks_uri()
        except (ValueError, TypeError, AttributeError):
            raise Unavailable("The identity provider names endpoints that are not secure.") from None
        if not all(isinstance(document.get(name), str) for name in _ENDPOINTS):
            raise Unavailable("The identity provider does not name its endpoints.")
        self._metadata, self._discovered_at_ms = document, now
        return document

    async def _tokens(self, metadata: Mapping[str, Any], flow: Flow, code: str) -> Mapping[str, Any]:
        """What the code is exchanged for (RFC 6749 section 4.1.3)."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": flow.return_url,
            "code_verifier": flow.verifier,
        }
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if not self._settings.client_secret:
            form["client_id"] = self._settings.client_id
        elif "client_secret_basic" in methods:
            headers["authorization"] = _basic(self._settings.client_id, self._settings.client_secret)
        else:
            form |= {"client_id": self._settings.client_id, "client_secret": self._settings.client_secret}
        url, body = metadata["token_endpoint"], urlencode(form).encode()
        answer = await self._answer(Request("POST", url, MOST_ANSWER_BYTES, headers=headers, body=body))
        if answer.status == 400:
            raise IdentityRefused("code")  # used, too old, or somebody else's
        return _object(answer)

    async def _claims(self, metadata: Mapping[str, Any], flow: Flow, tokens: Mapping[str, Any]) -> Mapping[str, Any]:
        """The ID token's, once it is known to be the provider's, for us and for this sign-in (Core section 3.1.3.7)."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError

        text = tokens.get("id_token")
        if not isinstance(text, str):
            raise IdentityRefused("id_token")
        try:
            token = jwt.decode(text, await self._keys_for(metadata, text), algorithms=ALGORITHMS)
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": metadata["issuer"]},
                    "aud": {"essential": True, "value": self._settings.client_id},
                    "nonce": {"essential": True, "value": flow.nonce},
                },
                params={
                    "nonce": flow.nonce,
                    "client_id": self._settings.client_id,
                    "access_token": tokens.get("access_token"),
                },
            )
            claims.validate(now=self._now_ms() // 1000, leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as problem:
            raise IdentityRefused(type(problem).__name__) from None
        return dict(claims)

    async def _keys_for(self, metadata: Mapping[str, Any], token: str) -> KeySet:
        """The provider's keys; asked for again when a token names one that is not among them."""
        now = self._now_ms()
        is_due = abs(now - self._keys_at_ms) >= KEYS_ASKED_AFTER_MS
        if self._keys is None or (is_due and _key_id(token) not in {key.kid for key in self._keys.keys}):
            document = await self._json(Request("GET", metadata["jwks_uri"], MOST_ANSWER_BYTES, {}))
            self._keys, self._keys_at_ms = _usable(document), now
        return self._keys

    async def _userinfo(
        self, metadata: Mapping[str, Any], tokens: Mapping[str, Any], subject: object
    ) -> Mapping[str, Any]:
        """What the provider says besides, of the same subject (Core section 5.3.2)."""
        headers = {"authorization": f"Bearer {tokens.get('access_token', '')}", "accept": "application/json"}
        document = await self._json(Request("GET", metadata["userinfo_endpoint"], MOST_ANSWER_BYTES, headers))
        if document.get("sub") != subject:
            raise IdentityRefused("sub")
        return document

    async def _json(self, request: Request) -> Mapping[str, Any]:
        return _object(await self._answer(request))

    async def _answer(self, request: Request) -> Response:
        try:
            return await self._outgoing.call(request)
        except CallFailed as problem:
            raise Unavailable(f"The identity provider does not answer ({problem.problem}).", retry_after_s=5) from None


_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749 section 2.3.1: both are encoded as in a form before they are joined."""
    from base64 import b64encode

    return "Basic " + b64encode(f"{quote(client_id, safe='')}:{quote(secret, safe='')}".encode()).decode()


def _object(answer: Response) -> Mapping[str, Any]:
    """Raises Unavailable for what is no whole JSON object."""
    try:
        document = None if answer.status != 200 or answer.is_cut else json.loads(answer.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Unavailable(f"The identity provider's answer cannot be used (status {answer.status}).", retry_after_s=5)
    return document


def _key_id(token: str) -> str | None:
    """What a token says it is signed with; None if it says nothing."""
    from joserfc import jws

    return jws.extract_compact(token.encode()).headers().get("kid")


def _usable(document: Mapping[str, Any]) -> KeySet:
    """The keys of a set that can verify anything: of what is not known nothing is asked (RFC 7517 section 5)."""
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet, import_key

    keys = []
    for entry in document.get("keys", ()) if isinstance(document.get("keys"), list) else ():
        try:
            if entry["kty"] != "oct" and entry.get("use", "sig") == "sig":
                keys.append(import_key(entry))
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
    return KeySet(keys)
