"""Going on on a phone: a code to scan, and a page that follows until there is nothing to do here any more.

The code is a link of its own, for ten minutes, which is in no address and no file: its drawing stands in the page that
answered the press of a button. Both browsers have sessions of the same link, so either may do any step and finish.
"""

from __future__ import annotations

import re
from io import BytesIO

from ostiary.domain.errors import InvalidRequest, InvalidState
from ostiary.domain.hosted.steps import DocumentStep, Step
from ostiary.domain.sentences import N_
from ostiary.hosted.pages.state import place_of
from ostiary.hosted.request import HostedRequest
from ostiary.hosted.services import Hosted
from ostiary.html.answers import Page, Redirect
from ostiary.usecases.hosted.phone import follow_phone
from ostiary.usecases.hosted.progress import load_journey
from ostiary.usecases.hosted.sessions import make_child_link
from ostiary.usecases.transaction import carried_out

TITLE = N_("Continue on a phone")
FOLLOW_S = 5
"""How often the page looks what became of it on the phone, without script; with script it begins so, and slows down."""
SCRIPT = "follow.js"
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]{1,255}")
"""As names and addresses are written (RFC 3986 3.2.2); more does not fit a code."""
TOO_MANY_CODES = 409
"""Status of the page that makes no further code (RFC 9110 15.5.10)."""


async def show(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """What it is, and the button that makes a code: looking makes none."""
    return _shown()


async def make_code(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """The code, and the page that follows it."""
    here, host = request.here, request.api.header(b"host") or ""
    if not _HOST.fullmatch(host):
        raise InvalidRequest
    try:
        new = await carried_out(hosted.context, here.caller, make_child_link, here)
    except InvalidState as refused:
        return _shown(problem=refused.words)
    url = new.url(hosted.public_url or f"http://{host}")
    return _shown(drawing(url))


def _shown(code: str = "", problem: str = "") -> Page:
    values, scripts = {"drawing": code, "problem": problem}, (SCRIPT,) if code else ()
    return Page(
        template="phone.html", title=TITLE, values=values, scripts=scripts, status=TOO_MANY_CODES if problem else 200
    )


async def follow(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """Whether the code was scanned, and what is still to do; on to where the client is once that is nothing."""
    journey = await load_journey(hosted.context, request.here)
    if journey.plan.next is None:
        return Redirect(place_of(hosted, request, journey))
    values = {
        "is_scanned": await follow_phone(hosted.context, request.here),
        "steps": [_name(step) for step in journey.plan.steps],
        "refreshes_s": FOLLOW_S,
    }
    return Page(template="phone_follow.html", title=TITLE, values=values, scripts=(SCRIPT,))


def _name(step: Step) -> str:
    return step.requirement.name if isinstance(step, DocumentStep) else step.name


def drawing(url: str) -> str:
    """An address as a QR code (ISO/IEC 18004): an SVG to stand in a page, black on white in any theme."""
    import segno  # only who goes on on a phone needs it

    picture = BytesIO()
    code = segno.make(url, error="m", micro=False)
    code.save(
        picture,
        kind="svg",
        xmldecl=False,
        svgns=False,
        scale=4,
        border=4,
        dark="#000",
        light="#fff",
        svgclass=None,
        lineclass=None,
        omitsize=True,
    )
    return picture.getvalue().decode()
