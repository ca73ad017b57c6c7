"""What a company sees of its deliveries, and sending one again."""

from __future__ import annotations

from ostiary.domain.companies import Caller
from ostiary.domain.errors import InvalidState, NotFound
from ostiary.domain.messages import Delivery, Outcome, probe_event
from ostiary.domain.units import Unit
from ostiary.usecases.deciding import Decided
from ostiary.usecases.world import World


async def list_deliveries(
    world: World, caller: Caller, *, state: Outcome | None, enablement_id: str | None, before: str | None, limit: int
) -> tuple[list[Delivery], str | None]:
    """Newest first, and where the next page begins."""
    found = await world.storage.deliveries(caller.company, state, enablement_id, before, limit + 1)
    more = found[limit - 1].message.id if len(found) > limit else None
    return found[:limit], more


async def read_delivery(world: World, caller: Caller, message_id: str) -> Delivery:
    """One with its tries. Raises NotFound."""
    found = await world.storage.delivery(caller.company, message_id)
    if found is None:
        raise NotFound
    return found


async def redeliver(world: World, caller: Caller, message_id: str) -> Decided[Delivery]:
    """Due now, under the same id, with the whole schedule before it.

    Raises NotFound; InvalidState without a subscription, while it is being sent, and while it has to wait for an
    earlier delivery of the same request.
    """
    found = await read_delivery(world, caller, message_id)
    _needs_webhook(caller)
    if found.waits:
        raise InvalidState("An earlier delivery of the same request has to be taken first: redeliver that one.")
    if found.is_under_way:
        raise InvalidState("This delivery is being sent right now; look again in half a minute.")
    return Decided(found.again(world.now_ms()), Unit(caller.company.id, world.now_ms(), redelivered=message_id))


async def send_test(world: World, caller: Caller) -> Decided[Delivery]:
    """Sends an event that means nothing, the way every other is sent. Raises InvalidState without a subscription."""
    _needs_webhook(caller)
    now = world.now_ms()
    message = probe_event(world.new_id(), caller.company.id, now)
    return Decided(Delivery(message, Outcome.PENDING, now, None), Unit(caller.company.id, now, messages=(message,)))


def _needs_webhook(caller: Caller) -> None:
    if caller.company.webhook.url is None:
        raise InvalidState("The company has no webhook; subscribe one first.")
