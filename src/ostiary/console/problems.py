"""What goes wrong, as pages: what happened, whether anything was changed, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.console.answers import Page
from ostiary.domain import errors
from ostiary.domain.errors import Fault, OstiaryError
from ostiary.web.errors import status_of


class ConsoleRefused(Exception):
    """The console itself says no. `heading` and `message` are shown; `headers` go with the answer."""

    def __init__(
        self, status: int, heading: str, message: str = "", headers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> None:
        self.status, self.heading, self.message, self.headers = status, heading, message, headers
        super().__init__(heading)


@dataclass(frozen=True, slots=True)
class _Words:
    heading: str
    message: str = ""


_WORDS: dict[type[OstiaryError], _Words] = {
    errors.NotFound: _Words("There is nothing here"),
    errors.LinkRefused: _Words("This link does not work any more"),
    errors.PayloadTooLarge: _Words("That was too much", "A form of the console has at most 64 kB. Shorten the text."),
    errors.UnsupportedMediaType: _Words("That was not a form", "Send the form from its page."),
    errors.TooManyRequests: _Words("Too many requests", "Wait a moment, then try again."),
    errors.Unavailable: _Words("Not available right now", "Nothing is lost. Try again shortly."),
    errors.Contended: _Words("Others were faster", "Somebody keeps changing the same case. Look at it again."),
}
BROKEN = "It is not your fault. Tell who runs this service, with the number below."
NO_SUCH_PAGE = "The address is wrong, or what was here is not yours to see."


def problem_page(problem: OstiaryError, trace_id: str) -> Page:
    """A problem of a use case. Of what broke on our side only the number is shown; the log has the rest."""
    status = status_of(problem)
    if status >= 500 and not isinstance(problem, errors.Unavailable):
        return _page(500, "Something is broken here", BROKEN, trace_id)
    words = _WORDS.get(type(problem), _Words("That is not possible"))
    if type(problem) is errors.NotFound:
        return _page(status, words.heading, NO_SUCH_PAGE, trace_id)
    return _page(status, words.heading, words.message or problem.message, trace_id, problem.faults)


def refused_page(refused: ConsoleRefused, trace_id: str) -> Page:
    """What the console refused by itself."""
    return _page(refused.status, refused.heading, refused.message, trace_id)


def _page(status: int, heading: str, message: str, trace_id: str, faults: tuple[Fault, ...] = ()) -> Page:
    values = {"heading": heading, "message": message, "trace_id": trace_id, "faults": faults}
    return Page(template="problem.html", title=heading, values=values, status=status)
