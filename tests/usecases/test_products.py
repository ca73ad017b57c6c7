"""Product requests: one live one for each product, withdrawn while it is not decided."""

from __future__ import annotations

import asyncio

import pytest

from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.errors import InvalidState, NotFound, ProductAlreadyRequested, ProductUnknown
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.review.verdicts import Decision
from ostiary.usecases.onboarding import products
from ostiary.usecases.onboarding.products import list_products, read_product, request_product, withdraw_product
from tests.house import ACCOUNTS, CARDS, House
from tests.material import id_at


async def test_a_request_with_something_missing_waits_for_documentation(house: House) -> None:
    client = await house.client()
    state = await house.do(request_product, client.id, CARDS)
    assert state.enablement.status is Status.PENDING_DOCUMENTATION
    assert [document.requirement.id for document in state.assessment.documents] == ["identity_document"]
    assert state.asks
    assert house.actions(client.id) == ["client_created", "product_requested"]


async def test_a_request_with_nothing_missing_waits_for_submit(house: House) -> None:
    client_id, enablement_id = await house.submitted()
    await house.do(withdraw_product, client_id, enablement_id)
    assert (await house.request(client_id)).status is Status.REQUESTED


async def test_a_client_has_no_end_of_requests_neither(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "MOST_REQUESTS", 2)
    client = await house.client()
    for _ in range(2):
        request = await house.request(client.id)
        await house.do(withdraw_product, client.id, request.id)
    with pytest.raises(InvalidState, match="2 product requests"):
        await house.do(request_product, client.id, CARDS)


async def test_creation_is_announced_to_nobody(house: House) -> None:
    client = await house.client()
    await house.request(client.id)
    assert house.rows("SELECT count(*) FROM messages") == [(0,)]
    assert house.woken == 0


async def test_an_unknown_product_names_those_there_are(house: House) -> None:
    client = await house.client()
    with pytest.raises(ProductUnknown, match="accounts_individuals, cards_individuals"):
        await house.request(client.id, "loans")


async def test_a_second_live_request_names_the_first(house: House) -> None:
    client = await house.client()
    first = await house.request(client.id)
    with pytest.raises(ProductAlreadyRequested) as refused:
        await house.request(client.id)
    assert first.id in refused.value.faults[0].message
    await house.request(client.id, ACCOUNTS)


async def test_twelve_requests_at_once_make_one(house: House) -> None:
    client = await house.client()
    outcomes = await asyncio.gather(*(house.request(client.id) for _ in range(12)), return_exceptions=True)
    assert sum(isinstance(outcome, ProductAlreadyRequested) for outcome in outcomes) == 11
    assert house.rows("SELECT count(*) FROM enablements") == [(1,)]


async def test_after_a_rejection_a_new_request_may_be_made(house: House) -> None:
    client_id, enablement_id = await house.submitted()
    await house.judge(client_id, enablement_id, Decision.REJECT)
    assert (await house.request(client_id)).id != enablement_id


async def test_a_rejected_client_is_offered_nothing(house: House) -> None:
    client_id, enablement_id = await house.submitted()
    await house.judge(client_id, enablement_id, Decision.REJECT_CLIENT)
    assert (await house.dossier(client_id)).client.status is ClientStatus.REJECTED
    with pytest.raises(InvalidState, match="This client was rejected"):
        await house.request(client_id, ACCOUNTS)


async def test_requests_are_listed_newest_first(house: House) -> None:
    client = await house.client()
    request_ids = [(await house.request(client.id, product)).id for product in (CARDS, ACCOUNTS)]
    listed = await list_products(house.context, house.caller, client.id)
    assert [state.enablement.id for state in listed] == request_ids[::-1]


async def test_another_companys_request_is_none(house: House) -> None:
    client, other = await house.client(), await house.found_company("Other")
    mine = await house.request(client.id)
    for caller, client_id, enablement_id in (
        (other, client.id, mine.id),
        (house.caller, client.id, id_at(1)),
        (house.caller, id_at(1), mine.id),
    ):
        with pytest.raises(NotFound):
            await read_product(house.context, caller, client_id, enablement_id)
    assert (await read_product(house.context, house.caller, client.id, mine.id)).enablement == mine


async def test_a_request_can_be_withdrawn_until_it_is_decided(house: House) -> None:
    client = await house.client()
    for _ in range(2):
        request = await house.request(client.id)
        state = await house.do(withdraw_product, client.id, request.id)
        assert state.enablement.status is Status.REJECTED
        assert state.enablement.rejection_description == "withdrawn by the company"
        assert not state.asks
        with pytest.raises(InvalidState):
            await house.do(withdraw_product, client.id, request.id)


async def test_an_enabled_product_cannot_be_withdrawn(house: House) -> None:
    client_id, enablement_id = await house.submitted()
    await house.judge(client_id, enablement_id, Decision.APPROVE)
    with pytest.raises(InvalidState, match="enabled cannot be withdrawn"):
        await house.do(withdraw_product, client_id, enablement_id)


async def test_twelve_withdrawals_at_once_are_one(house: House) -> None:
    client_id, enablement_id = await house.submitted()
    ended = await asyncio.gather(
        *(house.do(withdraw_product, client_id, enablement_id) for _ in range(12)), return_exceptions=True
    )
    assert sum(isinstance(outcome, InvalidState) for outcome in ended) == 11
    assert house.actions(client_id).count("product_withdrawn") == 1
