"""Requests for products, links to the onboarding page, and what is due again.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.extras import RequestExtras, Value
from ostiary_client.generated.forms import DocumentType, JudgedReading, RejectedItem, Risk
from ostiary_client.generated.terms import Terms
from ostiary_client.generated.words import AtDeadline, DataType, DeadlineState, LinkStatus, Owner, Status


class MissingDocument(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A document to send: any one of `valid_documents`."""

    id: str
    name: str
    description: str
    required: bool
    valid_documents: tuple[DocumentType, ...]


class MissingField(Value, kw_only=True, frozen=True, omit_defaults=True):
    """One detail; `phone` is phone_country_code and phone_number. Rules with `expand=forms`."""

    key: str
    name: str | None = None
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


class MissingData(Value, kw_only=True, frozen=True, omit_defaults=True):
    """Details of the client to set with Update individual client."""

    id: str
    name: str
    description: str
    required: bool
    fields: tuple[MissingField, ...]


class MissingRequirements(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What is required and still missing, judged anew at every read; empty from in_kyc on."""

    documents: tuple[MissingDocument, ...]
    data: tuple[MissingData, ...]


class NextAction(Value, kw_only=True, frozen=True, omit_defaults=True):
    """Whose turn it is."""

    owner: Owner
    action: str
    description: str
    missing: tuple[str, ...] | None = None


class ExplainedRequirement(Value, kw_only=True, frozen=True, omit_defaults=True):
    """Why a requirement is asked for or not, and what meets it."""

    requirement: str
    applies: bool | str
    condition: str | None = None
    """The CEL expression that decides."""
    satisfied_by: str | None = None
    """`client`, the document's type and id, or `terms` and the acceptance's id."""
    since: str | None = None
    """UTC, whole seconds, no zone."""
    missing: tuple[str, ...] | None = None
    judged: JudgedReading | None = None
    """What reading the document led to, once it was read."""


class FutureRequirements(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What will be missing from a day on, if nothing is given before. Nothing of it is asked for yet."""

    documents: tuple[MissingDocument, ...]
    data: tuple[MissingData, ...]
    starts_on: str
    """The first day (UTC) on which it counts."""


class Renewal(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What is due again for an enabled request, which stays enabled meanwhile."""

    state: str
    """One of: `open`, `submitted`."""
    due_at: str
    """UTC, whole seconds, no zone. The end of the day on which it is due."""
    reasons: tuple[str, ...]
    """Why it is open."""
    missing_requirements: MissingRequirements
    """What changed or ran out. A group `renewal_confirmation` without fields: say that nothing has changed."""
    consequence: AtDeadline
    """What follows when it is not completed in its days of grace."""
    consequence_at: str
    """UTC, whole seconds, no zone. When the days of grace end."""


class Product(RequestExtras, kw_only=True, frozen=True, omit_defaults=True):
    """A client's request for a product."""

    id: str
    client_id: str
    product: str
    status: Status
    """See the states of a request."""
    missing_requirements: MissingRequirements
    created_at: str
    """UTC, whole seconds, no zone."""
    updated_at: str
    """UTC, whole seconds, no zone."""
    rejection_description: str | None = None
    """Why, once rejected."""
    next_action: NextAction | None = None
    """With `expand=next_action`."""
    explain: tuple[ExplainedRequirement, ...] | None = None
    """With `expand=explain`."""
    risk: Risk | None = None
    """With `expand=explain`."""
    rejected_items: tuple[RejectedItem, ...] | None = None
    """With `expand=rejected_items`: those still open."""
    future_requirements: tuple[FutureRequirements, ...] | None = None
    """With `expand=future_requirements`: soonest first."""
    renewal: Renewal | None = None
    """With `expand=renewal`: while one is open."""
    terms: tuple[Terms, ...] | None = None
    """With `expand=terms`: those to be accepted."""


class Judged(Value, kw_only=True, frozen=True, omit_defaults=True):
    """The request as it stands now, and what was not taken."""

    product: Product
    rejected_items: tuple[RejectedItem, ...]


class ChipChallenge(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What the chip of a document shall sign for this request: once, and soon."""

    challenge_id: str
    challenge: str
    """Eight bytes in hexadecimal figures: what INTERNAL AUTHENTICATE is called with."""
    expires_at: str
    """UTC, whole seconds, no zone."""


class Deadline(Value, kw_only=True, frozen=True, omit_defaults=True):
    """When an enabled request is due again. Read client product, with `expand=renewal`, says what is missing."""

    client_id: str
    product_request_id: str
    product: str
    state: DeadlineState
    """`waiting` until its renewal opens."""
    due_at: str
    """UTC, whole seconds, no zone. The end of the day on which it is due."""
    reasons: tuple[str, ...]
    """Why, or (`waiting`) why it will be."""
    opens_at: str | None = None
    """While it waits: when its renewal opens. UTC, whole seconds, no zone."""


class OnboardingLink(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A link to the page on which a client onboards himself."""

    id: str
    client_id: str
    status: LinkStatus
    """`active` until it is used, then `opened`; `finished` once everything was submitted. The others lead on."""
    product_request_ids: tuple[str, ...]
    """What it asks for."""
    created_at: str
    """UTC, whole seconds, no zone."""
    expires_at: str
    """UTC, whole seconds, no zone. Until when it can be used. What it was exchanged for lives on."""
    url: str | None = None
    """Where to send the client. Only in the answer that makes the link."""
    return_url: str | None = None
    refresh_url: str | None = None
    state: str | None = None
    language: str | None = None
    """Absent: as the browser asks for. One of: `en`, `es`, `pt`."""
    opened_at: str | None = None
    """UTC, whole seconds, no zone."""
    ended_at: str | None = None
    """When it was finished, expired or was revoked. UTC, whole seconds, no zone."""
