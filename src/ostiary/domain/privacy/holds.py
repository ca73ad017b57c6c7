"""Holds: why a client's data may not end for now, whoever asks. A hold beats everything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from ostiary.domain.errors import Fault, InvalidState, ValidationFailed
from ostiary.domain.review.remarks import NOTE_CHARACTERS, demand_text
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.times import DAY_MS, END_MS, day_starts_ms, iso_date
from ostiary.domain.value import replace, value_type

MOST_HOLDS = 20
"""Of one client that hold at a time: an authority, a court, a dispute; more are a loop in somebody's code."""


@value_type(kw_only=True)
class Hold:
    """One reason. `until_ms` is when it ends by itself (`END_MS`: not at all), `ended_at_ms` when somebody ended it."""

    id: str
    company_id: str
    client_id: str
    from_ms: int
    until_ms: int
    reason: str = field(repr=False)
    actor: str = ""
    ended_at_ms: int | None = None
    ended_by: str = ""
    ended_because: str = field(default="", repr=False)

    def holds_at(self, now_ms: int) -> bool:
        return self.ended_at_ms is None and now_ms < self.until_ms


@value_type
class HoldWish:
    """What an operator wants held. `until` is the last day, YYYY-MM-DD; empty: without an end."""

    reason: str = field(repr=False)
    until: str = ""


@value_type
class AddHold:
    """A hold on the client who owns the unit."""

    hold: Hold


@value_type
class EndHold:
    """A hold that somebody ended."""

    hold: Hold


HoldChange = AddHold | EndHold


def held_until(holds: Iterable[Hold], now_ms: int) -> int | None:
    """Until when a client is held, `END_MS` for without an end; None: it is not."""
    return max((hold.until_ms for hold in holds if hold.holds_at(now_ms)), default=None)


def until_of(wish: HoldWish, now_ms: int) -> int:
    """When a hold ends that is wanted now. Raises ValidationFailed for a day or a reason that cannot be."""
    demand_text("reason", wish.reason, NOTE_CHARACTERS)
    if not wish.until:
        return END_MS
    day = iso_date(wish.until)
    if day is None:
        raise _invalid(N_("must be a real date written YYYY-MM-DD"))
    until_ms = day_starts_ms(day) + DAY_MS
    if until_ms <= now_ms:
        raise _invalid(N_("must not lie in the past"))
    return until_ms


def ended(hold: Hold, now_ms: int, actor: str, because: str) -> Hold:
    """A hold that is lifted. Raises InvalidState for one that is over, ValidationFailed for a blank reason."""
    demand_text("reason", because, NOTE_CHARACTERS)
    if not hold.holds_at(now_ms):
        raise InvalidState(N_("This hold is over already."))
    return replace(hold, ended_at_ms=now_ms, ended_by=actor, ended_because=because)


def demand_room(holds: Iterable[Hold], now_ms: int) -> None:
    """Raises InvalidState."""
    if sum(hold.holds_at(now_ms) for hold in holds) >= MOST_HOLDS:
        raise InvalidState(sentence("At most %(most)s holds are on a client at a time.", most=MOST_HOLDS))


def _invalid(problem: str) -> ValidationFailed:
    return ValidationFailed(faults=(Fault("until", "VALUE_INVALID", sentence("until %(problem)s", problem=problem)),))
