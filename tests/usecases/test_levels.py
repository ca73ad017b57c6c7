"""Levels of a product: the highest that is enabled counts, and asking for more asks for the difference alone."""

from __future__ import annotations

import pytest

from ostiary.domain.errors import ProductAlreadyRequested
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.next_action import next_action
from ostiary.domain.review.verdicts import Decision
from tests.house import House, upload
from tests.usecases.test_future_requirements import BEFORE, missing, read, switch

BASIC, GOLD, LOANS, ACCOUNTS = "cards_individuals", "gold_individuals", "loans_individuals", "accounts_individuals"
IDENTITY = "    documents:\n      identity: {name: Identity, one_of: [passport]}\n"
WITHOUT = BEFORE.partition("products:")[0]
PRODUCTS = f"""products:
  {BASIC}:
    name: Cards
    family: cards
    level: 1
{IDENTITY}  {GOLD}:
    name: Gold
    family: cards
    level: 2
{IDENTITY}      funds: {{name: Funds, one_of: [payslip]}}
  {LOANS}:
    name: Loans
    needs: [{BASIC}]
{IDENTITY}"""
LEVELS = WITHOUT + PRODUCTS
FLAT = LEVELS.replace("    family: cards\n    level: 1\n", "").replace("    family: cards\n    level: 2\n", "")
Ids = tuple[str, str]


async def enabled(house: House, client_id: str, product: str, *documents: str) -> Ids:
    ids = client_id, (await house.request(client_id, product)).id
    for number, kind in enumerate(documents):
        await house.send(*ids, upload(kind, seed=40 + number, number="AB1234567" if kind == "passport" else None))
    await house.submit(*ids)
    await house.judge(*ids, Decision.APPROVE)
    assert (await house.enablement(*ids)).status is Status.ENABLED
    return ids


@pytest.fixture
async def client_id(house: House) -> str:
    switch(house, LEVELS)
    return (await house.client()).id


async def test_more_asks_for_the_difference_alone(house: House, client_id: str) -> None:
    basic = await enabled(house, client_id, BASIC, "passport")
    gold = client_id, (await house.request(client_id, GOLD)).id
    assert missing(await read(house, gold)) == ["funds"]
    assert (await house.submit(*gold)).enablement.status is Status.PENDING_DOCUMENTATION
    await house.send(*gold, upload("payslip", seed=5, number=None))
    assert (await house.submit(*gold)).enablement.status is Status.IN_KYC
    await house.judge(*gold, Decision.APPROVE)
    await house.judge(*gold, Decision.REJECT)
    assert (await house.enablement(*gold)).status is Status.REJECTED
    lower = await house.enablement(*basic)
    assert (lower.status, lower.review) == (Status.ENABLED, None)


async def test_who_has_the_higher_level_has_the_lower(house: House, client_id: str) -> None:
    gold = await enabled(house, client_id, GOLD, "passport", "payslip")
    with pytest.raises(ProductAlreadyRequested) as refused:
        await house.request(client_id, BASIC)
    [fault] = refused.value.faults
    assert (fault.field, fault.code, fault.product_request_id) == ("subproduct", "PRODUCT_ALREADY_REQUESTED", gold[1])
    assert GOLD in str(fault.message)
    loans = client_id, (await house.request(client_id, LOANS)).id
    assert (await house.submit(*loans)).enablement.status is Status.IN_KYC, "what it needs is there"
    await house.judge(*gold, Decision.REJECT)
    assert (await house.request(client_id, BASIC)).status is Status.REQUESTED


async def test_a_level_that_ends_is_looked_at_where_none_is_left_that_is_enough(house: House, client_id: str) -> None:
    basic = await enabled(house, client_id, BASIC, "passport")
    gold = await enabled(house, client_id, GOLD, "payslip")
    loans = await enabled(house, client_id, LOANS)
    await house.judge(*basic, Decision.REJECT)
    assert (await house.enablement(*loans)).review is None, "the higher level is enough"
    await house.judge(*gold, Decision.REJECT)
    other = await house.enablement(*loans)
    assert (other.status, other.review) == (Status.ENABLED, Review.CHANGE)


async def test_what_was_enabled_before_there_were_levels_counts_by_those_of_who_needs_it(house: House) -> None:
    switch(house, FLAT)
    client = await house.client()
    await enabled(house, client.id, GOLD, "passport", "payslip")
    switch(house, FLAT, LEVELS)
    loans = client.id, (await house.request(client.id, LOANS)).id
    assert (await house.submit(*loans)).enablement.status is Status.IN_KYC
    with pytest.raises(ProductAlreadyRequested):
        await house.request(client.id, BASIC)


async def test_a_level_that_a_request_of_before_does_not_know_counts_by_its_own_word(house: House) -> None:
    """The request was made before there was a higher level."""
    gold = PRODUCTS[PRODUCTS.index(f"  {GOLD}") : PRODUCTS.index(f"  {LOANS}")]
    before = WITHOUT + PRODUCTS.replace(gold, "")
    switch(house, before)
    client = await house.client()
    loans = client.id, (await house.request(client.id, LOANS)).id
    switch(house, before, LEVELS)
    await enabled(house, client.id, GOLD, "passport", "payslip")
    assert (await house.submit(*loans)).enablement.status is Status.IN_KYC


@pytest.mark.parametrize(("left", "action"), [(GOLD, "enable_needed_product"), (LOANS, "withdraw")])
async def test_a_need_is_out_of_reach_once_no_level_that_is_enough_is_offered(
    house: House, client_id: str, left: str, action: str
) -> None:
    loans = await requested(house, client_id, LOANS)
    await house.send(*loans, upload())
    gone = (BASIC,) if left == GOLD else (BASIC, GOLD)
    switch(house, LEVELS, offering(*gone))
    state = await read(house, loans)
    assert next_action(state.enablement, state.assessment, lost=state.lost).action == action


async def test_a_higher_level_that_was_asked_for_in_time_is_enough(house: House, client_id: str) -> None:
    loans, _ = await requested(house, client_id, LOANS), await requested(house, client_id, GOLD)
    switch(house, LEVELS, offering(BASIC, GOLD))
    assert (await read(house, loans)).lost == ()


async def requested(house: House, client_id: str, product: str) -> Ids:
    return client_id, (await house.request(client_id, product)).id


def offering(*gone: str) -> str:
    """The levels without some; loans stay, and need nothing any more."""
    starts = [PRODUCTS.index(f"  {name}:") for name in (BASIC, GOLD, LOANS)]
    parts = {
        name: PRODUCTS[start:end]
        for name, start, end in zip((BASIC, GOLD, LOANS), starts, (*starts[1:], len(PRODUCTS)), strict=True)
    }
    left = "".join(part for name, part in parts.items() if name not in gone)
    return WITHOUT + "products:\n" + left.replace(f"    needs: [{BASIC}]\n", "")
