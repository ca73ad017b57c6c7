"""What a provider's verdict means for a request as it stands, and in our words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.providers.provider import ProviderAnswer, ProviderVerdict, Reason
from ostiary.domain.rejections import Code, Kind
from ostiary.domain.renewals.deadlines import Deadline, DeadlineState
from ostiary.domain.review.provider_verdicts import (
    CLOCK_SLACK_MS,
    MOST_PRIVATE_CHARACTERS,
    Meaning,
    decided,
    meaning,
    private_note,
)
from ostiary.domain.review.verdicts import Decision
from tests.material import NOW_MS, document, enablement

VERDICT = ProviderVerdict("x.y.z", ProviderAnswer.APPROVED, NOW_MS, attempt=1)
IN_KYC = enablement(Status.IN_KYC, attempt=1)
DOCUMENTS = (document("passport"), document("utility_bill", 20))


@pytest.mark.parametrize(
    ("status", "changes", "expected"),
    [
        (Status.IN_KYC, {}, Meaning.APPLIES),
        (Status.IN_KYC, {"answer": ProviderAnswer.RETURNED}, Meaning.APPLIES),
        (Status.IN_KYC, {"answer": ProviderAnswer.PENDING}, Meaning.PROGRESS),
        (Status.REJECTED, {"answer": ProviderAnswer.ON_HOLD}, Meaning.PROGRESS),
        (Status.IN_KYC, {"attempt": 2}, Meaning.STALE),
        (Status.IN_KYC, {"occurred_at_ms": 0}, Meaning.APPLIES),
        (Status.IN_KYC, {"attempt": None}, Meaning.APPLIES),
        (Status.IN_KYC, {"attempt": None, "occurred_at_ms": NOW_MS - CLOCK_SLACK_MS}, Meaning.APPLIES),
        (Status.IN_KYC, {"attempt": None, "occurred_at_ms": NOW_MS - CLOCK_SLACK_MS - 1}, Meaning.STALE),
        (Status.ENABLED, {}, Meaning.STALE),
        (Status.ENABLED, {"answer": ProviderAnswer.REJECTED}, Meaning.STALE),
        (Status.ENABLED, {"answer": ProviderAnswer.REJECTED, "occurred_at_ms": NOW_MS + 1}, Meaning.REVISED),
        (Status.ENABLED, {"answer": ProviderAnswer.RETURNED, "occurred_at_ms": NOW_MS + 1}, Meaning.REVISED),
        (Status.ENABLED, {"occurred_at_ms": NOW_MS + 1}, Meaning.STALE),
        (
            Status.PENDING_DOCUMENTATION,
            {"answer": ProviderAnswer.REJECTED, "occurred_at_ms": NOW_MS + 1},
            Meaning.STALE,
        ),
        (Status.REJECTED, {}, Meaning.STALE),
    ],
)
def test_what_it_means(status: Status, changes: dict[str, object], expected: Meaning) -> None:
    assert meaning(enablement(status, attempt=1), replace(VERDICT, **changes)) is expected  # type: ignore[arg-type]


RENEWAL = Deadline(
    company_id="company",
    client_id="client",
    enablement_id="request",
    product="cards",
    state=DeadlineState.SUBMITTED,
    due_at_ms=NOW_MS,
    ends_at_ms=NOW_MS,
    next_at_ms=NOW_MS,
    reviewed_on=date(2026, 1, 1),
    risk=RiskClass.STANDARD,
    rules="rules",
    attempt=2,
    submitted_at_ms=NOW_MS,
)


@pytest.mark.parametrize(
    ("state", "changes", "expected"),
    [
        (DeadlineState.SUBMITTED, {"attempt": 3}, Meaning.APPLIES),
        (DeadlineState.SUBMITTED, {"attempt": 1}, Meaning.STALE),
        (DeadlineState.SUBMITTED, {"attempt": None}, Meaning.APPLIES),
        (DeadlineState.SUBMITTED, {"attempt": None, "occurred_at_ms": NOW_MS - CLOCK_SLACK_MS - 1}, Meaning.STALE),
        (DeadlineState.SUBMITTED, {"attempt": 3, "answer": ProviderAnswer.PENDING}, Meaning.PROGRESS),
        (DeadlineState.OPEN, {"attempt": 3}, Meaning.STALE),
    ],
)
def test_what_it_means_for_a_renewal(state: DeadlineState, changes: dict[str, object], expected: Meaning) -> None:
    """Its attempts are counted on from those of the first submission."""
    verdict = replace(VERDICT, **changes)  # type: ignore[arg-type]
    assert meaning(enablement(Status.ENABLED, attempt=1), verdict, replace(RENEWAL, state=state)) is expected


def reasons(*given: Reason) -> ProviderVerdict:
    return replace(VERDICT, answer=ProviderAnswer.RETURNED, reasons=given)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Reason(Code.IMAGE_BLURRED, "X", key="passport"), [("passport", "image_blurred", "image_front")]),
        (Reason(Code.IMAGE_BLURRED, "X", key="passport", field="image_back"),
         [("passport", "image_blurred", "image_back")]),
        (Reason(Code.OTHER, "X"), [("passport", "other", "image_front"), ("utility_bill", "other", "image_front")]),
        (Reason(Code.DATA_INVALID, "X", Kind.DATA, "phone"), [("phone", "data_invalid", "phone")]),
    ],
)  # fmt: skip
def test_what_is_to_be_redone(reason: Reason, expected: list[tuple[str, str, str]]) -> None:
    verdict = decided(reasons(reason), DOCUMENTS)
    assert verdict is not None
    assert verdict.decision is Decision.RETURN
    assert [(rejection.key, rejection.code.value, rejection.field) for rejection in verdict.rejections] == expected


@pytest.mark.parametrize(
    "given",
    [reasons(), reasons(Reason(Code.OTHER, "X", key="selfie")), reasons(Reason(Code.DATA_INVALID, "X", Kind.DATA)),
     replace(VERDICT, answer=ProviderAnswer.PENDING)],
)  # fmt: skip
def test_what_only_a_person_can_understand(given: ProviderVerdict) -> None:
    assert decided(given, DOCUMENTS) is None


def test_an_other_is_told_in_the_providers_words_and_a_known_code_in_ours() -> None:
    given = replace(reasons(Reason(Code.OTHER, "X"), Reason(Code.IMAGE_BLURRED, "Y")), shown="Call us.")
    verdict = decided(given, DOCUMENTS[:1])
    assert verdict is not None
    assert [rejection.reason for rejection in verdict.rejections] == ["Call us.", "The picture is blurred."]


@pytest.mark.parametrize(
    ("changes", "decision", "description"),
    [
        ({}, Decision.APPROVE, ""),
        ({"answer": ProviderAnswer.REJECTED, "shown": "No."}, Decision.REJECT, "No."),
        ({"answer": ProviderAnswer.REJECTED, "shown": "x" * 501}, Decision.REJECT, "x" * 500),
        ({"answer": ProviderAnswer.REJECTED, "rejects_client": True}, Decision.REJECT_CLIENT,
         "The provider refused the request."),
        ({"answer": ProviderAnswer.REJECTED, "reasons": (Reason(Code.UNDERAGE, "A"), Reason(Code.OTHER, "B"))},
         Decision.REJECT,
         "The client is younger than this product allows."),
    ],
)  # fmt: skip
def test_the_other_verdicts(changes: dict[str, object], decision: Decision, description: str) -> None:
    verdict = decided(replace(VERDICT, **changes), DOCUMENTS)  # type: ignore[arg-type]
    assert verdict is not None
    assert (verdict.decision, verdict.description) == (decision, description)


def test_what_operators_may_read() -> None:
    given = replace(reasons(Reason(Code.OTHER, "BAD_SELFIE"), Reason(Code.OTHER, "")), private="x" * 5_000)
    assert private_note(given).startswith("BAD_SELFIE. xxx")
    assert len(private_note(given)) == MOST_PRIVATE_CHARACTERS
    assert private_note(VERDICT) == ""
