"""One's own account: by what one signs in, where one is signed in, and ending that."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest, site_of
from ostiary.console.services import Console, committed
from ostiary.domain.errors import InvalidRequest
from ostiary.domain.operators.passkeys import MOST_PASSKEYS, Passkey
from ostiary.domain.operators.sessions import is_fresh
from ostiary.html.answers import Page, Redirect
from ostiary.usecases.operators.passkeys import passkeys_of
from ostiary.usecases.operators.sessions import end_session, sessions_of

PLACE = "/console/sessions"
SCRIPT = "passkeys.js"


@dataclass(frozen=True, slots=True)
class DeviceUser:
    """For whom a device is to make a passkey: bytes as base64url, `known` those of passkeys that there are."""

    handle: str
    name: str
    known: str


async def own(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """All of it, sessions newest first, and which is this one."""
    return await account_page(console, request, {})


async def end(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Ends one session."""
    mark = mark_of(request.form.text("session"))
    await committed(console, request.as_operator, end_session, request.operator.id, mark)
    return Redirect(PLACE, "session_ended")


async def end_others(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Ends all sessions but this one."""
    assert request.signed_in is not None  # noqa: S101
    for session in await sessions_of(console.context, request.operator.id):
        if session.mark != request.signed_in.session.mark:
            await committed(console, request.as_operator, end_session, request.operator.id, session.mark)
    return Redirect(PLACE, "sessions_ended")


async def account_page(console: Console, request: ConsoleRequest, faults: dict[str, str]) -> Page:
    """The page, with what was wrong with a form."""
    signed_in, operator = request.signed_in, request.operator
    assert signed_in is not None  # noqa: S101 (not a public page)
    passkeys = await passkeys_of(console.context, operator.id)
    site = site_of(console, request)
    values = {
        "sessions": (await sessions_of(console.context, operator.id))[::-1],
        "current": signed_in.session.mark,
        "passkeys": passkeys,
        "site": site,
        "user": device_user(operator.id, operator.name, passkeys),
        "is_fresh": is_fresh(signed_in.session, console.context.now_ms()),
        "provider": operator.identity.partition(" ")[0],
        "may_remove": operator.is_set_up or len(passkeys) > 1,
        "is_full": len(passkeys) >= MOST_PASSKEYS,
        "name": request.form.text("name"),
        "faults": faults,
    }
    scripts = (SCRIPT,) if site is not None else ()
    return Page(
        template="account.html", title="Your account", values=values, status=400 if faults else 200, scripts=scripts
    )


def device_user(operator_id: str, name: str, passkeys: Iterable[Passkey]) -> DeviceUser:
    """What a device is told of an operator: his id, which says nothing of him, and his name, which it shows him."""
    has = " ".join(_text(passkey.credential_id) for passkey in passkeys)
    return DeviceUser(_text(operator_id.encode()), name, has)


def mark_of(text: str) -> bytes:
    """Raises InvalidRequest."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise InvalidRequest("It is named by its mark, in hexadecimal digits.") from None


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
