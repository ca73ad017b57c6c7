"""Links to the page on which a client onboards himself: made for a partner, shown, and revoked."""

from __future__ import annotations

from dataclasses import field

from ostiary.domain.audit.trail import Note
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Fault, InvalidState, NotFound, ValidationFailed
from ostiary.domain.hosted.changes import AddLink, ChangeLink
from ostiary.domain.hosted.links import (
    ADDRESS_CHARACTERS,
    LANGUAGES,
    LIVE,
    MINUTES,
    MOST_KEPT,
    MOST_LIVE,
    PATH,
    LinkStatus,
    LinkWish,
    OnboardingLink,
    over,
    state_problem,
)
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.sentences import N_, joined, sentence
from ostiary.domain.times import MINUTE_MS
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace, value_type
from ostiary.usecases.context import Context, links_kept_ms
from ostiary.usecases.delivery.webhook import AddressFault
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.hosted.tokens import new_token
from ostiary.usecases.transaction import Outcome


@value_type
class MadeLink:
    """A link just made: the only time its secret is there to be shown."""

    link: OnboardingLink
    token: str = field(repr=False)

    def url(self, public_url: str) -> str:
        """Its whole address, below that of this service."""
        return f"{public_url.rstrip('/')}{PATH}/{self.token}"


async def make_link(
    context: Context, caller: Caller, client_id: str, wish: LinkWish, address_fault: AddressFault
) -> Outcome[MadeLink]:
    """Raises NotFound, ValidationFailed naming each value that cannot be, and InvalidState for a client who has no live
    request or too many links."""
    dossier = await load_dossier(context, caller, client_id)
    if faults := (*_faults(wish, caller.company.is_sandbox, address_fault), *_request_faults(wish, dossier)):
        raise ValidationFailed(faults=faults)
    live = tuple(each.id for each in dossier.enablements if each.is_live)
    if not live:
        raise InvalidState("This client has no live product request: request a product first.")
    await _demand_room(context, dossier, context.now_ms())
    new = new_link(context, dossier.client, replace(wish, request_ids=wish.request_ids or live), wish.minutes)
    return added(dossier.client, new, caller.actor, f"{wish.minutes}_minutes")


def new_link(context: Context, client: Client, wish: LinkWish, minutes: int, parent_id: str = "") -> MadeLink:
    """A link with a secret of its own, to be used within so many minutes."""
    now, secret = context.now_ms(), new_token(context, client.company_id)
    until = now + minutes * MINUTE_MS
    link = OnboardingLink(
        id=context.new_id(),
        company_id=client.company_id,
        client_id=client.id,
        mark=context.storage.onboarding_links.mark(client.company_id, secret),
        wish=wish,
        status=LinkStatus.ACTIVE,
        created_at_ms=now,
        expires_at_ms=until,
        due_at_ms=until,
        parent_id=parent_id,
    )
    return MadeLink(link, secret)


def added(client: Client, new: MadeLink, actor: str, code: str) -> Outcome[MadeLink]:
    """A link just made, with its audit entry."""
    note = Note("onboarding_link_created", actor, new.link.id, (code,))
    unit = Unit(client.company_id, new.link.created_at_ms, client, changes=(AddLink(new.link),), notes=(note,))
    return Outcome(new, unit)


async def list_links(context: Context, caller: Caller, client_id: str) -> tuple[OnboardingLink, ...]:
    """Those that a partner made for a client, newest first, as they stand now. Raises NotFound."""
    client = (await load_dossier(context, caller, client_id)).client
    every = await context.storage.onboarding_links.of_client(client)
    return tuple(_standing(context, link) for link in every if not link.parent_id)


async def read_link(context: Context, caller: Caller, client_id: str, link_id: str) -> OnboardingLink:
    """Raises NotFound."""
    client = (await load_dossier(context, caller, client_id)).client
    return _standing(context, _partners(await context.storage.onboarding_links.find(client, link_id)))


async def revoke_link(context: Context, caller: Caller, client_id: str, link_id: str) -> Outcome[OnboardingLink]:
    """Ends a link and the sessions that came by it, phones' as well. One that has ended already stays as it was, but
    for one that is finished: its sessions end. Raises NotFound."""
    client = (await load_dossier(context, caller, client_id)).client
    every = await context.storage.onboarding_links.of_client(client)
    link = _standing(context, _partners(next((each for each in every if each.id == link_id), None)))
    if link.status in (LinkStatus.REVOKED, LinkStatus.EXPIRED):
        return Outcome(link)
    now = context.now_ms()
    children = (each for each in every if each.parent_id == link_id and each.status in LIVE)
    revoked, *theirs = (over(each, LinkStatus.REVOKED, now, links_kept_ms(context)) for each in (link, *children))
    note = Note("onboarding_link_revoked", caller.actor, link_id)
    changes = tuple(map(ChangeLink, (revoked, *theirs)))
    return Outcome(revoked, Unit(caller.company.id, now, client, changes=changes, notes=(note,)))


def _standing(context: Context, link: OnboardingLink) -> OnboardingLink:
    return replace(link, status=link.status_at(context.now_ms()))


def _partners(link: OnboardingLink | None) -> OnboardingLink:
    if link is None or link.parent_id:
        raise NotFound("There is no such onboarding link for this client.")
    return link


async def _demand_room(context: Context, dossier: Dossier, now_ms: int) -> None:
    every = await context.storage.onboarding_links.of_client(dossier.client)
    if sum(not link.parent_id and link.status_at(now_ms) in LIVE for link in every) >= MOST_LIVE:
        raise InvalidState(
            sentence("This client has %(most)s onboarding links that still hold; revoke some first.", most=MOST_LIVE)
        )
    if len(every) >= MOST_KEPT:
        raise InvalidState(
            sentence("This client had %(most)s onboarding links within a month; try again later.", most=MOST_KEPT)
        )


def _faults(wish: LinkWish, is_sandbox: bool, address_fault: AddressFault) -> tuple[Fault, ...]:
    problems: list[tuple[str, str | None]] = []
    for name, url in (("return_url", wish.return_url), ("refresh_url", wish.refresh_url)):
        if len(url) > ADDRESS_CHARACTERS:
            problems.append((name, sentence("must have at most %(most)s characters", most=ADDRESS_CHARACTERS)))
        elif url:
            problems.append((name, address_fault(url, is_sandbox)))
    problems.append(("state", state_problem(wish.state)))
    if wish.language and wish.language not in LANGUAGES:
        problems.append(("language", sentence("must be one of: %(names)s", names=", ".join(LANGUAGES))))
    if wish.minutes not in MINUTES:
        problems.append(("expires_in_minutes", N_("must be a whole number from 1 to 10080")))
    return tuple(
        Fault(name, "VALUE_INVALID", joined((name, problem))) for name, problem in problems if problem is not None
    )


def _request_faults(wish: LinkWish, dossier: Dossier) -> tuple[Fault, ...]:
    """Each one named must be a live one of the client's, and none twice."""
    live = {each.id for each in dossier.enablements if each.is_live}
    is_good = set(wish.request_ids) <= live and len(set(wish.request_ids)) == len(wish.request_ids)
    name, problem = "product_request_ids", N_("must name live requests of this client, each once")
    return () if is_good else (Fault(name, "VALUE_INVALID", joined((name, problem))),)
