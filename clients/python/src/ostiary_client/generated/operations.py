"""Every operation of the API.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from typing import Literal

from ostiary_client.calls import Operation

ProductExpansion = Literal[
    "next_action", "explain", "rejected_items", "forms", "future_requirements", "renewal", "terms", "chip"
]
"""What `expand` may ask for, of answers that are requests."""
ClientExpansion = Literal["timestamps", "decimals"]
"""What `expand` may ask for, of answers that are clients."""

CREATE_CLIENT = Operation("POST", "/management/clients/individuals")
"""Create individual client: level 1."""
LIST_CLIENTS = Operation("GET", "/management/clients/individuals")
"""List individual clients: level 1."""
READ_CLIENT = Operation("GET", "/management/clients/individuals/{client_id}")
"""Read individual client: level 1."""
UPDATE_CLIENT = Operation("PUT", "/management/clients/individuals/{client_id}")
"""Update individual client: level 3."""
ERASE_CLIENT = Operation("DELETE", "/management/clients/individuals/{client_id}")
"""Erase individual client: level 4."""
CREATE_IMPORT = Operation("POST", "/management/imports")
"""Import clients: level 3."""
LIST_IMPORTS = Operation("GET", "/management/imports")
"""List imports: level 3."""
READ_IMPORT_TEMPLATE = Operation("GET", "/management/imports/template")
"""Read the template of an import: level 3."""
READ_IMPORT = Operation("GET", "/management/imports/{import_id}")
"""Read import: level 3."""
READ_IMPORT_FAULTS = Operation("GET", "/management/imports/{import_id}/faults")
"""Read the faults of an import: level 3."""
START_IMPORT = Operation("POST", "/management/imports/{import_id}/start")
"""Start import: level 3."""
CANCEL_IMPORT = Operation("POST", "/management/imports/{import_id}/cancel")
"""Cancel import: level 3."""
REQUEST_PRODUCT = Operation("POST", "/management/clients/individuals/{client_id}/products")
"""Request product: level 3."""
LIST_PRODUCTS = Operation("GET", "/management/clients/individuals/{client_id}/products")
"""List client products: level 1."""
READ_PRODUCT = Operation("GET", "/management/clients/individuals/{client_id}/products/{product_request_id}")
"""Read client product: level 1."""
COMPLETE_DOCUMENTATION = Operation(
    "POST", "/management/clients/individuals/{client_id}/products/{product_request_id}/documentation"
)
"""Complete product documentation: level 3."""
MAKE_CHIP_CHALLENGE = Operation(
    "POST", "/management/clients/individuals/{client_id}/products/{product_request_id}/chip-challenge"
)
"""Make a challenge for a chip: level 3."""
SUBMIT_PRODUCT = Operation("POST", "/management/clients/individuals/{client_id}/products/{product_request_id}/submit")
"""Submit product: level 3."""
WITHDRAW_PRODUCT = Operation(
    "POST", "/management/clients/individuals/{client_id}/products/{product_request_id}/withdraw"
)
"""Withdraw product: level 3."""
CONFIRM_RENEWAL = Operation(
    "POST", "/management/clients/individuals/{client_id}/products/{product_request_id}/renewal/confirm"
)
"""Confirm a renewal: level 3."""
LIST_RENEWALS = Operation("GET", "/management/clients/individuals/renewals")
"""List what is due: level 1."""
CREATE_ONBOARDING_LINK = Operation("POST", "/management/clients/individuals/{client_id}/onboarding-links")
"""Make an onboarding link: level 3."""
LIST_ONBOARDING_LINKS = Operation("GET", "/management/clients/individuals/{client_id}/onboarding-links")
"""List onboarding links: level 1."""
READ_ONBOARDING_LINK = Operation("GET", "/management/clients/individuals/{client_id}/onboarding-links/{link_id}")
"""Read onboarding link: level 1."""
REVOKE_ONBOARDING_LINK = Operation("DELETE", "/management/clients/individuals/{client_id}/onboarding-links/{link_id}")
"""Revoke onboarding link: level 3."""
ACCEPT_TERMS = Operation("POST", "/management/clients/individuals/{client_id}/terms")
"""Tell that terms were accepted: level 3."""
LIST_ACCEPTANCES = Operation("GET", "/management/clients/individuals/{client_id}/terms")
"""List accepted terms: level 1."""
READ_ACCEPTANCE = Operation("GET", "/management/clients/individuals/{client_id}/terms/{acceptance_id}")
"""Read accepted terms with their proof: level 1."""
READ_TERMS = Operation("GET", "/management/terms/{terms_id}")
"""Read terms: level 1."""
SIMULATE_VERDICT = Operation(
    "POST", "/management/clients/individuals/{client_id}/products/{product_request_id}/simulate"
)
"""Simulate a verdict: level 3."""
LIST_SCENARIOS = Operation("GET", "/management/sandbox/scenarios")
"""List sandbox scenarios: level 1."""
MOVE_CLOCK = Operation("POST", "/management/sandbox/clock")
"""Move the sandbox clock: level 3."""
READ_CLOCK = Operation("GET", "/management/sandbox/clock")
"""Read the sandbox clock: level 1."""
READ_CATALOGUE = Operation("GET", "/management/products")
"""Read the catalogue: level 1."""
LIST_REQUESTS = Operation("GET", "/management/products/requests")
"""List product requests of all clients: level 1."""
READ_BRAND = Operation("GET", "/management/companies/brand")
"""Read company brand: level 3."""
SET_BRAND = Operation("PUT", "/management/companies/brand")
"""Set company brand: level 3."""
SET_LOGO = Operation("PUT", "/management/companies/brand/logo")
"""Set company logo: level 3."""
REMOVE_BRAND = Operation("DELETE", "/management/companies/brand")
"""Remove company brand: level 3."""
READ_WEBHOOK = Operation("GET", "/management/companies/webhook")
"""Read company webhook: level 3."""
END_WEBHOOK = Operation("DELETE", "/management/companies/webhook")
"""End company webhook: level 3."""
SUBSCRIBE_WEBHOOK = Operation("POST", "/management/companies/webhook/subscribe")
"""Subscribe company webhook: level 3."""
CHANGE_WEBHOOK_KEY = Operation("POST", "/management/companies/webhook/key")
"""Change company webhook key: level 3."""
READ_SIGNING_SECRET = Operation("GET", "/management/companies/webhook/signing-secret")
"""Read company webhook signing secret: level 3."""
ROTATE_SIGNING_SECRET = Operation("POST", "/management/companies/webhook/signing-secret/rotate")
"""Rotate company webhook signing secret: level 3."""
READ_WEBHOOK_HEALTH = Operation("GET", "/management/companies/webhook/health")
"""Read company webhook health: level 3."""
SEND_TEST_EVENT = Operation("POST", "/management/companies/webhook/test")
"""Send a test event: level 3."""
LIST_DELIVERIES = Operation("GET", "/management/companies/webhook/deliveries")
"""List deliveries: level 3."""
READ_DELIVERY = Operation("GET", "/management/companies/webhook/deliveries/{delivery_id}")
"""Read delivery: level 3."""
REDELIVER = Operation("POST", "/management/companies/webhook/deliveries/{delivery_id}/redeliver")
"""Deliver again: level 3."""
