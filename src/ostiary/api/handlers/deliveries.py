"""Calls about what is sent to a company, as use cases and back; no decisions."""

from __future__ import annotations

from ostiary.api.queries import page_cursor, page_limit
from ostiary.api.representation import Representation
from ostiary.api.services import ApiServices
from ostiary.domain.delivery.messages import Delivery, MessageOutcome
from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.ids import is_id
from ostiary.domain.sentences import N_, sentence
from ostiary.usecases.delivery import deliveries
from ostiary.usecases.transaction import Outcome
from ostiary.web.asgi import ApiRequest
from ostiary.wire.deliveries import delivery_answer, tried_answer

Page = tuple[list[Delivery], str | None]


async def list_deliveries(services: ApiServices, request: ApiRequest) -> Outcome[Page]:
    faults: list[Fault] = []
    state, asked = request.query.get("state"), request.query.get("product_request_id")
    if state is not None and state not in list(MessageOutcome):
        faults.append(
            Fault(
                "state",
                "QUERY_INVALID",
                sentence("state must be one of: %(possible)s", possible=", ".join(MessageOutcome)),
            )
        )
    if asked is not None and not is_id(asked):
        faults.append(
            Fault("product_request_id", "QUERY_INVALID", N_("product_request_id must be the id of a request"))
        )
    cursor = page_cursor(request.query.get("cursor"), faults)
    limit = page_limit(request.query.get("limit"), faults)
    if faults:
        raise InvalidRequest(faults=tuple(faults))
    page = await deliveries.list_deliveries(
        services.context,
        request.caller,
        state=None if state is None else MessageOutcome(state),
        enablement_id=asked,
        before=cursor,
        limit=limit,
    )
    return Outcome(page)


async def read_delivery(services: ApiServices, request: ApiRequest) -> Outcome[Delivery]:
    return Outcome(await deliveries.read_delivery(services.context, request.caller, request.path["deliveryId"]))


async def redeliver(services: ApiServices, request: ApiRequest) -> Outcome[Delivery]:
    return await deliveries.redeliver(services.context, request.caller, request.path["deliveryId"])


async def send_test(services: ApiServices, request: ApiRequest) -> Outcome[Delivery]:
    return await deliveries.send_test(services.context, request.caller)


def show_deliveries(services: ApiServices, request: ApiRequest, page: Page) -> Representation:
    shown, next_cursor = page
    return Representation([delivery_answer(delivery) for delivery in shown], next_cursor)


def show_delivery(services: ApiServices, request: ApiRequest, delivery: Delivery) -> Representation:
    return Representation(delivery_answer(delivery))


def show_tried(services: ApiServices, request: ApiRequest, delivery: Delivery) -> Representation:
    return Representation(tried_answer(delivery))
