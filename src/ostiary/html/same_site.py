"""Whether a form was sent by a page of ours: what the browser says of where it comes from, and a token in the form.

Each alone would do; a proxy that drops one header, or a browser that is too old for it, leaves the other.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from ostiary.web.asgi import ApiRequest

FIELD = "form_token"


def form_mark(token: str, purpose: bytes) -> str:
    """What stands in the forms of a session: a hash under its token, which it does not give away. `purpose` says whose
    forms they are, so that a token is good for no others."""
    return hmac.new(token.encode(), purpose, sha256).hexdigest()


def is_of_session(token: str, purpose: bytes, given: str) -> bool:
    """Whether a form's mark is of this session. Without a session none is."""
    expected = form_mark(token, purpose) if token else ""
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def is_from_here(request: ApiRequest, public_url: str) -> bool:
    """False for what a page of another site sent, and for what no browser of today sends: no word on where it comes
    from. A browser knows us by the host that it asked for or, behind a proxy, by the public address."""
    site, origin = request.header(b"sec-fetch-site"), request.header(b"origin")
    is_ours = origin is None or _is_ours(origin, request.header(b"host") or "", public_url)
    return (site is not None or origin is not None) and site in (None, "same-origin") and is_ours


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
