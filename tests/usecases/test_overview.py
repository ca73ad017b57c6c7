"""Companies and audit trails as operators of the console see them."""

from __future__ import annotations

from dataclasses import replace
from threading import get_ident

import pytest

from ostiary.domain.errors import NotFound
from ostiary.domain.ids import encode
from ostiary.domain.operators.operator import Operator, Role
from ostiary.usecases.audit.read_trail import checked, read_trail
from ostiary.usecases.companies.companies import create_key
from ostiary.usecases.companies.overview import companies_for, company_overview, find_key
from tests.house import House

NOBODYS = encode(1, 1)


def operator(*companies: str) -> Operator:
    return Operator(id="x", name="Vic", role=Role.VIEWER, companies=companies, created_at_ms=0, updated_at_ms=0)


async def test_an_operator_finds_the_companies_he_works_for_by_name(house: House) -> None:
    zeta, beta = await house.found_company("zeta"), await house.found_company("Beta")
    names = [company.name for company in await companies_for(house.context, operator())]
    assert names == sorted(names, key=str.casefold)
    assert {"zeta", "Beta"} <= set(names)
    own = await companies_for(house.context, operator(zeta.company.id))
    assert [company.name for company in own] == ["zeta"]
    assert beta.company.id not in {company.id for company in own}


async def test_a_companys_keys_are_shown_newest_first(house: House) -> None:
    older = await house.do(create_key, 1, ())
    await house.refresh()
    newer = await house.do(create_key, 3, ())
    overview = await company_overview(house.context, house.caller)
    assert [key.id for key in overview.keys] == [newer.key.id, older.key.id]
    assert overview.health.state == "untried"
    assert overview.stored_bytes == 0


async def test_a_key_is_found_by_its_own_company_alone(house: House) -> None:
    key = (await house.do(create_key, 1, ())).key
    assert await find_key(house.context, house.caller, key.id) == key
    other = await house.found_company("Other")
    for caller, key_id in ((other, key.id), (house.caller, NOBODYS)):
        with pytest.raises(NotFound):
            await find_key(house.context, caller, key_id)


async def test_a_trail_is_read_and_checked(house: House) -> None:
    mark = house.parts.store.census.mark
    await house.do(create_key, 1, ())
    await house.refresh()
    trail = await read_trail(house.context, house.caller, mark)
    assert [entry.action for entry in trail.entries][-1] == "key_created"
    assert trail.fault is None
    client = await house.client()
    own = await read_trail(house.context, house.caller, mark, client.id)
    assert ([entry.action for entry in own.entries], own.fault) == (["client_created"], None)


async def test_what_comes_while_a_trail_is_read_is_no_fault(house: House) -> None:
    before = house.caller
    await house.do(create_key, 1, ())
    trail = await read_trail(house.context, before, house.parts.store.census.mark)
    assert trail.fault is None
    assert len(trail.entries) == before.company.chain.length + 1


async def test_a_trail_that_does_not_end_as_written_is_told(house: House) -> None:
    chain = replace(house.caller.company.chain, length=house.caller.company.chain.length + 1)
    cut = replace(house.caller, company=replace(house.caller.company, chain=chain))
    trail = await read_trail(house.context, cut, house.parts.store.census.mark)
    assert trail.fault is not None


async def test_a_client_of_another_company_has_no_trail(house: House) -> None:
    client, other = await house.client(), await house.found_company("Other")
    with pytest.raises(NotFound):
        await read_trail(house.context, other, house.parts.store.census.mark, client.id)


async def test_a_long_trail_is_checked_in_a_thread_of_its_own(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = set[int]()

    def mark(*parts: str | bytes) -> bytes:
        threads.add(get_ident())
        return house.parts.store.census.mark(*parts)

    company = house.caller.company
    entries = await house.context.storage.audit.entries(company.id, company.id)
    assert await checked(entries, company.chain, mark) is None
    assert threads == {get_ident()}
    threads.clear()
    monkeypatch.setattr("ostiary.usecases.audit.read_trail.CHECKED_AT_ONCE", 0)
    assert await checked(entries, company.chain, mark) is None
    assert threads
    assert get_ident() not in threads
    broken = [replace(entries[0], actor="nobody"), *entries[1:]]
    assert await checked(broken, company.chain, mark) == "entry 1 was changed"
