"""An issuing state in small: a key that signs, certificates (RFC 5280), revocation lists and signed data (RFC 5652)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ostiary.adapters.chip.signatures import DIGESTS
from ostiary.adapters.chip.signed_data import CONTENT_TYPE, MESSAGE_DIGEST, SIGNED_DATA, SIGNING_TIME
from ostiary.specimens.chip import der

_DIGEST_IDS = {name: dotted for dotted, name in DIGESTS.items()}
_ECDSA: Mapping[str, tuple[str, hashes.HashAlgorithm]] = {
    "sha1": ("1.2.840.10045.4.1", hashes.SHA1()),  # noqa: S303 (a specimen of what is weak)
    "sha256": ("1.2.840.10045.4.3.2", hashes.SHA256()),
}


@dataclass(frozen=True)
class SigningKey:
    """A key pair as certificates and signatures need it: the SubjectPublicKeyInfo, and for a signature its
    AlgorithmIdentifier, the hash it rests on, and how it is made."""

    key_info: bytes = field(repr=False)
    algorithm: bytes
    digest: str
    sign: Callable[[bytes], bytes] = field(repr=False)

    @property
    def key_id(self) -> bytes:
        """Twenty bytes of a hash over it."""
        return hashlib.sha256(self.key_info).digest()[:20]


def new_key(digest: str = "sha256") -> SigningKey:
    """A fresh one on P-256."""
    private = ec.generate_private_key(ec.SECP256R1())
    identifier, algorithm = _ECDSA[digest]
    return SigningKey(
        key_info=private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        algorithm=der.sequence(der.oid(identifier)),
        digest=digest,
        sign=lambda data: private.sign(data, ec.ECDSA(algorithm)),
    )


def digest_id(name: str) -> bytes:
    """A hash's AlgorithmIdentifier."""
    return der.sequence(der.oid(_DIGEST_IDS[name]))


@dataclass(frozen=True)
class CertificatePlan:
    """What a certificate says; names and extensions in DER. `version` is the number that is written: 2 is version 3."""

    subject: bytes
    issuer: bytes
    serial: int
    begin: datetime
    end: datetime
    extensions: tuple[bytes, ...] = ()
    version: int = 2


def certificate(plan: CertificatePlan, key_info: bytes, issuer: SigningKey) -> bytes:
    """Signed by its issuer."""
    body = der.sequence(
        *([der.tagged(0, der.integer(plan.version))] if plan.version else []),
        der.integer(plan.serial),
        issuer.algorithm,
        plan.issuer,
        der.sequence(der.moment(plan.begin), der.moment(plan.end)),
        plan.subject,
        key_info,
        *([der.tagged(3, der.sequence(*plan.extensions))] if plan.extensions else []),
    )
    return _signed(body, issuer)


def revocation_list(
    issuer_name: bytes, issuer: SigningKey, serials: tuple[int, ...], at: datetime, until: datetime
) -> bytes:
    """The serial numbers of certificates that are revoked."""
    revoked = [der.sequence(der.integer(serial), der.moment(at)) for serial in serials]
    body = der.sequence(
        der.integer(1),
        issuer.algorithm,
        issuer_name,
        der.moment(at),
        der.moment(until),
        *([der.sequence(*revoked)] if revoked else []),
        der.tagged(0, der.sequence(key_identifiers(issuer=issuer.key_id))),
    )
    return _signed(body, issuer)


def _signed(body: bytes, issuer: SigningKey) -> bytes:
    return der.sequence(body, issuer.algorithm, der.bit_string(issuer.sign(body)))


# ---- extensions -----------------------------------------------------------------------------------------------------


def extension(dotted: str, value: bytes, *, is_critical: bool = False) -> bytes:
    return der.sequence(der.oid(dotted), *([der.boolean(True)] if is_critical else []), der.octets(value))


def key_identifiers(*, subject: bytes = b"", issuer: bytes = b"") -> bytes:
    """One or the other."""
    if subject:
        return extension("2.5.29.14", der.octets(subject))
    return extension("2.5.29.35", der.sequence(der.tagged(0, issuer, is_primitive=True)))


def authority() -> tuple[bytes, bytes]:
    """A country's: it signs certificates and revocation lists."""
    basic = extension("2.5.29.19", der.sequence(der.boolean(True), der.integer(0)), is_critical=True)
    return basic, extension("2.5.29.15", der.bit_string(b"\x06", 1), is_critical=True)


def signing_only() -> bytes:
    """The key usage of whoever signs documents."""
    return extension("2.5.29.15", der.bit_string(b"\x80", 7), is_critical=True)


def purposes(*dotted: str) -> bytes:
    return extension("2.5.29.37", der.sequence(*map(der.oid, dotted)))


def document_types(*codes: str) -> bytes:
    listed = der.set_of(*(der.text(code, der.PRINTABLE) for code in codes))
    return extension("2.23.136.1.1.6.2", der.sequence(der.integer(0), listed))


def usage_period(begin: datetime, end: datetime) -> bytes:
    times = (f"{each:%Y%m%d%H%M%SZ}".encode() for each in (begin, end))
    return extension(
        "2.5.29.16", der.sequence(*(der.tagged(at, value, is_primitive=True) for at, value in enumerate(times)))
    )


# ---- signed data ----------------------------------------------------------------------------------------------------


def attribute(dotted: str, value: bytes) -> bytes:
    return der.sequence(der.oid(dotted), der.set_of(value))


def attributes(content_type: str, content: bytes, digest: str, at: datetime | None) -> tuple[bytes, ...]:
    """What is signed of the content."""
    return (
        attribute(CONTENT_TYPE, der.oid(content_type)),
        attribute(MESSAGE_DIGEST, der.octets(hashlib.new(digest, content).digest())),
        *([attribute(SIGNING_TIME, der.moment(at))] if at else []),
    )


def signer_info(named: bytes, key: SigningKey, signed: tuple[bytes, ...]) -> bytes:
    """`named` says whose certificate: an issuer with a serial number, or `[0]` of a key identifier."""
    in_order = der.set_of(*signed)
    return der.sequence(
        der.integer(1 if named[0] == 0x30 else 3),
        named,
        digest_id(key.digest),
        b"\xa0" + in_order[1:],
        key.algorithm,
        der.octets(key.sign(in_order)),
    )


def signed_data(
    content_type: str, content: bytes, certificates: tuple[bytes, ...], *signers: bytes, digest: str = "sha256"
) -> bytes:
    """With whatever certificates it shall carry; `digest` is the hash that its signers use."""
    return der.sequence(
        der.oid(SIGNED_DATA),
        der.tagged(
            0,
            der.sequence(
                der.integer(3),
                der.set_of(digest_id(digest)),
                der.sequence(der.oid(content_type), der.tagged(0, der.octets(content))),
                *([der.tagged(0, b"".join(certificates))] if certificates else []),
                der.set_of(*signers),
            ),
        ),
    )
