"""A company's view of its deliveries, and sending one again."""

from __future__ import annotations

from ostiary.domain.companies.company import Caller
from ostiary.domain.delivery.messages import MOST_PENDING_TESTS, Delivery, MessageOutcome, probe_event
from ostiary.domain.errors import InvalidState, NotFound
from ostiary.domain.sentences import sentence
from ostiary.domain.unit import AddMessage, Redeliver, Unit
from ostiary.usecases.context import Context
from ostiary.usecases.transaction import Outcome


async def list_deliveries(
    context: Context,
    caller: Caller,
    *,
    state: MessageOutcome | None,
    enablement_id: str | None,
    before: str | None,
    limit: int,
) -> tuple[list[Delivery], str | None]:
    """Newest first, and where the next page begins."""
    page = await context.storage.deliveries.page(caller.company, state, enablement_id, before, limit + 1)
    more = page[limit - 1].message.id if len(page) > limit else None
    return page[:limit], more


async def read_delivery(context: Context, caller: Caller, message_id: str) -> Delivery:
    """One with its tries. Raises NotFound."""
    delivery = await context.storage.deliveries.find(caller.company, message_id)
    if delivery is None:
        raise NotFound
    return delivery


async def redeliver(context: Context, caller: Caller, message_id: str) -> Outcome[Delivery]:
    """Makes a delivery due now, under the same id, with the whole schedule before it.

    Raises NotFound; InvalidState without a subscription, while it is being sent, while it has to wait for an earlier
    delivery of the same request, and for a test event while the most that may wait do.
    """
    delivery = await read_delivery(context, caller, message_id)
    _needs_webhook(caller)
    if delivery.waits:
        raise InvalidState("An earlier delivery of the same request has to be taken first: redeliver that one.")
    if delivery.is_under_way:
        raise InvalidState("This delivery is being sent right now; look again in half a minute.")
    adds_test = delivery.message.is_test and delivery.state is not MessageOutcome.PENDING
    if adds_test:
        await _needs_room_for_a_test(context, caller)
    unit = Unit(caller.company.id, context.now_ms(), changes=(Redeliver(message_id, adds_test),))
    return Outcome(delivery.again(context.now_ms()), unit)


async def send_test(context: Context, caller: Caller) -> Outcome[Delivery]:
    """Sends an event without a meaning, the way every other is sent.

    Raises InvalidState without a subscription, and while the most that may wait do.
    """
    _needs_webhook(caller)
    await _needs_room_for_a_test(context, caller)
    now = context.now_ms()
    message = probe_event(context.new_id(), caller.company.id, now)
    unit = Unit(caller.company.id, now, changes=(AddMessage(message, is_test=True),))
    return Outcome(Delivery(message, MessageOutcome.PENDING, now, None), unit)


async def _needs_room_for_a_test(context: Context, caller: Caller) -> None:
    if await context.storage.deliveries.pending_tests(caller.company.id) >= MOST_PENDING_TESTS:
        raise InvalidState(
            sentence(
                "%(most)s test events wait to be delivered, the most that are kept for one company. Send more "
                "when the endpoint has taken them, or they were given up.",
                most=MOST_PENDING_TESTS,
            )
        )


def _needs_webhook(caller: Caller) -> None:
    if caller.company.webhook.url is None:
        raise InvalidState("The company has no webhook; subscribe one first.")
