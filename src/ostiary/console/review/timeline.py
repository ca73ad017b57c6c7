"""A client's audit chain in words: what happened, who did it, when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.sentences import N_, Sentence, code_words, counted, joined, sentence, verbatim

ACTIONS = {
    "client_created": N_("The client was created"),
    "client_updated": N_("The client's details were changed"),
    "product_requested": N_("The product was requested"),
    "product_submitted": N_("The request was submitted"),
    "product_withdrawn": N_("The request was withdrawn"),
    "document_accepted": N_("A document was taken"),
    "document_refused": N_("A document was not taken"),
    "document_read": N_("A document was read by the machine"),
    "chip_challenge_made": N_("A challenge was made for a document's chip"),
    "trust_lost": N_("Who signed a document is believed no longer"),
    "document_fetched": N_("A provider fetched a picture"),
    "onboarding_link_created": N_("A link for the client was made"),
    "onboarding_link_revoked": N_("A link for the client was revoked"),
    "onboarding_opened": N_("Somebody came by the client's link"),
    "onboarding_left": N_("Who came by the client's link left"),
    "onboarding_expired": N_("The client's link expired"),
    "review_opened": N_("A person was asked"),
    "review_looked": N_("Looked at the case"),
    "pictures_looked": N_("Looked at pictures"),
    "other_client_looked": N_("Looked at this client beside another client's case"),
    "verdict_approve": N_("Approved"),
    "verdict_reject": N_("Rejected"),
    "verdict_return": N_("Returned to the company"),
    "verdict_reject_client": N_("Rejected the client as such"),
    "verdict_ignored": N_("A provider's verdict came too late, or twice"),
    "change_approved": N_("Let a change stand"),
    "identity_contradicted": N_("A verdict said that a document is somebody else's"),
    "client_screened": N_("Screened against lists"),
    "hit_cleared": N_("Said that a hit is somebody else"),
    "hit_confirmed": N_("Said that a hit is the client"),
    "number_released": N_("Set a document's number free"),
    "number_assigned": N_("Gave a document's number to this client"),
    "number_denied": N_("Left a document's number with another client"),
    "case_escalated": N_("Handed the case up to the approvers"),
    "case_given_back": N_("Gave the case back to who handed it up"),
    "decision_staged": N_("Made a decision that waits for a second person"),
    "decision_confirmed": N_("Confirmed a decision, as the second person"),
    "decision_sent_back": N_("Sent a decision back to who made it"),
    "decision_withdrawn": N_("A decision that waited was withdrawn"),
    "risk_set": N_("Said how much risk the client is"),
    "risk_released": N_("Left it to the rules how much risk the client is"),
    "renewal_opened": N_("A renewal opened"),
    "renewal_due_soon": N_("The company was reminded of the renewal"),
    "renewal_overdue": N_("The renewal became overdue"),
    "renewal_ended": N_("The days of grace of the renewal ended"),
    "renewal_asked": N_("Asked for a renewal"),
    "renewal_confirmed": N_("Said that what is known is still right"),
    "renewal_submitted": N_("The renewal was submitted"),
    "renewal_returned": N_("The renewal was returned to the company"),
    "renewal_completed": N_("Renewed"),
    "deadline_dated": N_("It was worked out when the product is due again"),
    "deadline_dropped": N_("The product is not due again any more"),
    "terms_accepted": N_("The client accepted terms"),
    "standing_recorded": N_("The chain was taken into keyed entries"),
}
ACTORS = {
    "provider:builtin": N_("the document reader"),
    "delivery": N_("the sender of deliveries"),
    "screening": N_("screening"),
    "upgrade": N_("an upgrade"),
    "ostiary": N_("the clock"),
}
TIMELINE_SHOWN = 300
"""What happens to a client in years; one that a partner changes in a loop has thousands, and so would the page."""
_KINDS = {
    "key": N_("API key %(name)s"),
    "operator": "%(name)s",
    "provider": N_("provider %(name)s"),
    "link": N_("the client, by link %(name)s"),
}
_OF_PEOPLE = ("operator:",)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry. `details` are codes, `is_own` whether it is about this request."""

    position: int
    at_ms: int
    words: str
    actor: Sentence
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


def actor_words(actor: str) -> Sentence:
    """`operator:ana` is ana; a key is named by its id."""
    if actor in ACTORS:
        return sentence(ACTORS[actor])
    kind, _, name = actor.partition(":")
    return sentence(_KINDS[kind], name=name) if kind in _KINDS else verbatim(f"{kind} {name}".strip())


def _details(action: str, codes: Sequence[str]) -> str:
    """Which documents were looked at is shown by the documents themselves; ids say nothing here. Terms are named
    as the company knows them: by id, version and language."""
    if action in ("review_looked", "pictures_looked"):
        return counted("%(num)s document", "%(num)s documents", len(codes)) if codes else ""
    if action == "terms_accepted" and len(codes) == 4:  # the hash of the text is for who checks the proof
        terms, version, language, _ = codes
        return sentence(
            "%(terms)s, version %(version)s (%(language)s)", terms=terms, version=version, language=language
        )
    return joined(map(code_words, codes), ", ")
