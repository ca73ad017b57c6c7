"""Active authentication: what a chip answers to a challenge, in every form that is known, and what anybody may send."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ostiary.adapters.chip.presence.answer import presence_of
from ostiary.adapters.chip.tlv import encoded
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.chip.reading import PresenceState
from ostiary.specimens.chip import der

CHALLENGE = bytes(range(8))
ANSWERED, WRONG, NOT_TRIED, UNSUPPORTED = (
    PresenceState.ANSWERED,
    PresenceState.WRONG,
    PresenceState.NOT_TRIED,
    PresenceState.UNSUPPORTED,
)
TRAILERS = {"sha1": b"\xbc", "sha224": b"\x38\xcc", "sha256": b"\x34\xcc", "sha384": b"\x36\xcc", "sha512": b"\x35\xcc"}
PLAIN = {"sha1": "0.4.0.127.0.7.1.1.4.1.1", "sha256": "0.4.0.127.0.7.1.1.4.1.3", "sha512": "0.4.0.127.0.7.1.1.4.1.5"}
HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 (chips of the first years sign so)
    "sha256": hashes.SHA256(),
    "sha512": hashes.SHA512(),
}


@lru_cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@lru_cache
def curve_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.BrainpoolP256R1())


def dg15(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    info = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return encoded(0x6F, info)


def dg14(algorithm: str) -> bytes:
    """With what else stands there: a key of chip authentication."""
    other = der.sequence(der.oid("0.4.0.127.0.7.2.2.1.2"), der.sequence())
    named = der.sequence(der.oid("2.23.136.1.1.5"), der.integer(1), der.oid(algorithm))
    return encoded(0x6E, encoded(0x31, other + named))


def recovered(digest: str, key: rsa.RSAPrivateKey, challenge: bytes = CHALLENGE, **changes: bytes) -> bytes:
    """ISO/IEC 9796-2, scheme 1, as a chip signs."""
    numbers = key.private_numbers()
    size, trailer = key.key_size // 8, changes.get("trailer", TRAILERS[digest])
    header = changes.get("header", b"\x6a")
    first = bytes(size - len(header) - hashlib.new(digest).digest_size - len(trailer))
    body = header + first + hashlib.new(digest, first + challenge).digest() + trailer
    opened = pow(int.from_bytes(body, "big"), numbers.d, numbers.public_numbers.n)
    return opened.to_bytes(size, "big")


def smaller(signature: bytes, key: rsa.RSAPrivateKey) -> bytes:
    """The other of two numbers that mean the same, as some chips give it."""
    modulus = key.private_numbers().public_numbers.n
    return (modulus - int.from_bytes(signature, "big")).to_bytes(len(signature), "big")


def plain(digest: str, challenge: bytes = CHALLENGE) -> bytes:
    r, s = decode_dss_signature(signed(digest, challenge))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def signed(digest: str, challenge: bytes = CHALLENGE) -> bytes:
    return curve_key().sign(challenge, ec.ECDSA(HASHES[digest]))


def came_out(answer: bytes, *groups: tuple[ChipFile, bytes], challenge: bytes = CHALLENGE) -> PresenceState:
    return presence_of(dict(groups), challenge, answer)


RSA, CURVE = (ChipFile.DG15, dg15(rsa_key())), (ChipFile.DG15, dg15(curve_key()))


@pytest.mark.parametrize("digest", TRAILERS)
def test_rsa_recovers_what_was_signed(digest: str) -> None:
    answer = recovered(digest, rsa_key())
    assert came_out(answer, RSA) is ANSWERED
    assert came_out(smaller(answer, rsa_key()), RSA) is ANSWERED
    assert came_out(answer, RSA, challenge=bytes(8)) is WRONG


@pytest.mark.parametrize("digest", PLAIN)
def test_curves_sign_with_the_hash_that_dg14_names_or_with_one_that_is_usual(digest: str) -> None:
    named = (ChipFile.DG14, dg14(PLAIN[digest]))
    assert came_out(plain(digest), CURVE, named) is ANSWERED
    assert came_out(signed(digest), CURVE, named) is ANSWERED
    assert came_out(plain(digest), CURVE) is ANSWERED
    assert came_out(plain(digest, b"another!"), CURVE, named) is WRONG
    assert came_out(plain("sha1" if digest != "sha1" else "sha256"), CURVE, named) is WRONG


def test_a_dg14_that_names_nothing_leaves_what_is_usual() -> None:
    nothing = encoded(0x6E, encoded(0x31, der.sequence(der.oid("0.4.0.127.0.7.2.2.1.2"), der.sequence())))
    short = encoded(0x6E, encoded(0x31, der.sequence(der.oid("2.23.136.1.1.5"), der.integer(1))))
    for group in (nothing, short):
        assert came_out(plain("sha256"), CURVE, (ChipFile.DG14, group)) is ANSWERED


def test_the_answer_of_another_chip_is_a_copy_s() -> None:
    other = rsa.generate_private_key(65537, 2048)
    assert came_out(recovered("sha256", other), RSA) is WRONG
    assert came_out(recovered("sha256", rsa_key()), CURVE) is WRONG
    assert came_out(plain("sha256"), RSA) is WRONG


def nothing_to_ask() -> list[tuple[bytes, tuple[tuple[ChipFile, bytes], ...], bytes]]:
    answer = recovered("sha256", rsa_key())
    return [(b"", (RSA,), CHALLENGE), (answer, (), CHALLENGE), (answer, (RSA,), b"")]


@pytest.mark.parametrize(("answer", "groups", "challenge"), nothing_to_ask())
def test_without_challenge_answer_or_key_nothing_was_tried(
    answer: bytes, groups: tuple[tuple[ChipFile, bytes], ...], challenge: bytes
) -> None:
    assert came_out(answer, *groups, challenge=challenge) is NOT_TRIED


HOSTILE: Mapping[str, tuple[Callable[[], bytes], PresenceState]] = {
    "another header": (lambda: recovered("sha256", rsa_key(), header=b"\x4a"), WRONG),
    "an unknown trailer": (lambda: recovered("sha256", rsa_key(), trailer=b"\x77\xcc"), WRONG),
    "half a trailer": (lambda: recovered("sha256", rsa_key(), trailer=b"\x34\xcd"), WRONG),
    "a number larger than the modulus": (lambda: b"\xff" * 256, WRONG),
    "nought": (lambda: bytes(256), WRONG),
    "one": (lambda: bytes(255) + b"\x01", WRONG),
    "much too long": (lambda: b"\x01" * 60_000, WRONG),
    "one byte": (lambda: b"\x05", WRONG),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_made_up_answer_is_wrong(name: str) -> None:
    made_up, wanted = HOSTILE[name]
    assert came_out(made_up(), RSA) is wanted


@pytest.mark.parametrize("content", [b"", b"\x6f", b"\x6f\x02\x30\x00", b"\x75\x01a", encoded(0x6F, der.sequence())])
def test_a_key_that_cannot_be_read_proves_nothing_either_way(content: bytes) -> None:
    assert came_out(b"x", (ChipFile.DG15, content)) is UNSUPPORTED


def test_a_dg14_that_cannot_be_read_proves_nothing_either_way() -> None:
    assert came_out(plain("sha256"), CURVE, (ChipFile.DG14, b"\x6e\x01a")) is UNSUPPORTED


def test_a_modulus_that_does_not_fill_its_bytes_proves_nothing_either_way() -> None:
    odd = (ChipFile.DG15, dg15(rsa_key(1030)))
    assert came_out(b"\x01" * 129, odd) is UNSUPPORTED
