"""What passes between a provider and us: the submission it is told of, and the verdict it gives, in our own words.

Every provider is behind the same port; what it calls things is translated where it is spoken to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from ostiary.domain.clients.client import Profile
from ostiary.domain.rejections import Code, Kind


class ProviderAnswer(StrEnum):
    """What a provider says of a submission. `pending` and `on_hold` are no verdicts: they only show that it works."""

    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"
    PENDING = "pending"
    ON_HOLD = "on_hold"

    @property
    def is_verdict(self) -> bool:
        return self in (ProviderAnswer.APPROVED, ProviderAnswer.RETURNED, ProviderAnswer.REJECTED)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing a provider objects to, by our code. `label` is the provider's own word, kept for operators only.

    `key` is a document type or an attribute; empty when the provider does not say what it is about.
    """

    code: Code
    label: str
    kind: Kind = Kind.DOCUMENT
    key: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class SubmittedSide:
    """One picture of a document: `image_front` or `image_back`, and its media type."""

    field: str
    media_type: str


@dataclass(frozen=True, slots=True)
class SubmittedDocument:
    """One document that was submitted. `country` is the issuing one, ISO 3166-1 alpha-3."""

    id: str
    type: str
    country: str
    metadata: Mapping[str, object] = field(repr=False)
    sides: tuple[SubmittedSide, ...]


@dataclass(frozen=True, slots=True)
class ProviderSubmission:
    """What a provider is told. `reference` names the enablement (not the attempt), is opaque, and comes back."""

    reference: str
    message_id: str
    product: str
    attempt: int
    profile: Profile = field(repr=False)
    documents: tuple[SubmittedDocument, ...]
    submitted_at_ms: int


@dataclass(frozen=True, slots=True)
class ProviderVerdict:
    """What a provider said. `attempt` is None when it does not know attempts: then the time decides which it means.

    `shown` may be shown to the company; `private` never leaves the operators. `external_id` is the provider's own.
    """

    reference: str
    answer: ProviderAnswer
    occurred_at_ms: int
    attempt: int | None = None
    sequence: int = 0
    reasons: tuple[Reason, ...] = ()
    shown: str = ""
    private: str = field(default="", repr=False)
    external_id: str = ""
    rejects_client: bool = False


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a link stands for. `until_ms` is when it ends."""

    provider: str
    company_id: str
    client_id: str
    document_id: str
    side: str
    until_ms: int


class ProviderUnavailable(Exception):
    """The provider did not take it, or did not answer: worth another try. The message names no personal data."""

    def __init__(self, problem: str, status: int | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(problem)
        self.problem, self.status, self.retry_after_s = problem, status, retry_after_s


class ProviderRefused(Exception):
    """The provider will not take this submission, however often it is sent; a person must look."""


class SignatureInvalid(Exception):
    """A message that does not prove where it comes from, or is too old. Says nothing more, on purpose."""


class Links(Protocol):
    """Where a provider gets a document's picture: by a link, or as bytes to send on."""

    def link(self, document_id: str, side: str) -> str: ...
    async def content(self, document_id: str, side: str) -> bytes: ...


class Provider(Protocol):
    """One configured provider. `notify` must be safe to repeat for the same submission.

    Raises ProviderUnavailable and ProviderRefused; `heard` raises SignatureInvalid, and ValueError for a body that
    is signed but cannot be understood (naming the field).
    """

    @property
    def name(self) -> str: ...
    async def notify(self, submission: ProviderSubmission, links: Links) -> str: ...
    async def fetch_verdict(self, reference: str, external_id: str) -> ProviderVerdict | None: ...
    def parse_webhook(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> ProviderVerdict | None: ...
    async def forget(self, reference: str) -> str:
        """Has the provider forget what it was told under a reference: its word for that, empty while it has not yet.
        Safe to repeat."""

    async def close(self) -> None: ...
