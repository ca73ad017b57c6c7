"""Chips with the one result that each has to have: forms that real states use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from ostiary.adapters.chip.certificates import read_certificate
from ostiary.adapters.chip.tlv import elements, encoded, members
from ostiary.adapters.chip.trust import Trust, trusted
from ostiary.specimens.chip import der, issuing
from ostiary.specimens.chip.files import details_group, issue_group, zone_group
from ostiary.specimens.zone_lines import passport_lines
from tests.chips import keys
from tests.chips.builder import HOLDER, NOW, YEAR, ZONE, Build, csca_certificate, named, stored

SIGNED = "issuer_signed"
INVALID, UNKNOWN, WRONG, EXPIRED = (
    "chip_data_invalid",
    "chip_signer_unknown",
    "chip_signer_wrong",
    "chip_signer_expired",
)


def both(make: object, **chosen: object) -> Build:
    """A country whose authority and signer both have keys of one form."""
    csca, signer = (make(**chosen, which=which) for which in (1, 2))  # type: ignore[operator]
    return Build(csca=csca, signer=signer)


def reversed_name(last: str = "CSCA") -> bytes:
    return der.sequence(*(each.encoded for each in reversed(members(named(last=last)))))


def other_zone(country: str) -> Mapping[str, bytes]:
    return {"dg1": zone_group(passport_lines(replace(HOLDER, country=country)))}


def from_store(csca: bytes, signer: bytes) -> Trust:
    return replace(stored(csca), signers=(trusted(read_certificate(signer)),))


def unsorted(information: bytes) -> bytes:
    """The attributes in another order than they were signed in."""
    version, name, digest, attributes, *rest = members(information)
    backwards = b"".join(each.encoded for each in reversed(list(elements(attributes.value))))
    return der.sequence(
        version.encoded, name.encoded, digest.encoded, encoded(0xA0, backwards), *(each.encoded for each in rest)
    )


def without_lengths(sod: bytes) -> bytes:
    """Signed data with lengths that have no end, and its content in pieces, as New Zealand writes them."""
    kind, wrapped = members(members(sod, 0x77)[0].encoded)
    version, digests, content, *rest = members(wrapped.value)
    name, body = elements(content.value)
    octets = next(elements(body.value)).value
    pieces = b"".join(der.octets(octets[at : at + 50]) for at in range(0, len(octets), 50))
    inner = version.encoded + digests.encoded + endless(0x30, name.encoded + endless(0xA0, endless(0x24, pieces)))
    return encoded(
        0x77,
        endless(0x30, kind.encoded + endless(0xA0, endless(0x30, inner + b"".join(each.encoded for each in rest)))),
    )


def endless(tag: int, value: bytes) -> bytes:
    return bytes([tag, 0x80]) + value + b"\0\0"


def lds_1(content: bytes) -> bytes:
    """Version 1 of the LDS security object, which says its versions at the end."""
    versions = der.sequence(der.text("0108", der.PRINTABLE), der.text("040000", der.PRINTABLE))
    parts = [each.encoded for each in members(content)]
    return der.sequence(der.integer(1), *parts[1:], versions)


FORMS: Mapping[str, tuple[Callable[[], Build], str]] = {
    "usual": (lambda: Build(), SIGNED),
    "RSA 2048": (lambda: both(keys.rsa_key), SIGNED),
    "RSA 3072": (lambda: both(keys.rsa_key, bits=3072), SIGNED),
    "RSA with exponent 3": (lambda: both(keys.rsa_key, exponent=3), SIGNED),
    "RSA whose algorithm names no hash": (lambda: Build(signer=keys.bare_rsa_key(which=2)), SIGNED),
    "RSA with SHA-384": (lambda: both(keys.rsa_key, digest="sha384"), SIGNED),
    "RSA with SHA-512": (lambda: both(keys.rsa_key, digest="sha512"), SIGNED),
    "RSA with SHA-224": (lambda: both(keys.rsa_key, digest="sha224"), SIGNED),
    "RSA 1024": (lambda: Build(signer=keys.rsa_key(1024, which=2)), "chip_weak"),
    "SHA-1": (lambda: both(keys.rsa_key, digest="sha1"), "chip_weak"),
    "SHA-1 in the country's signature alone": (lambda: Build(csca=keys.rsa_key(digest="sha1", which=1)), "chip_weak"),
    "PSS": (lambda: both(keys.pss_key, salt=32), SIGNED),
    "PSS with a salt of 20": (lambda: both(keys.pss_key, salt=20), SIGNED),
    "PSS without salt": (lambda: both(keys.pss_key, salt=0), SIGNED),
    "PSS with SHA-512 and a salt of 20": (lambda: both(keys.pss_key, salt=20, digest="sha512"), SIGNED),
    "PSS whose mask has another hash": (lambda: both(keys.pss_key, salt=32, mask="sha1"), SIGNED),
    "PSS without parameters": (lambda: both(keys.bare_pss_key), "chip_weak"),
    "P-192": (lambda: Build(signer=keys.ec_key("secp192r1", which=2)), "chip_weak"),
    "P-224": (lambda: both(keys.ec_key, curve="secp224r1"), SIGNED),
    "P-384": (lambda: both(keys.ec_key, curve="secp384r1", digest="sha384"), SIGNED),
    "P-521": (lambda: both(keys.ec_key, curve="secp521r1", digest="sha512"), SIGNED),
    "brainpool 256": (lambda: both(keys.ec_key, curve="brainpoolP256r1"), SIGNED),
    "brainpool 384": (lambda: both(keys.ec_key, curve="brainpoolP384r1", digest="sha384"), SIGNED),
    "brainpool 512": (lambda: both(keys.ec_key, curve="brainpoolP512r1", digest="sha512"), SIGNED),
    **{
        f"{curve}, {form}": (partial(both, keys.ec_key, curve=curve, form=form), SIGNED)
        for curve in ("secp256r1", "secp521r1", "brainpoolP384r1")
        for form in keys.FORMS
    },
    "ECDSA with NULL": (lambda: both(keys.ec_key, null=True), SIGNED),
    "r‖s": (lambda: both(keys.ec_key, plain=True), SIGNED),
    "r‖s on brainpool, explicit": (
        lambda: both(keys.ec_key, curve="brainpoolP256r1", plain=True, form="explicit"),
        SIGNED,
    ),
    "an authority of RSA, a signer of ECDSA": (lambda: Build(csca=keys.rsa_key(which=1)), SIGNED),
    "attributes in another order than signed": (lambda: Build(information=unsorted), SIGNED),
    "without a signing time": (lambda: Build(signed_at=None), SIGNED),
    "lengths without an end, content in pieces": (lambda: Build(finish=without_lengths), SIGNED),
    "without the outer tag": (lambda: Build(finish=lambda sod: members(sod, 0x77)[0].encoded), SIGNED),
    "bytes behind the file": (lambda: Build(finish=lambda sod: sod + bytes.fromhex("9000")), SIGNED),
    "bytes behind a group": (lambda: Build(sent={"dg1": ZONE + b"\0\0\x90\0"}), SIGNED),
    "signer by key identifier": (lambda: Build(by_key_id=True), SIGNED),
    "signer in the store": (lambda: Build(certificates=lambda *_: (), stored=from_store), SIGNED),
    "signer in the store, by key identifier": (
        lambda: Build(by_key_id=True, certificates=lambda *_: (), stored=from_store),
        SIGNED,
    ),
    "signer nowhere": (lambda: Build(certificates=lambda *_: ()), UNKNOWN),
    "its authority's certificate besides": (lambda: Build(certificates=lambda signer, csca: (csca, signer)), SIGNED),
    "an embedded certificate that cannot be read": (
        lambda: Build(certificates=lambda signer, _: (der.sequence(der.integer(1)), signer)),
        SIGNED,
    ),
    "content type of Belgium and France": (lambda: Build(content_type="1.3.27.1.1.1"), SIGNED),
    "content type of China": (lambda: Build(content_type="1.2.840.113549.1.7.1"), SIGNED),
    "LDS version 1": (lambda: Build(content=lds_1), SIGNED),
    "groups hashed by another hash than signed": (lambda: Build(digest="sha512"), SIGNED),
    "groups hashed by SHA-1": (lambda: Build(digest="sha1"), "chip_weak"),
    "no key identifier of the authority": (lambda: Build(names_issuer_key=False), SIGNED),
    "no key identifier at all": (lambda: Build(names_issuer_key=False, csca_extensions=issuing.authority()), SIGNED),
    "authority under another name, found by its key": (lambda: Build(issuer_name=named(last="Renamed")), SIGNED),
    "no key usage": (lambda: Build(signer_extensions=()), SIGNED),
    "issuer reversed in the security object": (lambda: Build(named_issuer=reversed_name()), SIGNED),
    "issuer in another type of text": (lambda: Build(issuer_name=named(tag=der.PRINTABLE)), SIGNED),
    "issuer in other case": (lambda: Build(issuer_name=named(last="csca")), SIGNED),
    "country in small letters": (lambda: Build(csca_name=named("ar"), signer_name=named("ar", "DS")), SIGNED),
    "serial number 0": (lambda: Build(serial=0), SIGNED),
    "serial number below 0": (lambda: Build(serial=-4711), SIGNED),
    "authority that says it is none": (
        lambda: Build(
            csca_extensions=(
                issuing.extension("2.5.29.19", der.sequence()),
                issuing.key_identifiers(subject=b"k" * 20),
            ),
            names_issuer_key=False,
        ),
        SIGNED,
    ),
    "authority of version 1": (lambda: Build(csca_version=0, names_issuer_key=False), SIGNED),
    "renewed under the same name, same kind of key": (
        lambda: Build(more_anchors=(csca_certificate(Build(csca=keys.ec_key(which=7))),), names_issuer_key=False),
        SIGNED,
    ),
    "renewed under the same name, other kind of key": (
        lambda: Build(more_anchors=(csca_certificate(Build(csca=keys.rsa_key(which=7))),), names_issuer_key=False),
        SIGNED,
    ),
    "document types with this one": (
        lambda: Build(signer_extensions=(issuing.signing_only(), issuing.document_types("P", "ID"))),
        SIGNED,
    ),
    "document types without this one": (
        lambda: Build(signer_extensions=(issuing.signing_only(), issuing.document_types("ID"))),
        "format_unexpected",
    ),
    "document types that are malformed": (
        lambda: Build(signer_extensions=(issuing.extension("2.23.136.1.1.6.2", der.octets(b"P")),)),
        SIGNED,
    ),
    "authority ended since": (lambda: Build(csca_end=NOW - YEAR / 4), SIGNED),
    "authority ended before the signer began": (lambda: Build(csca_end=NOW - 2 * YEAR), EXPIRED),
    "signer ended, signed in time": (
        lambda: Build(begin=NOW - 4 * YEAR, end=NOW - YEAR, signed_at=NOW - 3 * YEAR),
        SIGNED,
    ),
    "signer ended, signed later": (lambda: Build(begin=NOW - 4 * YEAR, end=NOW - YEAR), EXPIRED),
    "signer ended, signed out of its usage period": (
        lambda: Build(
            begin=NOW - 4 * YEAR,
            end=NOW - YEAR,
            signed_at=NOW - 2 * YEAR,
            signer_extensions=(issuing.usage_period(NOW - 4 * YEAR, NOW - 3 * YEAR),),
        ),
        EXPIRED,
    ),
    "signer ended, issued in time (DG12)": (
        lambda: Build(
            begin=NOW - 4 * YEAR,
            end=NOW - YEAR,
            signed_at=None,
            groups={"dg1": ZONE, "dg12": issue_group((NOW - 2 * YEAR).date())},
        ),
        SIGNED,
    ),
    "signer ended, and nothing says when": (
        lambda: Build(begin=NOW - 4 * YEAR, end=NOW - YEAR, signed_at=None),
        EXPIRED,
    ),
    "DG11": (lambda: Build(groups={"dg1": ZONE, "dg11": details_group("ALVAREZ<<MARIA", HOLDER.birth_date)}), SIGNED),
    "DG11 that says nothing readable": (lambda: Build(groups={"dg1": ZONE, "dg11": encoded(0x6B, b"\x5f")}), SIGNED),
    "Germany prints D": (
        lambda: Build(csca_name=named("DE"), signer_name=named("DE", "DS"), groups=other_zone("DEU")),
        SIGNED,
    ),
    "Kosovo": (lambda: Build(csca_name=named("KS"), signer_name=named("KS", "DS"), groups=other_zone("XKX")), SIGNED),
    "a list of revoked without it": (lambda: Build(revokes=(1, 2)), SIGNED),
    "revoked": (lambda: Build(revokes=(98,)), "chip_signer_revoked"),
}
