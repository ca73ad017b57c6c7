"""Verdicts applied: the request moves, the company hears of it, the client follows."""

from __future__ import annotations

import asyncio

import pytest

from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.errors import InvalidState, NotFound, ValidationFailed
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.review.verdicts import Decision
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.delivery.webhook import subscribe_webhook
from ostiary.usecases.review.apply_verdict import open_review
from tests.house import ACCOUNTS, House, upload
from tests.material import id_at, profile

PHONE = reject(Kind.DATA, "phone", Code.DATA_INVALID, "phone")


async def hooked(house: House) -> None:
    """The company hears of changes from here on."""
    await house.do(subscribe_webhook, "https://example.com/hook", "key", lambda url, plain: None)
    await house.refresh()


@pytest.mark.parametrize(
    ("decision", "status", "client_status"),
    [
        (Decision.APPROVE, Status.ENABLED, ClientStatus.ACTIVE),
        (Decision.REJECT, Status.REJECTED, ClientStatus.PENDING),
        (Decision.REJECT_CLIENT, Status.REJECTED, ClientStatus.REJECTED),
        (Decision.RETURN, Status.PENDING_DOCUMENTATION, ClientStatus.PENDING),
    ],
)
async def test_a_verdict_moves_the_request_and_is_told_once(
    house: House, decision: Decision, status: Status, client_status: ClientStatus
) -> None:
    await hooked(house)
    ids = await house.submitted()
    assert (await house.judge(*ids, decision, PHONE)).status is status
    assert (await house.dossier(ids[0])).client.status is client_status
    assert house.messages("webhook") == ["pending", "pending"]  # in_kyc, and this one
    assert house.actions(ids[0])[-1] == f"verdict_{decision}"


async def test_a_company_without_a_webhook_is_told_nothing(house: House) -> None:
    ids = await house.submitted()
    await house.judge(*ids, Decision.APPROVE)
    assert house.messages("webhook") == []


async def test_twelve_verdicts_at_once_are_one(house: House) -> None:
    ids = await house.submitted()
    ended = await asyncio.gather(*(house.judge(*ids, Decision.APPROVE) for _ in range(12)), return_exceptions=True)
    assert sum(isinstance(outcome, InvalidState) for outcome in ended) == 11
    assert house.actions(ids[0]).count("verdict_approve") == 1


async def test_a_refused_value_is_missing_until_the_company_changes_it(house: House) -> None:
    ids = await house.submitted()
    await house.judge(*ids, Decision.RETURN, PHONE)
    state = await house.submit(*ids)
    assert [rejection.code for rejection in state.rejections] == [Code.DATA_INVALID]
    await house.do(update_client, ids[0], profile(phone_number=1168860623))
    assert (await house.submit(*ids)).enablement.status is Status.IN_KYC


async def test_a_return_must_name_something_to_redo(house: House) -> None:
    ids = await house.submitted()
    with pytest.raises(ValidationFailed, match="Nothing to redo"):
        await house.judge(*ids, Decision.RETURN)
    with pytest.raises(ValidationFailed, match="Nothing to redo"):
        await house.judge(*ids, Decision.RETURN, reject(Kind.DATA, "moon_phase", Code.OTHER, "moon_phase"))
    assert (await house.enablement(*ids)).status is Status.IN_KYC


async def test_rejecting_a_client_ends_everything_and_tells_each_end(house: House) -> None:
    await hooked(house)
    ids = await house.submitted()
    other = await house.request(ids[0], ACCOUNTS)
    await house.judge(*ids, Decision.REJECT_CLIENT)
    dossier = await house.dossier(ids[0])
    assert {enablement.status for enablement in dossier.enablements} == {Status.REJECTED}
    assert dossier.enablement(other.id).rejection_description == "As decided."
    assert house.messages("webhook") == ["pending"] * 3


async def test_a_client_is_rejected_also_through_a_request_that_ended(house: House) -> None:
    ids = await house.submitted()
    await house.judge(*ids, Decision.REJECT)
    assert (await house.judge(*ids, Decision.REJECT_CLIENT)).status is Status.REJECTED
    assert (await house.dossier(ids[0])).client.status is ClientStatus.REJECTED


async def test_off_boarding_ends_an_enabled_product(house: House) -> None:
    ids = await house.submitted()
    await house.judge(*ids, Decision.APPROVE)
    assert (await house.judge(*ids, Decision.REJECT)).status is Status.REJECTED
    assert (await house.dossier(ids[0])).client.status is ClientStatus.PENDING


async def test_approving_a_change_closes_its_review_and_tells_nobody(house: House) -> None:
    await hooked(house)
    ids = await house.submitted()
    await house.judge(*ids, Decision.APPROVE)
    await house.do(update_client, ids[0], profile(first_name="Mary"))
    before = house.messages("webhook")
    after = await house.judge(*ids, Decision.APPROVE)
    assert (after.status, after.review) == (Status.ENABLED, None)
    assert house.messages("webhook") == before
    assert house.actions(ids[0])[-1] == "change_approved"


async def test_refusing_a_change_off_boards(house: House) -> None:
    ids = await house.submitted()
    await house.judge(*ids, Decision.APPROVE)
    await house.do(update_client, ids[0], profile(first_name="Mary"))
    after = await house.judge(*ids, Decision.REJECT)
    assert (after.status, after.review) == (Status.REJECTED, None)


async def test_a_submission_under_review_waits_for_an_operator(house: House) -> None:
    ids = await house.submitted()
    await house.do(open_review, *ids)
    enablement = await house.enablement(*ids)
    assert (enablement.status, enablement.review) == (Status.IN_KYC, Review.SUBMISSION)
    assert (await house.judge(*ids, Decision.APPROVE)).review is None
    with pytest.raises(NotFound):
        await house.do(open_review, ids[0], id_at(1))


async def test_one_document_serves_a_second_product_after_the_first_was_rejected(house: House) -> None:
    ids = await house.submitted()
    await house.judge(*ids, Decision.REJECT)
    other = await house.request(ids[0], ACCOUNTS)
    state = await house.send(ids[0], other.id, upload("utility_bill", number=None))
    assert state.assessment.documents == ()
