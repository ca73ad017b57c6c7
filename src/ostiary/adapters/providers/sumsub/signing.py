"""Signatures in both directions: of what we ask Sumsub (its page "Authentication") and of its webhooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hmac import compare_digest
from hmac import digest as hmac_digest

from ostiary.domain.providers.provider import SignatureInvalid

DIGESTS: Mapping[str, str] = {"HMAC_SHA256_HEX": "sha256", "HMAC_SHA512_HEX": "sha512"}
SHA1 = "HMAC_SHA1_HEX"
"""Sumsub's oldest choice, for webhooks made long ago; refused unless the operator allows it."""


def signed_headers(app_token: str, secret: str, at_s: int, method: str, target: str, body: bytes) -> dict[str, str]:
    """The headers that prove a request: HMAC-SHA256 in hex over time, method, path with query, and body.

    `at_s` are seconds since 1970; Sumsub allows a minute between its clock and ours. `target` begins with a slash.
    """
    signature = hmac_digest(secret.encode(), f"{at_s}{method}{target}".encode() + body, "sha256").hex()
    return {"X-App-Token": app_token, "X-App-Access-Ts": str(at_s), "X-App-Access-Sig": signature}


def verify_webhook(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], allow_sha1: bool = False) -> None:
    """Raises SignatureInvalid unless the digest of these very bytes is right by one of the secrets."""
    given = {name.lower(): value for name, value in headers.items()}
    algorithms = {**DIGESTS, SHA1: "sha1"} if allow_sha1 else DIGESTS
    algorithm = algorithms.get(given.get("x-payload-digest-alg", ""))
    digest = given.get("x-payload-digest", "").strip().lower().encode()
    if algorithm is None or not digest:
        raise SignatureInvalid
    right = [compare_digest(digest, hmac_digest(secret.encode(), body, algorithm).hex().encode()) for secret in secrets]
    if not any(right):
        raise SignatureInvalid
