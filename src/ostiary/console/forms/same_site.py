"""Refuses a form that no page of the console sent, or another session's."""

from __future__ import annotations

from ostiary.console.problems import ConsoleRefused
from ostiary.html.same_site import form_mark, is_from_here, is_of_session
from ostiary.web.asgi import ApiRequest

_PURPOSE = b"a form of the console"


def form_token(token: str) -> str:
    """What stands in the forms of a session."""
    return form_mark(token, _PURPOSE)


def check_form(token: str, given: str) -> None:
    """Raises ConsoleRefused unless the form is of this session (or of this browser, before there is one)."""
    if not is_of_session(token, _PURPOSE, given):
        raise ConsoleRefused(
            403, "This form is out of date", "Nothing was changed. Open the page again and send the form from there."
        )


def check_origin(request: ApiRequest, public_url: str) -> None:
    """Raises ConsoleRefused for what a page of another site sent."""
    if not is_from_here(request, public_url):
        raise ConsoleRefused(
            403, "This was not sent by a page of this console", "Nothing was changed. Open the console and do it there."
        )
