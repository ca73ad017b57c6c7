"""What a provider's verdict means for a request as it stands: verdicts come twice, late, in any order, or for an older
attempt; and what it comes to in our own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from ostiary.domain.documents import FRONT, Document
from ostiary.domain.enablement import Enablement, Status
from ostiary.domain.providers import Answer, ProviderVerdict, Reason
from ostiary.domain.rejections import EXPLANATIONS, Code, Kind, Rejection, reject
from ostiary.domain.verdicts import Decision, Verdict

CLOCK_SLACK_MS = 2_000
"""A provider that knows no attempts is understood by time, on two clocks that somebody keeps right: a verdict is
rarely given in the first seconds after a submission, and one for the attempt before is older than that."""
MOST_SHOWN_CHARACTERS, MOST_PRIVATE_CHARACTERS = 1_000, 4_000
"""What is kept of a provider's texts: people read them in a list."""
MOST_REASONS = 50


class Meaning(StrEnum):
    """What is done with a verdict. `revised`: the provider changed its mind after the request was enabled."""

    APPLIES = "applies"
    PROGRESS = "progress"
    STALE = "stale"
    REVISED = "revised"


def meaning(enablement: Enablement, verdict: ProviderVerdict) -> Meaning:
    """Attempt decides where the provider knows it, else the time."""
    if not verdict.answer.is_verdict:
        return Meaning.PROGRESS
    if verdict.attempt is not None and verdict.attempt != enablement.attempt:
        return Meaning.STALE
    if enablement.status is Status.IN_KYC:
        return Meaning.STALE if _is_older(enablement, verdict) else Meaning.APPLIES
    is_against = enablement.status is Status.ENABLED and verdict.answer is not Answer.APPROVED
    if is_against and verdict.occurred_at_ms > enablement.updated_at_ms:
        return Meaning.REVISED
    return Meaning.STALE


def _is_older(enablement: Enablement, verdict: ProviderVerdict) -> bool:
    return verdict.attempt is None and verdict.occurred_at_ms < enablement.updated_at_ms - CLOCK_SLACK_MS


def decided(verdict: ProviderVerdict, documents: Sequence[Document]) -> Verdict | None:
    """The verdict in our words, over the documents that were submitted; None when a person must understand it."""
    shown = verdict.shown[:MOST_SHOWN_CHARACTERS]
    if verdict.answer is Answer.APPROVED:
        return Verdict(Decision.APPROVE)
    if verdict.answer is Answer.REJECTED:
        decision = Decision.REJECT_CLIENT if verdict.rejects_client else Decision.REJECT
        return Verdict(decision, shown or _words(verdict.reasons))
    if verdict.answer is not Answer.RETURNED:
        return None
    rejections = tuple(dict.fromkeys(_rejections(verdict.reasons[:MOST_REASONS], documents, shown)))
    return Verdict(Decision.RETURN, "", rejections) if rejections else None


def private_note(verdict: ProviderVerdict) -> str:
    """What operators may read: the provider's own labels and its private text."""
    labels = ", ".join(one.label for one in verdict.reasons[:MOST_REASONS] if one.label)
    told = ". ".join(one for one in (labels, verdict.private) if one)
    return told[:MOST_PRIVATE_CHARACTERS]


def _rejections(reasons: Sequence[Reason], documents: Sequence[Document], shown: str) -> Iterator[Rejection]:
    """A reason that names no document is about each; one that names what was not submitted is about nothing."""
    for one in reasons:
        own_words = shown if one.code is Code.OTHER else ""
        if one.kind is Kind.DATA:
            if one.key:
                yield reject(Kind.DATA, one.key, one.code, one.field or one.key, reason=own_words)
            continue
        for document in documents:
            if one.key in ("", document.type):
                yield reject(Kind.DOCUMENT, document.type, one.code, one.field or FRONT, reason=own_words)


def _words(reasons: Sequence[Reason]) -> str:
    """What may be shown when the provider says nothing that may."""
    texts = dict.fromkeys(EXPLANATIONS[one.code].reason for one in reasons if one.code is not Code.OTHER)
    return " ".join(texts) or "The provider refused the request."
