"""The sandbox: each listed scenario is played as listed, and a verdict can be forced."""

from __future__ import annotations

import pytest

from ostiary.adapters.config import scenarios_file
from ostiary.domain.companies.company import Environment
from ostiary.domain.sandbox.scenarios import Scenario, ScenarioEnding
from ostiary.wire.answer import fields_of
from ostiary.wire.sandbox import scenario_answer
from tests.contract.partner import Json, Partner, codes, document, faults, refusal

SCENARIOS = scenarios_file.load(None)


async def test_the_list_is_what_is_in_force(partner: Partner) -> None:
    assert await partner.ok("GET", "/management/sandbox/scenarios") == [
        fields_of(scenario_answer(scenario)) for scenario in SCENARIOS
    ]


def expected(scenario: Scenario) -> str:
    return "in_kyc" if scenario.ending is ScenarioEnding.REVIEW else scenario.ending.value


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
async def test_a_scenario_ends_as_it_says(partner: Partner, scenario: Scenario) -> None:
    name = {"last_name": scenario.last_name} if scenario.last_name else {}
    number = f"{scenario.number_prefix or 'AB'}001"
    _, at = await partner.submitted(number, **name)
    await partner.rounds()
    if scenario.delay_ms:
        assert (await partner.read(at))["status"] == "in_kyc"
        partner.clock.now_ms += scenario.delay_ms
        await partner.rounds()
    product = await partner.read(at, "rejected_items,next_action")
    assert product["status"] == expected(scenario)
    assert product.get("rejection_description", "") == (scenario.reason if product["status"] == "rejected" else "")
    assert codes(product) == [(str(fault.code), fault.field) for fault in scenario.faults]
    assert (product["next_action"]["owner"] == "operator") is (scenario.ending is ScenarioEnding.REVIEW)


@pytest.mark.parametrize(
    "scenario",
    [scenario for scenario in SCENARIOS if scenario.ending is ScenarioEnding.RETURNED],
    ids=lambda scenario: scenario.id,
)
async def test_what_goes_back_goes_back_as_often_as_it_says(partner: Partner, scenario: Scenario) -> None:
    number = f"{scenario.number_prefix}001"
    _, at = await partner.submitted(number)
    for attempt in range(1, 4):
        await partner.rounds()
        is_over = scenario.times is not None and attempt > scenario.times
        assert (await partner.read(at))["status"] == ("enabled" if is_over else "pending_documentation")
        if is_over:
            return
        await partner.send(at, document(number=number, seed=attempt))
        await partner.submit(at)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"outcome": "enabled"}, "enabled"),
        ({"outcome": "rejected", "reason": "Not today."}, "rejected"),
        ({"outcome": "pending_documentation", "reasons": ["image_blurred"]}, "pending_documentation"),
        ({"outcome": "review"}, "in_kyc"),
    ],
)
async def test_a_verdict_can_be_forced(partner: Partner, body: Json, status: str) -> None:
    await partner.subscribe()
    _, at = await partner.submitted("AB1234567")
    answer = await partner.ok("POST", f"{at}/simulate", body)
    assert answer["status"] == status
    await partner.rounds()
    assert (await partner.read(at))["status"] == status
    heard = [body["data"]["status"] for body in partner.endpoint.bodies()]
    assert heard == ["in_kyc", *([status] if status != "in_kyc" else [])]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"outcome": "maybe"}, "outcome"),
        ({"outcome": "pending_documentation"}, "reasons"),
        ({"outcome": "pending_documentation", "reasons": ["ugly"]}, "reasons"),
        ({"outcome": "pending_documentation", "reasons": ["other"] * 21}, "reasons"),
        ({"outcome": "rejected", "reason": "x" * 501}, "reason"),
    ],
)
async def test_a_verdict_that_makes_no_sense_is_refused(partner: Partner, body: Json, field: str) -> None:
    _, at = await partner.submitted("AB1234567")
    answer = await partner.call("POST", f"{at}/simulate", body)
    assert (refusal(answer), faults(answer)) == ((412, "VALIDATION_FAILED"), {(field, "VALUE_INVALID")})


async def test_only_what_is_before_a_provider_is_decided(partner: Partner) -> None:
    at = await partner.request(await partner.client())
    assert refusal(await partner.call("POST", f"{at}/simulate", {"outcome": "enabled"})) == (412, "INVALID_STATE")


async def test_in_production_nothing_is_simulated(partner: Partner) -> None:
    company = await partner.another(Environment.PRODUCTION)
    _, at = await company.submitted("AB1234567")
    assert refusal(await company.call("POST", f"{at}/simulate", {"outcome": "enabled"})) == (412, "INVALID_STATE")
    assert (await company.read(at))["status"] == "in_kyc"
