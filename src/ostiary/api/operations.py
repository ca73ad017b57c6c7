"""Every operation of the API, in one table.

Routing, authorization, OpenAPI, the reference page and the authorization tests are derived from it; an operation
that is not here does not exist.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from ostiary.api.handlers import (
    brand,
    catalogue,
    clients,
    deliveries,
    imports,
    onboarding_links,
    products,
    renewals,
    sandbox,
    terms,
    webhook,
)
from ostiary.api.reading import bodies
from ostiary.api.reading.brand_bodies import LOGO, BrandBody
from ostiary.api.reading.import_files import IMPORT_FILE
from ostiary.api.reading.parsing import CLOCK_MOVE, DOCUMENT, NEW_CLIENT, NO_BODY, WHOLE_CLIENT, BodyParser, json_body
from ostiary.api.reading.terms_bodies import TermsAcceptanceBody
from ostiary.api.representation import Representation
from ostiary.api.services import ApiServices
from ostiary.domain import errors
from ostiary.domain.errors import OstiaryError
from ostiary.usecases.transaction import Outcome
from ostiary.web.asgi import ApiRequest

CLIENTS = "/management/clients/individuals"
CLIENT = CLIENTS + "/{clientId}"
PRODUCTS = CLIENT + "/products"
PRODUCT = PRODUCTS + "/{productRequestId}"
LINKS = CLIENT + "/onboarding-links"
LINK = LINKS + "/{linkId}"
ACCEPTED = CLIENT + "/terms"
WEBHOOK = "/management/companies/webhook"
CLOCK = "/management/sandbox/clock"
BRAND = "/management/companies/brand"
IMPORTS = "/management/imports"
IMPORT = IMPORTS + "/{importId}"
DELIVERY = WEBHOOK + "/deliveries/{deliveryId}"
ONE_CLIENT, MANY_CLIENTS = "IndividualClient", "IndividualClients"
"""Answers that are clients, as components of the OpenAPI document: they have expansions of their own, one an ETag."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `level` is the access level it needs; `refuses` the errors beyond those every call can get.

    `takes` is what reads its body, and how the document describes that.
    """

    name: str
    method: str
    path: str
    level: int
    gives: str
    decide: Callable[[ApiServices, ApiRequest], Awaitable[Outcome[Any]]]
    show: Callable[[ApiServices, ApiRequest, Any], Representation]
    summary: str
    status: int = 200
    takes: BodyParser | None = None
    query: tuple[str, ...] = ()
    refuses: tuple[type[OstiaryError], ...] = ()


_PRODUCT_RULES = (errors.NotFound, errors.InvalidState)

TABLE: tuple[Operation, ...] = (
    Operation(
        "create_client", "POST", CLIENTS, 1, ONE_CLIENT, clients.create_client, clients.show_client,
        "Create individual client", status=201, takes=NEW_CLIENT, query=("expand",),
        refuses=(errors.ValidationFailed, errors.DuplicateClient),
    ),
    Operation(
        "list_clients", "GET", CLIENTS, 1, MANY_CLIENTS, clients.list_clients, clients.show_page,
        "List individual clients", query=("status", "email", "reference", "expand", "limit", "cursor"),
    ),
    Operation(
        "read_client", "GET", CLIENT, 1, ONE_CLIENT, clients.read_client, clients.show_client,
        "Read individual client", query=("expand",), refuses=(errors.NotFound,),
    ),
    Operation(
        "update_client", "PUT", CLIENT, 3, ONE_CLIENT, clients.update_client, clients.show_client,
        "Update individual client", takes=WHOLE_CLIENT, query=("expand",),
        refuses=(
            errors.NotFound, errors.ValidationFailed, errors.DuplicateClient, errors.InvalidState,
        ),
    ),
    Operation(
        "erase_client", "DELETE", CLIENT, 4, "Erasure", clients.erase_client, clients.show_erasure,
        "Erase individual client", status=202, refuses=(errors.NotFound, errors.KeptByLaw),
    ),
    Operation(
        "create_import", "POST", IMPORTS, 3, "Import", imports.create_import, imports.show_import, "Import clients",
        status=201, takes=IMPORT_FILE, refuses=(errors.InvalidState,),
    ),
    Operation(
        "list_imports", "GET", IMPORTS, 3, "Imports", imports.list_imports, imports.show_imports, "List imports",
        query=("limit", "cursor"),
    ),
    Operation(
        "read_import_template", "GET", IMPORTS + "/template", 3, "ImportFile", imports.read_template,
        imports.show_file, "Read the template of an import",
    ),
    Operation(
        "read_import", "GET", IMPORT, 3, "Import", imports.read_import, imports.show_import, "Read import",
        refuses=(errors.NotFound,),
    ),
    Operation(
        "read_import_faults", "GET", IMPORT + "/faults", 3, "ImportFile", imports.read_faults, imports.show_file,
        "Read the faults of an import", refuses=(errors.NotFound,),
    ),
    Operation(
        "start_import", "POST", IMPORT + "/start", 3, "Import", imports.start_import, imports.show_import,
        "Start import", takes=NO_BODY, refuses=_PRODUCT_RULES,
    ),
    Operation(
        "cancel_import", "POST", IMPORT + "/cancel", 3, "Import", imports.cancel_import, imports.show_import,
        "Cancel import", takes=NO_BODY, refuses=_PRODUCT_RULES,
    ),
    Operation(
        "request_product", "POST", PRODUCTS, 3, "Product", products.request_product, products.show_product,
        "Request product", status=201, takes=json_body(bodies.ProductBody), query=("expand",),
        refuses=(*_PRODUCT_RULES, errors.ProductUnknown, errors.ProductAlreadyRequested),
    ),
    Operation(
        "list_products", "GET", PRODUCTS, 1, "Products", products.list_products, products.show_products,
        "List client products", query=("expand",), refuses=(errors.NotFound,),
    ),
    Operation(
        "read_product", "GET", PRODUCT, 1, "Product", products.read_product, products.show_product,
        "Read client product", query=("expand",), refuses=(errors.NotFound,),
    ),
    Operation(
        "complete_documentation", "POST", PRODUCT + "/documentation", 3, "Judged", products.add_document,
        products.show_judged, "Complete product documentation", takes=DOCUMENT, query=("expand",),
        refuses=(*_PRODUCT_RULES, errors.DocumentNotRequired),
    ),
    Operation(
        "make_chip_challenge", "POST", PRODUCT + "/chip-challenge", 3, "ChipChallenge", products.make_challenge,
        products.show_challenge, "Make a challenge for a chip", status=201, takes=NO_BODY, refuses=_PRODUCT_RULES,
    ),
    Operation(
        "submit_product", "POST", PRODUCT + "/submit", 3, "Judged", products.submit_product, products.show_judged,
        "Submit product", takes=NO_BODY, query=("expand",), refuses=_PRODUCT_RULES,
    ),
    Operation(
        "withdraw_product", "POST", PRODUCT + "/withdraw", 3, "Product", products.withdraw_product,
        products.show_product, "Withdraw product", takes=NO_BODY, query=("expand",), refuses=_PRODUCT_RULES,
    ),
    Operation(
        "confirm_renewal", "POST", PRODUCT + "/renewal/confirm", 3, "Judged", renewals.confirm_renewal,
        products.show_judged, "Confirm a renewal", takes=NO_BODY, query=("expand",), refuses=_PRODUCT_RULES,
    ),
    Operation(
        "list_renewals", "GET", CLIENTS + "/renewals", 1, "Deadlines", renewals.list_renewals, renewals.show_renewals,
        "List what is due", query=("due_before", "limit", "cursor"),
    ),
    Operation(
        "create_onboarding_link", "POST", LINKS, 3, "OnboardingLink", onboarding_links.create_link,
        onboarding_links.show_made, "Make an onboarding link", status=201, takes=json_body(bodies.OnboardingLinkBody),
        refuses=(*_PRODUCT_RULES, errors.ValidationFailed),
    ),
    Operation(
        "list_onboarding_links", "GET", LINKS, 1, "OnboardingLinks", onboarding_links.list_links,
        onboarding_links.show_links, "List onboarding links", refuses=(errors.NotFound,),
    ),
    Operation(
        "read_onboarding_link", "GET", LINK, 1, "OnboardingLink", onboarding_links.read_link,
        onboarding_links.show_link, "Read onboarding link", refuses=(errors.NotFound,),
    ),
    Operation(
        "revoke_onboarding_link", "DELETE", LINK, 3, "Nothing", onboarding_links.revoke_link,
        onboarding_links.show_nothing, "Revoke onboarding link", status=204, refuses=(errors.NotFound,),
    ),
    Operation(
        "accept_terms", "POST", ACCEPTED, 3, "TermsAcceptance", terms.accept_terms, terms.show_acceptance,
        "Tell that terms were accepted", takes=json_body(TermsAcceptanceBody),
        refuses=(*_PRODUCT_RULES, errors.ValidationFailed),
    ),
    Operation(
        "list_acceptances", "GET", ACCEPTED, 1, "TermsAcceptances", terms.list_accepted, terms.show_acceptances,
        "List accepted terms", refuses=(errors.NotFound,),
    ),
    Operation(
        "read_acceptance", "GET", ACCEPTED + "/{acceptanceId}", 1, "TermsProof", terms.read_acceptance,
        terms.show_proof, "Read accepted terms with their proof", refuses=(errors.NotFound,),
    ),
    Operation(
        "read_terms", "GET", "/management/terms/{termsId}", 1, "WordedTerms", terms.read_terms, terms.show_terms,
        "Read terms", query=("language", "sha256"), refuses=(errors.NotFound,),
    ),
    Operation(
        "simulate_verdict", "POST", PRODUCT + "/simulate", 3, "Product", sandbox.simulate, products.show_product,
        "Simulate a verdict", takes=json_body(bodies.SimulateBody), query=("expand",),
        refuses=(*_PRODUCT_RULES, errors.ValidationFailed),
    ),
    Operation(
        "list_scenarios", "GET", "/management/sandbox/scenarios", 1, "Scenarios", sandbox.list_scenarios,
        sandbox.show_scenarios, "List sandbox scenarios",
    ),
    Operation(
        "move_clock", "POST", CLOCK, 3, "Clock", sandbox.move, sandbox.show_clock, "Move the sandbox clock",
        takes=CLOCK_MOVE, refuses=(errors.InvalidState, errors.ValidationFailed),
    ),
    Operation(
        "read_clock", "GET", CLOCK, 1, "Clock", sandbox.read, sandbox.show_clock, "Read the sandbox clock",
        refuses=(errors.InvalidState,),
    ),
    Operation(
        "read_catalogue", "GET", "/management/products", 1, "Catalogue", catalogue.read_catalogue,
        catalogue.show_catalogue, "Read the catalogue", query=("country",), refuses=(errors.ValidationFailed,),
    ),
    Operation(
        "list_requests", "GET", "/management/products/requests", 1, "Products", products.list_requests,
        products.show_requests, "List product requests of all clients",
        query=("status", "product", "expand", "limit", "cursor"),
    ),
    Operation(
        "read_brand", "GET", BRAND, 3, "Brand", brand.read_brand, brand.show_brand, "Read company brand",
        refuses=(errors.NotFound,),
    ),
    Operation(
        "set_brand", "PUT", BRAND, 3, "Brand", brand.set_brand, brand.show_brand, "Set company brand",
        takes=json_body(BrandBody), refuses=(errors.ValidationFailed,),
    ),
    Operation(
        "set_logo", "PUT", BRAND + "/logo", 3, "Brand", brand.set_logo, brand.show_brand, "Set company logo",
        takes=LOGO, refuses=(errors.ValidationFailed, errors.InvalidState),
    ),
    Operation(
        "remove_brand", "DELETE", BRAND, 3, "Nothing", brand.remove_brand, brand.show_none, "Remove company brand",
        status=204,
    ),
    Operation(
        "read_webhook", "GET", WEBHOOK, 3, "Webhook", webhook.read_webhook, webhook.show_webhook,
        "Read company webhook",
    ),
    Operation(
        "end_webhook", "DELETE", WEBHOOK, 3, "Nothing", webhook.end_webhook, webhook.show_nothing,
        "End company webhook", status=204,
    ),
    Operation(
        "subscribe_webhook", "POST", WEBHOOK + "/subscribe", 3, "Webhook", webhook.subscribe_webhook,
        webhook.show_webhook, "Subscribe company webhook", takes=json_body(bodies.SubscribeBody),
        refuses=(errors.ValidationFailed,),
    ),
    Operation(
        "change_webhook_key", "POST", WEBHOOK + "/key", 3, "Webhook", webhook.change_webhook_key, webhook.show_webhook,
        "Change company webhook key", takes=json_body(bodies.WebhookKeyBody), refuses=(errors.ValidationFailed,),
    ),
    Operation(
        "read_signing_secret", "GET", WEBHOOK + "/signing-secret", 3, "SigningSecret", webhook.read_webhook,
        webhook.show_signing_secret, "Read company webhook signing secret",
    ),
    Operation(
        "rotate_signing_secret", "POST", WEBHOOK + "/signing-secret/rotate", 3, "RotatedSecret",
        webhook.rotate_signing_secret, webhook.show_rotated, "Rotate company webhook signing secret",
        takes=json_body(bodies.RotateBody), refuses=(errors.ValidationFailed,),
    ),
    Operation(
        "read_webhook_health", "GET", WEBHOOK + "/health", 3, "WebhookHealth", webhook.read_health, webhook.show_health,
        "Read company webhook health",
    ),
    Operation(
        "send_test_event", "POST", WEBHOOK + "/test", 3, "DeliveryState", deliveries.send_test,
        deliveries.show_delivery,
        "Send a test event", takes=NO_BODY, refuses=(errors.InvalidState,),
    ),
    Operation(
        "list_deliveries", "GET", WEBHOOK + "/deliveries", 3, "DeliveryStates", deliveries.list_deliveries,
        deliveries.show_deliveries, "List deliveries", query=("state", "product_request_id", "limit", "cursor"),
    ),
    Operation(
        "read_delivery", "GET", DELIVERY, 3, "TriedDelivery", deliveries.read_delivery, deliveries.show_tried,
        "Read delivery",
        refuses=(errors.NotFound,),
    ),
    Operation(
        "redeliver", "POST", DELIVERY + "/redeliver", 3, "DeliveryState", deliveries.redeliver,
        deliveries.show_delivery,
        "Deliver again", takes=NO_BODY, refuses=(errors.NotFound, errors.InvalidState),
    ),
)  # fmt: skip
