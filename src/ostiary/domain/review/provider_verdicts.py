"""What a provider's verdict means for a request as it stands. Verdicts come twice, late, in any order, or for an older
attempt; here they are put into Ostiary's own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from ostiary.domain.documents.document import FRONT, Document
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.providers.provider import ProviderAnswer, ProviderVerdict, Reason
from ostiary.domain.rejections import EXPLANATIONS, MOST_REASON_CHARACTERS, Code, Kind, Rejection, reject
from ostiary.domain.renewals.deadlines import Deadline
from ostiary.domain.review.verdicts import Decision, Verdict

CLOCK_SLACK_MS = 2_000
"""A provider that knows no attempts is understood by time, on two clocks that somebody keeps right: a verdict is
rarely given in the first seconds after a submission, and one for the attempt before is older than that."""
MOST_PRIVATE_CHARACTERS = 4_000
"""Kept of a provider's private text: operators read it, one request at a time."""
MOST_REASONS = 50


class Meaning(StrEnum):
    """What is done with a verdict. `revised`: the provider changed its mind after the request was enabled."""

    APPLIES = "applies"
    PROGRESS = "progress"
    STALE = "stale"
    REVISED = "revised"


def attempt_of(enablement: Enablement, deadline: Deadline | None) -> int:
    """Which submission of a request is judged, those of its renewals counted too: what its provider calls the attempt.
    `deadline` is when it is due again, if it is."""
    return enablement.attempt + (0 if deadline is None else deadline.attempt)


def meaning(enablement: Enablement, verdict: ProviderVerdict, renewal: Deadline | None = None) -> Meaning:
    """What to do with a verdict: by its attempt where the provider knows it, else by its time. `renewal` is when an
    enabled request is due again, which may be submitted."""
    if not verdict.answer.is_verdict:
        return Meaning.PROGRESS
    if verdict.attempt is not None and verdict.attempt != attempt_of(enablement, renewal):
        return Meaning.STALE
    if renewal is not None and renewal.is_submitted:
        return Meaning.STALE if _is_older(renewal.submitted_at_ms or 0, verdict) else Meaning.APPLIES
    if enablement.status is Status.IN_KYC:
        return Meaning.STALE if _is_older(enablement.updated_at_ms, verdict) else Meaning.APPLIES
    is_against = enablement.status is Status.ENABLED and verdict.answer is not ProviderAnswer.APPROVED
    if is_against and verdict.occurred_at_ms > enablement.updated_at_ms:
        return Meaning.REVISED
    return Meaning.STALE


def _is_older(submitted_at_ms: int, verdict: ProviderVerdict) -> bool:
    return verdict.attempt is None and verdict.occurred_at_ms < submitted_at_ms - CLOCK_SLACK_MS


def objects_to_what_was_sent(enablement: Enablement, verdict: ProviderVerdict, renewal: Deadline | None = None) -> bool:
    """Whether a verdict objects to what was submitted last, also when it comes too late to decide anything."""
    if not verdict.answer.is_verdict or verdict.answer is ProviderAnswer.APPROVED:
        return False
    if enablement.status is Status.IN_KYC or (renewal is not None and renewal.is_submitted):
        return meaning(enablement, verdict, renewal) is Meaning.APPLIES
    return verdict.attempt in (None, attempt_of(enablement, renewal))


def decided(verdict: ProviderVerdict, documents: Sequence[Document]) -> Verdict | None:
    """The verdict in Ostiary's words, over the documents that were submitted; None when a person has to interpret
    it."""
    shown = verdict.shown[:MOST_REASON_CHARACTERS]
    if verdict.answer is ProviderAnswer.APPROVED:
        return Verdict(Decision.APPROVE)
    if verdict.answer is ProviderAnswer.REJECTED:
        decision = Decision.REJECT_CLIENT if verdict.rejects_client else Decision.REJECT
        return Verdict(decision, shown or _words(verdict.reasons))
    if verdict.answer is not ProviderAnswer.RETURNED:
        return None
    rejections = tuple(dict.fromkeys(_rejections(verdict.reasons[:MOST_REASONS], documents, shown)))
    if not rejections or any(not rejection.retryable for rejection in rejections):
        return None  # it leads nowhere for the company
    return Verdict(Decision.RETURN, "", rejections)


def private_note(verdict: ProviderVerdict) -> str:
    """What operators may read: the provider's own labels and its private text."""
    labels = ", ".join(reason.label for reason in verdict.reasons[:MOST_REASONS] if reason.label)
    text = ". ".join(part for part in (labels, verdict.private) if part)
    return text[:MOST_PRIVATE_CHARACTERS]


def _rejections(reasons: Sequence[Reason], documents: Sequence[Document], shown: str) -> Iterator[Rejection]:
    """A reason that names no document is about each of them; one that names a document that was not submitted is
    dropped."""
    for reason in reasons:
        own_words = shown if reason.code is Code.OTHER else ""
        if reason.kind is Kind.DATA:
            if reason.key:
                yield reject(Kind.DATA, reason.key, reason.code, reason.field or reason.key, reason=own_words)
            continue
        for document in documents:
            if reason.key in ("", document.type):
                yield reject(Kind.DOCUMENT, document.type, reason.code, reason.field or FRONT, reason=own_words)


def _words(reasons: Sequence[Reason]) -> str:
    """The description for the company when the provider gives none that may be shown."""
    texts = dict.fromkeys(EXPLANATIONS[reason.code].reason for reason in reasons if reason.code is not Code.OTHER)
    return " ".join(texts) or "The provider refused the request."
