"""Whether a form was sent by a page of ours: what the browser says of where it comes from, and a token in the form.

Each alone would do; a proxy that drops one header, or a browser that is too old for it, leaves the other.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from ostiary.console.problems import ConsoleRefused
from ostiary.web.asgi import ApiRequest

_PURPOSE = b"a form of the console"
FIELD = "form_token"


def form_token(token: str) -> str:
    """What stands in the forms of a session: a hash under its token, which it does not give away."""
    return hmac.new(token.encode(), _PURPOSE, sha256).hexdigest()


def check_form(token: str, given: str) -> None:
    """Raises ConsoleRefused unless the form is of this session (or of this browser, before there is one)."""
    expected = form_token(token) if token else ""
    if not expected or not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise ConsoleRefused(
            403, "This form is out of date", "Nothing was changed. Open the page again and send the form from there."
        )


def check_origin(request: ApiRequest, public_url: str) -> None:
    """Raises ConsoleRefused for what a page of another site sent, and for what no browser of today sends: no word on
    where it comes from. A browser knows us by the host that it asked for or, behind a proxy, by the public address."""
    site, origin = request.header(b"sec-fetch-site"), request.header(b"origin")
    is_ours = origin is not None and _is_ours(origin, request.header(b"host") or "", public_url)
    if (site is None and origin is None) or site not in (None, "same-origin") or (origin is not None and not is_ours):
        raise ConsoleRefused(
            403, "This was not sent by a page of this console", "Nothing was changed. Open the console and do it there."
        )


def _is_ours(origin: str, host: str, public_url: str) -> bool:
    try:
        parts, public = urlsplit(origin), urlsplit(public_url)
    except ValueError:  # a bracket that nothing closes
        return False
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return False
    if public.netloc and (parts.scheme, parts.netloc) == (public.scheme, public.netloc):
        return True
    return parts.netloc.casefold() == host.casefold()
