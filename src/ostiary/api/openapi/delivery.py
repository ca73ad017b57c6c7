"""What is sent to a company's webhook, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from ostiary.api.openapi.answers import Schema, many, ref
from ostiary.api.openapi.examples import DELIVERY, ERASURE_DELIVERY, ONBOARDING_DELIVERY, RENEWAL_DELIVERY
from ostiary.domain.delivery.messages import EVENT_TYPE
from ostiary.domain.delivery.renewal_events import RENEWAL_STATUS, RenewalEvent
from ostiary.domain.hosted.events import EVENT_STATUS, HostedEvent
from ostiary.domain.privacy.events import ErasureEvent
from ostiary.wire.answer import schemas
from ostiary.wire.deliveries import (
    DeliveryAttemptAnswer,
    DeliveryStateAnswer,
    TriedDeliveryAnswer,
    WebhookHealthAnswer,
)
from ostiary.wire.events import (
    DeliveryAnswer,
    DeliveryDataAnswer,
    ErasureDataAnswer,
    ErasureDeliveryAnswer,
    OnboardingDataAnswer,
    OnboardingDeliveryAnswer,
    RenewalDataAnswer,
    RenewalDeliveryAnswer,
)
from ostiary.wire.webhook import RotatedSecretAnswer

DELIVERY_SCHEMAS: dict[str, Schema] = schemas(
    DeliveryAnswer,
    DeliveryDataAnswer,
    OnboardingDeliveryAnswer,
    OnboardingDataAnswer,
    RenewalDeliveryAnswer,
    RenewalDataAnswer,
    ErasureDeliveryAnswer,
    ErasureDataAnswer,
)
DELIVERY_STATES: dict[str, Schema] = {
    **schemas(DeliveryStateAnswer),
    "DeliveryStates": many("DeliveryState"),
    **schemas(TriedDeliveryAnswer, DeliveryAttemptAnswer, WebhookHealthAnswer, RotatedSecretAnswer),
}
DELIVERY_HEADERS = {
    "X-Webhook-Key": "The key the company chose.",
    "X-Request-Timestamp": "When this try was made, in milliseconds since 1970.",
    "webhook-id": "The same as operation_id: handle each once.",
    "webhook-timestamp": "When this try was made, in seconds since 1970.",
    "webhook-signature": "`v1,` and HMAC-SHA256 in base64, over id, timestamp and body; two while a secret rotates.",
}
_PARAMETERS: list[dict[str, Any]] = [
    {"name": name, "in": "header", "required": True, "description": about, "schema": {"type": "string"}}
    for name, about in DELIVERY_HEADERS.items()
]
_SENT = "Sent to the company's webhook, at least once, until it answers 2xx within 15 s."
_SUMMARIES = {
    HostedEvent.OPENED: "A client came to the page",
    HostedEvent.STEP_COMPLETED: "A client gave something that was asked for",
    HostedEvent.FINISHED: "A client submitted everything",
    HostedEvent.EXPIRED: "A link expired before everything was submitted",
}


def _webhook(operation: str, summary: str, about: str, schema: str, example: dict[str, Any]) -> dict[str, Any]:
    media = {"schema": ref(schema), "examples": {"sent": {"value": example}}}
    return {
        "post": {
            "operationId": operation,
            "summary": summary,
            "description": about,
            "security": [],
            "parameters": _PARAMETERS,
            "requestBody": {"required": True, "content": {"application/json": media}},
            "responses": {"2XX": {"description": "Taken. Anything else is tried again."}},
        }
    }


def _onboarding_webhook(event: HostedEvent) -> dict[str, Any]:
    about = f"{_SENT} Only to a subscription whose `event_types` list it."
    step = {"step": "documents"} if event is HostedEvent.STEP_COMPLETED else {}
    example = ONBOARDING_DELIVERY | {"event_type": event.value, "status": EVENT_STATUS[event]}
    example["data"] = ONBOARDING_DELIVERY["data"] | step
    return _webhook(f"deliver_{event.value}", _SUMMARIES[event], about, "OnboardingDelivery", example)


_RENEWALS = {
    RenewalEvent.OPENED: "An enabled request is due again",
    RenewalEvent.DUE_SOON: "A renewal is due soon",
    RenewalEvent.OVERDUE: "A renewal was not completed in time",
    RenewalEvent.RETURNED: "What was submitted for a renewal was not accepted as it is",
    RenewalEvent.COMPLETED: "An enabled request was renewed",
}


def _renewal_webhook(event: RenewalEvent) -> dict[str, Any]:
    about = f"{_SENT} Only to a subscription whose `event_types` list it."
    example = RENEWAL_DELIVERY | {"event_type": event.value, "status": RENEWAL_STATUS[event]}
    return _webhook(f"deliver_{event.value}", _RENEWALS[event], about, "RenewalDelivery", example)


def _erasure_webhook(event: ErasureEvent) -> dict[str, Any]:
    about = f"{_SENT} Only to a subscription whose `event_types` list it."
    return _webhook(f"deliver_{event.value}", "A client was erased", about, "ErasureDelivery", ERASURE_DELIVERY)


WEBHOOKS: dict[str, Any] = {
    EVENT_TYPE: _webhook("deliver_status_change", "A request's status changed", _SENT, "Delivery", DELIVERY),
    **{event.value: _onboarding_webhook(event) for event in HostedEvent},
    **{event.value: _renewal_webhook(event) for event in RenewalEvent},
    **{event.value: _erasure_webhook(event) for event in ErasureEvent},
}
