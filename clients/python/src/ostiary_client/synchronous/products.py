"""Requests for products: what is missing, documents, submit, and waiting for what becomes of them.

Made of `asynchronous` by `make clients`: do not edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary_client.calls import Operation, Sent, decoded
from ostiary_client.clients import RequestRef, client_id_of, ids_of
from ostiary_client.generated import operations
from ostiary_client.generated.clients import IndividualClient
from ostiary_client.generated.operations import ProductExpansion
from ostiary_client.generated.products import ChipChallenge, Deadline, Judged, Product
from ostiary_client.options import Options
from ostiary_client.pictures import NewDocument, Progress, multipart
from ostiary_client.polling import USUAL_WAIT_S, Watch
from ostiary_client.synchronous.transport import Transport
from ostiary_client.synchronous.waiting import aside, pause

Expand = Sequence[ProductExpansion]


class ProductsApi:
    """Requests for products. A request is given as it was answered, or as `(client_id, request_id)`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def request(
        self, client: IndividualClient | str, product: str, *, expand: Expand = (), options: Options | None = None
    ) -> Product:
        """Requests a product: `.missing.next()` of the answer is what to provide first.

        Raises ProductAlreadyRequested, whose `faults` have the id of the request there is, and ProductUnknown.
        """
        operation = operations.REQUEST_PRODUCT
        path = operation.at(client_id=client_id_of(client))
        sent = Sent({"subproduct": product}, query={"expand": expand})
        return self._transport.value(operation, path, Product, sent, options)

    def read(self, request: RequestRef, *, expand: Expand = (), options: Options | None = None) -> Product:
        """The request as it is now; what is missing is judged anew."""
        operation, sent = operations.READ_PRODUCT, Sent(query={"expand": expand})
        return self._transport.value(operation, operation.at(**ids_of(request)), Product, sent, options)

    def of(
        self, client: IndividualClient | str, *, expand: Expand = (), options: Options | None = None
    ) -> tuple[Product, ...]:
        """All requests of a client, newest first."""
        operation, sent = operations.LIST_PRODUCTS, Sent(query={"expand": expand})
        path = operation.at(client_id=client_id_of(client))
        return self._transport.value(operation, path, tuple[Product, ...], sent, options)

    def list(
        self,
        *,
        status: str | None = None,
        product: str | None = None,
        page_size: int | None = None,
        expand: Expand = (),
        options: Options | None = None,
    ) -> Iterator[Product]:
        """The requests of all clients, newest first; each page is asked for when it is needed."""
        operation = operations.LIST_REQUESTS
        sent = Sent(query={"status": status, "product": product, "limit": page_size, "expand": expand})
        for request in self._transport.pages(operation, operation.at(), Product, sent, options):
            yield request

    def upload(
        self,
        request: RequestRef,
        document: NewDocument,
        *,
        progress: Progress | None = None,
        expand: Expand = (),
        options: Options | None = None,
    ) -> Judged:
        """Sends a document. `rejected_items` of the answer says what was not taken, and what to do about it.

        `progress(sent, total)` is told while it goes, on this thread. A file object is read to its end and stays open.
        """
        operation = operations.COMPLETE_DOCUMENTATION
        content, kind = aside(multipart, document)
        sent = Sent(content=content, content_type=kind, query={"expand": expand})
        path = operation.at(**ids_of(request))
        return decoded(self._transport.call(operation, path, sent, options, progress), Judged)

    def chip_challenge(self, request: RequestRef, *, options: Options | None = None) -> ChipChallenge:
        """What the chip of a document shall sign, so that it is known to be no copy: once, and soon."""
        operation = operations.MAKE_CHIP_CHALLENGE
        return self._transport.value(operation, operation.at(**ids_of(request)), ChipChallenge, options=options)

    def submit(self, request: RequestRef, *, expand: Expand = (), options: Options | None = None) -> Judged:
        """Hands the request to review, if nothing is missing; else the answer says what. Safe to repeat."""
        return self._judged(operations.SUBMIT_PRODUCT, request, expand, options)

    def withdraw(self, request: RequestRef, *, expand: Expand = (), options: Options | None = None) -> Product:
        """Takes the request back: it becomes `rejected`."""
        operation, sent = operations.WITHDRAW_PRODUCT, Sent(query={"expand": expand})
        return self._transport.value(operation, operation.at(**ids_of(request)), Product, sent, options)

    def confirm_renewal(self, request: RequestRef, *, expand: Expand = (), options: Options | None = None) -> Judged:
        """Says that nothing has changed since the product was enabled."""
        return self._judged(operations.CONFIRM_RENEWAL, request, expand, options)

    def renewals(
        self, *, due_before: str | None = None, page_size: int | None = None, options: Options | None = None
    ) -> Iterator[Deadline]:
        """What is due again, soonest first; each page is asked for when it is needed."""
        operation, sent = operations.LIST_RENEWALS, Sent(query={"due_before": due_before, "limit": page_size})
        for deadline in self._transport.pages(operation, operation.at(), Deadline, sent, options):
            yield deadline

    def wait_until(
        self, request: RequestRef, *statuses: str, timeout_s: float = USUAL_WAIT_S, options: Options | None = None
    ) -> Product:
        """Reads the request until it has one of these statuses, at growing intervals.

            request = ostiary.products.wait_until(request, "enabled", timeout_s=60)

        Raises EndedOtherwise when it ended in another way, or came back from review, since waiting leads no further;
        WaitedTooLong when the time is up. In a service that runs for long, a webhook says it without asking.
        """
        watch = Watch(request, statuses, timeout_s)
        while True:
            product = self.read(request, expand=("rejected_items",), options=options)
            wait_s = watch.wait_after(product)
            if wait_s is None:
                return product
            pause(wait_s)

    def _judged(self, operation: Operation, request: RequestRef, expand: Expand, options: Options | None) -> Judged:
        path, sent = operation.at(**ids_of(request)), Sent(query={"expand": expand})
        return self._transport.value(operation, path, Judged, sent, options)
