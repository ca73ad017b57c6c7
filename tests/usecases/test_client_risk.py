"""A client's class of risk over a real installation: what it follows from, and an approver's word instead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.clients.risk_override import RiskWish
from ostiary.domain.errors import InvalidState, NotFound, ValidationFailed
from ostiary.domain.lifecycle.risk import AssessedRisk
from ostiary.domain.times import DAY_MS
from ostiary.usecases.dossiers import state_of
from ostiary.usecases.lifecycle.risk import read_risk, release_risk, set_risk
from ostiary.usecases.onboarding.products import withdraw_product
from tests.house import ACCOUNTS, House, open_house
from tests.reviewing import acts
from tests.risky import risky_catalogue
from tests.usecases.two_people import listed, people

LOW, STANDARD, HIGH = RiskClass
WISH = RiskWish("high", "2026-04-20", "A tip.")


@pytest.fixture
async def risky(tmp_path: Path) -> AsyncIterator[House]:
    with open_house(tmp_path / "risky", OSTIARY_CATALOGUE=risky_catalogue(tmp_path)) as house:
        house.caller = await house.found_company()
        yield house
        await house.parts.close_connections()


async def risk_in(house: House, client_id: str) -> AssessedRisk:
    return await read_risk(house.context, house.caller, client_id)


async def test_a_class_moves_with_products_data_and_lists(risky: House) -> None:
    client = await risky.client()
    assert (await risk_in(risky, client.id)).risk_class is STANDARD
    await risky.request(client.id)
    assert (await risk_in(risky, client.id)).risk_class is LOW
    account = await risky.request(client.id, ACCOUNTS)
    risk = await risk_in(risky, client.id)
    assert (risk.risk_class, [each.missing for each in risk.counted]) == (HIGH, [("annual_salary",), ()])
    await risky.do(withdraw_product, client.id, account.id)
    assert (await risk_in(risky, client.id)).risk_class is LOW
    await listed(risky, client.id, "NK-1")
    risk = await risk_in(risky, client.id)
    assert (risk.risk_class, risk.counted[0].rule.name) == (HIGH, "A list names the client")


async def test_what_a_request_explains_rests_on_the_rules_in_force(risky: House, house: House) -> None:
    for each, has_rules in ((risky, True), (house, False)):
        client = await each.client()
        request = await each.request(client.id)
        state = state_of(each.context, each.caller.company, await each.dossier(client.id), request)
        assert (state.risk is not None) is has_rules


async def test_an_approvers_word_counts_at_once_is_kept_with_its_reason_and_ends_by_itself(risky: House) -> None:
    client_id, request_id = await risky.submitted()
    _, bea = await people(risky)
    risk = await risky.do(set_risk, client_id, WISH, caller=acts(risky, bea))
    assert (risk.risk_class, risk.by_rules) == (HIGH, LOW)
    assert await risk_in(risky, client_id) == risk
    details = await risky.look(client_id, request_id)
    assert details.risk == risk
    [remark] = details.remarks
    assert (remark.action, remark.actor, remark.text, remark.enablement_id) == (
        "risk_set",
        "operator:bea",
        "A tip.",
        "",
    )
    entries = await risky.context.storage.audit.entries(risky.caller.company.id, client_id)
    [entry] = [each for each in entries if each.action == "risk_set"]
    assert (entry.actor, entry.subject, entry.codes) == ("operator:bea", client_id, ("high", "2026-04-20"))
    risky.clock.now_ms += 5 * DAY_MS
    assert (await risk_in(risky, client_id)).risk_class is HIGH
    risky.clock.now_ms += DAY_MS
    assert (await risk_in(risky, client_id)).risk_class is LOW
    with pytest.raises(InvalidState, match="Nobody has set"):
        await risky.do(release_risk, client_id, "Cleared.", caller=acts(risky, bea))


async def test_a_newer_word_counts_instead_and_the_rules_again_once_it_is_taken_back(risky: House) -> None:
    client_id, _ = await risky.submitted()
    _, bea = await people(risky)
    await risky.do(set_risk, client_id, WISH, caller=acts(risky, bea))
    await risky.do(set_risk, client_id, RiskWish("standard", "2027-04-15", "No tip."), caller=acts(risky, bea))
    assert (await risk_in(risky, client_id)).risk_class is STANDARD
    after = await risky.do(release_risk, client_id, "Cleared.", caller=acts(risky, bea))
    assert (after.risk_class, after.override) == (LOW, None)
    assert [each for each in risky.actions(client_id) if each.startswith("risk_")] == ["risk_set"] * 2 + [
        "risk_released"
    ]


async def test_only_an_approver_says_so_and_only_what_can_be(risky: House) -> None:
    client_id, _ = await risky.submitted()
    ana, bea = await people(risky)
    for use_case, value in ((set_risk, WISH), (release_risk, "Cleared.")):
        with pytest.raises(InvalidState, match="ana has to be an operator of this company with the role approver"):
            await risky.do(use_case, client_id, value, caller=acts(risky, ana))
        with pytest.raises(NotFound):
            await risky.do(use_case, "0" * 32, value, caller=acts(risky, bea))
    with pytest.raises(ValidationFailed, match="until must be a day from 2026-04-15 to 2027-04-15"):
        await risky.do(set_risk, client_id, RiskWish("high", "2027-04-16", "A tip."), caller=acts(risky, bea))
    with pytest.raises(ValidationFailed, match="reason"):
        await risky.do(release_risk, client_id, " ", caller=acts(risky, bea))


async def test_another_companys_client_is_not_there(risky: House) -> None:
    client_id, _ = await risky.submitted()
    other = await risky.found_company("Other")
    with pytest.raises(NotFound):
        await read_risk(risky.context, other, client_id)


async def test_a_condition_that_fails_is_told_to_the_operator(tmp_path: Path) -> None:
    path = tmp_path / "failing.yaml"
    rule = "{class: high, name: A, when: 100.0 / annual_salary > 1.0 && 1 / int(annual_salary) >= 0}"
    path.write_text(Path(risky_catalogue(tmp_path)).read_text("utf-8") + f"  - {rule}\n", "utf-8")
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(path)) as house:
        house.caller = await house.found_company()
        failing: list[str] = []
        object.__setattr__(house.context, "condition_failed", failing.append)
        client = await house.client(attributes={"annual_salary": 0})
        risk = await risk_in(house, client.id)
        assert (risk.risk_class, len(failing)) == (HIGH, 1)
        await house.parts.close_connections()
