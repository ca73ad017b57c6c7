"""Every page and action: method, path, who may, what it takes. Paths have words and numbers, and no id of ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from ostiary.domain.hosted.links import PATH
from ostiary.hosted.pages import arrival, branding, details, documents, phone, review, session, state, terms
from ostiary.hosted.request import HostedRequest
from ostiary.hosted.services import Hosted
from ostiary.html.answers import Download, Page, Redirect

ROOT = PATH
HostedAnswer = Page | Redirect | Download
Handler = Callable[[Hosted, HostedRequest], Awaitable[HostedAnswer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAction:
    """`is_public`: without a session. `touches`: it counts as use of the session. `takes_files`: its form may be as
    large as a document."""

    name: str
    method: str
    path: str
    handler: Handler
    is_public: bool = False
    touches: bool = True
    takes_files: bool = False


def _page(name: str, path: str, handler: Handler) -> PageAction:
    return PageAction(name=f"hosted_{name}", method="GET", path=path, handler=handler)


def _act(name: str, path: str, handler: Handler) -> PageAction:
    return PageAction(name=f"hosted_{name}", method="POST", path=path, handler=handler)


DOCUMENT = f"{ROOT}/documents/{{place}}"
TABLE: tuple[PageAction, ...] = (
    PageAction(name="hosted_root", method="GET", path=ROOT, handler=arrival.root, is_public=True),
    PageAction(name="hosted_link", method="GET", path=f"{ROOT}/{{token}}", handler=arrival.show, is_public=True),
    PageAction(name="hosted_exchange", method="POST", path=f"{ROOT}/{{token}}", handler=arrival.begin, is_public=True),
    PageAction(
        name="hosted_style", method="GET", path=f"{ROOT}/brand/style", handler=branding.style, touches=False,
    ),
    PageAction(name="hosted_logo", method="GET", path=f"{ROOT}/brand/logo", handler=branding.logo, touches=False),
    PageAction(
        name="hosted_link_style", method="GET", path=f"{ROOT}/{{token}}/style", handler=branding.style, is_public=True,
    ),
    PageAction(
        name="hosted_link_logo", method="GET", path=f"{ROOT}/{{token}}/logo", handler=branding.logo, is_public=True,
    ),
    _page("next", f"{ROOT}/next", state.onward),
    PageAction(name="hosted_state", method="GET", path=f"{ROOT}/state", handler=state.show, touches=False),
    _page("review", f"{ROOT}/review", review.show),
    _act("submit", f"{ROOT}/review", review.submit),
    _page("phone", f"{ROOT}/phone", phone.show),
    _act("phone_code", f"{ROOT}/phone", phone.make_code),
    PageAction(
        name="hosted_follow_phone", method="GET", path=f"{ROOT}/phone/follow", handler=phone.follow, touches=False,
    ),
    _act("stay", f"{ROOT}/stay", session.stay),
    _act("leave", f"{ROOT}/leave", session.leave),
    _act("language", f"{ROOT}/language", session.choose_language),
    _page("document", DOCUMENT, documents.show),
    _act("choose_document", DOCUMENT, documents.choose),
    _page("side", f"{DOCUMENT}/{{side}}", documents.show_side),
    PageAction(
        name="hosted_send_side", method="POST", path=f"{DOCUMENT}/{{side}}", handler=documents.send_side,
        takes_files=True,
    ),
    _page("details", f"{ROOT}/details/{{place}}", details.show),
    _act("give_details", f"{ROOT}/details/{{place}}", details.give),
    _page("terms", f"{ROOT}/terms/{{place}}", terms.show),
    _act("accept_terms", f"{ROOT}/terms/{{place}}", terms.accept),
    _page("terms_text", f"{ROOT}/terms/{{place}}/text", terms.save),
)  # fmt: skip


def actions_at(path: str) -> tuple[Mapping[str, PageAction], Mapping[str, str]]:
    """What there is at a path by method, and the parameters of the path. A word comes before a parameter: no secret of
    a link is as short as one of ours."""
    segments = path.split("/")
    best, values = dict[str, PageAction](), dict[str, str]()
    for action in sorted(TABLE, key=lambda each: each.path.count("{")):
        own = action.path.split("/")
        if len(own) != len(segments) or (best and next(iter(best.values())).path != action.path):
            continue
        if all(part == given or (part[:1] == "{" and given) for part, given in zip(own, segments, strict=True)):
            best[action.method] = action
            values = {part[1:-1]: given for part, given in zip(own, segments, strict=True) if part[:1] == "{"}
    return best, values
