"""Who vouches for a certificate: of the anchors that may have signed it, those that did.

A country has up to fourteen certificates under one name, with keys of several kinds, and key identifiers are missing or
wrong in some; so each that has the name or the identifier is tried, and its key alone decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.adapters.chip.certificates import ChipCertificate
from ostiary.adapters.chip.signatures import verifies
from ostiary.adapters.chip.trust import Trust, TrustedCertificate
from ostiary.domain.chip.reading import RevocationState, Strength

CANDIDATES_MOST = 32
"""Anchors that are tried: no name and no key identifier of the lists has more than fourteen."""


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """The anchors whose key signed a certificate, what the signatures rest on; whether an anchor with the issuer's key
    identifier did not sign it; and whether any bears the issuer's name."""

    anchors: tuple[TrustedCertificate, ...] = ()
    strengths: tuple[Strength, ...] = ()
    is_disowned: bool = False
    has_namesakes: bool = False


def check_chain(certificate: ChipCertificate, trust: Trust) -> ChainCheck:
    """Never raises: what cannot be calculated with vouches for nobody."""
    named, keyed = trust.namesakes(certificate.issuer), trust.with_key_id(certificate.issuer_key_id)
    candidates = list({anchor.sha256: anchor for anchor in (*keyed, *named)}.values())[:CANDIDATES_MOST]
    tried = [(anchor, did_sign(anchor.certificate, certificate)) for anchor in candidates]
    anchors = tuple(anchor for anchor, result in tried if result)
    refused = {anchor.sha256 for anchor, result in tried if result is False}
    return ChainCheck(
        anchors=anchors,
        strengths=tuple(strength_of("signer", certificate, anchor.certificate) for anchor in anchors),
        is_disowned=not anchors and any(anchor.sha256 in refused for anchor in keyed),
        has_namesakes=not anchors and bool(named),
    )


def did_sign(issuer: ChipCertificate, certificate: ChipCertificate) -> bool | None:
    """Whether a key signed a certificate; None for a key or a signature that cannot be calculated with."""
    try:
        return verifies(issuer.key, certificate.form, certificate.signature, certificate.signed)
    except (ValueError, IndexError):
        return None


def strength_of(what: str, certificate: ChipCertificate, issuer: ChipCertificate) -> Strength:
    """What a certificate's signature rests on."""
    return Strength(what, certificate.form.digest, issuer.key.kind, issuer.key.bits)


def revocation_of(certificate: ChipCertificate, chain: ChainCheck, trust: Trust) -> RevocationState:
    """What the revocation lists of those who vouch say."""
    lists = [each for anchor in chain.anchors for each in trust.revocations_of(anchor.sha256)]
    if any(certificate.serial in each.parsed.serials for each in lists):
        return RevocationState.LISTED
    return RevocationState.NOT_LISTED if lists else RevocationState.NO_LIST
