"""Enablements: one client's request for one product, its states, and the only ways between them."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from ostiary.domain.errors import InvalidState
from ostiary.domain.sentences import N_, sentence, spoken
from ostiary.domain.value import replace, value_type


class Status(StrEnum):
    """The states as partners see them; wire-stable."""

    REQUESTED = "requested"
    PENDING_DOCUMENTATION = "pending_documentation"
    IN_KYC = "in_kyc"
    ENABLED = "enabled"
    REJECTED = "rejected"


class Event(StrEnum):
    """What moves an enablement."""

    SUBMITTED_COMPLETE = "submitted_complete"
    SUBMITTED_INCOMPLETE = "submitted_incomplete"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    REFUSED = "refused"
    RETURNED = "returned"
    OFFBOARDED = "offboarded"
    CLIENT_REJECTED = "client_rejected"


TRANSITIONS: dict[tuple[Status, Event], Status] = {
    (Status.REQUESTED, Event.SUBMITTED_COMPLETE): Status.IN_KYC,
    (Status.REQUESTED, Event.SUBMITTED_INCOMPLETE): Status.PENDING_DOCUMENTATION,
    (Status.REQUESTED, Event.WITHDRAWN): Status.REJECTED,
    (Status.REQUESTED, Event.CLIENT_REJECTED): Status.REJECTED,
    (Status.PENDING_DOCUMENTATION, Event.SUBMITTED_COMPLETE): Status.IN_KYC,
    (Status.PENDING_DOCUMENTATION, Event.SUBMITTED_INCOMPLETE): Status.PENDING_DOCUMENTATION,
    (Status.PENDING_DOCUMENTATION, Event.WITHDRAWN): Status.REJECTED,
    (Status.PENDING_DOCUMENTATION, Event.CLIENT_REJECTED): Status.REJECTED,
    (Status.IN_KYC, Event.APPROVED): Status.ENABLED,
    (Status.IN_KYC, Event.REFUSED): Status.REJECTED,
    (Status.IN_KYC, Event.RETURNED): Status.PENDING_DOCUMENTATION,
    (Status.IN_KYC, Event.WITHDRAWN): Status.REJECTED,
    (Status.IN_KYC, Event.CLIENT_REJECTED): Status.REJECTED,
    (Status.ENABLED, Event.OFFBOARDED): Status.REJECTED,
    (Status.ENABLED, Event.CLIENT_REJECTED): Status.REJECTED,
}
OPEN_TO_DOCUMENTS = frozenset({Status.REQUESTED, Status.PENDING_DOCUMENTATION})


class Review(StrEnum):
    """Why a person looks at an enablement: its submission, what the documents already confirm (the policy wants a
    person all the same), a change to a client already enabled, a hit of a list on one, a document's number that
    another client holds, or the renewal of an enabled request."""

    SUBMISSION = "submission"
    CONFIRMATION = "confirmation"
    CHANGE = "change"
    SCREENING = "screening"
    CLASH = "clash"
    RENEWAL = "renewal"


@value_type
class Enablement:
    """One request. `attempt` counts submissions; `sequence` counts changes of status (orders what is announced).

    `updated_at_ms` moves with what a partner can see. `review_since_ms` is set while an operator owes a decision.
    `private_note` is what a provider said for operators only. `review_reasons` are the codes why a person is asked.
    """

    id: str
    company_id: str
    client_id: str
    product: str
    catalogue_version: str
    status: Status
    created_at_ms: int
    updated_at_ms: int
    attempt: int = 0
    sequence: int = 0
    rejection_description: str | None = field(default=None, repr=False)
    review: Review | None = None
    review_since_ms: int | None = None
    private_note: str | None = field(default=None, repr=False)
    review_reasons: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool:
        return self.status is not Status.REJECTED


def transition(enablement: Enablement, event: Event, now_ms: int, *, because: str | None = None) -> Enablement:
    """The enablement after an event.

    Raises InvalidState when the table has no such way. A move ends any review of it, but for one about a number that
    another client holds: an incomplete submission does not decide whose that is.
    """
    to = TRANSITIONS.get((enablement.status, event))
    if to is None:
        raise InvalidState(
            sentence(
                "A request that is %(status)s cannot be %(done)s.", status=enablement.status, done=spoken(_DONE[event])
            )
        )
    stays = enablement.review is Review.CLASH and event is Event.SUBMITTED_INCOMPLETE
    return replace(
        enablement,
        status=to,
        updated_at_ms=now_ms,
        attempt=enablement.attempt + (event is Event.SUBMITTED_COMPLETE),
        sequence=enablement.sequence + (to is not enablement.status),
        rejection_description=because if to is Status.REJECTED else None,
        review=enablement.review if stays else None,
        review_since_ms=enablement.review_since_ms if stays else None,
        review_reasons=enablement.review_reasons if stays else (),
    )


def under_review(enablement: Enablement, review: Review, now_ms: int, reasons: tuple[str, ...] = ()) -> Enablement:
    """The enablement waiting for an operator; an older review keeps its age and reasons, and a hit its urgency. Whose a
    number is is decided by itself: what else a person is asked stands before that, and is not closed by it."""
    kinds = (enablement.review, review)
    older = None if enablement.review is Review.CLASH else enablement.review
    kind = Review.SCREENING if Review.SCREENING in kinds else older or review
    since = now_ms if enablement.review_since_ms is None else enablement.review_since_ms
    why = tuple(dict.fromkeys((*enablement.review_reasons, *reasons)))
    return replace(enablement, review=kind, review_since_ms=since, review_reasons=why)


def reviewed(enablement: Enablement) -> Enablement:
    """The enablement with its review closed and nothing else changed."""
    return replace(enablement, review=None, review_since_ms=None, review_reasons=())


_DONE = {
    Event.SUBMITTED_COMPLETE: N_("submitted"),
    Event.SUBMITTED_INCOMPLETE: N_("submitted"),
    Event.WITHDRAWN: N_("withdrawn"),
    Event.APPROVED: N_("approved"),
    Event.REFUSED: N_("rejected"),
    Event.RETURNED: N_("returned"),
    Event.OFFBOARDED: N_("off-boarded"),
    Event.CLIENT_REJECTED: N_("rejected with its client"),
}
