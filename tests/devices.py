"""A device with passkeys, in software: makes keys and signs as browsers hand it on, or otherwise where a test says."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from ostiary.domain.operators.passkeys import RelyingParty

SITE = RelyingParty("kyc.example.com", "https://kyc.example.com")
PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


def text(content: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(content).decode().rstrip("=")


def plain(encoded: str) -> bytes:
    return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


def new_key(kind: str) -> Any:
    if kind == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ES256" else rsa.generate_private_key(65_537, 2_048)


@dataclass
class Device:
    """One passkey on a device. `count` is what it signs next; 0 for ever with `counts` off."""

    kind: str = "ES256"
    credential_id: bytes = b"credential of a device"
    operator_id: str = ""
    count: int = 0
    counts: bool = True
    key: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.key = self.key or new_key(self.kind)

    def register(self, challenge: str, operator_id: str, site: RelyingParty = SITE, **odd: Any) -> str:
        """What a browser sends after `navigator.credentials.create`. `odd` is what shall be otherwise."""
        self.operator_id = operator_id
        key = odd.get("cose", self.cose())
        credential = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor2.dumps(key)
        flags = odd.get("flags", PRESENT | VERIFIED | WITH_KEY)
        device = self._device(site, odd, flags) + credential
        attestation = {"fmt": odd.get("fmt", "none"), "attStmt": odd.get("statement", {}), "authData": device}
        client = self._client("webauthn.create", challenge, site, odd)
        response = {"clientDataJSON": text(client), "attestationObject": text(cbor2.dumps(attestation))}
        return self._answer(response)

    def sign(self, challenge: str, site: RelyingParty = SITE, **odd: Any) -> str:
        """What a browser sends after `navigator.credentials.get`."""
        self.count += self.counts
        device = self._device(site, odd, odd.get("flags", PRESENT | VERIFIED))
        client = self._client("webauthn.get", challenge, site, odd)
        signature = odd.get("signature") or self._signed(device + sha256(client).digest())
        response = {"clientDataJSON": text(client), "authenticatorData": text(odd.get("content", device))}
        handle = odd.get("operator_id", self.operator_id).encode()
        return self._answer({**response, "signature": text(signature), "userHandle": text(handle)})

    def cose(self) -> dict[int, Any]:
        """The public key (RFC 9053)."""
        if self.kind == "EdDSA":
            return {1: 1, 3: -8, -1: 6, -2: self.key.public_key().public_bytes_raw()}
        numbers = self.key.public_key().public_numbers()
        if self.kind == "ES256":
            return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        return {1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: numbers.e.to_bytes(3, "big")}

    def _device(self, site: RelyingParty, odd: dict[str, Any], flags: int) -> bytes:
        count = odd.get("count", self.count)
        return sha256(odd.get("id", site.id).encode()).digest() + bytes([flags]) + int(count).to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, site: RelyingParty, odd: dict[str, Any]) -> bytes:
        client = {"type": kind, "challenge": challenge, "origin": site.origin, "crossOrigin": False}
        return json.dumps({**client, **odd.get("client", {})}).encode()

    def _signed(self, content: bytes) -> bytes:
        if self.kind == "EdDSA":
            return bytes(self.key.sign(content))
        if self.kind == "ES256":
            return bytes(self.key.sign(content, ec.ECDSA(SHA256())))
        return bytes(self.key.sign(content, padding.PKCS1v15(), SHA256()))

    def _answer(self, response: dict[str, str]) -> str:
        name = text(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
