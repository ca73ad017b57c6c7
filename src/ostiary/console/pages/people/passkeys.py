"""Passkeys: signing in by one, setting an account up with one, and one's own."""

from __future__ import annotations

import msgspec

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.menu import home_of
from ostiary.console.pages.people.account import PLACE, account_page, mark_of
from ostiary.console.pages.people.link import link_page
from ostiary.console.pages.people.sign_in import form_page, too_many
from ostiary.console.request import ConsoleRequest, site_of, source_of
from ostiary.console.services import Console
from ostiary.console.sign_in_first import own_path
from ostiary.domain.errors import InvalidState, SignInRefused, TooManyRequests, ValidationFailed
from ostiary.domain.sentences import N_
from ostiary.html.answers import Download, Redirect
from ostiary.usecases.operators import passkeys
from ostiary.usecases.operators.challenges import PasskeyAnswer, new_challenge
from ostiary.usecases.operators.passkey_sign_in import sign_in_by_passkey

NOT_HERE = N_("Passkeys do not work at the address that this console has.")
REFUSED = N_(
    "That did not work. The passkey is unknown here or was removed, the account is disabled, or it took too long."
)


async def challenge(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """What a device is to sign, for this browser: nothing is kept of it."""
    return Download(
        msgspec.json.encode({"challenge": new_challenge(console.context, request.token)}), "application/json"
    )


async def sign_in(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """A new session. One refusal for everything that can be wrong."""
    wanted = request.form.raw("next")
    try:
        new = await sign_in_by_passkey(console.context, _answer(console, request), source_of(console, request))
    except SignInRefused:
        return form_page(console, request, wanted, problem=REFUSED, status=401)
    except TooManyRequests as refused:
        return form_page(console, request, wanted, problem=too_many(refused, request.language), status=429)
    return Redirect(own_path(wanted) or home_of(new.operator), session=new.token)


async def use_link(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Sets an account up with a passkey instead of password and authenticator, and signs in."""
    token, source = request.path["token"], source_of(console, request)
    try:
        new = await passkeys.use_link_by_passkey(console.context, token, _answer(console, request), source)
    except ValidationFailed as refused:
        return await link_page(console, request, {fault.field: fault.message for fault in refused.faults})
    return Redirect(home_of(new.operator), session=new.token)


async def add(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """One more. What is wrong is said on the page of the account."""
    assert request.signed_in is not None  # noqa: S101 (not a public action)
    answer, name = _answer(console, request), request.form.text("name")
    try:
        await passkeys.add_passkey(console.context, request.signed_in, answer, name)
    except ValidationFailed as refused:
        return await account_page(console, request, {fault.field: fault.message for fault in refused.faults})
    return Redirect(PLACE, "passkey_added")


async def rename(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    assert request.signed_in is not None  # noqa: S101
    mark, name = mark_of(request.path["passkeyMark"]), request.form.text("name")
    await passkeys.rename_passkey(console.context, request.signed_in, mark, name)
    return Redirect(PLACE, "passkey_renamed")


async def remove(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    assert request.signed_in is not None  # noqa: S101
    mark = mark_of(request.path["passkeyMark"])
    await passkeys.remove_passkey(console.context, request.signed_in, mark)
    return Redirect(PLACE, "passkey_removed")


def _answer(console: Console, request: ConsoleRequest) -> PasskeyAnswer:
    """What the browser sent. Raises InvalidState where there are no passkeys."""
    site = site_of(console, request)
    if site is None:
        raise InvalidState(NOT_HERE)
    return PasskeyAnswer(site, request.token, request.form.raw("challenge"), request.form.raw("credential"))
