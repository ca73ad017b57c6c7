"""What happens in sandbox companies."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ostiary.domain.sandbox.scenarios import Scenario, ScenarioEnding
from ostiary.domain.times import format_timestamp
from ostiary.usecases.sandbox.clock import ClockState
from ostiary.wire.answer import Answer, Timestamp, about


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


class ClockAnswer(Answer, kw_only=True, frozen=True):
    """What the clock of a sandbox company shows."""

    now: Timestamp
    ahead_s: Annotated[int, about("Seconds ahead of the time of machines.")]
    moving_to: Annotated[Timestamp | None, about("Where it is on its way to: move it again to go on.")] = None
    next_due_at: Annotated[Timestamp | None, about("When something becomes due next.")] = None
    happened: Annotated[int | None, about("How many things became due on the way.")] = None
    resumed: Annotated[bool | None, about("It finished an earlier move, and added nothing to that.")] = None


def clock_answer(clock: ClockState) -> ClockAnswer:
    """The clock as it stands, and what a move brought."""
    until, due = clock.until_ms, clock.next_due_ms
    return ClockAnswer(
        now=format_timestamp(clock.now_ms),
        ahead_s=clock.ahead_ms // 1000,
        moving_to=None if until is None else format_timestamp(until),
        next_due_at=None if due is None else format_timestamp(due),
        happened=clock.happened,
        resumed=True if clock.is_resumed else None,
    )
