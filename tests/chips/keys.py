"""Keys of every form that real issuers have, each made once in a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ostiary.adapters.chip.curve_numbers import CURVES, CurveNumbers
from ostiary.specimens.chip import der
from ostiary.specimens.chip.issuing import SigningKey, digest_id

HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 (real states signed with it)
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_RSA = {"sha1": 5, "sha224": 14, "sha256": 11, "sha384": 12, "sha512": 13}
_ECDSA = {"sha1": "1", "sha224": "3.1", "sha256": "3.2", "sha384": "3.3", "sha512": "3.4"}
_PLAIN = {"sha1": 1, "sha224": 2, "sha256": 3, "sha384": 4, "sha512": 5}
NAMES = {curve.name: dotted for dotted, (curve, _) in CURVES.items()}


@cache
def _rsa_private(bits: int, exponent: int, which: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(exponent, bits)


@cache
def _ec_private(curve: str, which: int) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(CURVES[NAMES[curve]][0])


def _rsa_info(private: rsa.RSAPrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@cache
def rsa_key(bits: int = 2048, digest: str = "sha256", *, exponent: int = 65537, which: int = 0) -> SigningKey:
    """PKCS #1 v1.5."""
    private = _rsa_private(bits, exponent, which)
    algorithm = der.sequence(der.oid(f"1.2.840.113549.1.1.{_RSA[digest]}"), der.null())
    return SigningKey(
        _rsa_info(private), algorithm, digest, lambda data: private.sign(data, padding.PKCS1v15(), HASHES[digest])
    )


@cache
def bare_rsa_key(digest: str = "sha256", *, which: int = 0) -> SigningKey:
    """Whose signatures name the key's kind alone: the hash stands elsewhere."""
    private = _rsa_private(2048, 65537, which)
    algorithm = der.sequence(der.oid("1.2.840.113549.1.1.1"), der.null())
    return SigningKey(
        _rsa_info(private), algorithm, digest, lambda data: private.sign(data, padding.PKCS1v15(), HASHES[digest])
    )


@cache
def pss_key(salt: int, digest: str = "sha256", *, mask: str = "", which: int = 0) -> SigningKey:
    """PSS with any salt, and another hash for its mask where that is asked for."""
    private, mask = _rsa_private(2048, 65537, which), mask or digest
    generator = der.sequence(der.oid("1.2.840.113549.1.1.8"), digest_id(mask))
    parts = [der.tagged(0, digest_id(digest)), der.tagged(1, generator), der.tagged(2, der.integer(salt))]
    algorithm = der.sequence(der.oid("1.2.840.113549.1.1.10"), der.sequence(*parts))
    padded = padding.PSS(padding.MGF1(HASHES[mask]), salt)
    return SigningKey(_rsa_info(private), algorithm, digest, lambda data: private.sign(data, padded, HASHES[digest]))


@cache
def bare_pss_key(*, which: int = 0) -> SigningKey:
    """PSS whose parameters are left out: SHA-1, and a salt of twenty bytes."""
    private = _rsa_private(2048, 65537, which)
    algorithm = der.sequence(der.oid("1.2.840.113549.1.1.10"), der.sequence())
    padded, hashed = padding.PSS(padding.MGF1(HASHES["sha1"]), 20), HASHES["sha1"]
    return SigningKey(_rsa_info(private), algorithm, "sha1", lambda data: private.sign(data, padded, hashed))


def _fixed(value: int, size: int) -> bytes:
    return der.octets(value.to_bytes(size, "big"))


def _short(value: int) -> bytes:
    return der.octets(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def written_out(
    numbers: CurveNumbers,
    *,
    base: Callable[[CurveNumbers], bytes] | None = None,
    cofactor: bool = True,
    seed: bytes = b"",
    element: Callable[[int, int], bytes] = _fixed,
) -> bytes:
    """Parameters as numbers (ECParameters of RFC 3279)."""
    size = numbers.size
    point = b"\x04" + numbers.x.to_bytes(size, "big") + numbers.y.to_bytes(size, "big")
    equation = element(numbers.a, size), element(numbers.b, size)
    return der.sequence(
        der.integer(1),
        der.sequence(der.oid("1.2.840.10045.1.1"), der.integer(numbers.p)),
        der.sequence(*equation, *([seed] if seed else [])),
        der.octets(base(numbers) if base else point),
        der.integer(numbers.n),
        *([der.integer(1)] if cofactor else []),
    )


def compressed(numbers: CurveNumbers) -> bytes:
    return bytes([2 | numbers.y & 1]) + numbers.x.to_bytes(numbers.size, "big")


FORMS: Mapping[str, Callable[[CurveNumbers], bytes]] = {
    "explicit": written_out,
    "no cofactor": lambda numbers: written_out(numbers, cofactor=False),
    "compressed base": lambda numbers: written_out(numbers, base=compressed),
    "odd seed": lambda numbers: written_out(numbers, seed=der.bit_string(b"\x10" * 20, 4)),
    "short elements": lambda numbers: written_out(numbers, element=lambda value, _: _short(value)),
    "long elements": lambda numbers: written_out(numbers, element=lambda value, size: _fixed(value, size + 1)),
}


@cache
def ec_key(
    curve: str = "secp256r1",
    digest: str = "sha256",
    *,
    form: str = "named",
    null: bool = False,
    plain: bool = False,
    which: int = 0,
) -> SigningKey:
    """ECDSA; parameters named or as one of FORMS, NULL behind the algorithm, or the signature as r‖s."""
    private, numbers = _ec_private(curve, which), CURVES[NAMES[curve]][1]
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    parameters = der.oid(NAMES[curve]) if form == "named" else FORMS[form](numbers)
    info = der.sequence(der.sequence(der.oid("1.2.840.10045.2.1"), parameters), der.bit_string(point))
    name = f"0.4.0.127.0.7.1.1.4.1.{_PLAIN[digest]}" if plain else f"1.2.840.10045.4.{_ECDSA[digest]}"
    algorithm = der.sequence(der.oid(name), *([der.null()] if null else []))

    def sign(data: bytes) -> bytes:
        signature = private.sign(data, ec.ECDSA(HASHES[digest]))
        if not plain:
            return signature
        return b"".join(each.to_bytes((private.key_size + 7) // 8, "big") for each in decode_dss_signature(signature))

    return SigningKey(info, algorithm, digest, sign)


def with_base_of_ones_own(victim: SigningKey, curve: str = "secp256r1") -> SigningKey:
    """CVE-2020-0601: the victim's public point as the base point, so that the private key is one."""
    numbers, point = CURVES[NAMES[curve]][1], victim.key_info[-(2 * CURVES[NAMES[curve]][1].size + 1) :]
    parameters = written_out(numbers, base=lambda _: point)
    info = der.sequence(der.sequence(der.oid("1.2.840.10045.2.1"), parameters), der.bit_string(point))
    return SigningKey(info, victim.algorithm, victim.digest, ec_key(curve, which=99).sign)
