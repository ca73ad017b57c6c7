"""What goes wrong, as pages: what happened, whether anything was changed, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain import errors
from ostiary.domain.errors import Fault, OstiaryError
from ostiary.domain.sentences import N_
from ostiary.html.answers import Page
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
    errors.NotFound: _Words(N_("There is nothing here")),
    errors.LinkRefused: _Words(N_("This link does not work any more")),
    errors.PayloadTooLarge: _Words(
        N_("That was too much"), N_("A form of the console has at most 64 kB. Shorten the text.")
    ),
    errors.UnsupportedMediaType: _Words(N_("That was not a form"), N_("Send the form from its page.")),
    errors.TooManyRequests: _Words(N_("Too many requests"), N_("Wait a moment, then try again.")),
    errors.Unavailable: _Words(N_("Not available right now"), N_("Nothing is lost. Try again shortly.")),
    errors.Contended: _Words(N_("Others were faster"), N_("Somebody keeps changing the same case. Look at it again.")),
}
BROKEN = N_("It is not your fault. Tell who runs this service, with the number below.")
NO_SUCH_PAGE = N_("The address is wrong, or what was here is not yours to see.")


def problem_page(problem: OstiaryError, trace_id: str) -> Page:
    """A problem of a use case. Of what broke on our side only the number is shown; the log has the rest."""
    status = status_of(problem)
    if status >= 500 and not isinstance(problem, errors.Unavailable):
        return _page(500, N_("Something is broken here"), BROKEN, trace_id)
    words = _WORDS.get(type(problem), _Words(N_("That is not possible")))
    if type(problem) is errors.NotFound:
        return _page(status, words.heading, NO_SUCH_PAGE, trace_id)
    return _page(status, words.heading, words.message or problem.words, trace_id, problem.faults)


def refused_page(refused: ConsoleRefused, trace_id: str) -> Page:
    """What the console refused by itself."""
    return _page(refused.status, refused.heading, refused.message, trace_id)


def _page(status: int, heading: str, message: str, trace_id: str, faults: tuple[Fault, ...] = ()) -> Page:
    values = {"heading": heading, "message": message, "trace_id": trace_id, "faults": faults}
    return Page(template="problem.html", title=heading, values=values, status=status)
