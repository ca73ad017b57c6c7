"""The queue of one country: clients are opened for it, and not without bound."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.errors import Tampered, ValidationFailed
from ostiary.domain.operators.operator import Role
from ostiary.domain.review.waiting import START, Holding, QueueFilters, WaitingCase
from ostiary.usecases.review import claims
from ostiary.usecases.review.queue import case_beside, case_to_go_on_with, counted_cases, queue_page
from tests.house import House
from tests.reviewing import case, operator

GERMAN = {"country": "DEU", "state": None, "postal_code": "10115"}
DEU = QueueFilters(country="DEU")


async def mixed(house: House) -> list[str]:
    """Cases of Argentinians and Germans in turn; the ids of the Germans'."""
    ids = list[str]()
    for number in range(3):
        await case(house, f"AB000000{number}")
        ids.append((await case(house, f"AB100000{number}", address=GERMAN))[1])
    return ids


async def test_a_page_has_those_who_live_there_and_is_not_counted_beyond_itself(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    germans, ana = await mixed(house), await operator(house, "ana")
    page = await queue_page(house.context, ana, DEU)
    assert [each.case.enablement_id for each in page.cases] == germans
    assert (page.count, page.after, page.is_cut_short) == (3, None, False)
    monkeypatch.setattr("ostiary.usecases.review.queue.PAGE_CASES", 2)
    first = await queue_page(house.context, ana, DEU)
    assert (len(first.cases), first.count) == (2, None)
    assert first.after is not None
    second = await queue_page(house.context, ana, DEU, first.after)
    assert [each.case.enablement_id for each in second.cases] == germans[2:]
    assert (second.count, second.after) == (None, None)
    assert (await queue_page(house.context, ana, QueueFilters(country="FRA"))).count == 0


async def test_keys_and_decisions_go_on_within_the_country(house: House) -> None:
    germans, ana = await mixed(house), await operator(house, "ana")
    places = [each.case.place for each in (await queue_page(house.context, ana, DEU)).cases]
    behind = await case_beside(house.context, ana, DEU, places[0])
    before = await case_beside(house.context, ana, DEU, places[2], is_back=True)
    on = await case_to_go_on_with(house.context, ana, DEU, places[2])
    ids = [each.enablement_id for each in (behind, before, on) if isinstance(each, WaitingCase)]
    assert ids == [germans[1], germans[1], germans[0]]
    assert await case_beside(house.context, ana, DEU, places[0], is_back=True) is None
    assert await case_beside(house.context, ana, DEU, places[2]) is None


async def test_what_is_mine_is_filtered_too_and_a_view_of_a_country_has_no_count(house: House) -> None:
    germans, ana = await mixed(house), await operator(house, "ana", Role.REVIEWER)
    await claims.claim_case(house.context, ana, house.caller.company.id, germans[0])
    mine = replace(DEU, holding=Holding.MINE)
    assert (await queue_page(house.context, ana, mine)).count == 1
    assert (await queue_page(house.context, ana, replace(mine, country="ARG"))).count == 0
    assert await counted_cases(house.context, ana, [DEU, mine, QueueFilters()]) == [None, 1, 6]


async def test_no_more_clients_are_opened_than_one_look_may_and_the_next_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    germans, ana = await mixed(house), await operator(house, "ana")
    monkeypatch.setattr("ostiary.usecases.clients.residence.MOST_OPENED", 2)
    monkeypatch.setattr("ostiary.usecases.clients.residence.TOGETHER", 2)
    after, ids = START, list[str]()
    for _ in range(3):
        page = await queue_page(house.context, ana, DEU, after)
        assert (len(page.cases), page.count, page.is_cut_short) == (1, None, True)
        assert page.after is not None
        ids, after = ids + [each.case.enablement_id for each in page.cases], page.after
    assert ids == germans
    rest = await queue_page(house.context, ana, DEU, after)
    assert (rest.cases, rest.after, rest.is_cut_short) == ((), None, False)


async def test_a_client_who_does_not_open_or_is_gone_is_left_out_and_reported(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    germans, ana = await mixed(house), await operator(house, "ana")
    page = await queue_page(house.context, ana, DEU)
    broken, gone = [each.case.client_id for each in page.cases[:2]]
    clients, reports = house.context.storage.clients, list[tuple[str, str, str]]()
    find = clients.find

    async def opened(company_id: str, client_id: str) -> object:
        if client_id == broken:
            raise Tampered("details")
        return None if client_id == gone else await find(company_id, client_id)

    monkeypatch.setattr(clients, "find", opened)
    context = replace(
        house.context, row_unopened=lambda table, _, client_id, why: reports.append((table, client_id, why))
    )
    assert [each.case.enablement_id for each in (await queue_page(context, ana, DEU)).cases] == germans[2:]
    assert reports == [("clients", broken, "Tampered")]


async def test_a_step_within_a_country_says_where_it_stopped_looking(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await mixed(house)
    ana = await operator(house, "ana")
    places = [each.case.place for each in (await queue_page(house.context, ana, QueueFilters())).cases]
    monkeypatch.setattr("ostiary.usecases.clients.residence.MOST_OPENED", 1)
    monkeypatch.setattr("ostiary.usecases.clients.residence.TOGETHER", 1)
    assert await case_beside(house.context, ana, DEU, START) == places[0]
    assert await case_beside(house.context, ana, DEU, places[-1], is_back=True) == places[-2]


@pytest.mark.parametrize(
    ("country", "right"),
    [
        ("DE", "country must have three letters: DEU, not DE"),
        ("deu", "country must be written in capitals without spaces: DEU"),
        ("GERMANY", "country must be a three-letter country code"),
        ("ZZZ", "country must be a three-letter country code"),
    ],
)
async def test_a_country_is_one_that_there_is(house: House, country: str, right: str) -> None:
    ana, filters = await operator(house, "ana"), QueueFilters(country=country)
    for asked in (
        queue_page(house.context, ana, filters),
        case_beside(house.context, ana, filters, START),
        counted_cases(house.context, ana, [filters]),
    ):
        with pytest.raises(ValidationFailed, match=right):
            await asked
