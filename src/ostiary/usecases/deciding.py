"""How a use case ends: it hands back an answer and a unit of work, and that is committed at one edge.

When a guard of the unit does not hold any more, somebody changed what was judged: the use case runs again on
fresh reads, a bounded number of times.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ostiary.domain.companies import Caller
from ostiary.domain.errors import Contended, IdempotencyKeyInUse, LeaseLost
from ostiary.domain.units import Answered, Guard, Settled, Unit
from ostiary.domain.values import quick, replace
from ostiary.usecases.world import World

MOST_TRIES = 25
"""Each lost try means another call on the same client succeeded; this many at once is no longer a partner's code."""

T = TypeVar("T")


@quick
@dataclass(frozen=True, slots=True)
class Decided(Generic[T]):
    """An answer, and the unit of work that makes it true (None: it already is)."""

    answer: T
    unit: Unit | None = None


async def settle(
    world: World,
    caller: Caller,
    decide: Callable[[], Awaitable[Decided[T]]],
    seal: Callable[[T], Answered] | None = None,
) -> T:
    """Runs a use case to its committed end. `seal` keeps the answer under an idempotency key, in the same unit.

    Raises Contended when the client kept changing, IdempotencyKeyInUse or LeaseLost when a lease was.
    """
    for _ in range(MOST_TRIES):
        decided = await decide()
        unit = decided.unit
        if seal is not None:
            unit = replace(unit or _only(caller, world), answered=seal(decided.answer))
        if unit is None:
            return decided.answer
        lost = await world.storage.commit(unit, caller.company)
        if lost is None:
            if unit.messages:
                world.wake()
            return decided.answer
        if lost is Guard.IDEMPOTENCY:
            raise IdempotencyKeyInUse
        if lost is Guard.LEASE:
            raise LeaseLost
    raise Contended(retry_after_s=1)


async def settle_message(world: World, caller: Caller, end: Settled) -> str:
    """Says how a claimed message stands, and changes nothing else. Gives the outcome. Raises LeaseLost."""

    async def decide() -> Decided[str]:
        return Decided(end.outcome.value, Unit(caller.company.id, world.now_ms(), settled=end))

    return await settle(world, caller, decide)


def _only(caller: Caller, world: World) -> Unit:
    return Unit(caller.company.id, world.now_ms())
