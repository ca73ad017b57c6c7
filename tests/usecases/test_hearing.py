"""A provider's verdict: applied once, whatever comes twice, late, for another attempt, or makes no sense."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ostiary.domain.companies.company import Environment
from ostiary.domain.delivery.messages import MessageOutcome
from ostiary.domain.delivery.retry import SCHEDULE_S
from ostiary.domain.errors import NotFound
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.providers.provider import ProviderAnswer, ProviderVerdict, Reason
from ostiary.domain.rejections import Code, Kind
from ostiary.usecases.onboarding.products import withdraw_product
from ostiary.usecases.providers.receive_verdict import Heard, receive_verdict
from tests.house import House, open_house, upload
from tests.provided import catalogue, providers


@pytest.fixture(params=["auto"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """A production company whose cards are reviewed by acme, who is away: nothing listens at its address."""
    settings = {
        "OSTIARY_CATALOGUE": str(catalogue(tmp_path, request.param)),
        "OSTIARY_PROVIDERS": str(providers(tmp_path)),
        "OSTIARY_PUBLIC_URL": "http://127.0.0.1:1",
    }
    with open_house(tmp_path / "data", **settings) as opened:
        opened.caller = await opened.found_company("Real", Environment.PRODUCTION)
        yield opened
        await opened.parts.close_connections()


async def hear(
    house: House, ids: tuple[str, str], answer: ProviderAnswer, attempt: int | None = 1, **more: Any
) -> Heard:
    reference = f"{house.caller.company.id}.{ids[0]}.{ids[1]}"
    at = more.pop("occurred_at_ms", house.clock.now_ms)
    return await receive_verdict(house.context, "acme", ProviderVerdict(reference, answer, at, attempt, **more))


async def status(house: House, ids: tuple[str, str]) -> tuple[Status, Review | None]:
    enablement = await house.enablement(*ids)
    return enablement.status, enablement.review


BLURRED = Reason(Code.IMAGE_BLURRED, "LOW_QUALITY", key="passport")


@pytest.mark.parametrize(
    ("answer", "more", "expected"),
    [
        (ProviderAnswer.APPROVED, {}, Status.ENABLED),
        (ProviderAnswer.REJECTED, {"shown": "No."}, Status.REJECTED),
        (ProviderAnswer.RETURNED, {"reasons": (BLURRED,)}, Status.PENDING_DOCUMENTATION),
        (ProviderAnswer.RETURNED, {"reasons": (Reason(Code.OTHER, "X"),), "shown": "Ask us."},
         Status.PENDING_DOCUMENTATION),
        (ProviderAnswer.RETURNED, {"reasons": (Reason(Code.DATA_INVALID, "X", Kind.DATA, "phone"),)},
         Status.PENDING_DOCUMENTATION),
    ],
)  # fmt: skip
async def test_a_verdict_applies_once(
    house: House, answer: ProviderAnswer, more: dict[str, Any], expected: Status
) -> None:
    ids = await house.submitted()
    assert await hear(house, ids, answer, **more) is Heard.APPLIED
    assert await status(house, ids) == (expected, None)
    assert await hear(house, ids, answer, **more) is Heard.IGNORED
    assert await status(house, ids) == (expected, None)
    actions = house.actions(ids[0])
    assert (actions.count("verdict_ignored"), len([action for action in actions if action.startswith("verdict_")])) == (
        1,
        2,
    )


async def test_a_client_that_is_refused_as_such_loses_everything(house: House) -> None:
    ids = await house.submitted()
    assert await hear(house, ids, ProviderAnswer.REJECTED, rejects_client=True) is Heard.APPLIED
    assert (await house.dossier(ids[0])).client.status == "rejected"


async def test_without_words_that_may_be_shown_the_codes_speak(house: House) -> None:
    ids = await house.submitted()
    await hear(
        house, ids, ProviderAnswer.REJECTED, reasons=(Reason(Code.SUSPECTED_MANIPULATION, "FORGERY"),), private="sure"
    )
    enablement = await house.enablement(*ids)
    assert enablement.rejection_description == "The document could not be confirmed as genuine."
    assert enablement.private_note == "FORGERY. sure"


async def test_progress_changes_nothing(house: House) -> None:
    ids = await house.submitted()
    for answer in (ProviderAnswer.PENDING, ProviderAnswer.ON_HOLD):
        assert await hear(house, ids, answer) is Heard.NOTED
    assert await status(house, ids) == (Status.IN_KYC, None)


@pytest.mark.parametrize("attempt", [0, 2])
async def test_a_verdict_of_another_attempt_is_put_aside(house: House, attempt: int) -> None:
    ids = await house.submitted()
    assert await hear(house, ids, ProviderAnswer.APPROVED, attempt) is Heard.IGNORED
    assert await status(house, ids) == (Status.IN_KYC, None)


@pytest.mark.parametrize(("after_ms", "expected"), [(-2_001, Heard.IGNORED), (-2_000, Heard.APPLIED)])
async def test_without_attempts_the_time_decides(house: House, after_ms: int, expected: Heard) -> None:
    ids = await house.submitted()
    at = house.clock.now_ms + after_ms
    assert await hear(house, ids, ProviderAnswer.APPROVED, None, occurred_at_ms=at) is expected


@pytest.mark.parametrize(
    ("answer", "attempt", "more"),
    [
        (ProviderAnswer.APPROVED, 0, {}), (ProviderAnswer.REJECTED, 0, {"reasons": (BLURRED,)}),
        (ProviderAnswer.RETURNED, 2, {}),
        (ProviderAnswer.REJECTED, 1, {"reasons": (Reason(Code.SUSPECTED_MANIPULATION, "FORGERY"),)}),
    ],
)  # fmt: skip
async def test_a_verdict_that_comes_too_late_again_and_again_is_written_down_once(
    house: House, answer: ProviderAnswer, attempt: int, more: dict[str, Any]
) -> None:
    ids = await house.submitted()
    await hear(house, ids, ProviderAnswer.APPROVED)
    outcomes = [await hear(house, ids, answer, attempt, occurred_at_ms=1, **more) for _ in range(5)]
    assert outcomes == [Heard.IGNORED] * 5
    assert house.actions(ids[0]).count("verdict_ignored") == 1
    version = (await house.dossier(ids[0])).client.version
    await hear(house, ids, answer, attempt, occurred_at_ms=1)
    length = (await house.dossier(ids[0])).client.chain.length
    await hear(house, ids, answer, attempt, occurred_at_ms=1, private="and once more")
    after = (await house.dossier(ids[0])).client
    assert (after.version, after.chain.length) == (version, length)
    assert (
        await hear(
            house, ids, ProviderAnswer.APPROVED if answer is not ProviderAnswer.APPROVED else ProviderAnswer.RETURNED, 0
        )
        is Heard.IGNORED
    )
    assert house.actions(ids[0]).count("verdict_ignored") == 2, "another answer is news"


async def test_two_that_repeat_it_at_once_write_it_once(house: House) -> None:
    ids = await house.submitted()
    outcomes = await asyncio.gather(*(hear(house, ids, ProviderAnswer.APPROVED, 0) for _ in range(8)))
    assert outcomes == [Heard.IGNORED] * 8
    assert house.actions(ids[0]).count("verdict_ignored") == 1


@pytest.mark.parametrize("house", ["manual"], indirect=True)
@pytest.mark.parametrize("answer", [ProviderAnswer.APPROVED, ProviderAnswer.REJECTED, ProviderAnswer.RETURNED])
async def test_a_review_that_is_open_for_a_verdict_is_not_opened_again_for_its_repetition(
    house: House, answer: ProviderAnswer
) -> None:
    ids = await house.submitted()
    for _ in range(4):
        assert await hear(house, ids, answer, shown="why", private="a note") is Heard.APPLIED
    assert house.actions(ids[0]).count("review_opened") == 1
    await hear(house, ids, answer, shown="why", private="another note")
    assert (await house.enablement(*ids)).private_note == "another note"


async def test_a_mind_that_changed_is_written_down_once(house: House) -> None:
    ids = await house.submitted()
    await hear(house, ids, ProviderAnswer.APPROVED)
    house.clock.now_ms += 1_000
    for _ in range(4):
        assert await hear(house, ids, ProviderAnswer.REJECTED, private="new list") is Heard.NOTED
    assert house.actions(ids[0]).count("review_opened") == 1


async def test_a_verdict_after_it_was_withdrawn_is_put_aside(house: House) -> None:
    ids = await house.submitted()
    await house.do(withdraw_product, *ids)
    assert await hear(house, ids, ProviderAnswer.APPROVED) is Heard.IGNORED
    assert await status(house, ids) == (Status.REJECTED, None)


async def test_a_provider_that_changes_its_mind_off_boards_nobody(house: House) -> None:
    ids = await house.submitted()
    await hear(house, ids, ProviderAnswer.APPROVED)
    house.clock.now_ms += 1_000
    assert await hear(house, ids, ProviderAnswer.REJECTED, private="new list") is Heard.NOTED
    assert await status(house, ids) == (Status.ENABLED, Review.CHANGE)
    assert (await house.enablement(*ids)).private_note == "new list"


@pytest.mark.parametrize(
    "reasons",
    [(), (Reason(Code.OTHER, "X", key="passport_of_mars"),), (Reason(Code.DATA_INVALID, "X", Kind.DATA),),
     (Reason(Code.DATA_INVALID, "X", Kind.DATA, "shoe_size"),)],
)  # fmt: skip
async def test_a_return_that_nobody_could_mend_is_for_a_person(house: House, reasons: tuple[Reason, ...]) -> None:
    ids = await house.submitted()
    assert await hear(house, ids, ProviderAnswer.RETURNED, reasons=reasons) is Heard.APPLIED
    assert await status(house, ids) == (Status.IN_KYC, Review.SUBMISSION)


@pytest.mark.parametrize(
    ("house", "answer", "review"),
    [
        ("assisted", ProviderAnswer.APPROVED, Review.CONFIRMATION),
        ("manual", ProviderAnswer.APPROVED, Review.CONFIRMATION),
        ("manual", ProviderAnswer.REJECTED, Review.SUBMISSION),
    ],
    indirect=["house"],
)
async def test_the_policy_may_want_a_person(house: House, answer: ProviderAnswer, review: Review) -> None:
    ids = await house.submitted()
    assert await hear(house, ids, answer) is Heard.APPLIED
    assert await status(house, ids) == (Status.IN_KYC, review)


async def test_what_is_not_this_providers_is_not_there(house: House) -> None:
    ids = await house.submitted()
    company = house.caller.company.id
    for reference in (
        f"{company}.{ids[0]}",
        f"{company}.{ids[0]}.x",
        f"{ids[1]}.{ids[0]}.{ids[1]}",
        f"{company}.{ids[0]}.{ids[0]}",
    ):
        with pytest.raises(NotFound):
            await receive_verdict(house.context, "acme", ProviderVerdict(reference, ProviderAnswer.APPROVED, 0, 1))
    verdict = ProviderVerdict(f"{company}.{ids[0]}.{ids[1]}", ProviderAnswer.APPROVED, 0, 1)
    with pytest.raises(NotFound):
        await receive_verdict(house.context, "other", verdict)


# ---- telling a provider ---------------------------------------------------------------------------------------------


async def test_a_provider_that_stays_away_leaves_it_to_a_person(house: House) -> None:
    ids = await house.submitted()
    assert await house.work() == ["pending"]
    for wait_s in SCHEDULE_S:
        house.clock.now_ms += wait_s * 1_000
        await house.work()
    assert await status(house, ids) == (Status.IN_KYC, Review.SUBMISSION)
    health = await house.context.storage.outbox.health(house.caller.company.id, "provider/acme")
    assert (health.state, house.messages("provider")) == ("failing", [MessageOutcome.FAILED.value])


async def test_a_submission_that_moved_on_is_told_to_nobody(house: House) -> None:
    ids = await house.submitted()
    await house.do(withdraw_product, *ids)
    assert await house.work() == ["dropped"]


async def test_a_sandbox_company_keeps_its_scenarios(house: House) -> None:
    house.caller = await house.found_company("Trying")
    ids = await house.submitted()
    assert await house.work() == ["enabled"]
    with pytest.raises(NotFound):
        await hear(house, ids, ProviderAnswer.REJECTED)


async def test_the_next_attempt_is_told_again(house: House) -> None:
    ids = await house.submitted()
    await hear(house, ids, ProviderAnswer.RETURNED, reasons=(BLURRED,))
    await house.send(*ids, upload(seed=9))
    await house.submit(*ids)
    assert await hear(house, ids, ProviderAnswer.APPROVED, 1) is Heard.IGNORED
    assert await hear(house, ids, ProviderAnswer.APPROVED, 2) is Heard.APPLIED
    assert await status(house, ids) == (Status.ENABLED, None)
