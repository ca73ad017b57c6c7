"""What a company may hear of the renewals of its enabled requests, in the envelope of all that is sent to it."""

from __future__ import annotations

from enum import StrEnum

from ostiary.domain.catalogue.renewal_rules import AtDeadline
from ostiary.domain.delivery.messages import Message, Topic, as_item, envelope
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.rejections import Rejection
from ostiary.domain.renewals.deadlines import Deadline, told_reasons
from ostiary.domain.renewals.steps import days_left
from ostiary.domain.times import format_timestamp
from ostiary.domain.value import value_type


class RenewalEvent(StrEnum):
    """Told only to a subscription that lists it; wire-stable. `due_soon`: at each further notice; `returned`: what was
    submitted was not accepted as it is."""

    OPENED = "renewal_opened"
    DUE_SOON = "renewal_due_soon"
    OVERDUE = "renewal_overdue"
    RETURNED = "renewal_returned"
    COMPLETED = "renewal_completed"


RENEWAL_STATUS = {
    RenewalEvent.OPENED: "pending",
    RenewalEvent.DUE_SOON: "pending",
    RenewalEvent.OVERDUE: "pending",
    RenewalEvent.RETURNED: "pending",
    RenewalEvent.COMPLETED: "success",
}
"""How the envelope says it, in the words that it has for a request's status."""


@value_type
class RenewalNews:
    """What there is to tell: how the renewal stands, what follows it, and what was not accepted. `now_ms` is when it
    happened by the company's clock."""

    event: RenewalEvent
    renewal: Deadline
    at_deadline: AtDeadline
    now_ms: int
    rejections: tuple[Rejection, ...] = ()


def renewal_event(message_id: str, enablement: Enablement, news: RenewalNews, due_at_ms: int) -> Message:
    """The message, sent in its place among those of the request; not before `due_at_ms`."""
    renewal = news.renewal
    data: dict[str, object] = {
        "client_id": enablement.client_id,
        "product_request_id": enablement.id,
        "product": enablement.product,
        "due_at": format_timestamp(renewal.due_at_ms),
        "days_left": days_left(renewal, news.now_ms),
        "reasons": [reason.value for reason in told_reasons(renewal.reasons)],
        "consequence": news.at_deadline.value,
        "consequence_at": format_timestamp(renewal.ends_at_ms),
        "rejected_items": [as_item(rejection) for rejection in news.rejections],
        "occurred_at": format_timestamp(news.now_ms),
    }
    body = envelope(message_id, news.event.value, RENEWAL_STATUS[news.event], data)
    return Message(
        id=message_id,
        company_id=enablement.company_id,
        topic=Topic.WEBHOOK,
        client_id=enablement.client_id,
        enablement_id=enablement.id,
        sequence=enablement.sequence,
        due_at_ms=due_at_ms,
        body=body,
    )
