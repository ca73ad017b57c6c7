"""The session itself: to stay, to leave, and in which language."""

from __future__ import annotations

import re

from ostiary.hosted.pages.arrival import LEFT
from ostiary.hosted.request import NEXT, HostedRequest
from ostiary.hosted.services import Hosted
from ostiary.html.answers import Page, Redirect
from ostiary.languages.choosing import is_offered
from ostiary.usecases.hosted import sessions
from ostiary.usecases.transaction import carried_out

_OWN = re.compile(r"/onboarding(/[A-Za-z0-9_-]+){1,3}")


async def stay(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """The hour begins anew: that this was asked for counts as use."""
    request.session = await sessions.stay(hosted.context, request.here)
    return Redirect(_back(request))


async def leave(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """Ends the session, as on a machine that others use."""
    here = request.here
    await carried_out(hosted.context, here.caller, sessions.end, here)
    request.draft_set = ""
    return Redirect(f"/onboarding?{LEFT}={request.company_word(here.company)}", session="")


async def choose_language(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """From now on in this browser."""
    tag = request.form.text("language")
    return Redirect(_back(request), language=tag if is_offered(tag) else "")


def _back(request: HostedRequest) -> str:
    """The page of ours that it was asked from."""
    place = request.form.text("next")
    return place if _OWN.fullmatch(place) else NEXT
