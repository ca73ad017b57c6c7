"""What a catalogue asks for from a later day on: shown before, counted from its day, and never of whom it spares."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.adapters.config.pinned_catalogues import PinnedCatalogues
from ostiary.domain.errors import DocumentNotRequired
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.times import DAY_MS, day_of
from ostiary.usecases.dossiers import ProductState
from ostiary.usecases.onboarding.products import read_product
from ostiary.wire.products import product_answer
from tests.house import House, upload
from tests.material import NOW_MS, TODAY

LATER = date(2026, 5, 15)
DAYS = (LATER - TODAY).days
BEFORE = """
attributes:
  occupation: {name: Occupation, type: STRING}
document_types:
  passport: {name: Passport, metadata: {number: {name: Number, type: STRING}}}
  payslip: {name: Payslip}
  bank_statement: {name: Bank statement}
products:
  cards_individuals:
    name: Cards
    documents:
      identity: {name: Identity, one_of: [passport]}
"""
FOR_ALL = BEFORE + f"      funds: {{name: Funds, one_of: [payslip], from: {LATER}, for: all}}\n"
FOR_NEW = BEFORE + f"      funds: {{name: Funds, one_of: [payslip], from: {LATER}}}\n"
MORE_WAYS = BEFORE.replace("[passport]", f"[passport, {{type: payslip, from: {LATER}, for: all}}]")


def switch(house: House, *sources: str) -> None:
    """The last is in force; the others are kept for the requests that are pinned to them."""
    by_version = {catalogue_file.parse(source, "kept").version: source for source in sources}
    pinned = PinnedCatalogues(catalogue_file.parse(sources[-1], "current"), list(by_version), by_version.get)
    house.context = replace(house.context, catalogues=pinned)


async def read(house: House, ids: tuple[str, str]) -> ProductState:
    return await read_product(house.context, house.caller, *ids)


async def asked(house: House, *sources: str) -> tuple[str, str]:
    """A client's request under the first catalogue, with the last one in force afterwards."""
    switch(house, sources[0])
    client = await house.client()
    request = await house.request(client.id)
    switch(house, *sources)
    return client.id, request.id


def missing(state: ProductState) -> list[str]:
    return [each.requirement.id for each in state.assessment.documents]


def announced(state: ProductState) -> list[tuple[date, list[str]]]:
    return [(each.starts_on, [document.requirement.id for document in each.documents]) for each in state.future]


@pytest.mark.parametrize("sources", [(FOR_ALL,), (BEFORE, FOR_ALL)], ids=["own catalogue", "an earlier one"])
async def test_what_is_for_all_is_announced_and_counts_from_its_day(house: House, sources: tuple[str, ...]) -> None:
    ids = await asked(house, *sources)
    state = await read(house, ids)
    assert (missing(state), announced(state)) == (["identity"], [(LATER, ["funds"])])
    house.clock.now_ms += (DAYS - 1) * DAY_MS
    assert missing(await read(house, ids)) == ["identity"]
    house.clock.now_ms += DAY_MS
    state = await read(house, ids)
    assert (missing(state), announced(state)) == (["identity", "funds"], [])


async def test_what_is_for_new_requests_spares_who_asked_before(house: House) -> None:
    ids = await asked(house, FOR_NEW)
    house.clock.now_ms += (DAYS - 1) * DAY_MS
    state = await read(house, ids)
    assert (missing(state), announced(state)) == (["identity"], [])
    house.clock.now_ms += DAY_MS
    assert missing(await read(house, ids)) == ["identity"]
    with pytest.raises(DocumentNotRequired):
        await house.send(*ids, upload("payslip", number=None))
    other = await house.client(email="later@example.com")
    later = await house.request(other.id)
    assert missing(await read(house, (other.id, later.id))) == ["identity", "funds"]


async def test_a_document_is_taken_before_it_is_asked_for(house: House) -> None:
    ids = await asked(house, BEFORE, FOR_ALL)
    assert (await house.send(*ids, upload("payslip", number=None))).rejections == ()
    assert announced(await read(house, ids)) == []
    await house.send(*ids, upload(seed=9))
    house.clock.now_ms += DAYS * DAY_MS
    assert (await house.submit(*ids)).enablement.status is Status.IN_KYC


async def test_an_enabled_product_stays_enabled_and_is_told_of_what_is_to_come(house: House) -> None:
    ids = await asked(house, BEFORE, FOR_ALL)
    await house.send(*ids)
    await house.submit(*ids)
    await house.work()
    state = await read(house, ids)
    assert (state.enablement.status, announced(state)) == (Status.ENABLED, [(LATER, ["funds"])])
    house.clock.now_ms += DAYS * DAY_MS
    assert (await read(house, ids)).enablement.status is Status.ENABLED


async def test_another_way_is_open_from_its_day_on(house: House) -> None:
    ids = await asked(house, BEFORE, MORE_WAYS)
    early = await house.send(*ids, upload("payslip", number=None))
    assert early.rejections
    assert announced(await read(house, ids)) == []
    house.clock.now_ms += DAYS * DAY_MS
    assert (await house.send(*ids, upload("payslip", seed=5, number=None))).rejections == ()
    assert missing(await read(house, ids)) == []


async def test_partners_see_it_with_expand_alone(house: House) -> None:
    state = await read(house, await asked(house, FOR_ALL))
    assert product_answer(state).future_requirements is None
    answer = product_answer(state, ("future_requirements",)).future_requirements
    assert answer is not None
    [shown] = answer
    assert (shown.starts_on, [each.id for each in shown.documents], shown.data) == ("2026-05-15", ["funds"], [])
    assert (
        product_answer(await read(house, await asked_again(house)), ("future_requirements",)).future_requirements == []
    )


async def asked_again(house: House) -> tuple[str, str]:
    switch(house, BEFORE)
    client = await house.client(email="again@example.com")
    return client.id, (await house.request(client.id)).id


async def test_the_day_is_that_of_the_company(house: House) -> None:
    ids = await asked(house, FOR_ALL)
    house.caller = replace(house.caller, company=replace(house.caller.company, clock_ahead_ms=DAYS * DAY_MS))
    assert house.context.today_of(house.caller.company) == LATER == day_of(NOW_MS + DAYS * DAY_MS)
    assert missing(await read(house, ids)) == ["identity", "funds"]
