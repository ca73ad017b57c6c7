"""Calls for sandbox companies: the scenarios there are, and a verdict forced."""

from __future__ import annotations

from ostiary.api.representation import Representation
from ostiary.api.services import ApiServices
from ostiary.domain.sandbox.scenarios import Scenario
from ostiary.usecases.dossiers import ProductState
from ostiary.usecases.sandbox.agenda import CALENDAR
from ostiary.usecases.sandbox.clock import ClockState, move_clock, read_clock
from ostiary.usecases.sandbox.simulate_verdict import WantedVerdict, simulate_verdict
from ostiary.usecases.transaction import Outcome
from ostiary.web.asgi import ApiRequest
from ostiary.wire.sandbox import clock_answer, scenario_answer


async def list_scenarios(services: ApiServices, request: ApiRequest) -> Outcome[tuple[Scenario, ...]]:
    return Outcome(services.context.scenarios)


async def simulate(services: ApiServices, request: ApiRequest) -> Outcome[ProductState]:
    body = request.body
    wanted = WantedVerdict(body.outcome, tuple(body.reasons or ()), body.reason or "")
    path = request.path
    return await simulate_verdict(services.context, request.caller, path["clientId"], path["productRequestId"], wanted)


def show_scenarios(services: ApiServices, request: ApiRequest, scenarios: tuple[Scenario, ...]) -> Representation:
    return Representation([scenario_answer(scenario) for scenario in scenarios])


async def move(services: ApiServices, request: ApiRequest) -> Outcome[ClockState]:
    return await move_clock(services.context, request.caller, request.body, CALENDAR)


async def read(services: ApiServices, request: ApiRequest) -> Outcome[ClockState]:
    return Outcome(await read_clock(services.context, request.caller, CALENDAR))


def show_clock(services: ApiServices, request: ApiRequest, clock: ClockState) -> Representation:
    return Representation(clock_answer(clock))
