"""What is sealed of when a request is due again. What the worker looks for stands beside it."""

from __future__ import annotations

from datetime import date

import msgspec

from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.renewals.deadlines import Deadline, DeadlineState, RenewalReason
from ostiary.storage.stored.forms import Numbered, encode, opening


class DeadlineForm(Numbered, gc=False):
    """The column `deadlines.content`. Days are written YYYY-MM-DD."""

    reviewed_on: str
    risk: str
    ends_at_ms: int
    reasons: tuple[str, ...] = ()
    opened_at_ms: int | None = None
    notices: tuple[int, ...] = ()
    is_overdue: bool = False
    is_ended: bool = False
    confirmed_at_ms: int | None = None
    attempt: int = 0
    returned: int = 0
    submitted_at_ms: int | None = None
    period_on: str | None = None
    documents_on: str | None = None


class DeadlinePlace(msgspec.Struct, gc=False):
    """What stands beside it."""

    company_id: str
    client_id: str
    enablement_id: str
    product: str
    state: str
    due_at_ms: int
    next_at_ms: int
    terms: str


def content_of(deadline: Deadline) -> bytes:
    return encode(
        DeadlineForm(
            reviewed_on=deadline.reviewed_on.isoformat(),
            risk=deadline.risk.value,
            ends_at_ms=deadline.ends_at_ms,
            reasons=tuple(reason.value for reason in deadline.reasons),
            opened_at_ms=deadline.opened_at_ms,
            notices=deadline.notices,
            is_overdue=deadline.is_overdue,
            is_ended=deadline.is_ended,
            confirmed_at_ms=deadline.confirmed_at_ms,
            attempt=deadline.attempt,
            returned=deadline.returned,
            submitted_at_ms=deadline.submitted_at_ms,
            period_on=_text(deadline.period_on),
            documents_on=_text(deadline.documents_on),
        )
    )


def deadline_from(place: DeadlinePlace, content: bytes) -> Deadline:
    """The deadline of a row, whose content is opened."""
    form = _open(content)
    return Deadline(
        company_id=place.company_id,
        client_id=place.client_id,
        enablement_id=place.enablement_id,
        product=place.product,
        state=DeadlineState(place.state),
        due_at_ms=place.due_at_ms,
        next_at_ms=place.next_at_ms,
        rules=place.terms,
        reviewed_on=date.fromisoformat(form.reviewed_on),
        risk=RiskClass(form.risk),
        ends_at_ms=form.ends_at_ms,
        reasons=tuple(RenewalReason(reason) for reason in form.reasons),
        opened_at_ms=form.opened_at_ms,
        notices=form.notices,
        is_overdue=form.is_overdue,
        is_ended=form.is_ended,
        confirmed_at_ms=form.confirmed_at_ms,
        attempt=form.attempt,
        returned=form.returned,
        submitted_at_ms=form.submitted_at_ms,
        period_on=_day(form.period_on),
        documents_on=_day(form.documents_on),
    )


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


_open = opening(DeadlineForm)
