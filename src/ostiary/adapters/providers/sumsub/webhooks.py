"""What Sumsub posts to us: proved by its digest, then understood.

Nothing is refused for its age. Sumsub signs no time of sending, only the event's own (`createdAtMs`), and posts a
message that we did not take again after 5 minutes, 1, 5 and 18 hours, unchanged. A limit on age would lose verdicts,
and would hold up nobody who has a copy of a recent one. Instead the event's time decides what a verdict is about: one
from before the submission is stale, and one that was heard before changes nothing. So a replay gains nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ostiary.adapters.providers.sumsub.reviews import ReviewResult, answer_of, reasons_in, time_ms
from ostiary.adapters.providers.sumsub.settings import SumsubSettings
from ostiary.adapters.providers.sumsub.signing import verify_webhook
from ostiary.domain.providers.provider import ProviderAnswer, ProviderVerdict

REVIEWED = "applicantReviewed"
PROGRESS: Mapping[str, ProviderAnswer] = {
    "applicantPending": ProviderAnswer.PENDING,
    "applicantPrechecked": ProviderAnswer.PENDING,
    "applicantAwaitingUser": ProviderAnswer.PENDING,
    "applicantOnHold": ProviderAnswer.ON_HOLD,
    "applicantAwaitingService": ProviderAnswer.ON_HOLD,
}
"""Events that only show that it works. Every other type but `applicantReviewed` means nothing to us."""


class SumsubEvent(msgspec.Struct, rename="camel"):
    """What is read of a webhook's body. Sumsub adds fields without notice, so unknown ones are passed over."""

    type: str
    external_user_id: str | None = None
    applicant_id: str | None = None
    level_name: str | None = None
    created_at_ms: str | None = None
    created_at: str | None = None
    review_result: ReviewResult | None = None


def parse_webhook(settings: SumsubSettings, headers: Mapping[str, str], body: bytes) -> ProviderVerdict | None:
    """What an event says of one of our requests; None for one that says nothing to us.

    An account may serve others too: events of levels that no product of ours has are theirs. Raises SignatureInvalid,
    and ValueError naming the field.
    """
    verify_webhook(headers, body, settings.webhook_secrets, settings.allow_sha1)
    try:
        event = msgspec.json.decode(body, type=SumsubEvent)
    except (msgspec.DecodeError, RecursionError) as problem:
        raise ValueError(str(problem)) from None
    is_ours = event.level_name is None or event.level_name in settings.levels.values()
    if not is_ours or (event.type != REVIEWED and event.type not in PROGRESS):
        return None
    return _verdict(event)


def _verdict(event: SumsubEvent) -> ProviderVerdict:
    if not event.external_user_id:
        raise ValueError("externalUserId: missing")
    at_ms = time_ms(event.created_at_ms or event.created_at, "createdAtMs")
    answer, result = PROGRESS.get(event.type), event.review_result or ReviewResult()
    return ProviderVerdict(
        event.external_user_id,
        answer or answer_of(event.review_result),
        at_ms,
        reasons=reasons_in(result) if answer is None else (),
        shown=result.moderation_comment or "",
        private=result.client_comment or "",
        external_id=event.applicant_id or "",
    )
