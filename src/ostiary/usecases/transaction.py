"""How a use case ends: it hands back an answer and a unit of work, and that is committed at one edge.

When a guard of the unit does not hold any more, somebody changed what was judged: the use case runs again on
fresh reads, a bounded number of times, in turn with the other calls of this process that lost to somebody (`lines`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Contended, IdempotencyKeyInUse, LeaseLost
from ostiary.domain.unit import AddMessage, Guard, MessageResult, StoredResponse, Unit
from ostiary.domain.value import replace, value_type
from ostiary.usecases.context import Context

MOST_TRIES = 100
"""Each lost try means that another process changed the same client within the few milliseconds of the try. Of three
that all do nothing else each wins a third of the time, and one in 10^17 calls would lose so often."""

T = TypeVar("T")


@value_type
class Outcome(Generic[T]):
    """An answer, and the unit of work that makes it true (None: it already is)."""

    answer: T
    unit: Unit | None = None


@value_type
class _Lost:
    """Somebody else was first, or stands in line. `owner_id` is whose line it is."""

    owner_id: str


async def execute(
    context: Context,
    caller: Caller,
    decide: Callable[[], Awaitable[Outcome[T]]],
    seal: Callable[[T], StoredResponse] | None = None,
) -> T:
    """Runs a use case to its committed end. `seal` keeps the answer under an idempotency key, in the same unit.

    Raises Contended when the client kept changing, IdempotencyKeyInUse or LeaseLost when a lease was.
    """
    decided = await decide()
    if decided.unit is None and seal is None:  # nothing is to be committed: most calls only read
        return decided.answer
    ended = await _committed(context, caller, decided, seal, gives_way=True)
    if isinstance(ended, _Lost):
        async with context.lines.turn(ended.owner_id):
            for _ in range(MOST_TRIES - 1):
                ended = await _committed(context, caller, await decide(), seal, gives_way=False)
                if not isinstance(ended, _Lost):
                    break
    if isinstance(ended, _Lost):
        raise Contended(retry_after_s=1)
    return ended.answer


async def carried_out(
    context: Context, caller: Caller, use_case: Callable[..., Awaitable[Outcome[T]]], *arguments: object
) -> T:
    """The answer of a use case that takes context and caller first, once it is committed. Raises as `execute`.

    It sees the company as it is at each try: its row is the lock, and may have changed since the request came.
    """

    async def decide() -> Outcome[T]:
        company = await context.storage.companies.find(caller.company.id)
        return await use_case(context, replace(caller, company=company or caller.company), *arguments)

    return await execute(context, caller, decide)


async def _committed(
    context: Context,
    caller: Caller,
    decided: Outcome[T],
    seal: Callable[[T], StoredResponse] | None,
    *,
    gives_way: bool,
) -> Outcome[T] | _Lost:
    """What was decided, committed unless it gives way to those who stand in line."""
    unit = decided.unit
    if seal is not None:
        unit = (unit or _only(caller, context)).plus(seal(decided.answer))
    if unit is None:
        return decided
    owner_id = unit.company_id if unit.owner is None else unit.owner.id
    if gives_way and unit.owner is not None and context.lines.is_waited_for(owner_id):
        return _Lost(owner_id)
    lost = await context.storage.commit(unit, caller.company)
    if lost is None:
        if unit.of(AddMessage):
            context.wake()
        return decided
    if lost is Guard.IDEMPOTENCY:
        raise IdempotencyKeyInUse(retry_after_s=1)
    if lost is Guard.LEASE:
        raise LeaseLost
    return _Lost(owner_id)


async def record_message_result(context: Context, caller: Caller, end: MessageResult) -> str:
    """Says how a claimed message stands, and changes nothing else. Gives the outcome. Raises LeaseLost."""

    async def decide() -> Outcome[str]:
        return Outcome(end.outcome.value, Unit(caller.company.id, context.now_ms(), changes=(end,)))

    return await execute(context, caller, decide)


def _only(caller: Caller, context: Context) -> Unit:
    return Unit(caller.company.id, context.now_ms())
