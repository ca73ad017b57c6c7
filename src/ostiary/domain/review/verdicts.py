"""What a provider decides about a submission, and what that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ostiary.domain.catalogue.catalogue import Field
from ostiary.domain.clients.client import Client, ClientStatus, is_attribute, value_mark
from ostiary.domain.documents.document import Document, DocumentStatus
from ostiary.domain.errors import ValidationFailed
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Event, Review, Status, reviewed, transition
from ostiary.domain.rejections import EXPLANATIONS, Kind, Rejection


class Decision(StrEnum):
    """`return` sends the request back to the company with what to redo."""

    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"
    REJECT_CLIENT = "reject_client"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision with its reasons. `description` may be shown to the company. `is_override`: an approver sets a rule
    aside that the product lets him set aside."""

    decision: Decision
    description: str = ""
    rejections: tuple[Rejection, ...] = ()
    is_override: bool = False


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a verdict changes: enablements that moved (with where from), the client, documents refused.

    `to_redo` is what of a return's reasons somebody can mend: what the company is told.
    """

    transitions: tuple[tuple[Status, Enablement], ...]
    client: Client
    refused: tuple[Document, ...] = ()
    refused_marks: tuple[str, ...] = ()
    to_redo: tuple[Rejection, ...] = ()


EVENTS = {Decision.APPROVE: Event.APPROVED, Decision.REJECT: Event.REFUSED, Decision.RETURN: Event.RETURNED}


def consequences(
    dossier: Dossier, enablement: Enablement, verdict: Verdict, now_ms: int, declared: Mapping[str, Field]
) -> Consequences:
    """What follows from a verdict. `declared` are the catalogue's attributes.

    Raises InvalidState when the enablement is not where a verdict applies, ValidationFailed for a return with
    nothing to redo.
    """
    if verdict.decision is Decision.REJECT_CLIENT:
        return _client_rejected(dossier, verdict, now_ms)
    event = EVENTS[verdict.decision]
    if enablement.status is Status.ENABLED and verdict.decision is Decision.REJECT:
        event = Event.OFFBOARDED
    after = transition(enablement, event, now_ms, because=verdict.description or None)
    client = dossier.client
    if verdict.decision is Decision.APPROVE:
        return Consequences(((enablement.status, after),), _activated(client, now_ms))
    if verdict.decision is Decision.REJECT:
        client = _settled(dossier, enablement, client, now_ms)
        return Consequences(((enablement.status, after),), client)
    return _returned(dossier, enablement, after, verdict, declared)


def sent_back_renewal(
    dossier: Dossier, enablement: Enablement, verdict: Verdict, declared: Mapping[str, Field]
) -> Consequences:
    """What follows when the renewal of an enabled request is not accepted as it is: the request stays enabled, and so
    does any other question about it.

    Raises ValidationFailed as `consequences`.
    """
    after = reviewed(enablement) if enablement.review is Review.RENEWAL else enablement
    return _returned(dossier, enablement, after, verdict, declared)


def _activated(client: Client, now_ms: int) -> Client:
    if client.status is ClientStatus.ACTIVE:
        return client
    return replace(client, status=ClientStatus.ACTIVE, updated_at_ms=now_ms)


def _settled(dossier: Dossier, gone: Enablement, client: Client, now_ms: int) -> Client:
    """The client's status afterwards: without any enabled product it is no longer active."""
    others = any(other.status is Status.ENABLED and other.id != gone.id for other in dossier.enablements)
    if client.status is not ClientStatus.ACTIVE or others:
        return client
    return replace(client, status=ClientStatus.PENDING, updated_at_ms=now_ms)


def _client_rejected(dossier: Dossier, verdict: Verdict, now_ms: int) -> Consequences:
    ended = tuple(
        (enablement.status, transition(enablement, Event.CLIENT_REJECTED, now_ms, because=verdict.description or None))
        for enablement in dossier.enablements
        if enablement.is_live
    )
    return Consequences(ended, replace(dossier.client, status=ClientStatus.REJECTED, updated_at_ms=now_ms))


def _returned(
    dossier: Dossier, before: Enablement, after: Enablement, verdict: Verdict, declared: Mapping[str, Field]
) -> Consequences:
    """Keeps what was refused against the documents and values it was about, until they change.

    What stands for nothing the company could change is left out: nobody could ever mend it.
    """
    client = dossier.client
    judged = {
        document.type: document
        for document in dossier.documents_under_review(before)
        if document.status is DocumentStatus.ACCEPTED
    }
    tied = []
    for rejection in verdict.rejections:
        if rejection.kind is Kind.DATA and is_attribute(rejection.key, declared):
            tied.append(replace(rejection, subject=value_mark(client.profile, rejection.key)))
        elif rejection.kind is Kind.DOCUMENT and rejection.key in judged:
            tied.append(replace(rejection, subject=judged[rejection.key].id))
    if not tied:
        raise ValidationFailed("Nothing to redo: name a document that was accepted, or an attribute of the client.")
    subjects = {rejection.subject for rejection in tied}
    refused = tuple(
        replace(document, status=DocumentStatus.REFUSED) for document in judged.values() if document.id in subjects
    )
    marks = tuple(
        side.mark
        for rejection in tied
        if rejection.kind is Kind.DOCUMENT and EXPLANATIONS[rejection.code].about_picture
        for side in judged[rejection.key].sides
        if rejection.field in ("", side.field)
    )
    refusals = (*client.refusals, *tied)
    return Consequences(
        transitions=((before.status, after),),
        client=replace(client, refusals=refusals),
        refused=refused,
        refused_marks=marks,
        to_redo=tuple(tied),
    )
