"""How a use case ends: it hands back an answer and a unit of work, and that is committed at one edge.

When a guard of the unit does not hold any more, somebody changed what was judged: the use case runs again on
fresh reads, a bounded number of times.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Contended, IdempotencyKeyInUse, LeaseLost
from ostiary.domain.unit import AddMessage, Guard, MessageResult, StoredResponse, Unit
from ostiary.domain.value import value_type
from ostiary.usecases.context import Context

MOST_TRIES = 25
"""Each lost try means another call on the same client succeeded; this many at once is no longer a partner's code."""

T = TypeVar("T")


@value_type
class Outcome(Generic[T]):
    """An answer, and the unit of work that makes it true (None: it already is)."""

    answer: T
    unit: Unit | None = None


async def execute(
    context: Context,
    caller: Caller,
    decide: Callable[[], Awaitable[Outcome[T]]],
    seal: Callable[[T], StoredResponse] | None = None,
) -> T:
    """Runs a use case to its committed end. `seal` keeps the answer under an idempotency key, in the same unit.

    Raises Contended when the client kept changing, IdempotencyKeyInUse or LeaseLost when a lease was.
    """
    for _ in range(MOST_TRIES):
        decided = await decide()
        unit = decided.unit
        if seal is not None:
            unit = (unit or _only(caller, context)).plus(seal(decided.answer))
        if unit is None:
            return decided.answer
        lost = await context.storage.commit(unit, caller.company)
        if lost is None:
            if unit.of(AddMessage):
                context.wake()
            return decided.answer
        if lost is Guard.IDEMPOTENCY:
            raise IdempotencyKeyInUse
        if lost is Guard.LEASE:
            raise LeaseLost
    raise Contended(retry_after_s=1)


async def record_message_result(context: Context, caller: Caller, end: MessageResult) -> str:
    """Says how a claimed message stands, and changes nothing else. Gives the outcome. Raises LeaseLost."""

    async def decide() -> Outcome[str]:
        return Outcome(end.outcome.value, Unit(caller.company.id, context.now_ms(), changes=(end,)))

    return await execute(context, caller, decide)


def _only(caller: Caller, context: Context) -> Unit:
    return Unit(caller.company.id, context.now_ms())
