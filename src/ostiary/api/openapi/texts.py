"""What the OpenAPI document says about each operation, beyond what the table and the types tell."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.api.openapi.requests import COUNTRY_PATTERN, Schema
from ostiary.api.queries import LARGEST_PAGE, USUAL_PAGE
from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.delivery.messages import MessageOutcome
from ostiary.domain.onboarding.enablement import Status
from ostiary.wire.clients import CLIENT_EXPANSIONS
from ostiary.wire.products import EXPANSIONS


@dataclass(frozen=True, slots=True)
class Text:
    """What an operation does and what comes next; `success` describes its answer."""

    tag: str
    about: str
    success: str


CLIENTS, PRODUCTS, CATALOGUE, WEBHOOKS = "Clients", "Products", "Catalogue", "Webhooks"
TERMS, IMPORTS = "Terms", "Imports"
HOSTED, SANDBOX, MONITORING = "Onboarding links", "Sandbox", "Monitoring"
BRANDS = "Brand"
RENEWALS = "Renewals"
TAGS = {
    CLIENTS: "The individuals a company onboards.",
    IMPORTS: "Many clients from one file.",
    PRODUCTS: "A client's requests for products: what is missing, sending it, submitting.",
    RENEWALS: "What is due again once a request is enabled.",
    HOSTED: "A page of ours on which the client does what is missing himself.",
    TERMS: "What clients accept, that they did, and what proves it.",
    CATALOGUE: "The products there are and what each asks for.",
    WEBHOOKS: "Where a company hears of changes.",
    BRANDS: "How the page looks on which a company's clients onboard themselves.",
    SANDBOX: "For trying everything without a provider.",
    MONITORING: "For probes and dashboards; no key is needed.",
}
TEXTS: dict[str, Text] = {
    "create_client": Text(
        CLIENTS,
        "Starts everything. Only names, e-mail, birth date and address are required; send what else is known, since "
        "products ask for it later. Every broken rule comes back at once, in `details`. Next: Request product.",
        "The client, `pending` until the first product is enabled.",
    ),
    "list_clients": Text(
        CLIENTS,
        "Newest first. When there are more, the `Link` header holds the address of the next page: follow it as it is. "
        "An `email` finds at most one client, in any spelling that counts as the same; so does a `reference`, exactly.",
        "A page of clients.",
    ),
    "create_import": Text(
        IMPORTS,
        "Takes a file of clients and checks every row; nothing is done yet. Columns are those of the template; of the "
        "optional ones any may be left out. Next: Read import until it is `checked`, then Start import.",
        "The import, `checking`.",
    ),
    "list_imports": Text(IMPORTS, "Newest first. They are kept for 30 days.", "A page of imports."),
    "read_import_template": Text(
        IMPORTS, "A file with every column that an import may have now, and no row.", "The file."
    ),
    "read_import": Text(IMPORTS, "How far it is: how many rows stand how.", "The import."),
    "read_import_faults": Text(
        IMPORTS,
        "The rows with faults as they were sent, and in the last columns their number and what would be right. Mend "
        "the cells and send the file as another import: rows that were carried out are not carried out again.",
        "The file.",
    ),
    "start_import": Text(
        IMPORTS, "Carries out every row that is good, each once. Next: Read import until it is `done`.", "The import."
    ),
    "cancel_import": Text(IMPORTS, "What was not carried out stays undone.", "The import."),
    "read_client": Text(
        CLIENTS, "The client as it stands. What was not given is absent, not null.", "The client."
    ),
    "update_client": Text(
        CLIENTS,
        "Replaces the whole client: what is left out is cleared, so read, change, and send everything back; id, type, "
        "status and times are ignored. While a request is `in_kyc`, names, birth_date and address.country cannot "
        "change (412 `INVALID_STATE`): what is reviewed must not move. This is also how missing *data* is completed; "
        "next: Submit product.",
        "The client with its new details.",
    ),
    "erase_client": Text(
        CLIENTS,
        "Ends everything that is kept of a client, once no law has it kept any more: within a minute it is not found "
        "any more, and pictures and providers follow. Before that the answer is 412 `KEPT_BY_LAW`, and `details` has "
        "the date until which it is kept, where there is one. A client with an enabled product, or with a request "
        "that waits for a decision, is kept. Requests that were never submitted end with it, and nothing is announced. "
        "Safe to repeat, until it is not found.",
        "It will be erased.",
    ),
    "request_product": Text(
        PRODUCTS,
        "Asks for a product. The answer says what is missing: documents go through Complete product documentation, "
        "data through Update individual client. Documents the client already gave count again. One live request per "
        "client and product: a second is 412 `PRODUCT_ALREADY_REQUESTED`, with the live id in `details`. So is "
        "one for a lower level of a family than the client has enabled.",
        "The request: `pending_documentation`, or `requested` when nothing is missing.",
    ),
    "list_products": Text(
        PRODUCTS, "Every request of one client, newest first, whole (no pages).", "The client's requests."
    ),
    "list_requests": Text(
        PRODUCTS,
        "The requests of all clients of the company, newest first, each as reading it gives it: to see what waits, or "
        "to compare with your own records. When there are more, the `Link` header holds the address of the next page.",
        "A page of requests.",
    ),
    "read_product": Text(
        PRODUCTS,
        "The request as it stands now: what is missing is judged anew at every read, so a document that expired today "
        "is missing today. `expand=next_action` says whose turn it is.",
        "The request.",
    ),
    "complete_documentation": Text(
        PRODUCTS,
        "Submits a missing document for a pending request, one per call; data fields are set through Update individual "
        "client instead. Whatever is wrong with the document's content (blurred, wrong side, expired, metadata) is a "
        "rejected item with status 200: show its `reason` and `action`, and let the client try again. An upload that "
        "is not taken never displaces one that was. Next: whatever is still missing, then Submit product.",
        "The request with the remaining missing requirements, and the items that were not taken.",
    ),
    "make_chip_challenge": Text(
        PRODUCTS,
        "Eight bytes for the chip of a document to sign (active authentication, ICAO Doc 9303 part 11), which shows "
        "that the chip is there and its files are no copy. Good for five minutes, for this request, and once: another "
        "call takes its place. Next: send `chip.challenge_id` and `chip.challenge_answer` with the chip's files, "
        "`dg15` among them, to Complete product documentation.",
        "The challenge, as it stands from now on.",
    ),
    "submit_product": Text(
        PRODUCTS,
        "Re-evaluates a pending request and, when nothing is left missing, advances it to `in_kyc` and notifies the "
        "provider, once. Something missing is no error: the status stays and the answer says what. Safe to repeat. "
        "The verdict arrives at the webhook, or by reading the request.",
        "The resulting status and any remaining missing requirements.",
    ),
    "withdraw_product": Text(
        PRODUCTS,
        "Ends a request that is `requested`, `pending_documentation` or `in_kyc`. It becomes `rejected`, described as "
        "withdrawn; a new one may be made.",
        "The request, `rejected`.",
    ),
    "confirm_renewal": Text(
        RENEWALS,
        "Says that nothing has changed, for the renewal of an enabled request. Where nothing else is missing it is "
        "submitted with it, and judged as a first submission is; the request stays `enabled`. Safe to repeat. What did "
        "change goes through Update individual client, documents through Complete product documentation, and then "
        "Submit product: all of them are open while a renewal is.",
        "The request with its renewal, as it stands.",
    ),
    "list_renewals": Text(
        RENEWALS,
        "When enabled requests are due again, the next in front, whether their renewal is open yet or not: with "
        "`due_before` (a date, which is not in it) what is due before then. When there are more, the `Link` header "
        "holds the address of the next page. Read client product, with `expand=renewal`, says what is missing.",
        "A page of deadlines.",
    ),
    "create_onboarding_link": Text(
        HOSTED,
        "Gives the client a page of this service on which he does all that is missing: data, pictures of documents, "
        "submit. Request a product first. `url` is in this answer alone; send the client there. The link can be used "
        "once: opening it shows a button, so what reads mail before its reader does not use it up. Next: hear "
        "`onboarding_finished` at the webhook, or read the request.",
        "The link, with its address.",
    ),
    "list_onboarding_links": Text(
        HOSTED, "Every link of one client, newest first, whole (no pages). Ended ones are kept for 30 days.",
        "The client's links.",
    ),
    "read_onboarding_link": Text(HOSTED, "How a link stands.", "The link."),
    "revoke_onboarding_link": Text(
        HOSTED, "Ends a link, and the sessions of who came by it. Safe to repeat.", "It leads nowhere now."
    ),
    "accept_terms": Text(
        TERMS,
        "Keeps that somebody accepted a text for the client. It has to be one that a live request asks for, with its "
        "exact hash: read it with Read terms and show it as it is. The same text again gives the first acceptance. "
        "Next: whatever is still missing, then Submit product.",
        "The acceptance.",
    ),
    "list_acceptances": Text(
        TERMS, "Everything that one client accepted, newest first, whole (no pages).", "The client's acceptances."
    ),
    "read_acceptance": Text(
        TERMS, "With the exact text, and the entry of the client's audit trail that tells of it.", "The proof.",
    ),
    "read_terms": Text(
        TERMS,
        "The terms in force, in the `language` or the nearest there is: the exact text with its hash. With `sha256` "
        "the text of whichever version has it, as a request made earlier may ask for.",
        "The terms with their text.",
    ),
    "simulate_verdict": Text(
        SANDBOX,
        "Says for the provider what you want to see handled, to a request that is `in_kyc`. Only in a sandbox company.",
        "The request after the verdict.",
    ),
    "list_scenarios": Text(
        SANDBOX,
        "What chooses which verdict in a sandbox company, without asking for it each time: a document's number or the "
        "client's last name.",
        "The scenarios, in the order in which they are tried.",
    ),
    "move_clock": Text(
        SANDBOX,
        "Moves your sandbox company's time ahead: what becomes due on the way happens in its order, webhooks included. "
        "A move that has much to do answers while it is on its way (`moving_to`); the next call finishes it.",
        "The clock, and how much happened.",
    ),
    "read_clock": Text(SANDBOX, "What your sandbox company's clock shows.", "The clock."),
    "read_catalogue": Text(
        CATALOGUE,
        "Products, their documents and data, types, rules, conditions (`when`) and limits: enough to build a form "
        "before any client exists. With `country`, without what never applies there.",
        "The catalogue.",
    ),
    "read_brand": Text(BRANDS, "How the page for clients looks; what is not set is absent.", "The brand."),
    "set_brand": Text(
        BRANDS,
        "Sets the whole brand; what is left out is as it usually is, and the logo stays. A colour on which its text "
        "could not be read (contrast below 4.5) is refused, with the ratio and what would do. Next: Set company logo.",
        "The brand.",
    ),
    "set_logo": Text(
        BRANDS,
        "Draws a PNG, JPEG or WEBP of at most 512 kB anew, as a PNG of at most 512 x 256 px. Null: none any more.",
        "The brand.",
    ),
    "remove_brand": Text(BRANDS, "The page looks as anybody's again. Safe to repeat.", "There is no brand now."),
    "read_webhook": Text(
        WEBHOOKS, "The company's settings; what is not set is absent.", "The settings."
    ),
    "end_webhook": Text(
        WEBHOOKS, "Nothing more is delivered, also not what waits. Safe to repeat.", "There is no subscription now."
    ),
    "subscribe_webhook": Text(
        WEBHOOKS,
        "Every change of a request's status is sent to this address, signed; a new subscription replaces the old. "
        "Next: read the signing secret, and verify it at each delivery.",
        "The settings.",
    ),
    "change_webhook_key": Text(WEBHOOKS, "The next delivery carries the new key.", "The settings."),
    "read_signing_secret": Text(
        WEBHOOKS,
        "Deliveries are signed with it (Standard Webhooks). Keep it like a password; it never travels in a delivery.",
        "The secret.",
    ),
    "rotate_signing_secret": Text(
        WEBHOOKS,
        "From the next delivery on a new secret signs, and for `overlap_hours` the one before as well: the header then "
        "holds both signatures, separated by a blank. Deploy the new one in that time.",
        "The new secret.",
    ),
    "read_webhook_health": Text(
        WEBHOOKS,
        "Whether the endpoint takes what is sent. One that answers 410, or takes nothing for five days, is disabled: "
        "deliveries wait for up to 30 days. Subscribe again to enable it and to have them sent.",
        "How the endpoint does.",
    ),
    "send_test_event": Text(
        WEBHOOKS,
        "Sends a `webhook_test` event as every other is sent: signed, retried, listed. Next: Read delivery, for how it "
        "went.",
        "The delivery.",
    ),
    "list_deliveries": Text(
        WEBHOOKS,
        "What was sent, is waiting or was given up, newest first; of one request with `product_request_id`. Ended ones "
        "are kept for 30 days.",
        "A page of deliveries.",
    ),
    "read_delivery": Text(
        WEBHOOKS, "With what is sent, and each try: when, how long, the status, what was answered.", "The delivery."
    ),
    "redeliver": Text(
        WEBHOOKS,
        "Sends it at once, under the same id, with the whole schedule before it again: also one that was taken.",
        "The delivery.",
    ),
}  # fmt: skip
QUERY: dict[str, tuple[str, Schema]] = {
    "status": ("Only clients of this status.", {"type": "string", "enum": list(map(str, ClientStatus))}),
    **{
        f"{name} expand": (
            f"More than the documented fields: {', '.join(CLIENT_EXPANSIONS)}.",
            {"type": "array", "items": {"type": "string", "enum": list(CLIENT_EXPANSIONS)}, "minItems": 1},
        )
        for name in ("create_client", "list_clients", "read_client", "update_client")
    },
    "list_requests status": ("Only requests of this status.", {"type": "string", "enum": list(map(str, Status))}),
    "product": ("Only requests for this product.", {"type": "string"}),
    "state": ("Only deliveries in this state.", {"type": "string", "enum": list(map(str, MessageOutcome))}),
    "product_request_id": ("Only of this request.", {"type": "string", "pattern": "^[0-9A-Za-z]{32}$"}),
    "email": ("Only the client with this e-mail.", {"type": "string"}),
    "reference": ("Only the client that you gave this reference.", {"type": "string"}),
    "limit": (
        "How many at most.", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": USUAL_PAGE},
    ),
    "due_before": ("Only what is due before this day.", {"type": "string", "format": "date"}),
    "list_renewals cursor": (
        "From the `Link` header of the page before.", {"type": "string", "pattern": "^[0-9]{1,13}-[0-9A-Za-z]{32}$"},
    ),
    "cursor": ("From the `Link` header of the page before.", {"type": "string", "pattern": "^[0-9A-Za-z]{32}$"}),
    "expand": (
        f"More than the documented fields: any of {', '.join(EXPANSIONS)}.",
        {"type": "array", "items": {"type": "string", "enum": list(EXPANSIONS)}, "minItems": 1},
    ),
    "language": ("A tag of RFC 5646, as es or pt-BR; en if absent.", {"type": "string"}),
    "sha256": (
        "The exact text wanted, instead of a language.", {"type": "string", "pattern": "^[0-9a-fA-F]{64}$"},
    ),
    "country": ("Only what can apply in this country.", {"type": "string", "pattern": COUNTRY_PATTERN}),
}  # fmt: skip
IDS = {"clientId": "Id of the client.", "productRequestId": "Id of the product enablement request.",
       "linkId": "Id of the onboarding link.", "termsId": "Id of the terms in the catalogue.",
       "acceptanceId": "Id of the acceptance.", "importId": "Id of the import.",
       "deliveryId": "Id of the delivery: the operation_id of its payload."}  # fmt: skip
ABOUT = """Onboards a company's clients and enables products for them: create a client, request a product, send what
is missing, submit, hear the verdict. Machine code decides on `code`, people read `message`, `reason` and `action`."""
