"""Who a client was said to be, and what has spoken against it: what a machine must not pass by itself."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import normalize

from ostiary.domain.clients.client import Client, Profile
from ostiary.domain.clients.contradictions import MOST_KEPT, Aspect, Contradiction
from ostiary.domain.documents.document import Document
from ostiary.domain.documents.reading import Judgement, Result, RuleEvidence
from ostiary.domain.providers.provider import Reason
from ostiary.domain.rejections import Code, Kind, Rejection
from ostiary.domain.value import replace

RULES: dict[str, Aspect] = {
    "last_name": Aspect.NAME,
    "first_name": Aspect.NAME,
    "birth_date": Aspect.BIRTH_DATE,
    "number": Aspect.NUMBER,
}
"""Rules of a judgement that say who the holder of a document is."""
CODES: dict[Code, Aspect] = {
    Code.NAME_MISMATCH: Aspect.NAME,
    Code.BIRTH_DATE_MISMATCH: Aspect.BIRTH_DATE,
    Code.NUMBER_MISMATCH: Aspect.NUMBER,
    Code.USED_BY_ANOTHER_CLIENT: Aspect.NUMBER,
}
"""Codes by which a provider or an operator says the same."""
_KEYS = {"first_name": Aspect.NAME, "second_name": Aspect.NAME, "last_name": Aspect.NAME,
         "birth_date": Aspect.BIRTH_DATE}  # fmt: skip
"""Attributes that say who a client is, whatever code is given for them."""
_REMEMBERED = (Aspect.NAME, Aspect.BIRTH_DATE)
"""A document's number belongs to the document: another number on the same person's document is a slip. One that
another client holds is remembered where that is found."""
CONTRADICTIONS_FOR_A_PERSON = 2
"""One contradiction may be a slip; two at once are another person's document."""


def given_now(profile: Profile, aspect: Aspect) -> str:
    """What a profile says of an aspect; nothing of a number."""
    match aspect:
        case Aspect.NAME:
            return " ".join(filter(None, (profile.first_name, profile.second_name, profile.last_name)))
        case Aspect.BIRTH_DATE:
            return profile.birth_date
        case _:
            return ""


def changed_since(client: Client) -> tuple[Contradiction, ...]:
    """The contradictions after which the client was said to be somebody else. A number that another client held is
    always one: it was given, and is not any more."""
    return tuple(
        each for each in client.contradictions if _plain(each.given) != _plain(given_now(client.profile, each.aspect))
    )


def contradicted_rules(judgement: Judgement) -> frozenset[str]:
    """The rules about the holder that clearly differ."""
    return frozenset(each.rule for each in judgement.compared if each.rule in RULES and each.result is Result.DIFFERS)


def speaks_against(judgement: Judgement) -> bool:
    """Whether a document, as judged, speaks against who the client was said to be, be it only in doubt: then whoever
    comes with its number next is looked at."""
    return bool(contradicted_rules(judgement)) or any(map(_is_remembered, judgement.compared))


def contradicted_aspects(reasons: Iterable[Rejection | Reason]) -> frozenset[Aspect]:
    """What of an identity the reasons of a verdict speak against."""
    return frozenset(aspect for each in reasons if (aspect := _aspect_of(each)) is not None)


def documents_against(reasons: Iterable[Rejection | Reason], documents: Iterable[Document]) -> tuple[Document, ...]:
    """The documents which, by the reasons of a verdict, are not of who the client was said to be."""
    against = [each for each in reasons if _aspect_of(each) in _REMEMBERED]
    return tuple(
        document
        for document in documents
        if any(each.kind is Kind.DATA or each.key in ("", document.type) for each in against)
    )


def with_read(client: Client, documents: Iterable[Document], now_ms: int) -> Client:
    """The client with what the documents, as read, do not confirm of who it is: also what is only doubtful, since a
    clearer picture after a change would show no trace of it."""
    fresh = [
        Contradiction(
            aspect=aspect,
            given=given_now(client.profile, aspect),
            read=each.read or "",
            at_ms=now_ms,
            document_id=document.id,
        )
        for document in documents
        for each in (document.judgement.compared if document.judgement else ())
        if (aspect := RULES.get(each.rule)) is not None and _is_remembered(each)
    ]
    return _with(client, fresh)


def with_objected(client: Client, reasons: Iterable[Rejection | Reason], judged: Profile, now_ms: int) -> Client:
    """The client with what a provider or an operator objected to. `judged` is who it was said to be then."""
    aspects = sorted(contradicted_aspects(reasons).intersection(_REMEMBERED))
    return _with(client, [Contradiction(each, given_now(judged, each), "", now_ms) for each in aspects])


def with_clash(client: Client, number: str, other_client_id: str, document_id: str, now_ms: int) -> Client:
    """The client with a number it gave that another client holds."""
    return _with(
        client,
        [
            Contradiction(
                aspect=Aspect.NUMBER,
                given=number,
                read="",
                at_ms=now_ms,
                document_id=document_id,
                other_client_id=other_client_id,
            )
        ],
    )


def _is_remembered(compared: RuleEvidence) -> bool:
    return RULES.get(compared.rule) in _REMEMBERED and compared.result in (Result.DIFFERS, Result.DOUBTFUL)


def _aspect_of(reason: Rejection | Reason) -> Aspect | None:
    by_key = _KEYS.get(reason.key) if reason.kind is Kind.DATA else None
    return CODES.get(reason.code) or by_key


def _with(client: Client, fresh: Iterable[Contradiction]) -> Client:
    contradictions = list(client.contradictions)
    noted = {(each.aspect, each.given, each.read, each.other_client_id) for each in contradictions}
    for each in fresh:
        mark = (each.aspect, each.given, each.read, each.other_client_id)
        if mark not in noted and len(contradictions) < MOST_KEPT:
            noted.add(mark)
            contradictions.append(each)
    if len(contradictions) == len(client.contradictions):
        return client
    return replace(client, contradictions=tuple(contradictions))


def _plain(text: str) -> str:
    return " ".join(normalize("NFKC", text).casefold().split())
