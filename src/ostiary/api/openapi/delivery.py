"""What is sent to a company's webhook, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from ostiary.api.openapi.answers import ID, MOMENT, TEXT, WHOLE, closed, many, one_of, ref
from ostiary.api.openapi.examples import DELIVERY
from ostiary.api.openapi.requests import Schema
from ostiary.domain.delivery.messages import ENVELOPE_STATUS, EVENT_TYPE
from ostiary.domain.onboarding.enablement import Status
from ostiary.wire.answer import schemas
from ostiary.wire.deliveries import (
    DeliveryAttemptAnswer,
    DeliveryStateAnswer,
    TriedDeliveryAnswer,
    WebhookHealthAnswer,
)
from ostiary.wire.webhook import RotatedSecretAnswer

DELIVERY_SCHEMAS: dict[str, Schema] = {
    "Delivery": closed(
        "A change of a request's status.",
        {
            "product": one_of(["company_activity"]),
            "event_type": one_of([EVENT_TYPE]),
            "operation_id": {**ID, "description": "The same at every try: handle each once."},
            "status": one_of(dict.fromkeys(ENVELOPE_STATUS.values()), "pending, success (enabled), failed (rejected)."),
            "data": ref("DeliveryData"),
        },
    ),
    "DeliveryData": closed(
        "What changed.",
        {
            "client_id": ID, "product_request_id": ID, "product": TEXT, "status": one_of(Status),
            "previous_status": one_of(Status),
            "rejected_items": many("RejectedItem"), "occurred_at": MOMENT,
        },
        {
            "sequence": {**WHOLE, "description": "With `include_sequence`: counts the changes of status."},
            "rejection_description": TEXT,
        },
    ),
}  # fmt: skip
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
    {"name": name, "in": "header", "required": True, "description": about, "schema": TEXT}
    for name, about in DELIVERY_HEADERS.items()
]
WEBHOOKS: dict[str, Any] = {
    EVENT_TYPE: {
        "post": {
            "operationId": "deliver_status_change",
            "summary": "A request's status changed",
            "description": "Sent to the company's webhook, at least once, until it answers 2xx within 15 s.",
            "security": [],
            "parameters": _PARAMETERS,
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": ref("Delivery"), "examples": {"submitted": {"value": DELIVERY}}}
                },
            },
            "responses": {"2XX": {"description": "Taken. Anything else is tried again."}},
        }
    }
}
