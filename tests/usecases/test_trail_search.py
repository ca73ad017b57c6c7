"""Searching audit trails: within what an operator may read, by request as by client, page by page."""

from __future__ import annotations

from ostiary.domain.audit.search import TrailQuery
from ostiary.domain.operators.operator import Role
from ostiary.usecases.audit.search_trails import search_trails
from tests.house import House
from tests.reviewing import acts, case, looked, operator


async def test_only_trails_that_one_may_read_are_searched(house: House) -> None:
    client_id, _ = await case(house)
    acme = house.caller.company.id
    house.caller = await house.found_company("Beta")
    beta, (other_id, _) = house.caller.company.id, await case(house, "AB7654321")
    ana = await operator(house, "ana", Role.APPROVER)
    bob, vic = await operator(house, "bob", Role.APPROVER, acme), await operator(house, "vic", Role.REVIEWER, acme)
    everything = await search_trails(house.context, ana, TrailQuery())
    assert {client_id, other_id, acme, beta} <= {entry.owner for entry in everything.entries}
    assert [each.id for each in everything.companies] == [acme, beta]
    own = await search_trails(house.context, bob, TrailQuery())
    assert {entry.company_id for entry in own.entries} == {acme}
    assert (await search_trails(house.context, bob, TrailQuery(), beta)).entries == ()
    assert (await search_trails(house.context, vic, TrailQuery())).entries == (), "a reviewer reads no trails"
    only = await search_trails(house.context, ana, TrailQuery(), beta)
    assert {entry.company_id for entry in only.entries} == {beta}


async def test_a_request_means_its_client(house: House) -> None:
    client_id, request_id = await case(house)
    ana = await operator(house, "ana", Role.APPROVER)
    await looked(house, ana, client_id, request_id)
    for about in (client_id, request_id):
        page = await search_trails(house.context, ana, TrailQuery(owner=about, actor=acts(house, ana).actor))
        assert [entry.action for entry in page.entries] == ["review_looked"]
        assert page.entries[0].owner == client_id


async def test_a_page_ends_where_the_next_begins(house: House) -> None:
    await case(house)
    ana = await operator(house, "ana", Role.APPROVER)
    whole = (await search_trails(house.context, ana, TrailQuery())).entries
    page = await search_trails(house.context, ana, TrailQuery(), most=2)
    entries = list(page.entries)
    while page.after is not None:
        page = await search_trails(house.context, ana, TrailQuery(), after=page.after, most=2)
        entries += page.entries
    assert tuple(entries) == whole
    assert len(whole) > 4
