"""Asking Sumsub where a review stands: the same verdict as by webhook, tied to documents where it says which."""

from __future__ import annotations

from typing import Any

import pytest

from ostiary.adapters.providers.sumsub import Sumsub
from ostiary.domain.providers.provider import ProviderAnswer, ProviderUnavailable, ProviderVerdict, Reason
from ostiary.domain.rejections import Code, Kind
from tests.adapters.sumsub_server import LEVEL, REFERENCE, Applicant, FakeSumsub, Pictures, settings, submission, sumsub

REVIEWED = "2026-04-15 10:31:00+0000"
AT_MS = 1_776_249_060_000
BEGAN_MS = 1_776_249_001_000
BLURRED = {"reviewAnswer": "RED", "reviewRejectType": "RETRY", "rejectLabels": ["LOW_QUALITY"], "buttonIds": []}


async def asked(fake: FakeSumsub, external_id: str = "", reference: str = REFERENCE) -> ProviderVerdict | None:
    provider = Sumsub(settings(fake.url))
    try:
        return await provider.fetch_verdict(reference, external_id)
    finally:
        await provider.close()


async def submitted(fake: FakeSumsub) -> Applicant:
    provider = Sumsub(settings(fake.url))
    await provider.notify(submission(), Pictures())
    await provider.close()
    return fake.of(REFERENCE)


def completed(applicant: Applicant, **result: Any) -> None:
    applicant.status, applicant.result, applicant.reviewed = "completed", result, REVIEWED


async def test_before_a_check_begins_there_is_nothing_to_say() -> None:
    async with sumsub() as fake:
        applicant = await submitted(fake)
        applicant.status = "init"
        assert await asked(fake, applicant.id) is None
        assert await asked(fake, "nobody") is None
        assert await asked(fake, "", "nobody") is None


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("pending", ProviderAnswer.PENDING), ("queued", ProviderAnswer.PENDING), ("prechecked", ProviderAnswer.PENDING),
        ("awaitingUser", ProviderAnswer.PENDING), ("onHold", ProviderAnswer.ON_HOLD),
        ("awaitingService", ProviderAnswer.ON_HOLD),
    ],
)  # fmt: skip
async def test_a_running_check_is_no_verdict(status: str, answer: ProviderAnswer) -> None:
    async with sumsub() as fake:
        applicant = await submitted(fake)
        applicant.status = status
        assert await asked(fake, applicant.id) == ProviderVerdict(REFERENCE, answer, BEGAN_MS, external_id=applicant.id)


@pytest.mark.parametrize("by_id", [True, False])
async def test_an_approval_is_found_by_applicant_and_by_reference(by_id: bool) -> None:
    async with sumsub() as fake:
        applicant = await submitted(fake)
        completed(applicant, reviewAnswer="GREEN")
        verdict = await asked(fake, applicant.id if by_id else "")
    assert verdict == ProviderVerdict(REFERENCE, ProviderAnswer.APPROVED, AT_MS, external_id=applicant.id)


async def test_a_rejection_has_its_labels_and_comments() -> None:
    async with sumsub() as fake:
        applicant = await submitted(fake)
        completed(
            applicant,
            reviewAnswer="RED",
            reviewRejectType="FINAL",
            rejectLabels=["FORGERY"],
            buttonIds=["fake_editedId"],
            moderationComment="We could not verify you.",
            clientComment="Edited in a program.",
        )
        assert await asked(fake) == ProviderVerdict(
            REFERENCE,
            ProviderAnswer.REJECTED,
            AT_MS,
            None,
            0,
            (Reason(Code.SUSPECTED_MANIPULATION, "FORGERY (fake_editedId)"),),
            "We could not verify you.",
            "Edited in a program.",
            applicant.id,
        )


async def test_reasons_are_tied_to_the_pictures_that_were_refused() -> None:
    async with sumsub() as fake:
        applicant = await submitted(fake)
        completed(
            applicant,
            reviewAnswer="RED",
            reviewRejectType="RETRY",
            rejectLabels=["LOW_QUALITY", "WRONG_ADDRESS"],
            buttonIds=["badPhoto", "dataMismatch_address"],
        )
        front, back, bill = applicant.images
        front.result, back.result = {"reviewAnswer": "GREEN"}, BLURRED
        bill.result, bill.attempt = BLURRED, "attempt-0"  # of an attempt before
        verdict = await asked(fake)
    assert verdict is not None
    assert verdict.answer is ProviderAnswer.RETURNED
    assert verdict.reasons == (
        Reason(Code.IMAGE_BLURRED, "LOW_QUALITY", Kind.DOCUMENT, "national_id", "image_back"),
        Reason(Code.DATA_INVALID, "WRONG_ADDRESS", Kind.DATA),
    )


async def test_without_refused_pictures_reasons_are_about_any_document() -> None:
    async with sumsub() as fake:
        applicant = await submitted(fake)
        completed(applicant, **BLURRED)
        applicant.images[0].name, applicant.images[0].result = "selfie.jpg", BLURRED  # not one of ours
        verdict = await asked(fake)
    assert verdict is not None
    assert verdict.reasons == (Reason(Code.IMAGE_BLURRED, "LOW_QUALITY"),)


async def test_an_applicant_of_another_reference_or_level_is_not_ours() -> None:
    async with sumsub() as fake:
        applicant = await submitted(fake)
        completed(applicant, reviewAnswer="GREEN")
        assert await asked(fake, applicant.id, "another") is None
        applicant.level = "phone only"
        assert await asked(fake, applicant.id) is None
        applicant.level = LEVEL
        assert await asked(fake, applicant.id) is not None


@pytest.mark.parametrize(
    ("result", "reviewed", "field"),
    [
        ({"reviewAnswer": "BLUE"}, REVIEWED, "reviewAnswer"),
        ({"reviewAnswer": "RED"}, REVIEWED, "reviewRejectType"),
        ({"reviewAnswer": "GREEN"}, "soon", "reviewDate"),
        ({"reviewAnswer": "GREEN"}, None, "reviewDate"),
    ],
)
async def test_a_result_that_cannot_be_understood_is_asked_for_again(
    result: dict[str, Any], reviewed: str | None, field: str
) -> None:
    async with sumsub() as fake:
        applicant = await submitted(fake)
        completed(applicant, **result)
        applicant.reviewed = reviewed
        with pytest.raises(ProviderUnavailable, match=field):
            await asked(fake, applicant.id)


async def test_a_check_without_a_beginning_is_a_check_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Applicant.answer
    async with sumsub() as fake:
        applicant = await submitted(fake)
        monkeypatch.setattr(
            Applicant, "answer", lambda applicant: answer(applicant) | {"review": {"reviewStatus": "queued"}}
        )
        verdict = await asked(fake, applicant.id)
    assert verdict == ProviderVerdict(REFERENCE, ProviderAnswer.PENDING, 0, external_id=applicant.id)
