"""Going on on a phone, by a link made from a session: its own session works beside the first one."""

from __future__ import annotations

from ostiary.domain.hosted.links import LinkStatus
from ostiary.usecases.context import Context
from ostiary.usecases.hosted.arrival import ClientSession


async def follow_phone(context: Context, here: ClientSession) -> bool:
    """Whether one of the session's links was opened on a phone."""
    every = await context.storage.onboarding_links.of_client(here.client)
    return any(each.parent_id == here.link.id and each.status is LinkStatus.OPENED for each in every)
