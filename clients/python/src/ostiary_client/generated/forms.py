"""What is asked for, what was not taken and why, and what reading a document led to.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.extras import Value
from ostiary_client.generated.words import (
    ChipPictures,
    ChipWanted,
    DataType,
    Kind,
    Proof,
    ReadingOutcome,
    Reason,
    Result,
    RiskClass,
)


class DocumentDetail(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A detail to send in `metadata`; its rules with `expand=forms`."""

    id: str
    name: str
    data_type: DataType
    required: bool
    options: tuple[str, ...] | None = None
    """For ENUM: the values there are."""
    option_names: tuple[str, ...] | None = None
    """What people call the options, in their order; only in another language than English."""
    description: str | None = None
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None


class Chip(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What is taken of a document's chip."""

    wanted: ChipWanted
    groups: tuple[str, ...]
    """The files of the chip that say something here, beside `sod`."""
    present: bool
    """A chip that can (DG15) has to sign a challenge: see `make_chip_challenge`."""
    pictures: ChipPictures
    """`unless_chip`: no pictures are needed where the chip's files are sent."""


class DocumentType(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A kind of document."""

    id: str
    name: str
    description: str
    required: bool
    require_image: bool
    require_back_image: bool
    metadata: tuple[DocumentDetail, ...]
    issuing_countries: tuple[str, ...] | None = None
    """With `expand=forms`: who may have issued it; absent: anyone."""
    chip: Chip | None = None
    """With `expand=chip`; absent: a chip's files are not taken."""


class ComparedRule(Value, kw_only=True, frozen=True, omit_defaults=True):
    """One rule: what was given, what was read and where."""

    rule: str
    result: Result
    given: str | None = None
    read: str | None = None
    where: str | None = None
    note: str | None = None


class ChipSigner(Value, kw_only=True, frozen=True, omit_defaults=True):
    """Who signed a chip's data."""

    subject: str
    issuer: str
    serial: str
    """In decimal figures."""
    sha256: str
    """Of its certificate."""
    valid_from: str
    valid_until: str


class ChipAnchor(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A country's certificate that vouches for the signer."""

    sha256: str
    country: str
    """Two letters, as in the certificate."""
    lists: tuple[str, ...]
    """The lists that name it; `operator`: the operator of this service does."""


class ChipEvidence(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What a document's chip proves: that its data was signed, never that who sends it is its holder."""

    proof: Proof
    """`issuer_signed`: the issuing state signed what the chip says."""
    trust: str | None = None
    """The version of the trust store. Absent: there was none."""
    signer: ChipSigner | None = None
    anchors: tuple[ChipAnchor, ...]
    groups: dict[str, str]
    """Of each file, whether it fits: `fits`; `fits, dropped`."""
    revocation: str | None = None
    """`no_list`: none of that country is in the trust store."""


class JudgedReading(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What was read on a document, compared rule by rule with what is known."""

    outcome: ReadingOutcome
    reasons: tuple[str, ...]
    rules: tuple[ComparedRule, ...]
    chip: ChipEvidence | None = None
    """What its chip proves. Absent: none came."""


class Risk(Value, kw_only=True, frozen=True, omit_defaults=True):
    """How much risk the client is, by what the company itself gave."""

    risk_class: RiskClass
    rules: tuple[str, ...]
    """What gives that class, by the names in the catalogue; empty where no rule does."""


class RejectedItem(Value, kw_only=True, frozen=True, omit_defaults=True):
    """Something that is not taken, and what to do."""

    type: Kind
    key: str
    """The document type, or the attribute as in missing fields."""
    reason: str
    """For people: may be shown to the client."""
    code: Reason
    """For code: one closed list, explained in the reason codes."""
    field: str
    """What is at fault: image_front, metadata.number, phone ..."""
    retryable: bool
    """Whether sending it again, corrected, can help."""
    action: str
    """What a person should do next."""


class CatalogueField(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A detail and its rules."""

    id: str
    name: str
    data_type: DataType
    required: bool
    options: tuple[str, ...] | None = None
    """For ENUM: the values there are."""
    option_names: tuple[str, ...] | None = None
    """What people call the options, in their order; only in another language than English."""
    description: str | None = None
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
