"""Signing in by an identity provider of the house: sent off to it, and back."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

from ostiary.console.answers import ConsoleAnswer, SentOff
from ostiary.console.menu import home_of
from ostiary.console.pages.people.sign_in import form_page, too_many
from ostiary.console.request import ConsoleRequest, source_of
from ostiary.console.services import Console
from ostiary.console.sign_in_first import own_path
from ostiary.domain.errors import SignInRefused, TooManyRequests, Unavailable
from ostiary.domain.sentences import N_, joined
from ostiary.html.answers import Redirect
from ostiary.usecases.operators import federated
from ostiary.usecases.operators.federated import Return

LONGEST_HELD = 90
"""Where somebody wanted to go travels with what the browser holds, if it is no longer; else they begin at home."""
NOT_THERE = N_("Try again in a moment, or use an account of this service.")


async def depart(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """To the provider. Raises NotFound."""
    wanted = request.query.raw("next")
    if request.signed_in is not None:
        return Redirect(own_path(wanted) or home_of(request.operator))
    name = request.path["provider"]
    try:
        departure = await federated.depart(console.context, name, _return_url(console, name))
    except Unavailable as problem:
        return form_page(console, request, wanted, problem=joined((problem.words, NOT_THERE)), status=503)
    return SentOff(departure.address, _held(departure.secret, own_path(wanted) or ""))


async def come_back(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """From the provider, into a new session. Raises NotFound."""
    name, query = request.path["provider"], request.query
    secret, wanted = _taken(request.way)
    back = Return(secret, query.raw("state"), query.raw("code"), query.raw("iss"))
    try:
        new = await federated.come_back(
            console.context, name, _return_url(console, name), back, source_of(console, request)
        )
    except SignInRefused as refused:
        return form_page(console, request, wanted, problem=refused.words, status=401)
    except TooManyRequests as refused:
        return form_page(console, request, wanted, problem=too_many(refused, request.language), status=429)
    except Unavailable as problem:
        return form_page(console, request, wanted, problem=joined((problem.words, NOT_THERE)), status=503)
    return Redirect(own_path(wanted) or home_of(new.operator), session=new.token)


def _return_url(console: Console, name: str) -> str:
    return f"{console.public_url}/console/signed-in/{name}"


def _held(secret: str, wanted: str) -> str:
    """The secret, and where somebody wanted to go."""
    path = urlsafe_b64encode(wanted.encode()).decode().rstrip("=") if len(wanted) <= LONGEST_HELD else ""
    return f"{secret}_{path}" if path else secret


def _taken(held: str) -> tuple[str, str]:
    """The same two, of a cookie that anybody may have written."""
    secret, _, path = held.partition("_")
    try:
        return secret, urlsafe_b64decode(path + "=" * (-len(path) % 4)).decode()
    except ValueError:
        return secret, ""
