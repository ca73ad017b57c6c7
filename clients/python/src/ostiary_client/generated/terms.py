"""Terms, and that clients accepted them.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.extras import Value
from ostiary_client.generated.words import ActingAs, Channel


class TermsText(Value, kw_only=True, frozen=True, omit_defaults=True):
    """One wording."""

    language: str
    """A tag of RFC 5646."""
    sha256: str
    """SHA-256 of the text's UTF-8 bytes, in 64 hexadecimal digits."""


class Terms(Value, kw_only=True, frozen=True, omit_defaults=True):
    """One version of terms, and the texts it is worded in."""

    id: str
    name: str
    version: str
    texts: tuple[TermsText, ...]
    re_accept: str | None = None
    """Whom a version binds who asked before it: `all`, or from a day on (YYYY-MM-DD). Absent: nobody."""


class Acceptor(Value, kw_only=True, frozen=True, omit_defaults=True):
    """Who accepted."""

    name: str
    capacity: ActingAs


class TermsAcceptance(Value, kw_only=True, frozen=True, omit_defaults=True):
    """An acceptance of one text."""

    id: str
    terms_id: str
    version: str
    language: str
    sha256: str
    """SHA-256 of the text's UTF-8 bytes, in 64 hexadecimal digits."""
    accepted_by: Acceptor
    accepted_at: str
    """UTC, whole seconds, no zone."""
    channel: Channel
    ip_address: str | None = None
    user_agent: str | None = None
    recorded_at: str
    """UTC, whole seconds, no zone. When it came to this service."""


class TermsAuditEntry(Value, kw_only=True, frozen=True, omit_defaults=True):
    """The entry of the client's audit trail. Each entry's hash is over the one before it."""

    position: int
    at: str
    """UTC, whole seconds, no zone."""
    action: str
    actor: str
    codes: tuple[str, ...]
    """Id, version, language and SHA-256 of the text."""
    digest: str
    """Of what was written with it, and what it says of rows; hexadecimal digits."""
    hash: str
    """Of the entry, keyed; hexadecimal digits."""


class TermsProof(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What proves an acceptance: itself, the exact text, and the audit entry."""

    client_id: str
    acceptance: TermsAcceptance
    name: str
    text: str
    audit_entry: TermsAuditEntry


class WordedTerms(Value, kw_only=True, frozen=True, omit_defaults=True):
    """One version of terms in one language, with the exact text."""

    id: str
    name: str
    version: str
    language: str
    """Of this text: the nearest there is to the one asked for."""
    sha256: str
    """SHA-256 of the text's UTF-8 bytes, in 64 hexadecimal digits."""
    text: str
    """Show it as it is: its SHA-256 is that of its UTF-8 bytes."""
    languages: tuple[str, ...]
    re_accept: str | None = None
    """Whom a version binds who asked before it: `all`, or from a day on (YYYY-MM-DD). Absent: nobody."""
