"""Clients on the page, for tests of use cases."""

from __future__ import annotations

from ostiary.domain.clients.client import Client
from ostiary.domain.hosted.links import LinkWish
from ostiary.usecases.delivery.webhook import EVENT_TYPES, Hearing, subscribe_webhook
from ostiary.usecases.hosted.arrival import NewHostedSession
from ostiary.usecases.hosted.links import MadeLink, make_link
from ostiary.usecases.hosted.sessions import exchange
from tests.house import House

HOME = "https://partner.example/home"
MINUTE_MS = 60_000


def any_address(url: str, plain_http: bool) -> str | None:
    return None


async def linked(house: House, wish: LinkWish | None = None) -> tuple[Client, MadeLink]:
    """A client with one live request, and a link."""
    client = await house.client()
    await house.request(client.id)
    return client, await house.do(make_link, client.id, wish or LinkWish(), any_address)


async def arrived(house: House, link: MadeLink) -> NewHostedSession:
    """Somebody who pressed the button."""
    begun = await exchange(house.context, link.token)
    assert isinstance(begun, NewHostedSession)
    return begun


async def hears(house: House, *event_types: str) -> None:
    """The company has an endpoint that hears of some events, or of all."""
    hearing = Hearing(event_types=event_types or EVENT_TYPES)
    await house.do(subscribe_webhook, "https://example.com/hook", "key", any_address, hearing)
    await house.refresh()


def heard(house: House) -> list[tuple[str, dict[str, object]]]:
    """What came to the endpoint: events with their data."""
    return [(str(message.body["event_type"]), dict(message.body["data"])) for message in house.endpoint.came]  # type: ignore[call-overload]
