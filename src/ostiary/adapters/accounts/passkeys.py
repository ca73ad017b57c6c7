"""What browsers answer with passkeys, checked by py_webauthn, which is loaded by whoever is the first to need it.

The order of its own checks, and that it says all of them by one class of error, leave no way to say which one failed;
so what an audit entry should say is looked at before.
"""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest
from typing import Any, TypeVar

from ostiary.domain.operators.passkeys import (
    CREDENTIAL_ID_BYTES,
    Claimed,
    NewCredential,
    PasskeyRefused,
    RelyingParty,
)

T = TypeVar("T")
ALGORITHMS = (-7, -8, -257)
"""ES256, EdDSA and RS256 (RFC 9053, RFC 8812): what devices have."""
ATTESTATIONS = ("none", "packed")
"""None is asked for; a device that signs by the passkey itself (`packed`) may be handed on all the same."""
FLAGS_AT, USER_VERIFIED = 32, 0x04


class WebAuthnPasskeys:
    """Away from the event loop: the library takes a third of a second to load."""

    async def claimed(self, answer: str) -> Claimed:
        """Whose passkey an answer says that it is."""
        return await asyncio.to_thread(_safely, lambda: _claimed(answer))

    async def new_credential(self, answer: str, site: RelyingParty, challenge: bytes) -> NewCredential:
        """What a device made for us, and for this challenge."""
        return await asyncio.to_thread(_safely, lambda: _new_credential(answer, site, challenge))

    async def signed(self, answer: str, site: RelyingParty, challenge: bytes, public_key: bytes) -> int:
        """How often the device says that it has signed, after it did so for us and this challenge."""
        return await asyncio.to_thread(_safely, lambda: _signed(answer, site, challenge, public_key))


def _safely(check: Callable[[], T]) -> T:
    """What comes is anybody's: whatever it breaks, in the library or below, it proves nothing."""
    try:
        return check()
    except PasskeyRefused:
        raise
    except Exception:
        raise PasskeyRefused("malformed") from None


def _claimed(answer: str) -> Claimed:
    given = json.loads(answer)
    credential_id = _decoded(given["rawId"])
    if not 0 < len(credential_id) <= CREDENTIAL_ID_BYTES:
        raise PasskeyRefused("malformed")
    return Claimed(credential_id, _decoded(given["response"]["userHandle"]).decode("ascii"))


def _new_credential(answer: str, site: RelyingParty, challenge: bytes) -> NewCredential:
    from webauthn import verify_registration_response
    from webauthn.helpers import parse_attestation_object
    from webauthn.helpers.cose import COSEAlgorithmIdentifier

    given = json.loads(answer)
    attestation = parse_attestation_object(_decoded(given["response"]["attestationObject"]))
    _check_client(given, "webauthn.create", site, challenge)
    _check_device(attestation.auth_data.rp_id_hash, is_verified=attestation.auth_data.flags.uv, site=site)
    if attestation.fmt not in ATTESTATIONS:
        raise PasskeyRefused("attestation")
    device = verify_registration_response(
        credential=given,
        expected_challenge=challenge,
        expected_rp_id=site.id,
        expected_origin=site.origin,
        require_user_verification=True,
        supported_pub_key_algs=[COSEAlgorithmIdentifier(number) for number in ALGORITHMS],
    )
    if not 0 < len(device.credential_id) <= CREDENTIAL_ID_BYTES or device.credential_id != _decoded(given["rawId"]):
        raise PasskeyRefused("malformed")
    return NewCredential(device.credential_id, device.credential_public_key, device.sign_count)


def _signed(answer: str, site: RelyingParty, challenge: bytes, public_key: bytes) -> int:
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import InvalidAuthenticationResponse

    given = json.loads(answer)
    device = _decoded(given["response"]["authenticatorData"])
    _check_client(given, "webauthn.get", site, challenge)
    _check_device(device[:FLAGS_AT], is_verified=bool(device[FLAGS_AT] & USER_VERIFIED), site=site)
    try:
        proof = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,  # compared by us, once the signature is known to be right
            require_user_verification=True,
        )
    except InvalidAuthenticationResponse:
        raise PasskeyRefused("signature") from None
    return proof.new_sign_count


def _check_client(given: Any, kind: str, site: RelyingParty, challenge: bytes) -> None:
    """What the browser says of the page that asked."""
    client = json.loads(_decoded(given["response"]["clientDataJSON"]))
    if client["type"] != kind:
        raise PasskeyRefused("type")
    if not compare_digest(_decoded(client["challenge"]), challenge):
        raise PasskeyRefused("challenge")
    if client["origin"] != site.origin:
        raise PasskeyRefused("origin")
    if client.get("crossOrigin", False) is not False or "topOrigin" in client:
        raise PasskeyRefused("cross_origin")  # a page within a page of somebody else's


def _check_device(id_hash: bytes, *, is_verified: bool, site: RelyingParty) -> None:
    if not compare_digest(id_hash, sha256(site.id.encode()).digest()):
        raise PasskeyRefused("relying_party")
    if not is_verified:
        raise PasskeyRefused("user_verification")


def _decoded(text: str) -> bytes:
    """Base64url without padding (RFC 4648 section 5). Raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
