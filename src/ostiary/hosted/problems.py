"""What goes wrong, as pages for a client: what happened, that nothing is lost, and what to do."""

from __future__ import annotations

from ostiary.domain import errors
from ostiary.domain.errors import OstiaryError
from ostiary.domain.hosted.brand import KeptBrand
from ostiary.domain.hosted.links import LinkProblem
from ostiary.domain.sentences import N_
from ostiary.hosted.way_back import way_anew
from ostiary.html.answers import Page
from ostiary.usecases.hosted.arrival import LinkLook
from ostiary.web.errors import status_of


class HostedRefused(Exception):
    """The page itself says no. `heading` and `message` are shown; `headers` go with the answer."""

    def __init__(
        self, status: int, heading: str, message: str = "", headers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> None:
        self.status, self.heading, self.message, self.headers = status, heading, message, headers
        super().__init__(heading)


_ON = N_("Nothing was changed. Go on from where you were.")
OUT_OF_DATE = (403, N_("This form is out of date"), _ON)
FROM_ELSEWHERE = (403, N_("This was not sent by a page of ours"), _ON)
NO_PAGE = (404, N_("There is nothing here"), N_("The address is wrong, or out of date."))
OTHER_METHOD = N_("This address is used in another way")
TOO_MUCH_TEXT = (
    413,
    N_("That is too much text"),
    N_("Nothing was changed. Go back, shorten what you typed, and send it again."),
)
_CHANGED = (
    N_("Something changed meanwhile"),
    N_("What you sent before is kept. Go on to see what is needed now."),
)
_NO_ROOM = (
    N_("The company has no room for documents"),
    N_("Your picture was not taken. Tell the company that sent you here, and come back later: the rest is kept."),
)
_BUSY = (N_("Not available right now"), N_("Nothing is lost. Try again shortly."))
_WORDS: dict[type[OstiaryError], tuple[str, str]] = {
    errors.NotFound: NO_PAGE[1:],
    errors.PayloadTooLarge: (
        N_("That file is too large"), N_("Take a smaller picture, or save it with stronger compression."),
    ),
    errors.UnsupportedMediaType: (N_("That was not a form"), N_("Send the form from its page.")),
    errors.TooManyRequests: (N_("That was too fast"), N_("Wait a moment, then try again.")),
    errors.Unavailable: _BUSY,
    errors.Contended: _BUSY,
    errors.InvalidState: _CHANGED,
    errors.DocumentNotRequired: _CHANGED,
}  # fmt: skip
_BROKEN = (
    N_("Something is broken here"),
    N_("It is not your fault, and what you sent before is kept. Try again later."),
)
_OTHER = (N_("That is not possible"), N_("Nothing was changed. Go on from where you were."))
LINK_WORDS: dict[LinkProblem, tuple[str, str]] = {
    LinkProblem.UNKNOWN: (
        N_("This link is not known"),
        N_("It may have been cut off. Open it again from the message, or ask the company that sent it for a new one."),
    ),
    LinkProblem.USED: (
        N_("This link was used already"),
        N_(
            "A link works once. If it was you, go on in the browser where you began. Otherwise ask for a new one: what "
            "was sent is kept."
        ),
    ),
    LinkProblem.FINISHED: (
        N_("Everything was sent already"), N_("There is nothing left to do by this link."),
    ),
    LinkProblem.EXPIRED: (
        N_("This link is too old"), N_("Links hold for a limited time. Ask for a new one: what was sent is kept."),
    ),
    LinkProblem.REVOKED: (
        N_("This link was withdrawn"), N_("The company that sent it took it back. Ask it what to do now."),
    ),
}  # fmt: skip
COOKIELESS = (
    N_("Your browser keeps no cookies"),
    N_("This page needs one. Allow it, go back and press the button again; or open a new link in another browser."),
)
COOKIELESS_WITHIN = (
    N_("Your browser keeps no cookies here"),
    N_(
        "It takes none from a page within another. Ask for a new link, and open it in a window of its own: what was "
        "sent is kept."
    ),
)
LEFT_WORDS = (
    N_("You have left"), N_("What was sent is kept. To go on, ask the company that sent you here for a new link."),
)  # fmt: skip
ENDED = (
    N_("Your session has ended"),
    N_(
        "It ends by itself, so that nobody else goes on from here. What was sent is kept: you go on from there with a "
        "new link."
    ),
)


def cookieless_page(*, is_framed: bool = False) -> Page:
    """For who pressed the button, and whose browser does not keep what it was given."""
    return _over(COOKIELESS_WITHIN if is_framed else COOKIELESS, LinkLook(problem=None), None, 401)


def left_page() -> Page:
    """For who has just left: this browser knows him no more."""
    return _over(LEFT_WORDS, LinkLook(problem=None), None, 200)


def problem_page(problem: OstiaryError, trace_id: str) -> Page:
    """A problem of a use case. Of what broke on our side only the number is shown; the log has the rest."""
    status = status_of(problem)
    is_broken = status >= 500 and not isinstance(problem, errors.Unavailable)
    words = _BROKEN if is_broken else _WORDS.get(type(problem), _OTHER)
    if any(each.code == "QUOTA_REACHED" for each in problem.faults):
        words = _NO_ROOM
    return _page(500 if is_broken else status, words, trace_id)


def refused_page(refused: HostedRefused, trace_id: str) -> Page:
    """What the page refused by itself."""
    return _page(refused.status, (refused.heading, refused.message), trace_id)


def link_page(look: LinkLook, brand: KeptBrand | None) -> Page:
    """A link that leads nowhere: why, and what to do instead."""
    return _over(LINK_WORDS[look.problem or LinkProblem.UNKNOWN], look, brand, 404 if look.link is None else 410)


def ended_page(look: LinkLook, brand: KeptBrand | None) -> Page:
    """A session that is over."""
    words = LINK_WORDS[LinkProblem.REVOKED] if look.problem is LinkProblem.REVOKED else ENDED
    return _over(words, look, brand, 401)


def _over(words: tuple[str, str], look: LinkLook, brand: KeptBrand | None, status: int) -> Page:
    name = look.company.name if look.company else ""
    values = {
        "heading": words[0],
        "message": words[1],
        "refresh_url": way_anew(look.link.wish) if look.link else "",
        "company": brand.brand.name if brand else name,
    }
    return Page(template="over.html", title=words[0], values=values, status=status)


def _page(status: int, words: tuple[str, str], trace_id: str) -> Page:
    values = {"heading": words[0], "message": words[1], "trace_id": trace_id}
    return Page(template="problem.html", title=words[0], values=values, status=status)
