"""The language of the console: chosen in a browser, and by who is signed in for all of his."""

from __future__ import annotations

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console, committed
from ostiary.console.sign_in_first import SIGN_IN, own_path
from ostiary.domain.errors import InvalidRequest
from ostiary.domain.sentences import N_
from ostiary.html.answers import Redirect
from ostiary.languages.choosing import is_offered
from ostiary.usecases.operators.directory import choose_language


async def choose(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Back to the page where it was chosen. Raises InvalidRequest for a language that is not offered."""
    tag, wanted = request.form.text("language"), own_path(request.form.raw("next"))
    if not is_offered(tag):
        raise InvalidRequest(N_("Choose one of the languages that are offered."))
    if request.signed_in is None:
        return Redirect(wanted or SIGN_IN, language=tag)
    await committed(console, request.as_operator, choose_language, request.operator.id, tag)
    return Redirect(wanted or "/console", language=tag)
