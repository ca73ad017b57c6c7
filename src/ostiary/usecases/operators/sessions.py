"""Who is signed in: sessions are found, used and ended."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.errors import NotFound
from ostiary.domain.operators.changes import EndSession, EndSessions
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.sessions import Session
from ostiary.domain.unit import Change, Unit
from ostiary.domain.value import value_type
from ostiary.usecases.context import Context
from ostiary.usecases.operators.directory import acting, find_house, fresh_house
from ostiary.usecases.transaction import Outcome

TOKEN_CHARACTERS = 64
"""Of the 256 random bits in hex; anything else is not looked at."""


@value_type
class SignedIn:
    """A good session, whose it is, and the company that operators belong to."""

    session: Session
    operator: Operator
    house: Company

    @property
    def caller(self) -> Caller:
        """Who acts on operators and their sessions."""
        return acting(self.operator, self.house)


async def session_of(context: Context, token: str, *, touches: bool = True) -> SignedIn | None:
    """Who is signed in by a session's secret; None when it is over, was ended, or its operator is disabled.

    `touches`: that it was used is written down, at most once a minute, and it goes on.
    """
    if len(token) != TOKEN_CHARACTERS or not token.isascii() or (house := await find_house(context)) is None:
        return None
    pair = await context.storage.sessions.find(house, token)
    now = context.now_ms()
    if pair is None or not pair[0].is_good(now) or pair[1].is_disabled:
        return None
    session, operator = pair
    if touches and session.is_to_touch(now):
        await context.storage.sessions.touch(house.id, session.mark, now)
    return SignedIn(session, operator, house)


async def sessions_of(context: Context, operator_id: str) -> list[Session]:
    """An operator's good sessions, oldest first."""
    house = await find_house(context)
    every = [] if house is None else await context.storage.sessions.of_operator(house, operator_id)
    return [session for session in every if session.is_good(context.now_ms())]


async def sign_out(context: Context, signed_in: SignedIn) -> Outcome[None]:
    """Ends the session that asks for it."""
    session = signed_in.session
    return await _ended(context, signed_in.caller, session.operator_id, "signed_out", EndSession(session.mark))


async def end_session(context: Context, caller: Caller, operator_id: str, mark: bytes) -> Outcome[None]:
    """Ends one session of an operator, from elsewhere. Raises NotFound for one that is not his, or is over."""
    house = await fresh_house(context, caller.company.id)
    if mark not in [session.mark for session in await context.storage.sessions.of_operator(house, operator_id)]:
        raise NotFound("There is no such session.")
    return await _ended(context, caller, operator_id, "session_ended", EndSession(mark))


async def end_all(context: Context, caller: Caller, operator_id: str) -> Outcome[None]:
    """Ends all sessions of an operator. Where there is none nothing happens."""
    house = await fresh_house(context, caller.company.id)
    if not await context.storage.sessions.of_operator(house, operator_id):
        return Outcome(None)
    return await _ended(context, caller, operator_id, "session_ended", EndSessions(operator_id), "all")


async def _ended(
    context: Context, caller: Caller, operator_id: str, action: str, change: Change, *codes: str
) -> Outcome[None]:
    house = await fresh_house(context, caller.company.id)
    note = Note(action, caller.actor, operator_id, codes)
    return Outcome(None, Unit(house.id, context.now_ms(), owner=house, changes=(change,), notes=(note,)))
