"""The console's two cookies: the session, and a random text that ties a form to a browser while nobody is signed in."""

from __future__ import annotations

import re

SESSION, FORM = "ostiary_session", "ostiary_form"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}")


def cookie_name(name: str, *, is_secure: bool) -> str:
    """With `__Host-` a browser takes it only over HTTPS, and from no other host (RFC 6265bis 4.1.3.2)."""
    return f"__Host-{name}" if is_secure else name


def token_in(header: str, name: str, *, is_secure: bool) -> str:
    """A cookie's token; empty where there is none, it is no token, or there are two: whose is whose is not known."""
    wanted = cookie_name(name, is_secure=is_secure)
    pairs = (part.strip().partition("=") for part in header.split(";"))
    values = {value for key, _, value in pairs if key == wanted}
    return next(iter(values)) if len(values) == 1 and _TOKEN.fullmatch(min(values)) else ""


def set_cookie(name: str, token: str, *, is_secure: bool) -> tuple[bytes, bytes]:
    """Until the browser ends; an empty token removes it."""
    parts = [f"{cookie_name(name, is_secure=is_secure)}={token}", "Path=/", "HttpOnly", "SameSite=Lax"]
    parts += ["Secure"] * is_secure + ["Max-Age=0"] * (not token)
    return b"set-cookie", "; ".join(parts).encode()
