"""Calls about a company's webhook and its deliveries, and their answers."""

from __future__ import annotations

from ostiary.domain.companies import Company
from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.ids import is_id
from ostiary.domain.messages import Attempt, Delivery, Outcome
from ostiary.domain.queues import Health
from ostiary.domain.times import shown
from ostiary.http.answers import Json, present, webhook_json
from ostiary.http.calls import Call, page_cursor, page_limit
from ostiary.usecases import deliveries, webhooks
from ostiary.usecases.deciding import Decided
from ostiary.usecases.webhooks import USUAL_OVERLAP_HOURS

Page = tuple[list[Delivery], str | None]

# ---- settings -------------------------------------------------------------------------------------------------------


async def read_webhook(call: Call) -> Decided[Company]:
    return Decided(await webhooks.read_webhook(call.world, call.caller))


async def read_health(call: Call) -> Decided[Health]:
    return Decided(await webhooks.read_webhook_health(call.world, call.caller))


async def subscribe_webhook(call: Call) -> Decided[Company]:
    return await webhooks.subscribe_webhook(
        call.world, call.caller, call.body.url, call.body.webhook_key, call.service.address_fault,
        with_sequence=bool(call.body.include_sequence),
    )  # fmt: skip


async def change_webhook_key(call: Call) -> Decided[Company]:
    return await webhooks.change_webhook_key(call.world, call.caller, call.body.key)


async def rotate_signing_secret(call: Call) -> Decided[Company]:
    hours = call.body.overlap_hours
    return await webhooks.rotate_signing_secret(
        call.world, call.caller, USUAL_OVERLAP_HOURS if hours is None else hours
    )


async def end_webhook(call: Call) -> Decided[Company]:
    return await webhooks.end_webhook(call.world, call.caller)


def show_webhook(call: Call, company: Company) -> object:
    return webhook_json(company)


def show_signing_secret(call: Call, company: Company) -> object:
    return {"signing_secret": company.signing_secret}


def show_rotated(call: Call, company: Company) -> object:
    return {"signing_secret": company.signing_secret, "previous_until": shown(company.previous_until_ms)}


def show_nothing(call: Call, company: Company) -> object:
    return None


def show_health(call: Call, health: Health) -> object:
    return health_json(health)


# ---- deliveries -----------------------------------------------------------------------------------------------------


async def list_deliveries(call: Call) -> Decided[Page]:
    faults: list[Fault] = []
    state, request = call.query.get("state"), call.query.get("product_request_id")
    if state is not None and state not in list(Outcome):
        faults.append(Fault("state", "QUERY_INVALID", f"state must be one of: {', '.join(Outcome)}"))
    if request is not None and not is_id(request):
        faults.append(Fault("product_request_id", "QUERY_INVALID", "product_request_id must be the id of a request"))
    cursor = page_cursor(call.query.get("cursor"), faults)
    limit = page_limit(call.query.get("limit"), faults)
    if faults:
        raise InvalidRequest(faults=tuple(faults))
    page = await deliveries.list_deliveries(
        call.world, call.caller, state=None if state is None else Outcome(state), enablement_id=request,
        before=cursor, limit=limit,
    )  # fmt: skip
    return Decided(page)


async def read_delivery(call: Call) -> Decided[Delivery]:
    return Decided(await deliveries.read_delivery(call.world, call.caller, call.path["deliveryId"]))


async def redeliver(call: Call) -> Decided[Delivery]:
    return await deliveries.redeliver(call.world, call.caller, call.path["deliveryId"])


async def send_test(call: Call) -> Decided[Delivery]:
    return await deliveries.send_test(call.world, call.caller)


def show_deliveries(call: Call, page: Page) -> object:
    found, more = page
    if more is not None:
        call.links["next"] = more
    return [delivery_json(one) for one in found]


def show_delivery(call: Call, delivery: Delivery) -> object:
    return delivery_json(delivery)


def show_tried(call: Call, delivery: Delivery) -> object:
    return tried_json(delivery)


def health_json(health: Health) -> Json:
    """What is thought of an endpoint; what never happened is absent."""
    times = {
        "last_success_at": health.succeeded_at_ms, "failing_since": health.failing_since_ms,
        "disabled_at": health.disabled_at_ms,
    }  # fmt: skip
    told = {name: None if at is None else shown(at) for name, at in times.items()}
    return present({"state": health.state, **told, "disabled_because": health.disabled_because})


def delivery_json(delivery: Delivery) -> Json:
    """How a delivery stands; absent is what a test event has not, and what did not happen."""
    message, ended = delivery.message, delivery.ended_at_ms
    due = message.due_at_ms if delivery.state is Outcome.PENDING and not delivery.waits else None
    return present(
        {
            "id": message.id,
            "event_type": str(message.body["event_type"]),
            "state": delivery.state,
            "client_id": message.client_id or None,
            "product_request_id": message.enablement_id if message.client_id else None,
            "sequence": message.sequence or None,
            "tries": message.attempts,
            "created_at": shown(delivery.created_at_ms),
            "next_try_at": None if due is None else shown(due),
            "waits_for_earlier": True if delivery.waits else None,
            "ended_at": None if ended is None else shown(ended),
        }
    )


def tried_json(delivery: Delivery) -> Json:
    """A delivery with what was sent and how each try went."""
    return {
        **delivery_json(delivery),
        "payload": delivery.message.body,
        "attempts": [_attempt_json(one) for one in delivery.tries],
    }


def _attempt_json(attempt: Attempt) -> Json:
    return present(
        {
            "at": shown(attempt.at_ms),
            "ms": attempt.ms,
            "status": attempt.status,
            "problem": attempt.problem or None,
            "answer": attempt.answer.decode("utf-8", "replace") if attempt.answer else None,
        }
    )
