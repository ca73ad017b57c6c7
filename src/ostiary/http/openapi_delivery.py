"""What is sent to a company's webhook, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from ostiary.domain.deliveries import BECAUSE_FAILING, BECAUSE_GONE
from ostiary.domain.enablement import Status
from ostiary.domain.messages import ENVELOPE_STATUS, EVENT_TYPE, TEST_EVENT_TYPE, Outcome
from ostiary.http.openapi_answers import ID, MOMENT, TEXT, TRUTH, WHOLE, closed, many, one_of, ref
from ostiary.http.openapi_examples import DELIVERY
from ostiary.http.openapi_requests import Schema

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
_STATE: dict[str, Schema] = {
    "id": {**ID, "description": "The operation_id and webhook-id of what was sent."},
    "event_type": one_of([EVENT_TYPE, TEST_EVENT_TYPE]),
    "state": one_of(Outcome, "`failed` was given up; `dropped` was due when there was no subscription any more."),
    "tries": {**WHOLE, "description": "Since it was last asked for."},
    "created_at": MOMENT,
}
_STATE_OPTIONAL: dict[str, Schema] = {
    "client_id": ID, "product_request_id": ID, "sequence": WHOLE,
    "next_try_at": {**MOMENT, "description": "While it is pending: not before."},
    "waits_for_earlier": {**TRUTH, "description": "An earlier delivery of the same request has to be taken first."},
    "ended_at": MOMENT,
}  # fmt: skip
DELIVERY_STATES: dict[str, Schema] = {
    "DeliveryState": closed("How a delivery stands.", _STATE, _STATE_OPTIONAL),
    "DeliveryStates": many("DeliveryState"),
    "TriedDelivery": closed(
        "A delivery with what is sent and how each try went.",
        {**_STATE, "payload": {"type": "object"}, "attempts": many("DeliveryAttempt")},
        _STATE_OPTIONAL,
    ),
    "DeliveryAttempt": closed(
        "One try: the status, or the problem when there was no answer.",
        {"at": MOMENT, "ms": WHOLE},
        {"status": WHOLE, "problem": TEXT, "answer": {**TEXT, "description": "The first 2,048 bytes, as UTF-8."}},
    ),
    "WebhookHealth": closed(
        "How the endpoint does.",
        {"state": one_of(("untried", "working", "failing", "disabled"))},
        {
            "last_success_at": {**MOMENT, "description": "To the minute."}, "failing_since": MOMENT,
            "disabled_at": MOMENT,
            "disabled_because": one_of((BECAUSE_GONE, BECAUSE_FAILING), "It answered 410, or took nothing for 5 days."),
        },
    ),
    "RotatedSecret": closed(
        "The new secret, and until when the one before signs beside it.",
        {"signing_secret": {**TEXT, "pattern": "^whsec_"}, "previous_until": MOMENT},
    ),
}  # fmt: skip
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
