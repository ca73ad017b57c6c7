"""Products that need others: missing until those are enabled, and looked at by a person when one of those ends."""

from __future__ import annotations

from ostiary.adapters.config import catalogue_file
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.next_action import next_action
from ostiary.domain.onboarding.requirements import Explained
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.verdicts import Decision
from ostiary.usecases.onboarding.products import withdraw_product
from ostiary.wire.products import product_answer
from tests.house import ACCOUNTS, CARDS, House, upload
from tests.usecases.test_future_requirements import BEFORE, read, switch

NEEDING = (
    BEFORE
    + f"""  {ACCOUNTS}:
    name: Accounts
    needs: [{CARDS}]
    documents:
      identity: {{name: Identity, one_of: [passport]}}
"""
)


async def both(house: House) -> tuple[tuple[str, str], tuple[str, str]]:
    """A client that asks for cards, and for accounts, which need them."""
    switch(house, NEEDING)
    client = await house.client()
    cards, accounts = await house.request(client.id), await house.request(client.id, ACCOUNTS)
    await house.send(client.id, cards.id, upload())
    return (client.id, cards.id), (client.id, accounts.id)


async def enabled(house: House, ids: tuple[str, str]) -> None:
    await house.submit(*ids)
    await house.judge(*ids, Decision.APPROVE)


async def test_a_product_waits_for_those_that_it_needs_and_says_so(house: House) -> None:
    cards, accounts = await both(house)
    assert (await house.submit(*accounts)).enablement.status is Status.PENDING_DOCUMENTATION
    state = await read(house, accounts)
    action = next_action(state.enablement, state.assessment)
    assert (action.action, action.missing) == ("enable_needed_product", (CARDS,))
    [group] = product_answer(state).missing_requirements.data
    assert (group.id, group.fields) == ("needed_products", [])
    assert state.assessment.explained[-1] == Explained(f"needed_products.{CARDS}", True, None, missing=(CARDS,))
    await enabled(house, cards)
    state = await read(house, accounts)
    assert state.assessment.explained[-1].satisfied_by == f"{CARDS} {cards[1]}"
    assert not state.assessment.explained[-1].missing
    assert next_action(state.enablement, state.assessment).action == "submit"
    assert (await house.submit(*accounts)).enablement.status is Status.IN_KYC
    assert (await read(house, accounts)).assessment.explained[-1].satisfied_by, "it stays explained after submit"


async def test_documents_come_first(house: House) -> None:
    switch(house, NEEDING)
    client = await house.client()
    state = await read(house, (client.id, (await house.request(client.id, ACCOUNTS)).id))
    assert next_action(state.enablement, state.assessment).action == "complete_documentation"


async def test_when_a_needed_product_ends_a_person_looks_at_the_other(house: House) -> None:
    cards, accounts = await both(house)
    for ids in (cards, accounts):
        await enabled(house, ids)
    await house.put(await house.enablement(*accounts))
    await house.judge(*cards, Decision.REJECT)
    assert (await house.enablement(*cards)).status is Status.REJECTED
    other = await house.enablement(*accounts)
    assert (other.status, other.review) == (Status.ENABLED, Review.CHANGE)
    assert other.review_reasons == (ReviewReason.NEEDED_PRODUCT_ENDED,)
    assert house.actions(cards[0])[-1] == "review_opened"


async def test_a_product_that_nobody_needs_ends_alone(house: House) -> None:
    cards, accounts = await both(house)
    for ids in (cards, accounts):
        await enabled(house, ids)
    await house.judge(*accounts, Decision.REJECT)
    assert (await house.enablement(*cards)).review is None


async def test_who_is_rejected_as_such_has_nothing_left_to_look_at(house: House) -> None:
    cards, accounts = await both(house)
    for ids in (cards, accounts):
        await enabled(house, ids)
    await house.judge(*cards, Decision.REJECT_CLIENT)
    assert [(await house.enablement(*ids)).status for ids in (cards, accounts)] == [Status.REJECTED] * 2
    assert (await house.enablement(*accounts)).review is None


def test_a_way_round_over_several_products_is_a_fault_and_one_that_meets_is_none() -> None:
    lines = ("a: {name: A, needs: [b, c]}", "b: {name: B, needs: [d]}", "c: {name: C, needs: [d]}", "d: {name: D}")
    meeting = "products:\n" + "\n".join(f"  {line}" for line in lines)
    assert catalogue_file.parse(meeting, "mine").products["a"].needs == ("b", "c")


async def test_a_needed_product_that_is_not_offered_any_more_is_no_dead_end(house: House) -> None:
    """Asked for anew, the product is as the catalogue in force says."""
    switch(house, NEEDING)
    client = await house.client()
    ids = (client.id, (await house.request(client.id, ACCOUNTS)).id)
    later = NEEDING.replace(f"    needs: [{CARDS}]\n", "").replace(f"  {CARDS}:\n", "  loans:\n")
    switch(house, NEEDING, later)
    action = product_answer(await read(house, ids), ("next_action",)).next_action
    assert action is not None
    assert (action.owner, action.action, action.missing) == ("company", "withdraw", (CARDS,))
    await house.do(withdraw_product, *ids)
    again = (client.id, (await house.request(client.id, ACCOUNTS)).id)
    action = product_answer(await read(house, again), ("next_action",)).next_action
    assert action is not None
    assert action.action == "complete_documentation"


async def test_a_needed_product_that_was_asked_for_in_time_can_still_be_enabled(house: House) -> None:
    _, accounts = await both(house)
    later = NEEDING.replace(f"    needs: [{CARDS}]\n", "").replace(f"  {CARDS}:\n", "  loans:\n")
    switch(house, NEEDING, later)
    action = product_answer(await read(house, accounts), ("next_action",)).next_action
    assert action is not None
    assert action.action == "enable_needed_product"
