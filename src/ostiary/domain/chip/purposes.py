"""What a certificate may sign: documents, or something else of the same country (Doc 9303 part 12, 7.1)."""

from __future__ import annotations

from ostiary.domain.chip.reading import SignerFacts

DIGITAL_SIGNATURE = "digital_signature"
MASTER_LIST_SIGNER = "2.23.136.1.1.3"
_FOREIGN = (
    MASTER_LIST_SIGNER,
    "2.23.136.1.1.8",  # deviation lists
    "2.23.136.1.1.9",  # LDS2: visas, travel records and biometrics, each with a number of its own below it
    "2.23.136.1.1.14",  # bar codes (visible digital seals), also with numbers below
    "1.3.6.1.5.5.7.3.1",  # a server on the web
    "1.3.6.1.5.5.7.3.2",  # its client
)
"""Purposes that a signer of documents does not have. All of them are certified by the same authority."""


def signer_fault(signer: SignerFacts) -> str:
    """Why a certificate is none of a document signer, or nothing."""
    if signer.is_ca:
        return "the certificate is of an authority, not of a document signer"
    if signer.key_usages is not None and DIGITAL_SIGNATURE not in signer.key_usages:
        return "the certificate is not for signing"
    foreign = sorted(purpose for purpose in signer.purposes if is_foreign(purpose))
    if foreign:
        return f"the certificate is for something else: {', '.join(foreign)}"
    if signer.unknown_critical:
        return f"the certificate is bound to what is not known here: {', '.join(signer.unknown_critical)}"
    return ""


def is_foreign(purpose: str) -> bool:
    """Whether an extended key usage (an object identifier) is for something other than documents."""
    return any(purpose == foreign or purpose.startswith(f"{foreign}.") for foreign in _FOREIGN)
