"""Open requests go on by another version: on purpose, one by one, and asked more only where that is allowed."""

from __future__ import annotations

import pytest

from ostiary.adapters.config.catalogue_file import default_source, parse
from ostiary.domain.catalogue_changes.effects import MoveEffect, MoveOutcome, MoveWish
from ostiary.domain.errors import CatalogueInvalid
from ostiary.usecases.catalogue.move import look_at_move, move_request, open_requests
from tests.house import ACCOUNTS, CARDS, House
from tests.usecases.test_publishing import followed, published

MORE = default_source().replace("        fields: [phone]\n", "        fields: [phone, occupation]\n", 1)
LESS = default_source().replace("        fields: [phone]\n", "        fields: [second_name]\n", 1)
NEEDY = default_source().replace(
    "  accounts_individuals:\n", "  accounts_individuals:\n    needs: [cards_individuals]\n", 1
)
GONE = default_source().partition("  accounts_individuals:")[0]


async def offered(house: House, source: str) -> str:
    """A catalogue is put into force; its version."""
    await published(house, parse(source, "new", is_kept=True))
    return followed(house, await house.context.storage.publications.every(await own_id(house)))


async def own_id(house: House) -> str:
    house_id = await house.context.storage.operators.house_id()
    assert house_id is not None
    return house_id


@pytest.fixture
async def request_ids(house: House) -> tuple[str, str]:
    """A client without an occupation, and its open request."""
    house.caller = await house.found_company()
    client = await house.client(attributes={})
    return client.id, (await house.request(client.id, CARDS)).id


async def moved(house: House, request_ids: tuple[str, str], version: str, *allowed: str) -> MoveEffect:
    return await house.do(move_request, *request_ids, MoveWish(version, frozenset(allowed)))


async def test_what_asks_no_more_is_moved_with_an_entry_and_not_twice(
    house: House, request_ids: tuple[str, str]
) -> None:
    before = await house.enablement(*request_ids)
    version = await offered(house, LESS.replace("second_name", "phone").replace("en: Cards", "en: Card"))
    effect = await moved(house, request_ids, version)
    assert (effect.outcome, effect.more, effect.less) == (MoveOutcome.MOVES, (), ())
    after = await house.enablement(*request_ids)
    assert (after.catalogue_version, after.status) == (version, before.status)
    assert house.actions(request_ids[0])[-1] == "catalogue_moved"
    entries = await house.context.storage.audit.entries(after.company_id, after.client_id)
    assert (entries[-1].subject, entries[-1].codes) == (after.id, (before.catalogue_version, version))
    count = len(house.actions(request_ids[0]))
    assert (await moved(house, request_ids, version)).outcome is MoveOutcome.THERE_ALREADY
    assert len(house.actions(request_ids[0])) == count


@pytest.mark.parametrize(("allowed", "outcome"), [
    ((), MoveOutcome.ASKS_MORE), (("data.salary", ACCOUNTS), MoveOutcome.ASKS_MORE),
    (("data.occupation",), MoveOutcome.MOVES), ((CARDS,), MoveOutcome.MOVES),
])  # fmt: skip
async def test_more_is_asked_only_where_that_was_named(
    house: House, request_ids: tuple[str, str], allowed: tuple[str, ...], outcome: MoveOutcome
) -> None:
    before = await house.enablement(*request_ids)
    version = await offered(house, MORE)
    looked = await look_at_move(house.context, house.caller, *request_ids, MoveWish(version, frozenset(allowed)))
    assert (looked.outcome, looked.more) == (outcome, ("data.occupation",))
    assert await house.enablement(*request_ids) == before
    assert await moved(house, request_ids, version, *allowed) == looked
    is_moved = (await house.enablement(*request_ids)).catalogue_version == version
    assert is_moved is (outcome is MoveOutcome.MOVES)


async def test_what_was_asked_before_may_be_asked_no_longer(house: House) -> None:
    house.caller = await house.found_company()
    client = await house.client(attributes={}, phone_country_code=None, phone_number=None)
    request = await house.request(client.id, CARDS)
    effect = await moved(house, (client.id, request.id), await offered(house, LESS))
    assert (effect.outcome, effect.more, effect.less) == (MoveOutcome.MOVES, (), ("data.phone",))


async def test_a_product_that_is_to_be_enabled_before_is_more(house: House) -> None:
    house.caller = await house.found_company()
    client = await house.client()
    ids = client.id, (await house.request(client.id, ACCOUNTS)).id
    version = await offered(house, NEEDY)
    effect = await moved(house, ids, version)
    assert (effect.outcome, effect.more) == (MoveOutcome.ASKS_MORE, (f"needs.{CARDS}",))
    assert (await moved(house, ids, version, f"needs.{CARDS}")).outcome is MoveOutcome.MOVES


async def test_what_is_not_offered_there_stays(house: House) -> None:
    house.caller = await house.found_company()
    client = await house.client()
    request = await house.request(client.id, ACCOUNTS)
    effect = await moved(house, (client.id, request.id), await offered(house, GONE))
    assert effect.outcome is MoveOutcome.NOT_OFFERED


async def test_what_is_submitted_stays_under_what_it_is_judged_by(house: House) -> None:
    house.caller = await house.found_company()
    submitted = await house.submitted()
    version = await offered(house, MORE)
    assert (await moved(house, submitted, version)).outcome is MoveOutcome.NOT_OPEN
    assert [each async for each in open_requests(house.context, house.caller.company.id)] == []


async def test_a_version_that_is_not_kept_moves_nothing(house: House, request_ids: tuple[str, str]) -> None:
    with pytest.raises(CatalogueInvalid):
        await moved(house, request_ids, "0" * 32)


async def test_open_requests_are_listed_by_product(house: House, request_ids: tuple[str, str]) -> None:
    await house.request(request_ids[0], ACCOUNTS)
    company = house.caller.company.id
    assert len([each async for each in open_requests(house.context, company)]) == 2
    assert [each async for each in open_requests(house.context, company, CARDS)] == [request_ids]
