"""Signing in and out, and how a session stands."""

from __future__ import annotations

from urllib.parse import quote

import msgspec

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.menu import home_of
from ostiary.console.pages.people.account import SCRIPT
from ostiary.console.request import ConsoleRequest, site_of, source_of
from ostiary.console.services import Console
from ostiary.console.sign_in_first import SIGN_IN, own_path
from ostiary.domain.errors import SignInRefused, TooManyRequests
from ostiary.domain.sentences import N_, sentence
from ostiary.html.answers import Download, Page, Redirect
from ostiary.languages.language import Language
from ostiary.usecases.operators.sessions import sign_out as end_own
from ostiary.usecases.operators.sign_in import sign_in as prove
from ostiary.usecases.transaction import execute

TITLE = N_("Sign in")
REFUSED = N_(
    "That did not work. Name, password or code is wrong, the code was used already, or the account is disabled."
)


async def form(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Who is signed in already goes on."""
    if request.signed_in is not None:
        return Redirect(own_path(request.query.raw("next")) or home_of(request.operator))
    return form_page(console, request, request.query.raw("next"))


async def sign_in(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """A new session, whatever the browser had before. One refusal for everything that can be wrong."""
    name, code, wanted = request.form.text("name"), request.form.text("code"), request.form.raw("next")
    password, source = request.form.raw("password"), source_of(console, request)
    try:
        new = await prove(console.context, name, password, code.replace(" ", ""), source)
    except SignInRefused:
        return form_page(console, request, wanted, name, REFUSED, status=401)
    except TooManyRequests as refused:
        return form_page(console, request, wanted, name, too_many(refused, request.language), status=429)
    return Redirect(own_path(wanted) or home_of(new.operator), session=new.token)


async def sign_out(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Ends the session here and in the database; then to the page of signing in, and on to where a form says."""
    signed_in = request.signed_in
    assert signed_in is not None  # noqa: S101 (not a public action)
    await execute(console.context, signed_in.caller, lambda: end_own(console.context, signed_in))
    wanted = own_path(request.form.raw("next"))
    return Redirect(f"{SIGN_IN}?next={quote(wanted, safe='')}" if wanted else SIGN_IN, "signed_out", session="")


async def home(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """On to the first page that the operator may see."""
    return Redirect(home_of(request.operator))


async def session_state(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """In how many seconds the session ends if nothing more is done; 0: there is none. Asking does not prolong it."""
    seconds = 0
    if request.signed_in is not None:
        seconds = max(0, (request.signed_in.session.idle_until_ms - console.context.now_ms()) // 1000)
    return Download(msgspec.json.encode({"ends_in_s": seconds}), "application/json")


def form_page(
    console: Console, request: ConsoleRequest, wanted: str, name: str = "", problem: str = "", *, status: int = 200
) -> Page:
    """The page of signing in, with what is typed already, and what went wrong."""
    providers = [federation.provider for federation in console.context.federations]
    site = site_of(console, request)
    values = {"next": own_path(wanted) or "", "name": name, "problem": problem, "providers": providers, "site": site}
    scripts = (SCRIPT,) if site is not None else ()
    return Page(template="sign_in.html", title=TITLE, values=values, status=status, scripts=scripts)


def too_many(refused: TooManyRequests, language: Language) -> str:
    """How long to wait, in words."""
    wait_s = refused.retry_after_s or 1
    wait = language.duration(wait_s, "second") if wait_s < 60 else language.duration(-(-wait_s // 60), "minute")
    return sentence("Too many attempts. Try again in %(wait)s.", wait=wait)
