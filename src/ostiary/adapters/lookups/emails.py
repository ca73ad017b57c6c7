"""E-mail addresses: the syntax that mail servers accept (RFC 5321, 6531), by email-validator, without asking any."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

from ostiary.domain.names.visible import visible
from ostiary.domain.sentences import N_, sentence

MOST_CHARACTERS = 254
"""RFC 5321 section 4.5.3.1.3 with erratum 1690: a path of 256 octets less its brackets."""

_AS_ANY_OTHER = "example"
"""The reserved name that the library takes as it takes a name of real life."""
MOST_LOCAL_BYTES = 64
"""RFC 5321 section 4.5.3.1.1."""


DOMAINS_KEPT = 4_096
"""Most clients of a company are at few providers of mail; a megabyte at most."""
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*", re.ASCII)
"""What stands before the @ for nearly everybody: words with dots between them, of which nothing needs a closer look."""

FOR_TRIALS = ("test", "example", "invalid", "localhost")
"""Top-level names that nobody can be mailed under, reserved for trying things out (RFC 2606 2, RFC 6761 6.2 to 6.5)."""


def sandbox_email_fault(address: str) -> str | None:
    """The same for who tries things out, whose addresses may end in a name reserved for that."""
    local, at, domain = address.rpartition("@")
    before, dot, last = domain.rpartition(".")
    if last.lower() in FOR_TRIALS and at:
        return email_fault(f"{local}@{before if dot else 'x'}.{_AS_ANY_OTHER}")
    return email_fault(address)


def email_fault(address: str) -> str | None:
    """None for a good address, else what would be right."""
    if len(address) > MOST_CHARACTERS:
        return sentence(
            "has %(length)s characters; an e-mail address has at most %(most)s",
            length=len(address),
            most=MOST_CHARACTERS,
        )
    if len(address.rpartition("@")[0].encode("utf-8", "replace")) > MOST_LOCAL_BYTES:
        return sentence(
            "has more than %(most)s bytes before the @, the most that mail servers take", most=MOST_LOCAL_BYTES
        )
    if _is_plain(address):
        return None
    if visible(unicodedata.normalize("NFKC", address)) != unicodedata.normalize("NFKC", address):
        return N_("must be an e-mail address, as name@example.com: it has a character that nobody sees")
    library = _library()
    try:
        library.validate_email(address, check_deliverability=False)
    except library.EmailNotValidError as problem:
        return sentence("must be an e-mail address, as name@example.com: %(problem)s", problem=str(problem).rstrip("."))
    except (UnicodeError, ValueError):
        return N_("must be an e-mail address, as name@example.com")
    return None


def _is_plain(address: str) -> bool:
    """Whether an address is good at first sight: the library is asked about its domain only, once for each."""
    local, _, domain = address.rpartition("@")
    return address.isascii() and _PLAIN_LOCAL.fullmatch(local) is not None and _is_good_domain(domain)


@lru_cache(maxsize=DOMAINS_KEPT)
def _is_good_domain(domain: str) -> bool:
    library = _library()
    try:
        library.validate_email(f"a@{domain}", check_deliverability=False)
    except (library.EmailNotValidError, UnicodeError, ValueError):
        return False
    return True


def normal_email(address: str) -> str:
    """The form in which two addresses are the same: case-folded, composed (NFC), the domain in its ASCII form.

    RFC 5321 lets the part before the @ be case-sensitive; no provider that matters makes use of it, and people
    capitalize as they please. A faulty address is given back as well as it can be.
    """
    local, _, domain = address.rpartition("@")
    return f"{_folded(local)}@{_ascii(domain)}" if local else _folded(address)


def _folded(text: str) -> str:
    """Folding can take composed characters apart, so composing comes last."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    if len(domain) > MOST_CHARACTERS:
        return _folded(domain)
    import idna

    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except UnicodeError:  # idna's own errors are such
        return _folded(domain)


@cache
def _library() -> Any:
    """Imported on first use; brings a DNS library with it."""
    import email_validator

    return email_validator
