"""Whose pages may show the onboarding page within their own: origins that the company lists, and nobody else's."""

from __future__ import annotations

import re

from ostiary.domain.sentences import N_, sentence

MOST_ORIGINS = 10
"""Of a company: its shop, its app, each in test as well. They go along in a header of every page."""
_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HTTPS = re.compile(rf"https://(?=[^:]{{1,253}}(?::|\Z)){_HOST}(?::[1-9][0-9]{{0,4}})?")
_LOOPBACK = re.compile(r"http://(?:localhost|127\.0\.0\.1)(?::[1-9][0-9]{0,4})?")
"""Where whoever tries a sandbox has a page of his own; browsers trust it as they trust https (Secure Contexts 3.1)."""


def origins_problem(origins: tuple[str, ...], *, is_sandbox: bool) -> str | None:
    """What is wrong with a list of origins (RFC 6454 section 6.2), to follow its name; None when it is good.

    A wildcard is none of them: whoever gets a name below the company's domain could show the page as its own.
    """
    if len(origins) > MOST_ORIGINS:
        return sentence("must have at most %(most)s origins", most=MOST_ORIGINS)
    if any(origins.count(each) > 1 for each in origins):
        return N_("must name each origin once")
    bad = next((each for each in origins if not _is_good(each, is_sandbox=is_sandbox)), None)
    if bad is None:
        return None
    if is_sandbox:
        return N_("must be origins as https://shop.example, or http://localhost:3000 in a sandbox, without a path or *")
    return N_("must be origins as https://shop.example, without a path or *")


def _is_good(origin: str, *, is_sandbox: bool) -> bool:
    return bool(_HTTPS.fullmatch(origin) or (is_sandbox and _LOOPBACK.fullmatch(origin)))
