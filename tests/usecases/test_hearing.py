"""A provider's verdict: applied once, whatever comes twice, late, for another attempt, or makes no sense."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ostiary.domain.companies import Environment
from ostiary.domain.enablement import Review, Status
from ostiary.domain.errors import NotFound
from ostiary.domain.messages import Outcome
from ostiary.domain.providers import Answer, ProviderVerdict, Reason
from ostiary.domain.rejections import Code, Kind
from ostiary.domain.retry import SCHEDULE_S
from ostiary.usecases.hearing import Heard, hear_verdict
from ostiary.usecases.products import withdraw_product
from tests.house import House, open_house, upload
from tests.provided import catalogue, providers


@pytest.fixture(params=["auto"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """A production company whose cards are reviewed by acme, who is away: nothing listens at its address."""
    settings = {
        "OSTIARY_CATALOGUE": str(catalogue(tmp_path, request.param)), "OSTIARY_PROVIDERS": str(providers(tmp_path)),
        "OSTIARY_PUBLIC_URL": "http://127.0.0.1:1",
    }  # fmt: skip
    with open_house(tmp_path / "data", **settings) as opened:
        opened.caller = await opened.found_company("Real", Environment.PRODUCTION)
        yield opened
        await opened.parts.close_connections()


async def hear(house: House, ids: tuple[str, str], answer: Answer, attempt: int | None = 1, **more: Any) -> Heard:
    reference = f"{house.caller.company.id}.{ids[0]}.{ids[1]}"
    at = more.pop("occurred_at_ms", house.clock.now_ms)
    return await hear_verdict(house.world, "acme", ProviderVerdict(reference, answer, at, attempt, **more))


async def status(house: House, ids: tuple[str, str]) -> tuple[Status, Review | None]:
    found = await house.enablement(*ids)
    return found.status, found.review


BLURRED = Reason(Code.IMAGE_BLURRED, "LOW_QUALITY", key="passport")


@pytest.mark.parametrize(
    ("answer", "more", "expected"),
    [
        (Answer.APPROVED, {}, Status.ENABLED),
        (Answer.REJECTED, {"shown": "No."}, Status.REJECTED),
        (Answer.RETURNED, {"reasons": (BLURRED,)}, Status.PENDING_DOCUMENTATION),
        (Answer.RETURNED, {"reasons": (Reason(Code.OTHER, "X"),), "shown": "Ask us."}, Status.PENDING_DOCUMENTATION),
        (Answer.RETURNED, {"reasons": (Reason(Code.DATA_INVALID, "X", Kind.DATA, "phone"),)},
         Status.PENDING_DOCUMENTATION),
    ],
)  # fmt: skip
async def test_a_verdict_applies_once(house: House, answer: Answer, more: dict[str, Any], expected: Status) -> None:
    ids = await house.submitted()
    assert await hear(house, ids, answer, **more) is Heard.APPLIED
    assert await status(house, ids) == (expected, None)
    assert await hear(house, ids, answer, **more) is Heard.IGNORED
    assert await status(house, ids) == (expected, None)
    actions = house.actions(ids[0])
    assert (actions.count("verdict_ignored"), len([one for one in actions if one.startswith("verdict_")])) == (1, 2)


async def test_a_client_that_is_refused_as_such_loses_everything(house: House) -> None:
    ids = await house.submitted()
    assert await hear(house, ids, Answer.REJECTED, rejects_client=True) is Heard.APPLIED
    assert (await house.dossier(ids[0])).client.status == "rejected"


async def test_without_words_that_may_be_shown_the_codes_speak(house: House) -> None:
    ids = await house.submitted()
    await hear(house, ids, Answer.REJECTED, reasons=(Reason(Code.SUSPECTED_MANIPULATION, "FORGERY"),), private="sure")
    found = await house.enablement(*ids)
    assert found.rejection_description == "The document could not be confirmed as genuine."
    assert found.private_note == "FORGERY. sure"


async def test_progress_changes_nothing(house: House) -> None:
    ids = await house.submitted()
    for answer in (Answer.PENDING, Answer.ON_HOLD):
        assert await hear(house, ids, answer) is Heard.NOTED
    assert await status(house, ids) == (Status.IN_KYC, None)


@pytest.mark.parametrize("attempt", [0, 2])
async def test_a_verdict_of_another_attempt_is_put_aside(house: House, attempt: int) -> None:
    ids = await house.submitted()
    assert await hear(house, ids, Answer.APPROVED, attempt) is Heard.IGNORED
    assert await status(house, ids) == (Status.IN_KYC, None)


@pytest.mark.parametrize(("after_ms", "expected"), [(-2_001, Heard.IGNORED), (-2_000, Heard.APPLIED)])
async def test_without_attempts_the_time_decides(house: House, after_ms: int, expected: Heard) -> None:
    ids = await house.submitted()
    at = house.clock.now_ms + after_ms
    assert await hear(house, ids, Answer.APPROVED, None, occurred_at_ms=at) is expected


async def test_a_verdict_after_it_was_withdrawn_is_put_aside(house: House) -> None:
    ids = await house.submitted()
    await house.do(withdraw_product, *ids)
    assert await hear(house, ids, Answer.APPROVED) is Heard.IGNORED
    assert await status(house, ids) == (Status.REJECTED, None)


async def test_a_provider_that_changes_its_mind_off_boards_nobody(house: House) -> None:
    ids = await house.submitted()
    await hear(house, ids, Answer.APPROVED)
    house.clock.now_ms += 1_000
    assert await hear(house, ids, Answer.REJECTED, private="new list") is Heard.NOTED
    assert await status(house, ids) == (Status.ENABLED, Review.CHANGE)
    assert (await house.enablement(*ids)).private_note == "new list"


@pytest.mark.parametrize(
    "reasons",
    [(), (Reason(Code.OTHER, "X", key="passport_of_mars"),), (Reason(Code.DATA_INVALID, "X", Kind.DATA),),
     (Reason(Code.DATA_INVALID, "X", Kind.DATA, "shoe_size"),)],
)  # fmt: skip
async def test_a_return_that_nobody_could_mend_is_for_a_person(house: House, reasons: tuple[Reason, ...]) -> None:
    ids = await house.submitted()
    assert await hear(house, ids, Answer.RETURNED, reasons=reasons) is Heard.APPLIED
    assert await status(house, ids) == (Status.IN_KYC, Review.SUBMISSION)


@pytest.mark.parametrize(
    ("house", "answer", "review"),
    [
        ("assisted", Answer.APPROVED, Review.CONFIRMATION),
        ("manual", Answer.APPROVED, Review.CONFIRMATION),
        ("manual", Answer.REJECTED, Review.SUBMISSION),
    ],
    indirect=["house"],
)
async def test_the_policy_may_want_a_person(house: House, answer: Answer, review: Review) -> None:
    ids = await house.submitted()
    assert await hear(house, ids, answer) is Heard.APPLIED
    assert await status(house, ids) == (Status.IN_KYC, review)


async def test_what_is_not_this_providers_is_not_there(house: House) -> None:
    ids = await house.submitted()
    company = house.caller.company.id
    for reference in (f"{company}.{ids[0]}", f"{company}.{ids[0]}.x", f"{ids[1]}.{ids[0]}.{ids[1]}",
                      f"{company}.{ids[0]}.{ids[0]}"):  # fmt: skip
        with pytest.raises(NotFound):
            await hear_verdict(house.world, "acme", ProviderVerdict(reference, Answer.APPROVED, 0, 1))
    verdict = ProviderVerdict(f"{company}.{ids[0]}.{ids[1]}", Answer.APPROVED, 0, 1)
    with pytest.raises(NotFound):
        await hear_verdict(house.world, "other", verdict)


# ---- telling a provider ---------------------------------------------------------------------------------------------


async def test_a_provider_that_stays_away_leaves_it_to_a_person(house: House) -> None:
    ids = await house.submitted()
    assert await house.work() == ["pending"]
    for wait_s in SCHEDULE_S:
        house.clock.now_ms += wait_s * 1_000
        await house.work()
    assert await status(house, ids) == (Status.IN_KYC, Review.SUBMISSION)
    health = await house.world.storage.health(house.caller.company.id, "provider/acme")
    assert (health.state, house.messages("provider")) == ("failing", [Outcome.FAILED.value])


async def test_a_submission_that_moved_on_is_told_to_nobody(house: House) -> None:
    ids = await house.submitted()
    await house.do(withdraw_product, *ids)
    assert await house.work() == ["dropped"]


async def test_a_sandbox_company_keeps_its_scenarios(house: House) -> None:
    house.caller = await house.found_company("Trying")
    ids = await house.submitted()
    assert await house.work() == ["enabled"]
    with pytest.raises(NotFound):
        await hear(house, ids, Answer.REJECTED)


async def test_the_next_attempt_is_told_again(house: House) -> None:
    ids = await house.submitted()
    await hear(house, ids, Answer.RETURNED, reasons=(BLURRED,))
    await house.send(*ids, upload(seed=9))
    await house.submit(*ids)
    assert await hear(house, ids, Answer.APPROVED, 1) is Heard.IGNORED
    assert await hear(house, ids, Answer.APPROVED, 2) is Heard.APPLIED
    assert await status(house, ids) == (Status.ENABLED, None)
