"""Arriving by a link: looking changes nothing, a button begins. What reads mail before its reader burns no link."""

from __future__ import annotations

from ostiary.domain.hosted.links import IN_USE
from ostiary.hosted.problems import ended_page, left_page, link_page
from ostiary.hosted.request import NEXT, HostedRequest
from ostiary.hosted.services import Hosted
from ostiary.html.answers import Page, Redirect
from ostiary.languages.choosing import is_offered
from ostiary.usecases.hosted.arrival import LinkLook
from ostiary.usecases.hosted.brand import find_brand
from ostiary.usecases.hosted.sessions import (
    PRESS_CHARACTERS,
    exchange,
    look_at_link,
    look_at_session,
)

BEGUN = "begun"
"""In the address that who presses the button is sent to."""
LEFT = "left"
"""In the address that who leaves is sent to."""


async def root(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """The address without a link: on, for who is here; for who was, why no longer."""
    if request.session is not None:
        return Redirect(NEXT)
    if (ended := await look_at_session(hosted.context, request.token)).link is not None:
        await request.meet(ended)
        return ended_page(ended, request.brand)
    if LEFT not in request.query:
        return link_page(LinkLook(problem=None), None)
    await request.meet_company(LEFT)
    return left_page()


async def show(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """A link that is looked at: one button. Who is here by it already goes on."""
    look = await look_at_link(hosted.context, request.path["token"])
    if _is_here_by(request, look):
        return Redirect(NEXT)
    await request.meet(look)
    if look.problem is not None or look.company is None:
        return link_page(look, request.brand)
    name = request.brand.brand.name if request.brand else look.company.name
    press = hosted.context.random(PRESS_CHARACTERS // 2).hex()
    values = {"company": name, "chosen": request.query.text("language"), "press": press}
    return Page(template="landing.html", title="Your onboarding", values=values)


async def begin(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """The button. Sent twice, by two fingers or a slow line, the second goes on where the first began."""
    token = request.path["token"]
    begun = await exchange(hosted.context, token, request.form.raw("press"))
    if isinstance(begun, LinkLook):
        if _is_here_by(request, begun):
            return Redirect(NEXT)
        await request.meet(begun)
        return link_page(begun, request.brand)
    request.brand = await find_brand(hosted.context, begun.here.company)
    request.session = None
    request.is_framed = request.is_within and bool(request.frames)
    request.draft_set = ""
    tag = request.query.text("language")
    whose = request.company_word(begun.here.company)
    return Redirect(f"/onboarding/next?{BEGUN}={whose}", session=begun.token, language=tag if is_offered(tag) else "")


def _is_here_by(request: HostedRequest, look: LinkLook) -> bool:
    """Whether the session of this browser came by that link, or by one that was made from it."""
    session, link = request.session, look.link
    return session is not None and link is not None and session.link.id == link.id and session.link.status in IN_USE
