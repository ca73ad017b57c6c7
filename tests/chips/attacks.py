"""What somebody would try with a chip, and the one result that each attempt has to have."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from ostiary.adapters.chip.signed_data import CONTENT_TYPE
from ostiary.adapters.chip.tlv import elements, encoded, members
from ostiary.specimens.chip import der, issuing
from ostiary.specimens.chip.files import LDS_CONTENT
from ostiary.specimens.chip.issuing import SigningKey
from tests.chips import keys
from tests.chips.builder import NOW, ZONE, Build, csca_certificate, named
from tests.chips.matrix import EXPIRED, INVALID, UNKNOWN, WRONG, other_zone


def _victim() -> SigningKey:
    return keys.ec_key(which=1)


def _stranger() -> SigningKey:
    return keys.ec_key(which=66)


def _purpose(*dotted: str) -> Build:
    return Build(signer_extensions=(issuing.signing_only(), issuing.purposes(*dotted)))


def _as_content(information: bytes) -> bytes:
    """The signed attributes are left out, as if what is signed were the content."""
    version, name, digest, _, *rest = members(information)
    return der.sequence(version.encoded, name.encoded, digest.encoded, *(each.encoded for each in rest))


def _attributes_as_content() -> Build:
    """What was signed, the attributes of a genuine chip, is sent as the content, and signed directly."""
    genuine = issuing.attributes(LDS_CONTENT, b"x", "sha256", None)
    return Build(content=lambda _: der.set_of(*genuine), information=_as_content)


def _signers(sod: bytes, count: int) -> bytes:
    """Signed data with so many signatures, all of them the same."""
    kind, wrapped = members(members(sod, 0x77)[0].encoded)
    *parts, signers = members(wrapped.value)
    body = der.sequence(*(each.encoded for each in parts), encoded(0x31, signers.value * count))
    return encoded(0x77, der.sequence(kind.encoded, encoded(0xA0, body)))


def _large_key() -> bytes:
    """Of 16,384 bits, which take long to calculate with."""
    numbers = der.sequence(der.integer((1 << 16_384) - 1), der.integer(65537))
    return der.sequence(der.sequence(der.oid("1.2.840.113549.1.1.1"), der.null()), der.bit_string(numbers))


def _hashed_by_another(information: bytes) -> bytes:
    version, name, _, *rest = members(information)
    return der.sequence(version.encoded, name.encoded, issuing.digest_id("sha512"), *(each.encoded for each in rest))


def _swapped(content: bytes) -> bytes:
    version, digest, hashes = members(content)
    groups = [members(each.encoded) for each in elements(hashes.value)]
    pairs = zip(groups, reversed(groups), strict=True)
    return der.sequence(
        version.encoded,
        digest.encoded,
        der.sequence(*(der.sequence(number.encoded, other[1].encoded) for (number, _), other in pairs)),
    )


def _twice(content: bytes) -> bytes:
    """A group listed twice: its own hash, and another's."""
    version, digest, hashes = members(content)
    more = der.sequence(der.integer(1), der.octets(hashlib.sha256(b"other").digest()))
    return der.sequence(version.encoded, digest.encoded, der.sequence(hashes.value, more))


def _impostor(**more: object) -> Build:
    return Build(issues=_stranger()).with_(**more)


ATTACKS: Mapping[str, tuple[Callable[[], Build], str]] = {
    "no signer": (lambda: Build(finish=lambda sod: _signers(sod, 0)), INVALID),
    "two signers": (lambda: Build(finish=lambda sod: _signers(sod, 2)), INVALID),
    "CurveBall: the authority's key with a base point of one's own": (
        lambda: Build(
            issues=keys.with_base_of_ones_own(_victim()),
            certificates=lambda signer, _: (
                signer,
                csca_certificate(Build(csca=keys.with_base_of_ones_own(_victim()))),
            ),
        ),
        WRONG,
    ),
    "CurveBall: a signer's key with a base point of one's own": (
        lambda: Build(signer=keys.with_base_of_ones_own(keys.ec_key(which=2))),
        UNKNOWN,
    ),
    "a signer of master lists": (lambda: _purpose("2.23.136.1.1.3"), WRONG),
    "a signer of deviation lists": (lambda: _purpose("2.23.136.1.1.8"), WRONG),
    "a signer of bar codes": (lambda: _purpose("2.23.136.1.1.14.2"), WRONG),
    "a signer of visas": (lambda: _purpose("2.23.136.1.1.9.2"), WRONG),
    "a certificate of a web server": (lambda: _purpose("1.3.6.1.5.5.7.3.1"), WRONG),
    "a certificate for encryption": (
        lambda: Build(signer_extensions=(issuing.extension("2.5.29.15", der.bit_string(b"\x20", 5)),)),
        WRONG,
    ),
    "an authority below the country's": (lambda: Build(signer_extensions=issuing.authority()), WRONG),
    "the country's own certificate as signer": (
        lambda: Build(csca=_victim(), signer=_victim(), serial=1, certificates=lambda _, csca: (csca,)),
        WRONG,
    ),
    "a critical extension that nobody knows": (
        lambda: Build(signer_extensions=(issuing.extension("1.2.3.4", b"\x05\0", is_critical=True),)),
        WRONG,
    ),
    "another country's signer": (lambda: Build(groups=other_zone("URY")), WRONG),
    "a signer that says it is of another country": (
        lambda: Build(signer_name=named("UY", "DS"), groups=other_zone("URY")),
        WRONG,
    ),
    "an issuer that has no country": (lambda: Build(groups=other_zone("XOM")), WRONG),
    "a self-made authority with name and key identifier of the real": (_impostor, WRONG),
    "a self-made authority with the name of the real": (lambda: _impostor(names_issuer_key=False), UNKNOWN),
    "a self-made authority, embedded": (
        lambda: Build(
            issues=_stranger(),
            names_issuer_key=False,
            issuer_name=named(last="Own"),
            certificates=lambda signer, _: (
                csca_certificate(Build(csca=_stranger(), csca_name=named(last="Own"))),
                signer,
            ),
        ),
        UNKNOWN,
    ),
    "DG1 of another holder": (
        lambda: Build(sent={"dg1": ZONE.replace(b"ALVAREZ", b"ALVARES")}),
        INVALID,
    ),
    "DG2 that is not listed": (lambda: Build(sent={"dg2": encoded(0x75, b"x")}), INVALID),
    "a group under another's name": (lambda: Build(sent={"dg2": ZONE}), INVALID),
    "hashes that change places": (
        lambda: Build(groups={"dg1": ZONE, "dg15": encoded(0x6F, b"x")}, content=_swapped),
        INVALID,
    ),
    "a group listed twice": (lambda: Build(content=_twice), INVALID),
    "a group that there cannot be": (
        lambda: Build(
            groups={"dg1": ZONE},
            content=lambda content: content.replace(b"\x30\x25\x02\x01\x01", b"\x30\x25\x02\x01\x11"),
        ),
        INVALID,
    ),
    "hashes changed after signing": (
        lambda: Build(
            finish=lambda sod: sod.replace(hashlib.sha256(ZONE).digest(), hashlib.sha256(ZONE + b"x").digest())
        ),
        INVALID,
    ),
    "another content than was signed": (
        lambda: Build(attributes=lambda _: issuing.attributes(LDS_CONTENT, b"another", "sha256", None)),
        INVALID,
    ),
    "another kind of content than was signed": (
        lambda: Build(attributes=lambda signed: (issuing.attribute(CONTENT_TYPE, der.oid("1.2.3")), *signed[1:])),
        INVALID,
    ),
    "two hashes of the content": (lambda: Build(attributes=lambda signed: (*signed, signed[1])), INVALID),
    "no hash of the content": (lambda: Build(attributes=lambda signed: signed[:1]), INVALID),
    "attributes left out": (lambda: Build(information=_as_content), UNKNOWN),
    "attributes sent as content": (lambda: _attributes_as_content(), INVALID),
    "hash of the content and of the signature differ": (lambda: Build(information=_hashed_by_another), UNKNOWN),
    "signed by another key": (
        lambda: Build(
            certificates=lambda signer, _: (signer,),
            attributes=None,
            finish=lambda sod: sod[:-1] + bytes([sod[-1] ^ 1]),
        ),
        INVALID,
    ),
    "a key of 16,384 bits": (lambda: Build(signer=replace(keys.rsa_key(which=2), key_info=_large_key())), UNKNOWN),
    "another algorithm": (
        lambda: Build(signer=replace(keys.ec_key(which=2), algorithm=der.sequence(der.oid("1.3.101.112")))),
        UNKNOWN,
    ),
    "data that is no security object": (lambda: Build(content_type="2.23.136.1.1.2"), INVALID),
    "no signed data": (lambda: Build(finish=lambda _: encoded(0x77, der.sequence())), INVALID),
    "cut short": (lambda: Build(finish=lambda sod: sod[: len(sod) // 2]), INVALID),
    "bytes within, behind the signed data": (
        lambda: Build(finish=lambda sod: encoded(0x77, members(sod, 0x77)[0].encoded + b"\0\0")),
        INVALID,
    ),
    "nine certificates": (lambda: Build(certificates=lambda signer, _: (signer,) * 9), INVALID),
    "a usage period in the future": (
        lambda: Build(begin=NOW + timedelta(days=1), signed_at=NOW, signer_extensions=()),
        EXPIRED,
    ),
}
