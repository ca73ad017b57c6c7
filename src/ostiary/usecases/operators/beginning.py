"""How a session begins, whatever it was that proved who somebody is: judged under the lock, in one unit of work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import field

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Company
from ostiary.domain.operators.changes import AddSession, ChangeOperator, EndSession
from ostiary.domain.operators.operator import Operator, remembers
from ostiary.domain.operators.sessions import Session, SignInSource, begun
from ostiary.domain.unit import Change, Unit
from ostiary.domain.value import replace, value_type
from ostiary.usecases.context import Context
from ostiary.usecases.operators.attempts import address_mark
from ostiary.usecases.operators.directory import acting, fresh_house
from ostiary.usecases.transaction import Outcome, execute

TOKEN_BYTES = 32


@value_type
class NewSession:
    """A session just begun: the only time its secret is there, for a cookie."""

    session: Session
    operator: Operator
    token: str = field(repr=False)


@value_type
class Admission:
    """An operator who may come in, as he shall be from then on; `codes` say by what."""

    operator: Operator
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()
    codes: tuple[str, ...] = ()


Judge = Callable[[Company, Operator], Awaitable[Admission | None]]
"""Whether an operator, as he is at that moment, may come in."""


async def begin_session(
    context: Context, house: Company, operator: Operator, source: SignInSource, judge: Judge
) -> NewSession | None:
    """Begins a session if the operator may; it takes the place of the one that the browser had.

    The house's row is the lock: who is disabled meanwhile, or uses a link twice at once, is not let in.
    """
    token = context.random(TOKEN_BYTES).hex()
    mark = context.storage.sessions.mark(house.id, token)

    async def decide() -> Outcome[NewSession | None]:
        lock = await fresh_house(context, house.id)
        fresh = await context.storage.operators.find(lock, operator.id)
        admitted = None if fresh is None else await judge(lock, fresh)
        if admitted is None:
            return Outcome(None)
        after = admitted.operator
        after = replace(after, addresses=remembers(after.addresses, address_mark(context, lock, source)))
        session = begun(mark, after, source, context.now_ms())
        actor = acting(after, lock).actor
        ends, ended = await earlier_session(context, lock, source, actor)
        changes = (ChangeOperator(after), *admitted.changes, AddSession(session), *ends)
        notes = (*admitted.notes, *ended, Note("signed_in", actor, after.id, admitted.codes))
        unit = Unit(lock.id, context.now_ms(), owner=lock, changes=changes, notes=notes)
        return Outcome(NewSession(session, after, token), unit)

    return await execute(context, acting(operator, house), decide)


async def earlier_session(
    context: Context, lock: Company, source: SignInSource, actor: str
) -> tuple[tuple[EndSession, ...], tuple[Note, ...]]:
    """The end of the session that the browser had, if any: its cookie goes, so that nobody would end it."""
    before = await context.storage.sessions.find(lock, source.earlier_token) if source.earlier_token else None
    if before is None:
        return (), ()
    session, _ = before
    return (EndSession(session.mark),), (Note("session_ended", actor, session.operator_id, ("signed_in_again",)),)
