"""What was found of a seal's signature, and who made it: facts alone. `verification.seal_rules` says what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ostiary.domain.chip.reading import RevocationState, SignatureState


@dataclass(frozen=True, slots=True, kw_only=True)
class SealSigner:
    """The certificate of the trust store that a seal names. `may_sign`: it is none of an authority, and for signatures.
    `authority` is the SHA-256 of the one that certified it;
    empty where the operator vouched for the signer itself."""

    subject: str
    country: str
    sha256: str
    valid_from: datetime
    valid_until: datetime
    may_sign: bool
    authority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealCheck:
    """How a seal's signature came out. `signer` is None where the store has none of that name; `signature` is of the
    signer's key."""

    signature: SignatureState = SignatureState.UNSUPPORTED
    signer: SealSigner | None = None
    revocation: RevocationState = RevocationState.NO_LIST
    note: str = ""
    trust_version: str = ""
