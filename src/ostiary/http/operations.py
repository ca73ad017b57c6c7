"""Every operation of the API, in one table.

Routing, authorization, OpenAPI, the reference page and the authorization tests are derived from it; an operation
that is not here does not exist.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from ostiary.domain import errors
from ostiary.domain.errors import OstiaryError
from ostiary.http import bodies, calls
from ostiary.http import delivery_calls as hooks
from ostiary.http import sandbox_calls as trials
from ostiary.http.calls import Call
from ostiary.usecases.deciding import Decided

CLIENTS = "/management/clients/individuals"
CLIENT = CLIENTS + "/{clientId}"
PRODUCTS = CLIENT + "/products"
PRODUCT = PRODUCTS + "/{productRequestId}"
WEBHOOK = "/management/companies/webhook"
DELIVERY = WEBHOOK + "/deliveries/{deliveryId}"
CREATE_BODY, REPLACE_BODY = "client", "client_replace"
"""Bodies whose type depends on the catalogue; known once the service starts."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `level` is the access level it needs; `refuses` the errors beyond those every call can get."""

    name: str
    method: str
    path: str
    level: int
    gives: str
    decide: Callable[[Call], Awaitable[Decided[Any]]]
    show: Callable[[Call, Any], object]
    summary: str
    status: int = 200
    takes: type | str | None = None
    query: tuple[str, ...] = ()
    refuses: tuple[type[OstiaryError], ...] = ()
    multipart: bool = field(default=False)


_PRODUCT_RULES = (errors.NotFound, errors.InvalidState)

TABLE: tuple[Operation, ...] = (
    Operation(
        "create_client", "POST", CLIENTS, 1, "Client", calls.create_client, calls.show_client,
        "Create individual client", status=201, takes=CREATE_BODY,
        refuses=(errors.ValidationFailed, errors.DuplicateClient),
    ),
    Operation(
        "list_clients", "GET", CLIENTS, 1, "Clients", calls.list_clients, calls.show_page,
        "List individual clients", query=("status", "email", "limit", "cursor"),
    ),
    Operation(
        "read_client", "GET", CLIENT, 1, "Client", calls.read_client, calls.show_client,
        "Read individual client", refuses=(errors.NotFound,),
    ),
    Operation(
        "update_client", "PUT", CLIENT, 3, "Client", calls.update_client, calls.show_client,
        "Update individual client", takes=REPLACE_BODY,
        refuses=(errors.NotFound, errors.ValidationFailed, errors.DuplicateClient, errors.InvalidState),
    ),
    Operation(
        "request_product", "POST", PRODUCTS, 3, "Product", calls.request_product, calls.show_product,
        "Request product", status=201, takes=bodies.ProductBody, query=("expand",),
        refuses=(*_PRODUCT_RULES, errors.ProductUnknown, errors.ProductAlreadyRequested),
    ),
    Operation(
        "list_products", "GET", PRODUCTS, 1, "Products", calls.list_products, calls.show_products,
        "List client products", query=("expand",), refuses=(errors.NotFound,),
    ),
    Operation(
        "read_product", "GET", PRODUCT, 1, "Product", calls.read_product, calls.show_product,
        "Read client product", query=("expand",), refuses=(errors.NotFound,),
    ),
    Operation(
        "complete_documentation", "POST", PRODUCT + "/documentation", 3, "Judged", calls.add_document,
        calls.show_judged, "Complete product documentation", takes=bodies.DocumentationBody, query=("expand",),
        refuses=(*_PRODUCT_RULES, errors.DocumentNotRequired), multipart=True,
    ),
    Operation(
        "submit_product", "POST", PRODUCT + "/submit", 3, "Judged", calls.submit_product, calls.show_judged,
        "Submit product", takes=bodies.NoBody, query=("expand",), refuses=_PRODUCT_RULES,
    ),
    Operation(
        "withdraw_product", "POST", PRODUCT + "/withdraw", 3, "Product", calls.withdraw_product, calls.show_product,
        "Withdraw product", takes=bodies.NoBody, query=("expand",), refuses=_PRODUCT_RULES,
    ),
    Operation(
        "simulate_verdict", "POST", PRODUCT + "/simulate", 3, "Product", trials.simulate, calls.show_product,
        "Simulate a verdict", takes=bodies.SimulateBody, query=("expand",),
        refuses=(*_PRODUCT_RULES, errors.ValidationFailed),
    ),
    Operation(
        "list_scenarios", "GET", "/management/sandbox/scenarios", 1, "Scenarios", trials.list_scenarios,
        trials.show_scenarios, "List sandbox scenarios",
    ),
    Operation(
        "read_catalogue", "GET", "/management/products", 1, "Catalogue", calls.read_catalogue, calls.show_catalogue,
        "Read the catalogue", query=("country",), refuses=(errors.ValidationFailed,),
    ),
    Operation(
        "read_webhook", "GET", WEBHOOK, 3, "Webhook", hooks.read_webhook, hooks.show_webhook, "Read company webhook",
    ),
    Operation(
        "end_webhook", "DELETE", WEBHOOK, 3, "Nothing", hooks.end_webhook, hooks.show_nothing,
        "End company webhook", status=204,
    ),
    Operation(
        "subscribe_webhook", "POST", WEBHOOK + "/subscribe", 3, "Webhook", hooks.subscribe_webhook,
        hooks.show_webhook, "Subscribe company webhook", takes=bodies.SubscribeBody,
        refuses=(errors.ValidationFailed,),
    ),
    Operation(
        "change_webhook_key", "POST", WEBHOOK + "/key", 3, "Webhook", hooks.change_webhook_key, hooks.show_webhook,
        "Change company webhook key", takes=bodies.WebhookKeyBody, refuses=(errors.ValidationFailed,),
    ),
    Operation(
        "read_signing_secret", "GET", WEBHOOK + "/signing-secret", 3, "SigningSecret", hooks.read_webhook,
        hooks.show_signing_secret, "Read company webhook signing secret",
    ),
    Operation(
        "rotate_signing_secret", "POST", WEBHOOK + "/signing-secret/rotate", 3, "RotatedSecret",
        hooks.rotate_signing_secret, hooks.show_rotated, "Rotate company webhook signing secret",
        takes=bodies.RotateBody, refuses=(errors.ValidationFailed,),
    ),
    Operation(
        "read_webhook_health", "GET", WEBHOOK + "/health", 3, "WebhookHealth", hooks.read_health, hooks.show_health,
        "Read company webhook health",
    ),
    Operation(
        "test_webhook", "POST", WEBHOOK + "/test", 3, "DeliveryState", hooks.send_test, hooks.show_delivery,
        "Send a test event", takes=bodies.NoBody, refuses=(errors.InvalidState,),
    ),
    Operation(
        "list_deliveries", "GET", WEBHOOK + "/deliveries", 3, "DeliveryStates", hooks.list_deliveries,
        hooks.show_deliveries, "List deliveries", query=("state", "product_request_id", "limit", "cursor"),
    ),
    Operation(
        "read_delivery", "GET", DELIVERY, 3, "TriedDelivery", hooks.read_delivery, hooks.show_tried, "Read delivery",
        refuses=(errors.NotFound,),
    ),
    Operation(
        "redeliver", "POST", DELIVERY + "/redeliver", 3, "DeliveryState", hooks.redeliver, hooks.show_delivery,
        "Deliver again", takes=bodies.NoBody, refuses=(errors.NotFound, errors.InvalidState),
    ),
)  # fmt: skip
