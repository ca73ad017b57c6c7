"""Clients on the page: a link is looked at, exchanged once for a session, and the session used, kept up and ended.

Looking changes nothing, however often: what reads mail before its reader does burns no link.
"""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.errors import InvalidState
from ostiary.domain.hosted.changes import AddHostedSession, ChangeLink, EndHostedSession
from ostiary.domain.hosted.events import HostedEvent
from ostiary.domain.hosted.links import (
    CHILD_MINUTES,
    LinkProblem,
    OnboardingLink,
    opened,
    problem_of,
)
from ostiary.domain.hosted.sessions import MOST_CHILDREN, session_begun, session_problem
from ostiary.domain.sentences import sentence
from ostiary.domain.times import MINUTE_MS
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.hosted.arrival import CLIENT_LEVEL, ClientSession, LinkLook, NewHostedSession
from ostiary.usecases.hosted.events import standing_link, told_of
from ostiary.usecases.hosted.links import MadeLink, added, new_link
from ostiary.usecases.hosted.tokens import company_of_token, new_token, token_of_press
from ostiary.usecases.transaction import Outcome, execute

PRESS_CHARACTERS = 40
"""20 random bytes in hexadecimal; as long as no id of ours, so that nobody takes it for one."""
PRESSED_TWICE_MS = 5 * MINUTE_MS
"""Two fingers, a line so slow that the browser gave the answer up, or cookies that have to be allowed first: who comes
later comes with another page."""
NOBODYS = LinkLook(problem=LinkProblem.UNKNOWN)


def company_mark(context: Context, company: Company) -> str:
    """What says whose page it is to nobody but us, and opens nothing (`company_of`)."""
    return new_token(context, company.id)


async def look_at_link(context: Context, token: str) -> LinkLook:
    """Whether a link can be exchanged, and if not, why."""
    company = await company_of(context, token)
    row = None if company is None else await context.storage.onboarding_links.by_token(company.id, token)
    if company is None or row is None:
        return NOBODYS
    link, client = row
    now, root = context.now_ms(), link
    if link.parent_id:
        root = await context.storage.onboarding_links.find(client, link.parent_id) or link
    return LinkLook(problem=problem_of(link, now), link=root, company=company)


async def exchange(context: Context, token: str, press: str = "") -> NewHostedSession | LinkLook:
    """A session for a link, which is used up by it; or why there is none. Of two at once one gets it.

    `press` (`PRESS_CHARACTERS` that nobody can guess) is what stood in the page whose button was pressed. Pressed
    twice, or again since the answer was lost on its way, the same page gets the same session, for some minutes.
    """
    look = await look_at_link(context, token)
    if look.company is None or look.link is None:
        return look
    secret = new_token(context, look.company.id)
    if len(press) == PRESS_CHARACTERS:
        secret = token_of_press(context, look.company.id, token, press)
    caller, client_id = _caller(look.company, look.link), look.link.client_id
    begun = look if look.problem is not None else await _exchanged(context, caller, client_id, (token, secret))
    if isinstance(begun, LinkLook):
        here = await session_of(context, secret, touches=False)
        if here is not None and context.now_ms() - here.session.created_at_ms < PRESSED_TWICE_MS:
            return NewHostedSession(here, secret)
    return begun


async def _exchanged(
    context: Context, caller: Caller, client_id: str, tokens: tuple[str, str]
) -> NewHostedSession | LinkLook:
    """`tokens` are the link's and the session's to be."""
    company, (token, secret) = caller.company, tokens

    async def decide() -> Outcome[NewHostedSession | LinkLook]:
        client = (await load_dossier(context, caller, client_id)).client
        row = await context.storage.onboarding_links.by_token(company.id, token)
        now = context.now_ms()
        if row is None or problem_of(row[0], now) is not None:
            return Outcome(await look_at_link(context, token))
        via = row[0]
        session = session_begun(context.storage.hosted_sessions.mark(company.id, secret), via, now)
        via, *messages = told_of(context, company, opened(via, now, session.idle_until_ms), HostedEvent.OPENED)
        root = via if not via.parent_id else await context.storage.onboarding_links.find(client, via.parent_id) or via
        unit = Unit(
            company.id,
            now,
            client,
            changes=(ChangeLink(via), AddHostedSession(session), *messages),
            notes=(Note("onboarding_opened", via.actor, via.id),),
        )
        return Outcome(NewHostedSession(ClientSession(session, root, client, company), secret), unit)

    return await execute(context, caller, decide)


async def session_of(context: Context, token: str, *, touches: bool = True) -> ClientSession | None:
    """Who is here by a session's secret; None when it is over.

    `touches`: that it was used is written down, at most once a minute, and it goes on.
    """
    here = await _stored(context, token)
    now = context.now_ms()
    if here is None or session_problem(here.session, here.link, now) is not None:
        return None
    if touches and here.session.is_to_touch(now):
        return await stay(context, here)
    return here


async def look_at_session(context: Context, token: str) -> LinkLook:
    """Why a session is over, with the way back; the problem is None for one that is not."""
    here = await _stored(context, token)
    if here is None:
        return NOBODYS
    problem = session_problem(here.session, here.link, context.now_ms())
    return LinkLook(problem=problem, link=here.link, company=here.company)


async def stay(context: Context, here: ClientSession) -> ClientSession:
    """Somebody is still there: the hour begins anew, within the day."""
    now = context.now_ms()
    await context.storage.hosted_sessions.touch(here.company.id, here.session.mark, now)
    return replace(here, session=replace(here.session, seen_at_ms=now))


async def end(context: Context, caller: Caller, here: ClientSession) -> Outcome[None]:
    """Ends a session at its own wish, as on a machine that others use. Its link is not good again."""
    client = (await load_dossier(context, caller, here.client.id)).client
    note = Note("onboarding_left", here.caller.actor, here.session.via_id)
    change = EndHostedSession(here.session.mark)
    return Outcome(None, Unit(here.company.id, context.now_ms(), client, changes=(change,), notes=(note,)))


async def make_child_link(context: Context, caller: Caller, here: ClientSession) -> Outcome[MadeLink]:
    """A link for a phone, for ten minutes: its session works beside the one that makes it. Raises InvalidState when
    there are too many, or the link is over."""
    client = (await load_dossier(context, caller, here.client.id)).client
    await standing_link(context, here)
    every = await context.storage.onboarding_links.of_client(client)
    if sum(link.parent_id == here.link.id for link in every) >= MOST_CHILDREN:
        raise InvalidState(sentence("There were %(most)s tries to go on on a phone already.", most=MOST_CHILDREN))
    new = new_link(context, client, here.link.wish, CHILD_MINUTES, here.link.id)
    return added(client, new, here.caller.actor, "phone")


def _caller(company: Company, link: OnboardingLink) -> Caller:
    return Caller(company, link.actor, CLIENT_LEVEL)


async def company_of(context: Context, token: str) -> Company | None:
    """Whose client a secret is of, should it be any good."""
    company_id = company_of_token(context, token)
    return None if company_id is None else await context.storage.companies.find(company_id)


async def _stored(context: Context, token: str) -> ClientSession | None:
    """A session, good or not."""
    company = await company_of(context, token)
    row = None if company is None else await context.storage.hosted_sessions.by_token(company.id, token)
    return None if company is None or row is None else ClientSession(*row, company)
