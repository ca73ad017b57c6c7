"""Cookies of pages: how they are named, read and set, and the one in which a chosen language is kept."""

from __future__ import annotations

import re

from ostiary.languages.choosing import is_offered

LANGUAGE = "ostiary_language"
LANGUAGE_S = 365 * 24 * 3600
"""Browsers keep none for much longer (RFC 6265bis 5.5: 400 days)."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}")


def cookie_name(name: str, *, is_secure: bool) -> str:
    """With `__Host-` a browser takes it only over HTTPS, and from no other host (RFC 6265bis 4.1.3.2)."""
    return f"__Host-{name}" if is_secure else name


def token_in(header: str, name: str, *, is_secure: bool) -> str:
    """A cookie's token; empty where there is none, it is no token, or there are two: whose is whose is not known."""
    value = value_in(header, name, is_secure=is_secure)
    return value if _TOKEN.fullmatch(value) else ""


def language_in(header: str, *, is_secure: bool) -> str:
    """The tag of a language that is offered; empty where none was chosen."""
    value = value_in(header, LANGUAGE, is_secure=is_secure)
    return value if is_offered(value) else ""


def value_in(header: str, name: str, *, is_secure: bool) -> str:
    """A cookie's text; empty where there is none, or two."""
    wanted = cookie_name(name, is_secure=is_secure)
    pairs = (part.strip().partition("=") for part in header.split(";"))
    values = {value for key, _, value in pairs if key == wanted}
    return next(iter(values)) if len(values) == 1 else ""


def set_cookie(
    name: str, token: str, *, is_secure: bool, lasts_s: int | None = None, is_framed: bool = False
) -> tuple[bytes, bytes]:
    """Until the browser ends, or for so long; an empty token removes it.

    `Lax`: it comes along when somebody follows a link to us, or is sent back by an identity provider, by GET.
    `is_framed`: of a page within a page of another site, which browsers send no `Lax` one to; `Partitioned` keeps it to
    pages within that site (CHIPS), and is for `Secure` ones alone, which browsers take from this machine too.
    """
    if not token:
        lasts_s = 0
    parts = [f"{cookie_name(name, is_secure=is_secure)}={token}", "Path=/", "HttpOnly"]
    parts += ["SameSite=None", "Secure", "Partitioned"] if is_framed else ["SameSite=Lax"] + ["Secure"] * is_secure
    parts += [] if lasts_s is None else [f"Max-Age={lasts_s}"]
    return b"set-cookie", "; ".join(parts).encode()
