"""A seal's signature, verified with the key of the signer that it names, if the trust store has that one.

2D-Doc signs with curves of 256, 384 or 521 bits, each with the hash of its length, as two numbers one behind the other.
Nothing is fetched: who signs seals is imported (`ostiary trust import --seals`).
"""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.adapters.chip.certificates import ChipCertificate
from ostiary.adapters.chip.chain import CANDIDATES_MOST
from ostiary.adapters.chip.signatures import SignatureForm, verifies
from ostiary.adapters.chip.trust import Trust, TrustedCertificate
from ostiary.domain.chip.purposes import DIGITAL_SIGNATURE
from ostiary.domain.chip.reading import RevocationState, SignatureState
from ostiary.domain.seals.reading import SealCheck, SealSigner
from ostiary.domain.seals.two_d_doc import Seal

_DIGESTS: Mapping[int, str] = {256: "sha256", 384: "sha384", 521: "sha512"}
"""By the bits of a key on a curve."""


def check_seal(seal: Seal, trust: Trust) -> SealCheck:
    """Never raises: what cannot be calculated with is said, and proves nothing."""
    candidates = trust.seal_signers_named(seal.authority, seal.certificate)[:CANDIDATES_MOST]
    checks = [_checked(seal, each, trust) for each in candidates]
    if not checks:
        return SealCheck(trust_version=trust.version)
    return next((check for check in checks if check.signature is SignatureState.VALID), checks[-1])


def _checked(seal: Seal, stored: TrustedCertificate, trust: Trust) -> SealCheck:
    try:
        certificate = stored.certificate
        state, note = _signature(seal, certificate)
    except Exception as fault:  # a store is checked when it is imported; what is odd all the same vouches for nothing
        return SealCheck(note=f"cannot be read ({type(fault).__name__})", trust_version=trust.version)
    return SealCheck(
        signature=state,
        signer=_signer(certificate, stored),
        revocation=_revocation(certificate, stored, trust),
        note=note,
        trust_version=trust.version,
    )


def _signature(seal: Seal, certificate: ChipCertificate) -> tuple[SignatureState, str]:
    key = certificate.key
    if key.kind != "ec" or key.bits not in _DIGESTS:
        return SignatureState.UNSUPPORTED, f"a key of the kind {key.kind} with {key.bits} bits"
    form = SignatureForm("r‖s", _DIGESTS[key.bits])
    valid = verifies(key, form, seal.signature, seal.signed)
    return (SignatureState.VALID if valid else SignatureState.INVALID), ""


def may_sign_seals(certificate: ChipCertificate) -> bool:
    """Whether a certificate is none of an authority, and for signatures if it says what it is for."""
    facts = certificate.facts
    for_signing = facts.key_usages is None or DIGITAL_SIGNATURE in facts.key_usages
    return for_signing and not facts.is_ca and not certificate.is_self_issued


def _signer(certificate: ChipCertificate, stored: TrustedCertificate) -> SealSigner:
    facts = certificate.facts
    return SealSigner(
        subject=facts.subject,
        country=facts.country,
        sha256=facts.sha256,
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        may_sign=may_sign_seals(certificate),
        authority=next((each for each in stored.sources if len(each) == len(facts.sha256)), ""),
    )


def _revocation(certificate: ChipCertificate, stored: TrustedCertificate, trust: Trust) -> RevocationState:
    lists = [each for authority in stored.sources for each in trust.revocations_of(authority)]
    if any(certificate.serial in each.parsed.serials for each in lists):
        return RevocationState.LISTED
    return RevocationState.NOT_LISTED if lists else RevocationState.NO_LIST
