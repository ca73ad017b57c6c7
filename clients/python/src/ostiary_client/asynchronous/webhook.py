"""The company's webhook: where events go, its secrets, and how deliveries went."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from ostiary_client.asynchronous.transport import AsyncTransport
from ostiary_client.calls import Sent
from ostiary_client.generated import operations
from ostiary_client.generated.company import (
    DeliveryState,
    RotatedSecret,
    SigningSecret,
    TriedDelivery,
    WebhookHealth,
    WebhookSettings,
)
from ostiary_client.options import Options


class AsyncWebhookApi:
    """Where events go, and how their deliveries went. `ostiary_client.Webhook` verifies what is received."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def read(self, *, options: Options | None = None) -> WebhookSettings:
        """The settings there are."""
        operation = operations.READ_WEBHOOK
        return await self._transport.value(operation, operation.at(), WebhookSettings, options=options)

    async def subscribe(
        self,
        url: str,
        webhook_key: str,
        *,
        include_sequence: bool | None = None,
        event_types: Sequence[str] | None = None,
        options: Options | None = None,
    ) -> WebhookSettings:
        """Sends events to this address from now on, with this key in `X-Webhook-Key`."""
        body = {"url": url, "webhook_key": webhook_key, "include_sequence": include_sequence}
        types = None if event_types is None else list(event_types)
        sent = Sent({**body, "event_types": types} if types is not None else body)
        operation = operations.SUBSCRIBE_WEBHOOK
        return await self._transport.value(operation, operation.at(), WebhookSettings, sent, options)

    async def change_key(self, key: str, *, options: Options | None = None) -> WebhookSettings:
        """Another key in `X-Webhook-Key`."""
        operation = operations.CHANGE_WEBHOOK_KEY
        return await self._transport.value(operation, operation.at(), WebhookSettings, Sent({"key": key}), options)

    async def end(self, *, options: Options | None = None) -> None:
        """Ends the subscription; what waits is not delivered any more."""
        operation = operations.END_WEBHOOK
        await self._transport.call(operation, operation.at(), options=options)

    async def signing_secret(self, *, options: Options | None = None) -> str:
        """The secret for `ostiary_client.Webhook`."""
        operation = operations.READ_SIGNING_SECRET
        answer = await self._transport.value(operation, operation.at(), SigningSecret, options=options)
        return answer.signing_secret

    async def rotate_signing_secret(
        self, *, overlap_hours: int | None = None, options: Options | None = None
    ) -> RotatedSecret:
        """A new secret; events are signed with the one before too, for 24 hours or as long as you say."""
        operation, sent = operations.ROTATE_SIGNING_SECRET, Sent({"overlap_hours": overlap_hours})
        return await self._transport.value(operation, operation.at(), RotatedSecret, sent, options)

    async def health(self, *, options: Options | None = None) -> WebhookHealth:
        """How your endpoint does."""
        operation = operations.READ_WEBHOOK_HEALTH
        return await self._transport.value(operation, operation.at(), WebhookHealth, options=options)

    async def send_test(self, *, options: Options | None = None) -> DeliveryState:
        """Sends an event that tells of nobody."""
        operation = operations.SEND_TEST_EVENT
        return await self._transport.value(operation, operation.at(), DeliveryState, options=options)

    async def deliveries(
        self,
        *,
        state: str | None = None,
        product_request_id: str | None = None,
        page_size: int | None = None,
        options: Options | None = None,
    ) -> AsyncIterator[DeliveryState]:
        """Deliveries of the last 30 days, newest first; each page is asked for when it is needed."""
        operation = operations.LIST_DELIVERIES
        sent = Sent(query={"state": state, "product_request_id": product_request_id, "limit": page_size})
        async for delivery in self._transport.pages(operation, operation.at(), DeliveryState, sent, options):
            yield delivery

    async def delivery(self, delivery_id: str, *, options: Options | None = None) -> TriedDelivery:
        """A delivery with what was sent and how each try went."""
        operation = operations.READ_DELIVERY
        path = operation.at(delivery_id=delivery_id)
        return await self._transport.value(operation, path, TriedDelivery, options=options)

    async def redeliver(self, delivery_id: str, *, options: Options | None = None) -> DeliveryState:
        """Sends it again, under the same id."""
        operation = operations.REDELIVER
        path = operation.at(delivery_id=delivery_id)
        return await self._transport.value(operation, path, DeliveryState, options=options)
