"""One's own sessions: where one is signed in, and ending that."""

from __future__ import annotations

from ostiary.console.answers import ConsoleAnswer, Page, Redirect
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console, committed
from ostiary.domain.errors import InvalidRequest
from ostiary.usecases.operators.sessions import end_session, sessions_of

PLACE = "/console/sessions"


async def own(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """All of them, newest first, and which is this one."""
    assert request.signed_in is not None  # noqa: S101 (not a public page)
    sessions = (await sessions_of(console.context, request.operator.id))[::-1]
    values = {"sessions": sessions, "current": request.signed_in.session.mark}
    return Page(template="sessions.html", title="Your sessions", values=values)


async def end(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Ends one of them."""
    mark = mark_of(request.form.text("session"))
    await committed(console, request.as_operator, end_session, request.operator.id, mark)
    return Redirect(PLACE, "session_ended")


async def end_others(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Ends all but this one."""
    assert request.signed_in is not None  # noqa: S101
    for session in await sessions_of(console.context, request.operator.id):
        if session.mark != request.signed_in.session.mark:
            await committed(console, request.as_operator, end_session, request.operator.id, session.mark)
    return Redirect(PLACE, "sessions_ended")


def mark_of(text: str) -> bytes:
    """Raises InvalidRequest."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise InvalidRequest("A session is named by its mark, in hexadecimal digits.") from None
