"""What a partner is told of a client on the page, if its subscription asks for it.

Each function gives changes to put into the unit of work that makes it true: `unit.plus(*await step_completed(...))`.
The unit's owner is the client, who is read before (by `load_dossier`): so no event counts twice, and nothing is changed
by who came by a link that was revoked meanwhile (InvalidState).
"""

from __future__ import annotations

from ostiary.domain.companies.company import Company
from ostiary.domain.errors import InvalidState
from ostiary.domain.hosted.changes import ChangeLink
from ostiary.domain.hosted.events import HostedEvent, onboarding_event
from ostiary.domain.hosted.links import IN_USE, LinkStatus, OnboardingLink, over
from ostiary.domain.unit import AddMessage, Change
from ostiary.domain.value import replace
from ostiary.usecases.context import Context, links_kept_ms
from ostiary.usecases.hosted.arrival import ClientSession


async def step_completed(context: Context, here: ClientSession, step: str) -> tuple[Change, ...]:
    """Something that was asked for is there. `step` is one of the short words of the page's addresses."""
    link = await standing_link(context, here)
    link, *messages = told_of(context, here.company, link, HostedEvent.STEP_COMPLETED, step)
    return (ChangeLink(link), *messages) if messages else ()


async def finished(context: Context, here: ClientSession, step: str = "") -> tuple[Change, ...]:
    """All that the link asks for was submitted, or is there with a last `step` that needs no submission. Links for
    phones that nobody used end with it; sessions go on."""
    link, now = await standing_link(context, here), context.now_ms()
    link, *first = told_of(context, here.company, link, HostedEvent.STEP_COMPLETED, step) if step else (link,)
    link, *messages = told_of(context, here.company, link, HostedEvent.FINISHED)
    every = await context.storage.onboarding_links.of_client(here.client)
    children = (
        over(each, LinkStatus.FINISHED, now, links_kept_ms(context))
        for each in every
        if each.parent_id == link.id and each.status is LinkStatus.ACTIVE
    )
    return (
        *map(ChangeLink, (over(link, LinkStatus.FINISHED, now, links_kept_ms(context)), *children)),
        *first,
        *messages,
    )


def told_of(
    context: Context, company: Company, link: OnboardingLink, event: HostedEvent, step: str = ""
) -> tuple[OnboardingLink, *tuple[AddMessage, ...]]:
    """The link as it is once an event was told, and the message, if the company wants to hear of it. What was made for
    a phone is the page's own affair."""
    if link.parent_id or company.webhook.url is None or event.value not in company.webhook.event_types:
        return (link,)
    after = replace(link, sequence=link.sequence + 1)
    message = onboarding_event(context.new_id(), after, event, context.now_ms(), step)
    return after, AddMessage(message)


async def standing_link(context: Context, here: ClientSession) -> OnboardingLink:
    """The link as it stands now. Raises InvalidState for one that was revoked or ended since the session was looked at:
    what it would have changed is not written either."""
    link = await context.storage.onboarding_links.find(here.client, here.link.id)
    if link is None or link.status not in IN_USE:
        raise InvalidState("This link has ended meanwhile: ask for a new one.")
    return link
