"""The sandbox: scenarios and its clock.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.extras import Value
from ostiary_client.generated.words import ScenarioEnding


class Redone(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What is to be redone."""

    code: str
    field: str


class Scenario(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What happens in a sandbox company: the first that fits decides."""

    id: str
    description: str
    number_prefix: str | None = None
    """How a submitted document's number begins."""
    last_name: str | None = None
    """The client's."""
    outcome: ScenarioEnding
    delay_s: int | None = None
    times: int | None = None
    """Only so many submissions; then `enabled`."""
    reasons: tuple[Redone, ...] | None = None
    reason: str | None = None


class Clock(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What the clock of a sandbox company shows."""

    now: str
    """UTC, whole seconds, no zone."""
    ahead_s: int
    """Seconds ahead of the time of machines."""
    moving_to: str | None = None
    """Where it is on its way to: move it again to go on. UTC, whole seconds, no zone."""
    next_due_at: str | None = None
    """When something becomes due next. UTC, whole seconds, no zone."""
    happened: int | None = None
    """How many things became due on the way."""
    resumed: bool | None = None
    """It finished an earlier move, and added nothing to that."""
