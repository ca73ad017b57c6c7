"""Calls for sandbox companies: the scenarios there are, and a verdict forced."""

from __future__ import annotations

from ostiary.domain.sandbox import Scenario
from ostiary.http.answers import Json, present
from ostiary.http.calls import Call
from ostiary.usecases.deciding import Decided
from ostiary.usecases.loading import ProductState
from ostiary.usecases.simulating import simulate_verdict


async def list_scenarios(call: Call) -> Decided[tuple[Scenario, ...]]:
    return Decided(call.world.scenarios)


async def simulate(call: Call) -> Decided[ProductState]:
    body = call.body
    codes, reason = tuple(body.reasons or ()), body.reason or ""
    return await simulate_verdict(call.world, call.caller, call.client_id, call.request_id, body.outcome, codes, reason)


def show_scenarios(call: Call, scenarios: tuple[Scenario, ...]) -> object:
    return [scenario_json(one) for one in scenarios]


def scenario_json(scenario: Scenario) -> Json:
    """A scenario as data: what chooses it, and how it ends."""
    return present(
        {
            "id": scenario.id,
            "description": scenario.description,
            "number_prefix": scenario.number_prefix or None,
            "last_name": scenario.last_name or None,
            "outcome": scenario.ending,
            "delay_s": scenario.delay_ms // 1000 or None,
            "times": scenario.times,
            "reasons": [{"code": one.code, "field": one.field} for one in scenario.faults] or None,
            "reason": scenario.reason or None,
        }
    )
