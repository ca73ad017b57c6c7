"""A request's head beside the meaning of its fields: the form of its target, its host, offers to speak otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable

import httptools

HOST_VALUE = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")
"""RFC 9110 7.2: a name or an address, and perhaps a port."""
_OFFERS = frozenset({b"upgrade", b"http2-settings"})


def path_of(target: bytes) -> bytes:
    """Path and query of a target (RFC 9112 3.2), which may be `*`, or a whole address, perhaps without a path.

    Raises httptools.HttpParserInvalidURLError for what is none of these. A fragment is not sent (RFC 9110 7.1): the
    parser would leave it out, so that an address that a proxy's rules do not know were another one here.
    """
    if b"#" in target:
        raise httptools.HttpParserInvalidURLError("a fragment")
    if target[:1] == b"/":
        return target
    if target == b"*":
        return b"/*"
    parsed = httptools.parse_url(target)
    query = b"" if parsed.query is None else b"?" + parsed.query
    return (parsed.path or b"/") + query


def is_old_version(version: str) -> bool:
    """Whether a request is of HTTP/1.0. Raises httptools.HttpParserError for another than that and 1.1: the parser
    takes 0.9 and 2.0 besides, of which nobody can say where such a request ends."""
    if version not in ("1.0", "1.1"):
        raise httptools.HttpParserError("another version")
    return version == "1.0"


def head_without_offers(first_line: bytes, fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A head as it came, without its offer to speak another protocol, which may be passed over (RFC 9110 7.8)."""
    lines = [first_line]
    for name, value in fields:
        if name == b"connection":
            options = [option.strip() for option in value.split(b",")]
            value = b", ".join(option for option in options if option.lower() not in _OFFERS)
        if name not in _OFFERS:
            lines.append(b"%s: %s" % (name, value))
    return b"\r\n".join([*lines, b"", b""])
