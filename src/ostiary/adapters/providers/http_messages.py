"""The messages of the HTTP provider protocol: what is sent of a submission, and what a verdict says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal

import msgspec

from ostiary.adapters.lookups.phones import phone_e164
from ostiary.domain.clients.client import Profile
from ostiary.domain.providers.provider import Links, ProviderAnswer, ProviderSubmission, ProviderVerdict, Reason
from ostiary.domain.rejections import Kind, of_label
from ostiary.domain.review.provider_verdicts import MOST_REASONS
from ostiary.domain.times import format_timestamp

_MOST_LABEL = 200


class ToldReason(msgspec.Struct, forbid_unknown_fields=True):
    """One thing the provider objects to. `code` is one of ours, or its own word (which becomes `other`)."""

    code: str
    type: Literal["document", "data"] = "document"
    key: str = ""
    field: str = ""


class VerdictMessage(msgspec.Struct, forbid_unknown_fields=True):
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


def verdict_of(message: VerdictMessage) -> ProviderVerdict:
    """Raises ValueError for a time that is none, or too many reasons."""
    if len(message.reasons) > MOST_REASONS:
        raise ValueError(f"reasons: at most {MOST_REASONS}")
    return ProviderVerdict(
        reference=message.reference,
        answer=ProviderAnswer(message.answer),
        occurred_at_ms=_time_ms(message.occurred_at),
        attempt=message.attempt,
        sequence=message.sequence,
        reasons=tuple(_reason(reason) for reason in message.reasons),
        shown=message.shown,
        private=message.private,
        external_id=message.external_id,
        rejects_client=message.rejects_client,
    )


def _reason(reason: ToldReason) -> Reason:
    return Reason(
        code=of_label(reason.code),
        label=reason.code[:_MOST_LABEL],
        kind=Kind(reason.type),
        key=reason.key,
        field=reason.field,
    )


def _time_ms(text: str) -> int:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("occurred_at: must be a time as 2026-04-15T10:30:00Z (RFC 3339)") from None
    return int((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000)


def submission_json(submission: ProviderSubmission, links: Links, verdict_url: str) -> dict[str, object]:
    """The notification: who, what for, and where the documents can be fetched for an hour."""
    return {
        "type": "submission",
        "id": submission.message_id,
        "reference": submission.reference,
        "attempt": submission.attempt,
        "product": submission.product,
        "submitted_at": format_timestamp(submission.submitted_at_ms),
        "verdict_url": verdict_url,
        "client": _client(submission.profile),
        "documents": [
            {
                "id": document.id,
                "type": document.type,
                "issuing_country": document.country,
                "metadata": dict(document.metadata),
                "pictures": [
                    {"side": side.field, "media_type": side.media_type, "url": links.link(document.id, side.field)}
                    for side in document.sides
                ],
            }
            for document in submission.documents
        ],
    }


def _client(profile: Profile) -> dict[str, object]:
    """What a provider needs to know of a client; how the company calls it is not of that."""
    address, phone = profile.address, None
    if profile.phone_country_code is not None and profile.phone_number is not None:
        phone = phone_e164(profile.phone_country_code, profile.phone_number)
    lives = {
        "street_line1": address.street_line1,
        "city": address.city,
        "country": address.country,
        "street_line2": address.street_line2,
        "postal_code": address.postal_code,
        "state": address.state,
    }
    given = {
        "first_name": profile.first_name,
        "last_name": profile.last_name,
        "email": profile.email,
        "birth_date": profile.birth_date,
        "address": _present(lives),
        "second_name": profile.second_name,
        "phone_country_code": profile.phone_country_code,
        "phone_number": profile.phone_number,
        "phone": phone,
        "attributes": dict(profile.attributes),
    }
    return _present(given)


def _present(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}
