"""Submit: with nothing missing to the provider, once; with something missing, back with what."""

from __future__ import annotations

import asyncio

import pytest

from ostiary.domain.errors import InvalidState, NotFound
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.rejections import Code
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import DAY_MS
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.delivery.webhook import subscribe_webhook
from ostiary.usecases.dossiers import ProductState
from ostiary.usecases.onboarding.products import withdraw_product
from ostiary.usecases.onboarding.submit import submit_product
from ostiary.usecases.transaction import Outcome, execute
from tests.house import ACCOUNTS, House, upload
from tests.material import id_at, profile


async def test_with_nothing_missing_it_goes_to_the_provider_with_one_notification(house: House) -> None:
    client = await house.client()
    enablement = await house.request(client.id)
    await house.send(client.id, enablement.id)
    house.clock.now_ms += 1000
    state = await house.submit(client.id, enablement.id)
    assert (state.enablement.status, state.enablement.attempt) == (Status.IN_KYC, 1)
    assert state.enablement.updated_at_ms == house.clock.now_ms
    assert state.rejections == ()
    assert house.messages("provider") == ["pending"]
    assert house.woken == 1


async def test_with_something_missing_it_stays_and_nothing_is_written(house: House) -> None:
    client = await house.client()
    enablement = await house.request(client.id)
    state = await house.submit(client.id, enablement.id)
    assert state.enablement == enablement
    assert house.rows("SELECT count(*) FROM messages") == [(0,)]
    assert house.actions(client.id) == ["client_created", "product_requested"]


async def test_what_was_taken_but_fails_now_is_named(house: House) -> None:
    client = await house.client()
    enablement = await house.request(client.id)
    await house.send(client.id, enablement.id, upload(expiration_date="2026-04-15"))
    house.clock.now_ms += DAY_MS
    state = await house.submit(client.id, enablement.id)
    assert state.enablement.status is Status.PENDING_DOCUMENTATION
    assert [rejection.code for rejection in state.rejections] == [Code.DOCUMENT_EXPIRED]


async def test_a_complete_request_that_became_incomplete_goes_back_and_that_is_told(house: House) -> None:
    client_id, enablement_id = await house.submitted()
    await house.do(withdraw_product, client_id, enablement_id)
    await house.do(subscribe_webhook, "https://example.com/hook", "key", lambda url, plain: None)
    await house.refresh()
    again = await house.request(client_id)
    await house.do(update_client, client_id, profile(phone_country_code=None, phone_number=None))
    state = await house.submit(client_id, again.id)
    assert state.enablement.status is Status.PENDING_DOCUMENTATION
    assert house.messages("webhook") == ["pending"]
    assert house.messages("provider") == ["pending"]  # of the first submission


async def test_a_minor_is_told_the_day_and_does_not_advance(house: House) -> None:
    client = await house.client(birth_date="2010-04-16")
    enablement = await house.request(client.id, ACCOUNTS)
    state = await house.submit(client.id, enablement.id)
    assert [(rejection.code, rejection.retryable) for rejection in state.rejections] == [(Code.UNDERAGE, False)]


async def test_submitting_again_gives_the_same_answer_and_no_second_notification(house: House) -> None:
    client_id, enablement_id = await house.submitted()
    first = await house.enablement(client_id, enablement_id)
    house.clock.now_ms += 1000
    assert (await house.submit(client_id, enablement_id)).enablement == first
    assert house.messages("provider") == ["pending"]


async def test_twelve_submissions_at_once_are_one(house: House) -> None:
    client = await house.client()
    enablement = await house.request(client.id)
    await house.send(client.id, enablement.id)
    states = await asyncio.gather(*(house.submit(client.id, enablement.id) for _ in range(12)))
    assert {state.enablement.status for state in states} == {Status.IN_KYC}
    assert {state.enablement.attempt for state in states} == {1}
    assert house.messages("provider") == ["pending"]
    assert house.actions(client.id).count("product_submitted") == 1


@pytest.mark.parametrize("decision", [Decision.APPROVE, Decision.REJECT])
async def test_what_is_decided_is_not_submitted(house: House, decision: Decision) -> None:
    client_id, enablement_id = await house.submitted()
    await house.judge(client_id, enablement_id, decision)
    with pytest.raises(InvalidState, match="cannot be submitted"):
        await house.submit(client_id, enablement_id)


async def test_what_is_not_there_is_not_submitted(house: House) -> None:
    client = await house.client()
    with pytest.raises(NotFound):
        await house.submit(client.id, id_at(1))


async def test_an_update_that_slips_between_makes_submit_decide_again(house: House) -> None:
    """Judged complete, but the phone goes before it is written: the guard is lost and it decides on what is there."""
    client = await house.client()
    enablement = await house.request(client.id)
    await house.send(client.id, enablement.id)
    statuses: list[Status] = []

    async def decide() -> Outcome[ProductState]:
        decided = await submit_product(house.context, house.caller, client.id, enablement.id)
        statuses.append(decided.answer.enablement.status)
        if len(statuses) == 1:
            await house.do(update_client, client.id, profile(phone_country_code=None, phone_number=None))
        return decided

    state = await execute(house.context, house.caller, decide)
    assert statuses == [Status.IN_KYC, Status.PENDING_DOCUMENTATION]
    stored = await house.enablement(client.id, enablement.id)
    assert stored == state.enablement
    assert stored.status is Status.PENDING_DOCUMENTATION
    assert house.messages("provider") == []
