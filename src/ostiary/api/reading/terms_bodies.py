"""The body of telling that a client accepted terms."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

import msgspec

from ostiary.domain.errors import Fault, ValidationFailed
from ostiary.domain.sentences import sentence
from ostiary.domain.terms.acceptance import OF_PARTNERS, Acceptor, ActingAs, NamedText, moment_of

E = TypeVar("E", bound=StrEnum)


class AcceptorBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who accepted, and as whom."""

    name: str
    capacity: str


class TermsAcceptanceBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which text was accepted, by whom, when and how."""

    terms_id: str
    version: str
    language: str
    sha256: str
    accepted_by: AcceptorBody
    accepted_at: str
    channel: str
    ip_address: str | None = None
    user_agent: str | None = None


def named_text(body: TermsAcceptanceBody) -> NamedText:
    """Which text it is said to be."""
    return NamedText(body.terms_id, body.version, body.language, body.sha256.lower())


def circumstances(body: TermsAcceptanceBody) -> Acceptor:
    """Raises ValidationFailed with every value that is none of those there are."""
    faults: list[Fault] = []
    capacity = _one_of("accepted_by.capacity", body.accepted_by.capacity, list(ActingAs), faults)
    channel = _one_of("channel", body.channel, list(OF_PARTNERS), faults)
    at_ms = moment_of(body.accepted_at)
    if at_ms is None:
        message = "accepted_at must be a moment in UTC, as 2026-04-15T10:30:00"
        faults.append(Fault("accepted_at", "VALUE_INVALID", message))
    if faults or capacity is None or channel is None or at_ms is None:
        raise ValidationFailed(faults=tuple(faults))
    return Acceptor(
        name=body.accepted_by.name.strip(),
        capacity=capacity,
        accepted_at_ms=at_ms,
        channel=channel,
        ip_address=(body.ip_address or "").strip(),
        user_agent=(body.user_agent or "").strip(),
    )


def _one_of(field: str, word: str, choices: list[E], faults: list[Fault]) -> E | None:
    choice = next((each for each in choices if each.value == word), None)
    if choice is None:
        message = sentence("%(field)s must be one of: %(possible)s", field=field, possible=", ".join(choices))
        faults.append(Fault(field, "VALUE_INVALID", message))
    return choice
