"""A sandbox company's clock is moved ahead, and what becomes due on the way happens in its order.

Where the clock goes is kept before it starts. Each step sets it to the moment at which something is due, and that is
done then: whoever is cut short leaves a clock on its way, and the next call brings it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.errors import InvalidState, value_refused
from ostiary.domain.sandbox.clock import later, span_fault
from ostiary.domain.sentences import joined
from ostiary.domain.times import format_timestamp
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace, value_type
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_company
from ostiary.usecases.transaction import Outcome, carried_out

MOST_MOVE_MS = 15_000
"""A call that has more to do answers by then, with the clock on its way: another call goes on. Half of what a key of
idempotency is leased for."""


class Agenda(Protocol):
    """What becomes due in a company by its time."""

    async def next_due(self, context: Context, company_id: str) -> int | None:
        """When something is due next; None: nothing that is known."""

    async def due_work(self, context: Context, company: Company, now_ms: int) -> int:
        """Does one batch of what is due by `now_ms`, in order; gives how many things."""


@dataclass(slots=True)
class ClockMove:
    """A wish to move the clock by a span. Where it goes, and how much happened, stays with it when it decides again."""

    span: str
    until_ms: int = 0
    happened: int = 0
    is_resumed: bool = False


@value_type
class ClockState:
    """What a company's clock shows. `until_ms` is where it is still going, `next_due_ms` when something is due next."""

    now_ms: int
    ahead_ms: int
    until_ms: int | None = None
    next_due_ms: int | None = None
    happened: int | None = None
    is_resumed: bool = False

    def after(self, happened: int, *, is_resumed: bool) -> ClockState:
        """The same at the end of several calls that moved the clock."""
        return replace(self, happened=happened, is_resumed=is_resumed)


async def read_clock(context: Context, caller: Caller, agenda: Agenda) -> ClockState:
    """Raises NotFound, InvalidState for a company that is no sandbox."""
    return await _state(context, await _sandbox(context, caller), agenda)


async def move_clock(context: Context, caller: Caller, move: ClockMove, agenda: Agenda) -> Outcome[ClockState]:
    """Moves it, and does what becomes due on the way. A move that was cut short before is finished instead, and nothing
    is added to it: the answer says so.

    Raises NotFound, InvalidState for a company that is no sandbox, ValidationFailed for no span or one too long.
    """
    company = await _sandbox(context, caller)
    if not move.until_ms:
        company = await carried_out(context, caller, _set_off, move)
    elif company.clock_until_ms != move.until_ms:
        return Outcome(await _state(context, company, agenda, move))  # another call brought it there
    if not await _on_the_way(context, caller, move, agenda):
        return Outcome(await _state(context, await _sandbox(context, caller), agenda, move))
    company = await _sandbox(context, caller)
    if company.clock_until_ms != move.until_ms:  # another call brought it there, and set off anew perhaps
        return Outcome(await _state(context, company, agenda, move))
    ahead_ms = max(company.clock_ahead_ms, move.until_ms - context.now_ms())
    after = replace(company, clock_ahead_ms=ahead_ms, clock_until_ms=0)
    return Outcome(await _state(context, after, agenda, move), _moved(context, caller, after, "clock_moved"))


async def _sandbox(context: Context, caller: Caller) -> Company:
    company = await load_company(context, caller)
    if not company.is_sandbox:
        raise InvalidState("Only a sandbox company has a clock that can be moved.")
    return company


async def _set_off(context: Context, caller: Caller, move: ClockMove) -> Outcome[Company]:
    """Keeps where the clock goes, unless it is on its way already."""
    company = caller.company
    if company.clock_until_ms:
        move.until_ms, move.is_resumed = company.clock_until_ms, True
        return Outcome(company)
    now_ms = context.now_of(company)
    until_ms, problem = later(now_ms, move.span), span_fault(now_ms, context.now_ms(), move.span)
    if problem or until_ms is None:
        raise value_refused("advance", joined(("advance", problem)))
    move.until_ms = until_ms
    after = replace(company, clock_until_ms=until_ms)
    return Outcome(after, _moved(context, caller, after, "clock_set_off"))


async def _on_the_way(context: Context, caller: Caller, move: ClockMove, agenda: Agenda) -> bool:
    """Does what is due before the clock arrives; False where that takes longer than a call should."""
    company_id, ends_ms = caller.company.id, context.now_ms() + MOST_MOVE_MS
    due_ms = await agenda.next_due(context, company_id)
    while due_ms is not None and due_ms <= move.until_ms:
        if context.now_ms() >= ends_ms:
            return False
        company = await carried_out(context, caller, _stand_at, due_ms)
        count, before_ms = await agenda.due_work(context, company, context.now_of(company)), due_ms
        move.happened += count
        due_ms = await agenda.next_due(context, company_id)
        if not count and due_ms == before_ms:  # what cannot be done now must not keep the clock from going on
            break
    return True


async def _stand_at(context: Context, caller: Caller, at_ms: int) -> Outcome[Company]:
    """The clock at a moment, if that is not past already."""
    company = caller.company
    ahead_ms = at_ms - context.now_ms()
    if ahead_ms <= company.clock_ahead_ms:
        return Outcome(company)
    after = replace(company, clock_ahead_ms=ahead_ms)
    return Outcome(after, _moved(context, caller, after, "clock_moved"))


def _moved(context: Context, caller: Caller, after: Company, action: str) -> Unit:
    note = Note(action, caller.actor, after.id, (format_timestamp(after.clock_until_ms or context.now_of(after)),))
    return Unit(after.id, context.now_ms(), after, notes=(note,))


async def _state(context: Context, company: Company, agenda: Agenda, move: ClockMove | None = None) -> ClockState:
    return ClockState(
        now_ms=context.now_of(company),
        ahead_ms=company.clock_ahead_ms,
        until_ms=company.clock_until_ms or None,
        next_due_ms=await agenda.next_due(context, company.id),
        happened=None if move is None else move.happened,
        is_resumed=move is not None and move.is_resumed,
    )
