"""The company's webhook: where events go, its secrets, and how deliveries went.

Made of `asynchronous` by `make clients`: do not edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from ostiary_client.synchronous.transport import Transport


class WebhookApi:
    """Where events go, and how their deliveries went. `ostiary_client.Webhook` verifies what is received."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def read(self, *, options: Options | None = None) -> WebhookSettings:
        """The settings there are."""
        operation = operations.READ_WEBHOOK
        return self._transport.value(operation, operation.at(), WebhookSettings, options=options)

    def subscribe(
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
        return self._transport.value(operation, operation.at(), WebhookSettings, sent, options)

    def change_key(self, key: str, *, options: Options | None = None) -> WebhookSettings:
        """Another key in `X-Webhook-Key`."""
        operation = operations.CHANGE_WEBHOOK_KEY
        return self._transport.value(operation, operation.at(), WebhookSettings, Sent({"key": key}), options)

    def end(self, *, options: Options | None = None) -> None:
        """Ends the subscription; what waits is not delivered any more."""
        operation = operations.END_WEBHOOK
        self._transport.call(operation, operation.at(), options=options)

    def signing_secret(self, *, options: Options | None = None) -> str:
        """The secret for `ostiary_client.Webhook`."""
        operation = operations.READ_SIGNING_SECRET
        answer = self._transport.value(operation, operation.at(), SigningSecret, options=options)
        return answer.signing_secret

    def rotate_signing_secret(
        self, *, overlap_hours: int | None = None, options: Options | None = None
    ) -> RotatedSecret:
        """A new secret; events are signed with the one before too, for 24 hours or as long as you say."""
        operation, sent = operations.ROTATE_SIGNING_SECRET, Sent({"overlap_hours": overlap_hours})
        return self._transport.value(operation, operation.at(), RotatedSecret, sent, options)

    def health(self, *, options: Options | None = None) -> WebhookHealth:
        """How your endpoint does."""
        operation = operations.READ_WEBHOOK_HEALTH
        return self._transport.value(operation, operation.at(), WebhookHealth, options=options)

    def send_test(self, *, options: Options | None = None) -> DeliveryState:
        """Sends an event that tells of nobody."""
        operation = operations.SEND_TEST_EVENT
        return self._transport.value(operation, operation.at(), DeliveryState, options=options)

    def deliveries(
        self,
        *,
        state: str | None = None,
        product_request_id: str | None = None,
        page_size: int | None = None,
        options: Options | None = None,
    ) -> Iterator[DeliveryState]:
        """Deliveries of the last 30 days, newest first; each page is asked for when it is needed."""
        operation = operations.LIST_DELIVERIES
        sent = Sent(query={"state": state, "product_request_id": product_request_id, "limit": page_size})
        for delivery in self._transport.pages(operation, operation.at(), DeliveryState, sent, options):
            yield delivery

    def delivery(self, delivery_id: str, *, options: Options | None = None) -> TriedDelivery:
        """A delivery with what was sent and how each try went."""
        operation = operations.READ_DELIVERY
        path = operation.at(delivery_id=delivery_id)
        return self._transport.value(operation, path, TriedDelivery, options=options)

    def redeliver(self, delivery_id: str, *, options: Options | None = None) -> DeliveryState:
        """Sends it again, under the same id."""
        operation = operations.REDELIVER
        path = operation.at(delivery_id=delivery_id)
        return self._transport.value(operation, path, DeliveryState, options=options)
