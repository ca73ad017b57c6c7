"""Clients that the calendar's work cannot see to: they keep no other from being seen to, and come up again."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ostiary.background.renewals import DATED_AGAIN_MS, Renewals
from ostiary.domain.catalogue.renewal_rules import RenewalRules
from ostiary.domain.errors import Unavailable
from ostiary.domain.renewals.deadlines import Deadline, DeadlineState
from ostiary.domain.renewals.steps import RenewalStep, taken
from ostiary.domain.times import END_MS
from ostiary.usecases.lifecycle import backfill, daily
from ostiary.usecases.lifecycle.backfill import date_requests
from ostiary.usecases.lifecycle.daily import PUT_OFF_MS, due_work
from ostiary.usecases.lifecycle.renewals import FROM_THE_FIRST, list_renewals
from ostiary.usecases.sandbox.agenda import CALENDAR
from ostiary.usecases.sandbox.clock import ClockMove, move_clock
from tests.house import CARDS, House, open_house
from tests.renewing import deadline, enabled, renewing_catalogue
from tests.usecases.test_future_requirements import switch

OTHER = {"number": "CD7654321", "email": "other@example.com"}


@pytest.fixture
async def yearly(tmp_path: Path) -> AsyncIterator[House]:
    """Cards are reviewed every year; one sandbox company calls."""
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(renewing_catalogue(tmp_path))) as house:
        house.caller = await house.found_company()
        yield house


def write(house: House, statement: str, *parameters: str) -> None:
    with closing(sqlite3.connect(house.path)) as database, database:
        database.execute(statement, parameters)


@pytest.mark.parametrize("statement", [
    "UPDATE deadlines SET content = x'00' WHERE client_id = ?",
    "DELETE FROM clients WHERE client_id = ?",
    "UPDATE enablements SET catalogue_version = 'another' WHERE client_id = ?",
])  # fmt: skip
async def test_one_that_cannot_be_seen_to_keeps_no_other_and_comes_up_on_another_day(
    yearly: House, statement: str
) -> None:
    (spoilt, _), (good, _) = await enabled(yearly), await enabled(yearly, **OTHER)
    write(yearly, statement, spoilt)
    yearly.clock.now_ms = (await deadline(yearly, good)).next_at_ms
    heard = list[str]()
    company, now_ms = yearly.caller.company, yearly.clock.now_ms
    assert await due_work(yearly.context, company, now_ms, tell=lambda client_id, _: heard.append(client_id)) == 2
    assert heard == [spoilt]
    assert (await deadline(yearly, good)).state is DeadlineState.OPEN
    assert await due_work(yearly.context, company, now_ms) == 0, "it stands before no other"
    [(next_ms,)] = yearly.rows("SELECT next_at_ms FROM deadlines WHERE client_id = ?", spoilt)
    assert next_ms == now_ms + PUT_OFF_MS
    assert await due_work(yearly.context, company, next_ms) == 1


async def test_a_sandboxs_clock_goes_by_one_that_cannot_be_seen_to(yearly: House) -> None:
    (spoilt, _), (good, _) = await enabled(yearly), await enabled(yearly, **OTHER)
    write(yearly, "UPDATE deadlines SET content = x'00' WHERE client_id = ?", spoilt)
    clock = await yearly.do(move_clock, ClockMove("P11M"), CALENDAR)
    assert (clock.until_ms, (await deadline(yearly, good)).state) == (None, DeadlineState.OPEN)


@pytest.mark.parametrize("is_due_then", [True, False])
async def test_one_that_cannot_be_dated_keeps_no_other(tmp_path: Path, is_due_then: bool) -> None:
    """Also where nothing is due any more, and deadlines are dropped."""
    before = renewing_catalogue(tmp_path, "review_every: P2Y")
    after = renewing_catalogue(tmp_path, "review_every: P1Y" if is_due_then else "")
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(before)) as house:
        house.caller = await house.found_company()
        (spoilt, _), (good, _) = await enabled(house), await enabled(house, **OTHER)
        write(house, "DELETE FROM clients WHERE client_id = ?", spoilt)
        switch(house, after.read_text())
        with capture_logs() as logs:
            await Renewals(house.context).do(house.clock.now_ms)
        assert [(line["event"], line["client_id"]) for line in logs] == [("deadline_not_seen_to", spoilt)]
        terms = dict(house.rows("SELECT client_id, terms FROM deadlines"))
        assert terms.get(good) != terms[spoilt]
        assert (good in terms) is is_due_then
        assert await date_requests(house.context, house.caller.company, CARDS, "") is None


async def test_what_an_earlier_version_enables_beside_this_one_is_dated_within_a_day(yearly: House) -> None:
    renewals = Renewals(yearly.context)
    await renewals.do(yearly.clock.now_ms)
    client_id, _ = await enabled(yearly)
    write(yearly, "DELETE FROM deadlines WHERE client_id = ?", client_id)  # a version before this one makes no row
    await renewals.do(yearly.clock.now_ms + DATED_AGAIN_MS // 2)
    assert yearly.rows("SELECT * FROM deadlines") == []
    await renewals.do(yearly.clock.now_ms + DATED_AGAIN_MS)
    assert (await deadline(yearly, client_id)).state is DeadlineState.WAITING


@pytest.mark.parametrize("statement", [
    "UPDATE deadlines SET content = x'00' WHERE client_id = ?",
    "UPDATE deadlines SET state = 'none' WHERE client_id = ?",
    "UPDATE clients SET details = x'00' WHERE client_id = ?",
])  # fmt: skip
async def test_a_list_says_the_others_and_whoever_runs_it_hears_of_one_that_does_not_open(
    yearly: House, statement: str
) -> None:
    """Also where it stands at the end of a page."""
    (first, _), (spoilt, request_id) = await enabled(yearly), await enabled(yearly, **OTHER)
    (third, _) = await enabled(yearly, number="EF7654321", email="third@example.com")
    write(yearly, statement, spoilt)
    heard = list[tuple[str, ...]]()
    context = replace(yearly.context, row_unopened=lambda *words: heard.append(words))
    page = await list_renewals(context, yearly.caller, before_ms=END_MS, after=FROM_THE_FIRST, limit=2)
    assert ([each.client_id for each in page.deadlines], page.unopened) == ([first], 1)
    assert page.next is not None
    assert page.next[1] == request_id
    rest = await list_renewals(context, yearly.caller, before_ms=END_MS, after=page.next, limit=2)
    assert ([each.client_id for each in rest.deadlines], rest.unopened) == ([third], 0)
    assert heard == [("deadlines", yearly.caller.company.id, spoilt, "Tampered")]


async def test_a_fault_of_ours_with_one_client_keeps_no_other(yearly: House, monkeypatch: pytest.MonkeyPatch) -> None:
    (strange, _), (good, _) = await enabled(yearly), await enabled(yearly, **OTHER)
    yearly.clock.now_ms = now_ms = (await deadline(yearly, good)).next_at_ms

    def stepped(waits: Deadline, rules: RenewalRules, at_ms: int) -> tuple[Deadline, RenewalStep | None]:
        if waits.client_id == strange:
            raise TypeError("of no type that is kept")
        return taken(waits, rules, at_ms)

    monkeypatch.setattr(daily, "taken", stepped)
    with capture_logs() as logs:
        await Renewals(yearly.context).do(now_ms)
    events = [(line["event"], line["client_id"], line["error"]) for line in logs]
    assert events == [("deadline_not_seen_to", strange, "TypeError")]
    assert (await deadline(yearly, good)).state is DeadlineState.OPEN
    assert (await deadline(yearly, strange)).next_at_ms == now_ms + PUT_OFF_MS


async def test_a_database_that_is_away_puts_nothing_off(yearly: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client_id, _ = await enabled(yearly)
    before = await deadline(yearly, client_id)
    yearly.clock.now_ms = before.next_at_ms

    async def refused(*_: object, **__: object) -> None:
        raise Unavailable

    with monkeypatch.context() as away:
        away.setattr(daily, "execute", refused)
        with capture_logs() as logs:
            await Renewals(yearly.context).do(yearly.clock.now_ms)
        assert [line["event"] for line in logs] == ["renewals_not_done"]
    assert await deadline(yearly, client_id) == before
    assert await due_work(yearly.context, yearly.caller.company, yearly.clock.now_ms) == 1
    assert (await deadline(yearly, client_id)).state is DeadlineState.OPEN


async def test_a_database_that_is_away_while_requests_are_dated_leaves_them_to_the_next_round(
    yearly: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id, _ = await enabled(yearly)
    write(yearly, "DELETE FROM deadlines WHERE client_id = ?", client_id)

    async def refused(*_: object, **__: object) -> None:
        raise Unavailable

    with monkeypatch.context() as away:
        away.setattr(backfill, "execute", refused)
        with pytest.raises(Unavailable):
            await date_requests(yearly.context, yearly.caller.company, CARDS, "")
    await date_requests(yearly.context, yearly.caller.company, CARDS, "")
    assert (await deadline(yearly, client_id)).state is DeadlineState.WAITING
