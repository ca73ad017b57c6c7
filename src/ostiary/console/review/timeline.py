"""A client's audit chain in words: what happened, who did it, when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ostiary.domain.audit.trail import AuditEntry

ACTIONS = {
    "client_created": "The client was created",
    "client_updated": "The client's details were changed",
    "product_requested": "The product was requested",
    "product_submitted": "The request was submitted",
    "product_withdrawn": "The request was withdrawn",
    "document_accepted": "A document was taken",
    "document_refused": "A document was not taken",
    "document_read": "A document was read by the machine",
    "document_fetched": "A provider fetched a picture",
    "review_opened": "A person was asked",
    "review_looked": "Looked at the case",
    "pictures_looked": "Looked at pictures",
    "other_client_looked": "Looked at this client beside another client's case",
    "verdict_approve": "Approved",
    "verdict_reject": "Rejected",
    "verdict_return": "Returned to the company",
    "verdict_reject_client": "Rejected the client as such",
    "verdict_ignored": "A provider's verdict came too late, or twice",
    "change_approved": "Let a change stand",
    "identity_contradicted": "A verdict said that a document is somebody else's",
    "client_screened": "Screened against lists",
    "hit_cleared": "Said that a hit is somebody else",
    "hit_confirmed": "Said that a hit is the client",
    "number_released": "Set a document's number free",
    "number_assigned": "Gave a document's number to this client",
    "number_denied": "Left a document's number with another client",
    "case_escalated": "Handed the case up to the approvers",
    "case_given_back": "Gave the case back to who handed it up",
    "decision_staged": "Made a decision that waits for a second person",
    "decision_confirmed": "Confirmed a decision, as the second person",
    "decision_sent_back": "Sent a decision back to who made it",
    "decision_withdrawn": "A decision that waited was withdrawn",
    "standing_recorded": "The chain was taken into keyed entries",
}
ACTORS = {
    "provider:builtin": "the document reader",
    "delivery": "the sender of deliveries",
    "screening": "screening",
    "upgrade": "an upgrade",
}
TIMELINE_SHOWN = 300
"""What happens to a client in years; one that a partner changes in a loop has thousands, and so would the page."""
_KINDS = {"key": "API key", "operator": "", "provider": "provider"}
_OF_PEOPLE = ("operator:",)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry. `details` are codes, `is_own` whether it is about this request."""

    position: int
    at_ms: int
    words: str
    actor: str
    details: str
    is_own: bool
    by_person: bool


def timeline_of(entries: Sequence[AuditEntry], enablement_id: str) -> tuple[TimelineEntry, ...]:
    """Newest first, so many as are shown."""
    return tuple(_entries(entries[-TIMELINE_SHOWN:], enablement_id))


def _entries(entries: Sequence[AuditEntry], enablement_id: str) -> Iterator[TimelineEntry]:
    for each in reversed(entries):
        codes = (code for code in each.codes if not code.startswith("looked_"))
        yield TimelineEntry(
            position=each.position,
            at_ms=each.at_ms,
            words=ACTIONS.get(each.action, each.action.replace("_", " ").capitalize()),
            actor=actor_words(each.actor),
            details=_details(each.action, tuple(codes)),
            is_own=enablement_id in (each.subject, *each.codes),
            by_person=each.actor.startswith(_OF_PEOPLE),
        )


def actor_words(actor: str) -> str:
    """`operator:ana` is ana; a key is named by its id."""
    if actor in ACTORS:
        return ACTORS[actor]
    kind, _, name = actor.partition(":")
    return " ".join(filter(None, (_KINDS.get(kind, kind), name)))


def _details(action: str, codes: Sequence[str]) -> str:
    """Which documents were looked at is shown by the documents themselves; ids say nothing here."""
    if action in ("review_looked", "pictures_looked"):
        return f"{len(codes)} document{'' if len(codes) == 1 else 's'}" if codes else ""
    return ", ".join(code.replace("_", " ") for code in codes)
