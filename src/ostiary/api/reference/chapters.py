"""The chapters of the reference page beside the operations, from the domain's own tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ostiary.api.openapi.delivery import DELIVERY_HEADERS
from ostiary.api.openapi.errors import TRACE_ID, error_codes
from ostiary.api.openapi.examples import DELIVERY
from ostiary.api.reference.drawing import drawing
from ostiary.api.reference.fields import fields_table
from ostiary.api.reference.html import Html, block, code, joined, rich, section, table, tag
from ostiary.api.reference.operations import pretty
from ostiary.domain.companies.rate_limit import FORGIVEN_AFTER_MS, LONGEST_PENALTY_S
from ostiary.domain.delivery.retry import SCHEDULE_S
from ostiary.domain.onboarding.enablement import TRANSITIONS
from ostiary.domain.rejections import EXPLANATIONS
from ostiary.domain.sandbox.scenarios import Scenario
from ostiary.wire.problems import FAULT_CODES

Json = dict[str, Any]
SETTINGS = {
    "OSTIARY_RATE_LIMIT_PER_SECOND": "15",
    "OSTIARY_MAX_BODY_MB": "20",
    "OSTIARY_UPLOAD_BUDGET_MB": "48",
    "OSTIARY_TRUSTED_PROXIES": "",
    "OSTIARY_ALLOWED_PRIVATE_NETWORKS": "",
    "OSTIARY_CATALOGUE": "",
}
"""The settings that a partner notices, with their defaults; `ostiary settings` lists all with their meaning."""
TITLES = {
    "states": "States of a request",
    "errors": "Errors",
    "reasons": "Reason codes",
    "limits": "Limits",
    "idempotency": "Repeating calls safely",
    "deliveries": "Webhook deliveries",
    "sandbox": "Sandbox",
    "settings": "Settings",
    "objects": "Objects",
}


def chapters(document: Json, limits: Json, scenarios: Sequence[Scenario]) -> Html:
    bodies = {
        "states": _states(),
        "errors": _errors(),
        "reasons": _reasons(),
        "limits": _limits(limits),
        "idempotency": _idempotency(),
        "deliveries": _deliveries(document["components"]["schemas"]),
        "sandbox": _sandbox(scenarios),
        "settings": _settings(),
        "objects": _objects(document["components"]["schemas"]),
    }
    return joined(section(anchor, title, bodies[anchor]) for anchor, title in TITLES.items())


def _states() -> Html:
    rows = [(code(before), event.replace("_", " "), code(after)) for (before, event), after in TRANSITIONS.items()]
    return joined(
        (
            _text(
                "A request moves only along these ways. One live request (every state but `rejected`) per client and "
                "product; after `rejected` a new one may be made. When an operator or a verdict rejects the client as "
                "such, every live request becomes `rejected`."
            ),
            drawing(),
            table(("From", "Event", "To"), rows),
        )
    )


def _errors() -> Html:
    example = {
        "code": "VALIDATION_FAILED",
        "message": error_codes()["VALIDATION_FAILED"][1],
        "trace_id": TRACE_ID,
        "details": [{"field": "address.country", "code": "VALUE_INVALID", "message": "..."}],
    }
    rows = sorted((status, name, meaning) for name, (status, meaning) in error_codes().items())
    return joined(
        (
            _text(
                "Decide on `code`; `message` is for people. All fields at fault come at once, in `details`. Retry what "
                "has a `Retry-After`, and 409 `IDEMPOTENCY_KEY_IN_USE`; everything else needs another call."
            ),
            block(pretty(example)),
            table(
                ("Status", "Code", "Meaning"),
                ((code(status), code(name), rich(meaning)) for status, name, meaning in rows),
            ),
            tag("h4", "Codes of details"),
            table(("Code", "Meaning"), ((code(name), meaning) for name, meaning in FAULT_CODES.items())),
        )
    )


def _reasons() -> Html:
    rows = (
        (code(name), explanation.reason, "yes" if explanation.retryable else "no", explanation.action)
        for name, explanation in EXPLANATIONS.items()
    )
    return joined(
        (
            _text(
                "The `code` of rejected items: one closed list, whoever judged. `reason` may be shown to the client as "
                "it is, `action` says what to do; both may be more exact than here."
            ),
            table(("Code", "Reason", "Retryable", "Action"), rows),
        )
    )


def _limits(limits: Json) -> Html:
    rows = [
        (code(name), ", ".join(value) if not isinstance(value, int) else f"{value:,}".replace(",", " "))
        for name, value in limits.items()
    ]
    hours = FORGIVEN_AFTER_MS // 3_600_000
    return joined(
        (
            _text(
                f"Calls to `/management` are limited to so many a second per source address and, independently, per "
                f"company. Going over blocks for 1 s, then 2, 4, 8 ... up to {LONGEST_PENALTY_S} s; {hours} hour "
                "without going over resets the count. Blocked calls consume no quota: wait as `Retry-After` says."
            ),
            _text("A body over the limit is 413, decided while reading. Uploads wait their turn; too many are 503."),
            table(("Limit", "Value"), rows),
        )
    )


def _idempotency() -> Html:
    return joined(
        (
            _text(
                "Every POST accepts `Idempotency-Key` (1 to 255 visible ASCII characters, best a fresh UUID). The same "
                "key with the same content within 24 h gives the first status and body again, with "
                "`Idempotency-Replayed: true`; other content is 422, and 409 while the first call still runs. Answers "
                "401, 429 and 5xx are not kept, so the call can be repeated under its key."
            ),
            _text(
                "A key belongs to one company, method and path. Content is compared as parsed: spelling, key order and "
                "multipart boundaries do not count."
            ),
        )
    )


def _deliveries(schemas: Json) -> Html:
    return joined(
        (
            _text(
                "Every change of a request's status is posted as JSON to the company's webhook (creation is none), at "
                "least once: handle each `operation_id` once. 2xx within 15 s is success; redirects are not followed. "
                f"Otherwise it is tried again after {_waits()}."
            ),
            block(pretty(DELIVERY), "Body"),
            fields_table(schemas["DeliveryData"], schemas, inside=False),
            table(("Header", "About"), ((code(name), rich(about)) for name, about in DELIVERY_HEADERS.items())),
            _text(
                "Verify before believing: the signature covers `webhook-id`, `webhook-timestamp` and the body as it "
                "came. Any Standard Webhooks library does it with the company's signing secret; by hand:"
            ),
            block(VERIFY, "Python"),
        )
    )


def _waits() -> str:
    return ", ".join(
        f"{pause_s} s" if pause_s < 60 else f"{pause_s // 60} min" if pause_s < 3600 else f"{pause_s // 3600} h"
        for pause_s in SCHEDULE_S
    )


def _sandbox(scenarios: Sequence[Scenario]) -> Html:
    rows = ((scenario.when, code(scenario.ending), scenario.description) for scenario in scenarios)
    return joined(
        (
            _text(
                "In a sandbox company what is submitted chooses what the built-in provider decides: the first scenario "
                "that fits. Everything else is as in production. `simulate` forces any outcome."
            ),
            table(("When the", "Outcome", "After submit"), rows),
        )
    )


def _settings() -> Html:
    rows = ((code(name), code(default) if default else "none") for name, default in SETTINGS.items())
    return joined(
        (
            _text("Whoever runs this service can change what partners notice. `ostiary settings` lists every setting."),
            table(("Setting", "Default"), rows),
        )
    )


def _objects(schemas: Json) -> Html:
    shown = ((name, schema) for name, schema in schemas.items() if schema.get("properties"))
    return joined(
        section(
            f"object-{name}",
            name,
            _text(schema.get("description", "")),
            fields_table(schema, schemas, inside=False),
            level=3,
        )
        for name, schema in shown
    )


def _text(text: str) -> Html:
    return tag("p", rich(text))


VERIFY = """import base64, hashlib, hmac, time

def is_genuine(headers, body: bytes, signing_secret: str) -> bool:
    moment = headers["webhook-timestamp"]
    if abs(time.time() - int(moment)) > 300:  # too old: perhaps somebody repeats it
        return False
    key = base64.b64decode(signing_secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{moment}.".encode() + body
    mine = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return any(hmac.compare_digest(mine, one) for one in headers["webhook-signature"].split())
"""
