"""What is sent to a company's webhook, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from ostiary.api.openapi.answers import Schema, many, ref
from ostiary.api.openapi.examples import DELIVERY
from ostiary.domain.delivery.messages import EVENT_TYPE
from ostiary.wire.answer import schemas
from ostiary.wire.deliveries import (
    DeliveryAttemptAnswer,
    DeliveryStateAnswer,
    TriedDeliveryAnswer,
    WebhookHealthAnswer,
)
from ostiary.wire.events import DeliveryAnswer, DeliveryDataAnswer
from ostiary.wire.webhook import RotatedSecretAnswer

DELIVERY_SCHEMAS: dict[str, Schema] = schemas(DeliveryAnswer, DeliveryDataAnswer)
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
