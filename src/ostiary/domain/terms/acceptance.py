"""An acceptance of terms: who accepted which text, for whom, when, from where; and what may be said of one.

Beside the text itself this is what shows later that there was one. The circumstances are as a partner tells them; for
our own page they are those of the request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import UTC, datetime
from enum import StrEnum

from ostiary.domain.catalogue.field_rules import name_fault, text_fault
from ostiary.domain.catalogue.terms import TermsVersion
from ostiary.domain.clients.accepted_terms import AcceptedTerms
from ostiary.domain.companies.company import canonical
from ostiary.domain.errors import Fault
from ostiary.domain.names.visible import is_blank, printable
from ostiary.domain.sentences import N_, sentence, spoken
from ostiary.domain.times import MINUTE_MS, format_timestamp
from ostiary.domain.value import value_type

ACCEPTOR_CHARACTERS = 200
"""The longest first, second and last name of a client, put together, need no more in practice."""
AGENT_CHARACTERS = 500
"""What browsers send is half of it."""
AHEAD_MS = 5 * MINUTE_MS
"""By how much a partner's clock may be ahead of ours."""
MOST_ACCEPTANCES = 200
"""Of one client: ten terms, each in twenty versions. More is a loop in somebody's code."""


class ActingAs(StrEnum):
    """As whom somebody accepted: the client himself, who has custody or was made guardian, or who has a power of
    attorney."""

    SELF = "self"
    GUARDIAN = "guardian"
    ATTORNEY = "attorney"


class Channel(StrEnum):
    """How. `hosted_page` is our own page for clients, which nobody else may claim."""

    WEB = "web"
    APP = "app"
    PHONE = "phone"
    PAPER = "paper"
    HOSTED_PAGE = "hosted_page"


ONLINE = frozenset({Channel.WEB, Channel.APP})
"""Where there is an address and an agent, so that they have to be told."""
OF_PARTNERS = tuple(channel for channel in Channel if channel is not Channel.HOSTED_PAGE)


@value_type
class Acceptor:
    """Who accepted, and how. `ip_address` and `user_agent` are empty where there is no such thing."""

    name: str = field(repr=False)
    capacity: ActingAs
    accepted_at_ms: int
    channel: Channel
    ip_address: str = field(default="", repr=False)
    user_agent: str = field(default="", repr=False)


def seen_of(address: str, agent: str) -> tuple[str, str]:
    """Address and agent as a connection gives them, so that they can be kept; empty where they say nothing. What an
    agent would not show is written as an escape, and beyond the longest that is kept it is cut."""
    source, shown = canonical(address), " ".join(printable(agent).split())[:AGENT_CHARACTERS].rstrip()
    return str(source or ""), "" if is_blank(shown) else shown


@value_type
class Acceptance:
    """One that is kept. `recorded_at_ms` is when it came to us."""

    id: str
    terms_id: str
    name: str
    version: str
    language: str
    sha256: str
    circumstances: Acceptor
    recorded_at_ms: int


@value_type
class AddAcceptance:
    """Terms are accepted. `accepted` is all that the client accepted by then, this one last."""

    acceptance: Acceptance
    accepted: tuple[AcceptedTerms, ...]


def moment_of(text: str) -> int | None:
    """Milliseconds of a timestamp as `2026-04-15T10:30:00`, UTC, with or without `Z`; None for anything else."""
    plain = text.removesuffix("Z")
    if len(plain) != len("2026-04-15T10:30:00") or not plain.isascii():
        return None
    try:
        moment = datetime.strptime(plain, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return round(moment.timestamp()) * 1000


def circumstance_faults(given: Acceptor, now_ms: int) -> tuple[Fault, ...]:
    """Every rule that the circumstances break."""
    return tuple(
        Fault(name, "VALUE_INVALID", sentence("%(field)s %(problem)s", field=name, problem=spoken(problem)))
        for name, problem in _problems(given, now_ms)
    )


def _problems(given: Acceptor, now_ms: int) -> Iterator[tuple[str, str]]:
    if problem := name_fault(given.name, ACCEPTOR_CHARACTERS):
        yield "accepted_by.name", problem
    if given.accepted_at_ms > now_ms + AHEAD_MS:
        now = format_timestamp(now_ms)
        yield "accepted_at", sentence("lies in the future: it is %(now)s, in UTC", now=now)
    if given.ip_address and canonical(given.ip_address) is None:
        yield "ip_address", N_("must be an IPv4 or IPv6 address")
    if given.user_agent and (problem := text_fault(given.user_agent, AGENT_CHARACTERS)):
        yield "user_agent", problem
    if given.channel in ONLINE:
        for name, value in (("ip_address", given.ip_address), ("user_agent", given.user_agent)):
            if not value:
                yield name, sentence("is needed for the channel %(channel)s", channel=given.channel.value)


@value_type
class NamedText:
    """Which text somebody says was accepted."""

    terms_id: str
    version: str
    language: str
    sha256: str


def text_faults(named: NamedText, asked: Sequence[TermsVersion]) -> tuple[Fault, ...]:
    """What is wrong with a text that is named, if it is none of those asked of the client; each says what is right."""
    of_id = [terms for terms in asked if terms.id == named.terms_id]
    if not of_id:
        ids = ", ".join(dict.fromkeys(terms.id for terms in asked))
        right = sentence("must be one of: %(known)s", known=ids) if ids else N_("no terms are asked of this client")
        return (Fault("terms_id", "TERMS_NOT_ASKED", right),)
    version = next((terms for terms in of_id if terms.of_hash(named.sha256)), None)
    if version is None:
        right = "; ".join(f"{terms.version} {text.language} {text.sha256}" for terms in of_id for text in terms.texts)
        return (
            Fault("sha256", "TERMS_TEXT_UNKNOWN", sentence("must be that of a text asked for: %(texts)s", texts=right)),
        )
    text = version.of_hash(named.sha256)
    right_language = named.language if text is None else text.language
    wrong = (("version", named.version, version.version), ("language", named.language, right_language))
    return tuple(
        Fault(name, "TERMS_TEXT_DIFFERS", sentence("the text with this hash has %(right)s", right=right))
        for name, value, right in wrong
        if value != right
    )
