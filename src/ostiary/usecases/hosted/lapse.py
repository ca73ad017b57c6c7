"""What becomes of links when nobody uses them, or who did went away: they expire, and are forgotten a month later.

The worker asks now and then. A link that was opened is over when none of its sessions is good any more.
"""

from __future__ import annotations

from functools import partial

from ostiary.domain.audit.trail import WORKER, Note
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.hosted.changes import ChangeLink, DropLink
from ostiary.domain.hosted.events import HostedEvent
from ostiary.domain.hosted.links import LIVE, LinkStatus, OnboardingLink, over
from ostiary.domain.times import HOUR_MS
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context, links_kept_ms
from ostiary.usecases.hosted.events import told_of
from ostiary.usecases.transaction import Outcome, execute

PUT_OFF_MS = HOUR_MS
"""Whatever keeps a link from being ended (a row that does not open, a database that is away) lasts, or is gone then."""


async def end_due_link(context: Context, company_id: str, client_id: str, link_id: str) -> None:
    """Looks at one link that is due (`storage.onboarding_links.due`)."""
    company = await context.storage.companies.find(company_id)
    if company is not None:
        looked_at = partial(_looked_at, context, company, client_id, link_id)
        await execute(context, Caller(company, WORKER, 0), looked_at)


async def put_off_link(context: Context, company_id: str, client_id: str, link_id: str) -> None:
    """One that could not be looked at, for whatever reason, comes up again later: those that fail each time must not
    stand before all others."""
    until_ms = context.now_ms() + PUT_OFF_MS
    await context.storage.onboarding_links.put_off(company_id, client_id, link_id, until_ms)


async def _looked_at(context: Context, company: Company, client_id: str, link_id: str) -> Outcome[None]:
    dossier, now = await context.storage.dossier(company.id, client_id), context.now_ms()
    link = None if dossier is None else await context.storage.onboarding_links.find(dossier.client, link_id)
    if dossier is None or link is None or link.due_at_ms > now:
        return Outcome(None)
    if link.status not in LIVE:
        return Outcome(None, Unit(company.id, now, changes=(DropLink(client_id, link_id),)))
    until = await _in_use_until(context, link, now)
    if until > now:
        again = ChangeLink(replace(link, due_at_ms=until))
        return Outcome(None, Unit(company.id, now, dossier.client, changes=(again,)))
    expired, *messages = told_of(context, company, link, HostedEvent.EXPIRED)
    changes = [ChangeLink(over(expired, LinkStatus.EXPIRED, now, links_kept_ms(context)))]
    if not link.parent_id:
        every = await context.storage.onboarding_links.of_client(dossier.client)
        children = (each for each in every if each.parent_id == link_id and each.status in LIVE)
        changes += (ChangeLink(over(each, LinkStatus.EXPIRED, now, links_kept_ms(context))) for each in children)
    note = Note("onboarding_expired", WORKER, link_id)
    return Outcome(None, Unit(company.id, now, dossier.client, changes=(*changes, *messages), notes=(note,)))


async def _in_use_until(context: Context, link: OnboardingLink, now_ms: int) -> int:
    """Until when a link that was opened lives by its sessions, if nobody uses them; 0: it does not."""
    if link.status is not LinkStatus.OPENED:
        return 0
    sessions = await context.storage.hosted_sessions.of_link(link.company_id, link.root_id)
    good = (each for each in sessions if each.is_fresh_enough(now_ms) and link.id in (each.link_id, each.via_id))
    return max((each.idle_until_ms for each in good), default=0)
