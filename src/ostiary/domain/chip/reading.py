"""What was found on a chip, and who signed it: facts alone. `rules` says what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from ostiary.domain.mrz.zone import PartialDate, Zone


class ChipTrouble(StrEnum):
    """Why a chip's files say nothing that could be judged."""

    MISSING = "missing"  # no security object, or no DG1
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"  # no security object with one signature, or a DG1 without a zone
    UNSUPPORTED = "unsupported"  # well-formed, and hashed in a way that is not known here


class SignatureState(StrEnum):
    """How verifying came out. `unsupported`: a form of signature, or a key, that we cannot calculate with."""

    VALID = "valid"
    INVALID = "invalid"
    UNSUPPORTED = "unsupported"


class RevocationState(StrEnum):
    """What revocation lists say of a signer. `no_list`: none of that anchor is stored."""

    NOT_LISTED = "not_listed"
    LISTED = "listed"
    NO_LIST = "no_list"


class PresenceState(StrEnum):
    """Whether the chip itself was there: it signed a challenge with the key of DG15."""

    NOT_TRIED = "not_tried"
    ANSWERED = "answered"
    WRONG = "wrong"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class GroupFit:
    """A group that was sent: whether the security object lists it, and whether its hash is the one listed."""

    name: str
    is_listed: bool
    fits: bool


@dataclass(frozen=True, slots=True)
class Strength:
    """One signature of the chain: whose key (`chip`, `signer`, `anchor`), its hash (`sha256`), its kind of key (`rsa`,
    `ec`) and that key's length in bits (0: unknown)."""

    what: str
    digest: str
    key_kind: str
    key_bits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerFacts:
    """The certificate of who signed. Names as text (`C=DE, O=bund`), `serial` in decimal figures.

    `usage_from`, `usage_until`: the period in which its key may sign (RFC 5280's private key usage period), None where
    it has none. `key_usages` and `document_types` are None where the certificate does not have that extension, or has
    one that cannot be read. `unknown_critical`: object identifiers of extensions that claim to be decisive.
    """

    subject: str
    issuer: str
    serial: str
    country: str
    valid_from: datetime
    valid_until: datetime
    usage_from: datetime | None = None
    usage_until: datetime | None = None
    is_ca: bool = False
    key_usages: frozenset[str] | None = None
    purposes: frozenset[str] = frozenset()
    document_types: tuple[str, ...] | None = None
    unknown_critical: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class AnchorFacts:
    """A country's certificate in the trust store whose key signed the signer's. `sources`: the lists that name it."""

    sha256: str
    subject: str
    country: str
    valid_from: datetime
    valid_until: datetime
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipReading:
    """One chip as read and verified.

    `anchors` signed the signer's certificate. `is_disowned`: an anchor has the key identifier that the certificate
    names for its issuer, and did not sign it. `has_namesakes`: anchors bear the issuer's name, and none of them signed.
    `signing_time` is what the signer says, signed. `birth_date` and `full_name` are of DG11, `issue_date` of DG12, and
    only where those groups were sent; a group that does not fit says nothing. `object_digest` is the SHA-256 of what
    was signed, by which one chip is known again; `trust_version` is empty where there was no trust store to ask.
    `lists_key`: what was signed lists a key to answer challenges with (DG15), whether or not that was sent.
    """

    trouble: ChipTrouble | None = None
    note: str = ""
    zone: Zone | None = field(default=None, repr=False)
    full_name: str = field(default="", repr=False)
    birth_date: PartialDate | None = field(default=None, repr=False)
    issue_date: date | None = field(default=None, repr=False)
    groups: tuple[GroupFit, ...] = ()
    signature: SignatureState = SignatureState.UNSUPPORTED
    signer: SignerFacts | None = None
    anchors: tuple[AnchorFacts, ...] = ()
    is_disowned: bool = False
    has_namesakes: bool = False
    strengths: tuple[Strength, ...] = ()
    signing_time: datetime | None = None
    revocation: RevocationState = RevocationState.NO_LIST
    presence: PresenceState = PresenceState.NOT_TRIED
    lists_key: bool = False
    object_digest: bytes = field(default=b"", repr=False)
    trust_version: str = ""
