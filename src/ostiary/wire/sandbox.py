"""What happens in sandbox companies."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ostiary.domain.sandbox.scenarios import Scenario, ScenarioEnding
from ostiary.wire.answer import Answer, about


class RedoneAnswer(Answer, kw_only=True, frozen=True):
    """What is to be redone."""

    is_component: ClassVar[bool] = False

    code: str
    field: str


class ScenarioAnswer(Answer, kw_only=True, frozen=True):
    """What happens in a sandbox company: the first that fits decides."""

    id: str
    description: str
    number_prefix: Annotated[str | None, about("How a submitted document's number begins.")] = None
    last_name: Annotated[str | None, about("The client's.")] = None
    outcome: ScenarioEnding
    delay_s: int | None = None
    times: Annotated[int | None, about("Only so many submissions; then `enabled`.")] = None
    reasons: list[RedoneAnswer] | None = None
    reason: str | None = None


def scenario_answer(scenario: Scenario) -> ScenarioAnswer:
    """What chooses a scenario, and how it ends."""
    return ScenarioAnswer(
        id=scenario.id,
        description=scenario.description,
        number_prefix=scenario.number_prefix or None,
        last_name=scenario.last_name or None,
        outcome=scenario.ending,
        delay_s=scenario.delay_ms // 1000 or None,
        times=scenario.times,
        reasons=[RedoneAnswer(code=fault.code, field=fault.field) for fault in scenario.faults] or None,
        reason=scenario.reason or None,
    )
