"""What is kept of a document's chip: its files as they were read, and what verifying them came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ostiary.domain.value import value_type

PORTRAIT_FILE = "dg2"
"""The file that a portrait is in."""
CHIP_PORTRAIT = "chip_portrait"
"""What a portrait is asked for by, as a side is by its field."""


@value_type
class ChipSent:
    """Beside a document's details: which files came, which of them were dropped, and what the others take."""

    files: tuple[str, ...]
    dropped: tuple[str, ...] = ()
    size_bytes: int = 0

    @property
    def has_portrait(self) -> bool:
        """Whether its portrait was kept, as it is where the catalogue says so."""
        return PORTRAIT_FILE in self.files and PORTRAIT_FILE not in self.dropped


@value_type
class ChipContent:
    """The files by their names, and the chip's answer to a challenge, if one was asked for."""

    files: Mapping[str, bytes] = field(repr=False)
    challenge: bytes = field(default=b"", repr=False)
    answer: bytes = field(default=b"", repr=False)


@value_type
class KeptSigner:
    """Who signed a chip's data. Days are ISO 8601."""

    subject: str
    issuer: str
    serial: str
    sha256: str
    valid_from: str
    valid_until: str


@value_type
class KeptAnchor:
    """A country's certificate that vouched for the signer, and the lists that named it."""

    sha256: str
    country: str
    sources: tuple[str, ...] = ()


@value_type
class ChipEvidence:
    """What verifying came to, beside the rules. `trust` is the version of the trust store that was asked; `groups` say
    of each file whether it fits (`fits`, `fits, dropped`)."""

    proof: str
    trust: str
    signer: KeptSigner | None = None
    anchors: tuple[KeptAnchor, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    revocation: str = ""


@value_type
class AddChip:
    """A chip's files come with a document. `object_digest` is the SHA-256 of what was signed, which two documents with
    one chip share."""

    document_id: str
    content: ChipContent
    object_digest: bytes = field(repr=False)


@value_type
class ChipChallenge:
    """What a request's chip shall sign. A request has one; another takes its place."""

    id: str
    enablement_id: str
    challenge: bytes = field(repr=False)
    expires_at_ms: int


@value_type
class KeepChallenge:
    """A request has this challenge now, and no other."""

    challenge: ChipChallenge


@value_type
class TakeChallenge:
    """A challenge was answered, and serves no more."""

    challenge: ChipChallenge


ChipChange = AddChip | KeepChallenge | TakeChallenge
