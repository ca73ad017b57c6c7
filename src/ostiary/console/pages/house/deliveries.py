"""Deliveries of a company, with their attempts; and sending one again."""

from __future__ import annotations

import msgspec

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console, committed
from ostiary.domain.delivery.messages import MessageOutcome
from ostiary.domain.errors import NotFound
from ostiary.domain.ids import is_id
from ostiary.domain.operators.permissions import Permission, may
from ostiary.html.answers import Page, Redirect
from ostiary.usecases.delivery.deliveries import list_deliveries, read_delivery
from ostiary.usecases.delivery.deliveries import redeliver as make_due
from ostiary.wire.deliveries import delivery_answer, tried_answer

PAGE = 50
"""Deliveries on a page: what one looks through before filtering."""


async def every(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Newest first, by state if one is chosen, or those of one request."""
    state, before, about = (request.query.text(name) for name in ("state", "before", "request"))
    deliveries, more = await list_deliveries(
        console.context,
        request.caller,
        state=MessageOutcome(state) if state in list(MessageOutcome) else None,
        enablement_id=about if is_id(about) else None,
        before=before if is_id(before) else None,
        limit=PAGE,
    )
    values = {
        "company": request.caller.company,
        "deliveries": [delivery_answer(delivery) for delivery in deliveries],
        "more": more,
        "state": state,
        "about": about,
        "states": [outcome.value for outcome in MessageOutcome],
    }
    return Page(template="deliveries.html", title="Deliveries", values=values)


async def details(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """One delivery: what is sent, and how each try went."""
    company_id, message_id = request.caller.company.id, request.path["messageId"]
    if not is_id(message_id):
        raise NotFound
    delivery = await read_delivery(console.context, request.caller, message_id)
    answer = tried_answer(delivery)
    values = {
        "company": request.caller.company,
        "delivery": answer,
        "payload": msgspec.json.format(msgspec.json.encode(answer.payload), indent=2).decode(),
        "may_redeliver": may(request.operator, Permission.REDELIVER, company_id),
    }
    return Page(template="delivery.html", title="Delivery", values=values)


async def redeliver(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Makes it due now, under the same id."""
    company_id, message_id = request.caller.company.id, request.path["messageId"]
    if not is_id(message_id):
        raise NotFound
    await committed(console, request.caller, make_due, message_id)
    return Redirect(f"/console/companies/{company_id}/deliveries/{message_id}", "redelivered")
