"""What a company may hear of a client on the page, in the envelope of all that is sent to it."""

from __future__ import annotations

from enum import StrEnum

from ostiary.domain.delivery.messages import Message, Topic, envelope
from ostiary.domain.hosted.links import OnboardingLink
from ostiary.domain.times import format_timestamp


class HostedEvent(StrEnum):
    """Told only to a subscription that lists it; wire-stable."""

    OPENED = "onboarding_opened"
    STEP_COMPLETED = "onboarding_step_completed"
    FINISHED = "onboarding_finished"
    EXPIRED = "onboarding_expired"


EVENT_STATUS = {
    HostedEvent.OPENED: "pending",
    HostedEvent.STEP_COMPLETED: "pending",
    HostedEvent.FINISHED: "success",
    HostedEvent.EXPIRED: "failed",
}
"""How the envelope says it, in the words that it has for a request's status."""


def onboarding_event(message_id: str, link: OnboardingLink, event: HostedEvent, now_ms: int, step: str = "") -> Message:
    """The message. Those of one link are sent one after another: its id stands where a request's would, and its
    `sequence`, already counted, orders them."""
    data: dict[str, object] = {
        "client_id": link.client_id,
        "link_id": link.id,
        "product_request_ids": list(link.wish.request_ids),
        "occurred_at": format_timestamp(now_ms),
    }
    if step:
        data["step"] = step
    body = envelope(message_id, event.value, EVENT_STATUS[event], data)
    return Message(
        id=message_id,
        company_id=link.company_id,
        topic=Topic.WEBHOOK,
        client_id=link.client_id,
        enablement_id=link.id,
        sequence=link.sequence,
        due_at_ms=now_ms,
        body=body,
    )


def is_hosted_event(message: Message) -> bool:
    """Whether a message tells of a client on the page, and not of a request."""
    return message.body.get("event_type") in set(HostedEvent)
