"""Where somebody goes who is not signed in, and back again: only to pages of this console."""

from __future__ import annotations

import re
from urllib.parse import quote

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.problems import ConsoleRefused
from ostiary.console.request import ConsoleRequest
from ostiary.html.answers import Redirect

SIGN_IN = "/console/sign-in"
LONGEST_NEXT = 1_000
_OWN = re.compile(r"/console(/[A-Za-z0-9._~-]+)*/?(\?[A-Za-z0-9._~=&%+:-]*)?")
"""A path of ours, with letters that need no escape: no host, no scheme, no backslash, no `//`."""


def own_path(text: str) -> str | None:
    """A page of this console that somebody may be sent on to, or None for anything else."""
    if len(text) > LONGEST_NEXT or not _OWN.fullmatch(text) or "/.." in text or "//" in text:
        return None
    return text


def sign_in_first(request: ConsoleRequest) -> ConsoleAnswer:
    """To the page of signing in, and then back. What was sent is not kept, and a part of a page becomes the whole."""
    query: bytes = request.api.scope.get("query_string", b"")
    path = str(request.api.scope["path"])
    wanted = own_path(f"{path}?{query.decode('latin-1')}" if query else path) or own_path(path)
    place = f"{SIGN_IN}?next={quote(wanted, safe='')}" if wanted and request.api.method in ("GET", "HEAD") else SIGN_IN
    if request.is_fragment:
        raise ConsoleRefused(401, "Your session has ended", "Sign in again.", ((b"hx-redirect", SIGN_IN.encode()),))
    if request.api.method not in ("GET", "HEAD"):
        raise ConsoleRefused(401, "Your session has ended", "Nothing was changed. Sign in, then do it again.")
    return Redirect(place)
