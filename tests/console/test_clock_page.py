"""The clock of a sandbox company, on its page: how far it is ahead, and moving it."""

from __future__ import annotations

import pytest

from ostiary.domain.companies.company import Environment
from ostiary.domain.operators.operator import Role
from ostiary.domain.times import DAY_MS, MINUTE_MS
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.companies.companies import operator_for
from tests.console.desk import Desk, text_of


async def ahead_ms(desk: Desk, company_id: str) -> int:
    company = await desk.parts.context.storage.companies.find(company_id)
    assert company is not None
    return company.clock_ahead_ms


async def test_an_admin_moves_the_clock_and_everybody_sees_where_it_is(desk: Desk) -> None:
    company = await desk.company("Acme of clocks")
    ada, place = await desk.signed_in("Ada of clocks", Role.ADMIN, company.id), f"/console/companies/{company.id}"
    assert "Ahead by nothing" in text_of(await ada.get(place))
    moved = await ada.post(f"{place}/clock", {"count": "90", "unit": "D"})
    assert moved.headers["location"] == f"{place}?notice=clock_moved"
    assert 90 * DAY_MS - MINUTE_MS < await ahead_ms(desk, company.id) <= 90 * DAY_MS
    vic = await desk.signed_in("Vic of clocks", Role.VIEWER, company.id)
    page = text_of(await vic.get(place))
    assert "Ahead by 90 days" in page
    assert "Move the clock" not in page
    assert (await vic.post(f"{place}/clock", {"count": "1", "unit": "D"})).status_code == 403


@pytest.mark.parametrize(("count", "unit", "words"), [
    ("0", "D", "advance must be a span ahead"), ("x", "D", "advance must be a span ahead"),
    ("1", "X", "advance must be a span ahead"), ("-1", "D", "advance must be a span ahead"),
    ("11", "Y", "advance may be 10 years at most"),
])  # fmt: skip
async def test_what_moves_no_clock_is_refused_where_it_stands(desk: Desk, count: str, unit: str, words: str) -> None:
    company = await desk.company("Acme of refused clocks")
    ada = await desk.signed_in(f"Ada of {count} {unit}")
    refused = await ada.post(f"/console/companies/{company.id}/clock", {"count": count, "unit": unit})
    assert (refused.status_code, words in text_of(refused), "<details open>" in refused.text) == (400, True, True)
    assert await ahead_ms(desk, company.id) == 0


async def test_a_company_in_production_has_no_clock(desk: Desk) -> None:
    company = await desk.company("Acme in earnest", Environment.PRODUCTION)
    ada, place = await desk.signed_in("Ada in earnest"), f"/console/companies/{company.id}"
    assert "Clock" not in text_of(await ada.get(place))
    for fields in ({"count": "1", "unit": "D"}, {"go_on": "1"}):
        refused = await ada.post(f"{place}/clock", fields)
        assert (refused.status_code, "Only a sandbox company has a clock" in text_of(refused)) == (412, True)
    assert await ahead_ms(desk, company.id) == 0


async def test_a_clock_that_was_cut_short_goes_on_and_no_further(desk: Desk) -> None:
    company = await desk.company("Acme on the way")
    ada, place = await desk.signed_in("Ada on the way"), f"/console/companies/{company.id}"
    caller = await operator_for(desk.parts.context, company.id, "setup")
    now_ms = desk.clock.now_ms()
    on_its_way = replace(caller.company, clock_until_ms=now_ms + 7 * DAY_MS)
    assert await desk.parts.context.storage.commit(Unit(company.id, now_ms, on_its_way)) is None
    page = text_of(await ada.get(place))
    assert "was cut short" in page
    assert "By how many" not in page
    for _ in range(2):
        moved = await ada.post(f"{place}/clock", {"go_on": "1", "count": "1", "unit": "D"})
        assert moved.headers["location"] == f"{place}?notice=clock_there"
        assert 7 * DAY_MS - MINUTE_MS < await ahead_ms(desk, company.id) <= 7 * DAY_MS
