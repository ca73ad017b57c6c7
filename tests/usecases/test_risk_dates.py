"""A class of risk that moves takes the dates of enabled requests with it, at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.clients.risk_override import RiskWish
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import day_of
from ostiary.usecases.lifecycle.renewals import ask_renewal, confirm_renewal
from ostiary.usecases.lifecycle.risk import release_risk, set_risk
from ostiary.usecases.screening.screen_client import decide_hit
from tests.house import House, open_house
from tests.renewing import deadline, enabled, on, renewing_catalogue
from tests.reviewing import acts
from tests.risky import RULES
from tests.usecases.test_screening import cleared, look_at_plain
from tests.usecases.two_people import listed, people

TERMS = "review_every: {low: P5Y, standard: P3Y, high: P1Y}"
LOW_ON, HIGH_ON = date(2031, 4, 15), date(2027, 4, 15)


@pytest.fixture
async def risky(tmp_path: Path) -> AsyncIterator[House]:
    path = renewing_catalogue(tmp_path, TERMS)
    path.write_text(path.read_text("utf-8") + RULES, "utf-8")
    with open_house(tmp_path / "risky", OSTIARY_CATALOGUE=str(path)) as house:
        house.caller = await house.found_company()
        yield house
        await house.parts.close_connections()


async def due(house: House, client_id: str) -> tuple[RiskClass, date]:
    waits = await deadline(house, client_id)
    return waits.risk, day_of(waits.due_at_ms)


async def test_an_approvers_word_moves_the_date_and_its_end_moves_it_back(risky: House) -> None:
    client_id, _ = await enabled(risky)
    _, bea = await people(risky)
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)
    await risky.do(set_risk, client_id, RiskWish("high", "2026-05-01", "A tip."), caller=acts(risky, bea))
    assert await due(risky, client_id) == (RiskClass.HIGH, HIGH_ON)
    assert await on(risky, "2026-05-01") == 0
    assert await on(risky, "2026-05-02") == 1
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)
    assert await on(risky, "2026-05-03") == 0


async def test_a_word_that_lowers_ends_before_the_rules_date(risky: House) -> None:
    client_id, _ = await enabled(risky)
    _, bea = await people(risky)
    await risky.do(set_risk, client_id, RiskWish("high", "2027-04-01", "A tip."), caller=acts(risky, bea))
    await risky.do(release_risk, client_id, "Cleared.", caller=acts(risky, bea))
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)


async def test_who_is_enabled_under_a_word_is_dated_by_it_until_it_ends(risky: House) -> None:
    client_id, request_id = await risky.submitted()
    _, bea = await people(risky)
    await risky.do(set_risk, client_id, RiskWish("high", "2026-05-01", "A tip."), caller=acts(risky, bea))
    await risky.judge(client_id, request_id, Decision.APPROVE)
    assert await due(risky, client_id) == (RiskClass.HIGH, HIGH_ON)
    assert await on(risky, "2026-05-02") == 1
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)


async def test_what_lists_say_counts_when_dates_are_looked_at(risky: House) -> None:
    client_id, request_id = await risky.submitted()
    await listed(risky, client_id, "NK-1")
    await risky.judge(client_id, request_id, Decision.APPROVE)
    assert await due(risky, client_id) == (RiskClass.HIGH, HIGH_ON)


async def test_an_open_renewal_comes_nearer_and_one_that_is_submitted_stays(risky: House) -> None:
    client_id, request_id = await enabled(risky)
    _, bea = await people(risky)
    wish = RiskWish("high", "2026-06-01", "A tip.")
    await risky.do(ask_renewal, client_id, request_id, "An article.")
    asked = await due(risky, client_id)
    await risky.do(set_risk, client_id, wish, caller=acts(risky, bea))
    assert await due(risky, client_id) == (RiskClass.HIGH, asked[1])
    await risky.do(confirm_renewal, client_id, request_id)
    await risky.do(release_risk, client_id, "Cleared.", caller=acts(risky, bea))
    assert (await deadline(risky, client_id)).risk is RiskClass.HIGH
    await risky.judge(client_id, request_id, Decision.APPROVE)
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)


async def test_what_a_person_says_of_a_hit_moves_the_date_at_once(risky: House) -> None:
    client_id, request_id = await risky.submitted()
    [key] = await listed(risky, client_id, "NK-1")
    await risky.judge(client_id, request_id, Decision.APPROVE)
    assert await due(risky, client_id) == (RiskClass.HIGH, HIGH_ON)
    await risky.do(look_at_plain, client_id, request_id)
    await risky.do(decide_hit, client_id, request_id, cleared(key))
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)
