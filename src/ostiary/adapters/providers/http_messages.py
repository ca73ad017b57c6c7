"""The messages of the HTTP provider protocol: what is sent of a submission, and what a verdict says."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Literal

import msgspec

from ostiary.domain.clients import Profile
from ostiary.domain.provider_verdicts import MOST_REASONS
from ostiary.domain.providers import Answer, Links, ProviderVerdict, Reason, Submission
from ostiary.domain.rejections import Kind, of_label
from ostiary.domain.times import shown

_MOST_LABEL = 200


class ToldReason(msgspec.Struct, forbid_unknown_fields=True):
    """One thing the provider objects to. `code` is one of ours, or its own word (which becomes `other`)."""

    code: str
    type: Literal["document", "data"] = "document"
    key: str = ""
    field: str = ""


class Told(msgspec.Struct, forbid_unknown_fields=True):
    """A verdict as it is posted. `occurred_at` is RFC 3339; `sequence` orders what is said of one attempt."""

    reference: str
    attempt: int
    answer: Literal["approved", "returned", "rejected", "pending", "on_hold"]
    occurred_at: str
    sequence: int = 0
    reasons: list[ToldReason] = []
    shown: str = ""
    private: str = ""
    external_id: str = ""
    rejects_client: bool = False


def verdict_of(told: Told) -> ProviderVerdict:
    """Raises ValueError for a time that is none, or too many reasons."""
    if len(told.reasons) > MOST_REASONS:
        raise ValueError(f"reasons: at most {MOST_REASONS}")
    return ProviderVerdict(
        told.reference, Answer(told.answer), _moment_ms(told.occurred_at), told.attempt, told.sequence,
        tuple(_reason(one) for one in told.reasons), told.shown, told.private, told.external_id, told.rejects_client,
    )  # fmt: skip


def _reason(told: ToldReason) -> Reason:
    return Reason(of_label(told.code), told.code[:_MOST_LABEL], Kind(told.type), told.key, told.field)


def _moment_ms(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("occurred_at: must be a time as 2026-04-15T10:30:00Z (RFC 3339)") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def submission_json(submission: Submission, links: Links, verdict_url: str) -> dict[str, object]:
    """The notification: who, what for, and where the documents can be fetched for an hour."""
    return {
        "type": "submission",
        "id": submission.message_id,
        "reference": submission.reference,
        "attempt": submission.attempt,
        "product": submission.product,
        "submitted_at": shown(submission.submitted_at_ms),
        "verdict_url": verdict_url,
        "client": _client(submission.profile),
        "documents": [
            {
                "id": one.id,
                "type": one.type,
                "issuing_country": one.country,
                "metadata": dict(one.metadata),
                "pictures": [
                    {"side": side.field, "media_type": side.media_type, "url": links.link(one.id, side.field)}
                    for side in one.sides
                ],
            }
            for one in submission.documents
        ],
    }


def _client(profile: Profile) -> dict[str, object]:
    given = asdict(profile)
    attributes = given.pop("attributes")
    given["address"] = {name: value for name, value in given["address"].items() if value is not None}
    return {name: value for name, value in given.items() if value is not None} | {"attributes": dict(attributes)}
