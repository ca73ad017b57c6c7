"""Active authentication from the chip's side (ICAO Doc 9303 part 11, 6.1): a key pair, its public half as DG15, and the
answer to a challenge.

A real chip never gives its key out. A specimen has no chip, so that its key is a file, and whoever tries the challenge
signs in the chip's place.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TypeAlias

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from ostiary.adapters.chip.tlv import encoded
from ostiary.specimens.chip import der

RSA_KEY_BITS = 2_048
_DG14, _DG15, _SET = 0x6E, 0x6F, 0x31
_ACTIVE_AUTHENTICATION, _PLAIN_ECDSA_SHA256 = "2.23.136.1.1.5", "0.4.0.127.0.7.1.1.4.1.3"
_HEADER, _TRAILER = b"\x6a", b"\x34\xcc"
"""ISO/IEC 9796-2: the message goes on behind the signature; SHA-256."""
PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class AnsweringKey:
    """A chip's key: on P-256, or RSA."""

    private: PrivateKey = field(repr=False)

    @property
    def groups(self) -> dict[str, bytes]:
        """DG15; and for a key on a curve DG14, which names how it signs."""
        info = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        key = {"dg15": encoded(_DG15, info)}
        if isinstance(self.private, rsa.RSAPrivateKey):
            return key
        named = der.sequence(der.oid(_ACTIVE_AUTHENTICATION), der.integer(1), der.oid(_PLAIN_ECDSA_SHA256))
        return {"dg14": encoded(_DG14, encoded(_SET, named)), **key}

    def as_pem(self) -> bytes:
        """PKCS #8, not encrypted: it opens nothing but specimens."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def answer(self, challenge: bytes) -> bytes:
        """What a chip gives back to INTERNAL AUTHENTICATE."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            return _recoverable(self.private, challenge)
        size = (self.private.key_size + 7) // 8
        numbers = decode_dss_signature(self.private.sign(challenge, ec.ECDSA(hashes.SHA256())))
        return b"".join(each.to_bytes(size, "big") for each in numbers)


def new_answering_key(kind: str) -> AnsweringKey:
    """A fresh one, `ecdsa` or `rsa`."""
    if kind == "rsa":
        return AnsweringKey(rsa.generate_private_key(65537, RSA_KEY_BITS))
    return AnsweringKey(ec.generate_private_key(ec.SECP256R1()))


def read_answering_key(pem: bytes) -> AnsweringKey:
    """As `as_pem` wrote it. Raises ValueError."""
    try:
        private = load_pem_private_key(pem, None)
    except TypeError:
        raise ValueError("the key is encrypted") from None
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ValueError("a key of another kind than RSA, or than one on a curve")
    return AnsweringKey(private)


def _recoverable(key: rsa.RSAPrivateKey, challenge: bytes) -> bytes:
    """ISO/IEC 9796-2, scheme 1: header, what only the chip knows, a hash over that and the challenge, trailer."""
    numbers, size = key.private_numbers(), key.key_size // 8
    own = secrets.token_bytes(size - len(_HEADER) - hashlib.sha256().digest_size - len(_TRAILER))
    body = _HEADER + own + hashlib.sha256(own + challenge).digest() + _TRAILER
    return pow(int.from_bytes(body, "big"), numbers.d, numbers.public_numbers.n).to_bytes(size, "big")
