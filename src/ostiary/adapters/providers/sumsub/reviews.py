"""What Sumsub says of a review, in our words: its states, and its results with labels and comments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from ostiary.domain.providers.labels import SUMSUB, reasons_of
from ostiary.domain.providers.provider import ProviderAnswer, Reason

COMPLETED = "completed"
STATES: Mapping[str, ProviderAnswer] = {
    "pending": ProviderAnswer.PENDING,
    "queued": ProviderAnswer.PENDING,
    "prechecked": ProviderAnswer.PENDING,
    "awaitingUser": ProviderAnswer.PENDING,
    "onHold": ProviderAnswer.ON_HOLD,
    "awaitingService": ProviderAnswer.ON_HOLD,
}
"""`reviewStatus` while a check runs. `init` comes before it, `completed` after it with a result."""
MOST_LABELS = 50
_LONGEST_TIME = 40


class ReviewResult(msgspec.Struct, rename="camel"):
    """`moderation_comment` may be shown to the applicant; `client_comment` may name third parties, and must not."""

    review_answer: str | None = None
    review_reject_type: str | None = None
    reject_labels: list[str] | None = None
    button_ids: list[str] | None = None
    moderation_comment: str | None = None
    client_comment: str | None = None


class SumsubReview(msgspec.Struct, rename="camel"):
    """Where an applicant's review stands."""

    review_status: str = "init"
    level_name: str | None = None
    attempt_id: str | None = None
    create_date: str | None = None
    review_date: str | None = None
    review_result: ReviewResult | None = None


def answer_of(result: ReviewResult | None) -> ProviderAnswer:
    """What a result comes to. Raises ValueError, naming the field, for one that is neither green nor red."""
    match result and (result.review_answer, result.review_reject_type):
        case ("GREEN", _):
            return ProviderAnswer.APPROVED
        case ("RED", "RETRY"):
            return ProviderAnswer.RETURNED
        case ("RED", "FINAL"):
            return ProviderAnswer.REJECTED
        case ("RED", _):
            raise ValueError("reviewResult.reviewRejectType: must be RETRY or FINAL")
        case _:
            raise ValueError("reviewResult.reviewAnswer: must be GREEN or RED")


def reasons_in(result: ReviewResult, *, key: str = "", field: str = "") -> tuple[Reason, ...]:
    """The labels of a result as our reasons, about one document and side where these are known."""
    labels, buttons = (result.reject_labels or [])[:MOST_LABELS], (result.button_ids or [])[:MOST_LABELS]
    return reasons_of(SUMSUB, labels, buttons, key=key, field=field)


def time_ms(text: str | None, name: str) -> int:
    """`2020-02-21 13:23:19.321` and `2020-02-21 13:23:19+0000` as milliseconds since 1970; without a zone it is UTC.

    Raises ValueError, naming the field.
    """
    try:
        time = datetime.fromisoformat((text or "")[:_LONGEST_TIME])
        return round((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise ValueError(f"{name}: must be a time as 2020-02-21 13:23:19.321") from None
