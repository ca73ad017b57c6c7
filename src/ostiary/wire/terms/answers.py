"""Terms as partners see them: worded, asked for, accepted, and proved."""

from __future__ import annotations

from typing import Annotated, Any

from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.catalogue.terms import AT_ONCE, TermsVersion
from ostiary.domain.terms.acceptance import Acceptance, ActingAs, Channel
from ostiary.domain.times import format_timestamp
from ostiary.languages.choosing import is_offered
from ostiary.languages.speech import IN_ENGLISH, Speech, speech_in
from ostiary.usecases.terms.read_terms import TermsProof, WordedTerms
from ostiary.wire.answer import Answer, Id, Timestamp, about

ReAccept = Annotated[
    str | None,
    about("Whom a version binds who asked before it: `all`, or from a day on (YYYY-MM-DD). Absent: nobody."),
]
Sha256 = Annotated[str, about("SHA-256 of the text's UTF-8 bytes, in 64 hexadecimal digits.")]


class TermsTextAnswer(Answer, kw_only=True, frozen=True):
    """One wording."""

    language: Annotated[str, about("A tag of RFC 5646.")]
    sha256: Sha256


class TermsAnswer(Answer, kw_only=True, frozen=True):
    """One version of terms, and the texts it is worded in."""

    id: str
    name: str
    version: str
    texts: list[TermsTextAnswer]
    re_accept: ReAccept = None


class WordedTermsAnswer(Answer, kw_only=True, frozen=True):
    """One version of terms in one language, with the exact text."""

    id: str
    name: str
    version: str
    language: Annotated[str, about("Of this text: the nearest there is to the one asked for.")]
    sha256: Sha256
    text: Annotated[str, about("Show it as it is: its SHA-256 is that of its UTF-8 bytes.")]
    languages: list[str]
    re_accept: ReAccept = None


class AcceptorAnswer(Answer, kw_only=True, frozen=True):
    """Who accepted."""

    name: str
    capacity: ActingAs


class TermsAcceptanceAnswer(Answer, kw_only=True, frozen=True):
    """An acceptance of one text."""

    id: Id
    terms_id: str
    version: str
    language: str
    sha256: Sha256
    accepted_by: AcceptorAnswer
    accepted_at: Timestamp
    channel: Channel
    ip_address: str | None = None
    user_agent: str | None = None
    recorded_at: Annotated[Timestamp, about("When it came to this service.")]


class TermsAuditEntryAnswer(Answer, kw_only=True, frozen=True):
    """The entry of the client's audit trail. Each entry's hash is over the one before it."""

    position: int
    at: Timestamp
    action: str
    actor: str
    codes: Annotated[list[str], about("Id, version, language and SHA-256 of the text.")]
    digest: Annotated[str, about("Of what was written with it, and what it says of rows; hexadecimal digits.")]
    hash: Annotated[str, about("Of the entry, keyed; hexadecimal digits.")]


class TermsProofAnswer(Answer, kw_only=True, frozen=True):
    """What proves an acceptance: itself, the exact text, and the audit entry."""

    client_id: Id
    acceptance: TermsAcceptanceAnswer
    name: str
    text: str
    audit_entry: TermsAuditEntryAnswer


def terms_answer(terms: TermsVersion, speech: Speech = IN_ENGLISH) -> TermsAnswer:
    """A version without its texts."""
    return TermsAnswer(**terms_members(terms, speech))


def terms_members(terms: TermsVersion, speech: Speech) -> dict[str, Any]:
    """What is published of a version wherever it stands."""
    return {
        "id": terms.id,
        "name": speech.name(terms.name),
        "version": terms.version,
        "texts": [TermsTextAnswer(language=text.language, sha256=text.sha256) for text in terms.texts],
        "re_accept": _re_accept(terms),
    }


def worded_answer(worded: WordedTerms) -> WordedTermsAnswer:
    """A version with one of its texts, and its name in the language of that."""
    terms, tag = worded.terms, worded.wording.language.partition("-")[0]
    speech = speech_in(tag) if is_offered(tag) else IN_ENGLISH
    return WordedTermsAnswer(
        id=terms.id,
        name=speech.name(terms.name),
        version=terms.version,
        language=worded.wording.language,
        sha256=worded.wording.sha256,
        text=worded.text,
        languages=[text.language for text in terms.texts],
        re_accept=_re_accept(terms),
    )


def acceptance_answer(acceptance: Acceptance) -> TermsAcceptanceAnswer:
    """An acceptance as it is kept."""
    given = acceptance.circumstances
    return TermsAcceptanceAnswer(
        id=acceptance.id,
        terms_id=acceptance.terms_id,
        version=acceptance.version,
        language=acceptance.language,
        sha256=acceptance.sha256,
        accepted_by=AcceptorAnswer(name=given.name, capacity=given.capacity),
        accepted_at=format_timestamp(given.accepted_at_ms),
        channel=given.channel,
        ip_address=given.ip_address or None,
        user_agent=given.user_agent or None,
        recorded_at=format_timestamp(acceptance.recorded_at_ms),
    )


def proof_answer(proof: TermsProof) -> TermsProofAnswer:
    """All that proves it."""
    return TermsProofAnswer(
        client_id=proof.client.id,
        acceptance=acceptance_answer(proof.acceptance),
        name=proof.acceptance.name,
        text=proof.text,
        audit_entry=_entry_answer(proof.entry),
    )


def _entry_answer(entry: AuditEntry) -> TermsAuditEntryAnswer:
    return TermsAuditEntryAnswer(
        position=entry.position,
        at=format_timestamp(entry.at_ms),
        action=entry.action,
        actor=entry.actor,
        codes=list(entry.codes),
        digest=entry.digest.hex(),
        hash=entry.hash.hex(),
    )


def _re_accept(terms: TermsVersion) -> str | None:
    if terms.re_accept_from is None:
        return None
    return "all" if terms.re_accept_from == AT_ONCE else terms.re_accept_from.isoformat()
