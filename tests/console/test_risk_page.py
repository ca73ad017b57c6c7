"""A client's class of risk on the page of a case: why, and an approver's word instead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ostiary.app import Installation
from ostiary.domain.operators.operator import Role
from ostiary.domain.times import day_of
from tests.console.cases import actions, waiting
from tests.console.desk import Desk, text_of
from tests.http.running import installation
from tests.risky import risky_catalogue


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("risk")
    with installation(folder, OSTIARY_CATALOGUE=risky_catalogue(folder)) as parts:
        yield parts


def given(until: str, **changes: str) -> dict[str, str]:
    return {"class": "high", "until": until, "reason": "A tip.", **changes}


async def test_the_page_says_the_class_and_why_and_an_approver_says_otherwise(desk: Desk) -> None:
    company = await desk.company("Acme of risk")
    case = await waiting(desk, company)
    bea = await desk.signed_in("Bea of risk", Role.APPROVER, company.id)
    page = text_of(await bea.get(case.place))
    assert "How much risk the client is low risk" in page
    assert "Cards at home product == 'cards_individuals' && country == 'ARG' cards individuals" in page
    until = str(day_of(desk.parts.context.now_ms()))
    answer = await bea.post(f"{case.place}/risk", given(until))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{case.place}?notice=risk_set")
    page = text_of(await bea.get(answer.headers["location"]))
    assert "The class of risk is set; it ends by itself." in page
    assert "high risk as Bea of risk said, until the end of" in page
    assert "By the rules it would be: low risk." in page
    assert "Said how much risk the client is by Bea of risk: high" in page
    answer = await bea.post(f"{case.place}/risk/release", {"reason": "Cleared."})
    assert answer.headers["location"].endswith("notice=risk_released")
    assert "low risk" in text_of(await bea.get(case.place))
    done = [each for each in await actions(desk, case.client_id, company) if each.startswith("risk_")]
    assert done == ["risk_set", "risk_released"]


async def test_what_is_refused_comes_back_with_what_was_typed(desk: Desk) -> None:
    company = await desk.company("Acme of no risk")
    case = await waiting(desk, company)
    bea = await desk.signed_in("Bea of no risk", Role.APPROVER, company.id)
    answer = await bea.post(f"{case.place}/risk", given("2020-01-01", **{"class": "standard"}))
    assert answer.status_code == 412
    assert "until must be a day from" in text_of(answer)
    assert 'value="standard" required checked' in answer.text
    assert "A tip.</textarea>" in answer.text
    answer = await bea.post(f"{case.place}/risk/release", {"reason": "Cleared."})
    assert (answer.status_code, "Nobody has set this client" in text_of(answer)) == (412, True)


async def test_who_only_decides_sees_the_class_and_cannot_say_otherwise(desk: Desk) -> None:
    company = await desk.company("Acme of rita")
    case = await waiting(desk, company)
    rita = await desk.signed_in("Rita of risk", Role.REVIEWER, company.id)
    page = text_of(await rita.get(case.place))
    assert ("low risk" in page, "Say it otherwise" in page) == (True, False)
    assert (await rita.post(f"{case.place}/risk", given("2030-01-01"))).status_code == 403


async def test_the_page_is_in_the_operators_language(desk: Desk) -> None:
    company = await desk.company("Acme of riesgo")
    case = await waiting(desk, company)
    bea = await desk.signed_in("Bea of riesgo", Role.APPROVER, company.id)
    page = text_of(await bea.get(case.place, headers={"accept-language": "es"}))
    assert "Tarjetas en casa" in page
    assert "riesgo bajo" in page
