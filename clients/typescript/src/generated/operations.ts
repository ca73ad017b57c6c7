// Every operation of the API.
// Generated from the service's own types by `make clients`: do not edit.

import { operation } from "../calls.js";

/** What `expand` may ask for, of answers that are requests. */
export type ProductExpansion = "next_action" | "explain" | "rejected_items" | "forms" | "future_requirements" | "renewal" | "terms" | "chip";

/** What `expand` may ask for, of answers that are clients. */
export type ClientExpansion = "timestamps" | "decimals";

/** Create individual client: level 1. */
export const CREATE_CLIENT = operation("POST", "/management/clients/individuals");
/** List individual clients: level 1. */
export const LIST_CLIENTS = operation("GET", "/management/clients/individuals");
/** Read individual client: level 1. */
export const READ_CLIENT = operation("GET", "/management/clients/individuals/{client_id}");
/** Update individual client: level 3. */
export const UPDATE_CLIENT = operation("PUT", "/management/clients/individuals/{client_id}");
/** Erase individual client: level 4. */
export const ERASE_CLIENT = operation("DELETE", "/management/clients/individuals/{client_id}");
/** Import clients: level 3. */
export const CREATE_IMPORT = operation("POST", "/management/imports");
/** List imports: level 3. */
export const LIST_IMPORTS = operation("GET", "/management/imports");
/** Read the template of an import: level 3. */
export const READ_IMPORT_TEMPLATE = operation("GET", "/management/imports/template");
/** Read import: level 3. */
export const READ_IMPORT = operation("GET", "/management/imports/{import_id}");
/** Read the faults of an import: level 3. */
export const READ_IMPORT_FAULTS = operation("GET", "/management/imports/{import_id}/faults");
/** Start import: level 3. */
export const START_IMPORT = operation("POST", "/management/imports/{import_id}/start");
/** Cancel import: level 3. */
export const CANCEL_IMPORT = operation("POST", "/management/imports/{import_id}/cancel");
/** Request product: level 3. */
export const REQUEST_PRODUCT = operation("POST", "/management/clients/individuals/{client_id}/products");
/** List client products: level 1. */
export const LIST_PRODUCTS = operation("GET", "/management/clients/individuals/{client_id}/products");
/** Read client product: level 1. */
export const READ_PRODUCT = operation("GET", "/management/clients/individuals/{client_id}/products/{product_request_id}");
/** Complete product documentation: level 3. */
export const COMPLETE_DOCUMENTATION = operation("POST", "/management/clients/individuals/{client_id}/products/{product_request_id}/documentation");
/** Make a challenge for a chip: level 3. */
export const MAKE_CHIP_CHALLENGE = operation("POST", "/management/clients/individuals/{client_id}/products/{product_request_id}/chip-challenge");
/** Submit product: level 3. */
export const SUBMIT_PRODUCT = operation("POST", "/management/clients/individuals/{client_id}/products/{product_request_id}/submit");
/** Withdraw product: level 3. */
export const WITHDRAW_PRODUCT = operation("POST", "/management/clients/individuals/{client_id}/products/{product_request_id}/withdraw");
/** Confirm a renewal: level 3. */
export const CONFIRM_RENEWAL = operation("POST", "/management/clients/individuals/{client_id}/products/{product_request_id}/renewal/confirm");
/** List what is due: level 1. */
export const LIST_RENEWALS = operation("GET", "/management/clients/individuals/renewals");
/** Make an onboarding link: level 3. */
export const CREATE_ONBOARDING_LINK = operation("POST", "/management/clients/individuals/{client_id}/onboarding-links");
/** List onboarding links: level 1. */
export const LIST_ONBOARDING_LINKS = operation("GET", "/management/clients/individuals/{client_id}/onboarding-links");
/** Read onboarding link: level 1. */
export const READ_ONBOARDING_LINK = operation("GET", "/management/clients/individuals/{client_id}/onboarding-links/{link_id}");
/** Revoke onboarding link: level 3. */
export const REVOKE_ONBOARDING_LINK = operation("DELETE", "/management/clients/individuals/{client_id}/onboarding-links/{link_id}");
/** Tell that terms were accepted: level 3. */
export const ACCEPT_TERMS = operation("POST", "/management/clients/individuals/{client_id}/terms");
/** List accepted terms: level 1. */
export const LIST_ACCEPTANCES = operation("GET", "/management/clients/individuals/{client_id}/terms");
/** Read accepted terms with their proof: level 1. */
export const READ_ACCEPTANCE = operation("GET", "/management/clients/individuals/{client_id}/terms/{acceptance_id}");
/** Read terms: level 1. */
export const READ_TERMS = operation("GET", "/management/terms/{terms_id}");
/** Simulate a verdict: level 3. */
export const SIMULATE_VERDICT = operation("POST", "/management/clients/individuals/{client_id}/products/{product_request_id}/simulate");
/** List sandbox scenarios: level 1. */
export const LIST_SCENARIOS = operation("GET", "/management/sandbox/scenarios");
/** Move the sandbox clock: level 3. */
export const MOVE_CLOCK = operation("POST", "/management/sandbox/clock");
/** Read the sandbox clock: level 1. */
export const READ_CLOCK = operation("GET", "/management/sandbox/clock");
/** Read the catalogue: level 1. */
export const READ_CATALOGUE = operation("GET", "/management/products");
/** List product requests of all clients: level 1. */
export const LIST_REQUESTS = operation("GET", "/management/products/requests");
/** Read company brand: level 3. */
export const READ_BRAND = operation("GET", "/management/companies/brand");
/** Set company brand: level 3. */
export const SET_BRAND = operation("PUT", "/management/companies/brand");
/** Set company logo: level 3. */
export const SET_LOGO = operation("PUT", "/management/companies/brand/logo");
/** Remove company brand: level 3. */
export const REMOVE_BRAND = operation("DELETE", "/management/companies/brand");
/** Read company webhook: level 3. */
export const READ_WEBHOOK = operation("GET", "/management/companies/webhook");
/** End company webhook: level 3. */
export const END_WEBHOOK = operation("DELETE", "/management/companies/webhook");
/** Subscribe company webhook: level 3. */
export const SUBSCRIBE_WEBHOOK = operation("POST", "/management/companies/webhook/subscribe");
/** Change company webhook key: level 3. */
export const CHANGE_WEBHOOK_KEY = operation("POST", "/management/companies/webhook/key");
/** Read company webhook signing secret: level 3. */
export const READ_SIGNING_SECRET = operation("GET", "/management/companies/webhook/signing-secret");
/** Rotate company webhook signing secret: level 3. */
export const ROTATE_SIGNING_SECRET = operation("POST", "/management/companies/webhook/signing-secret/rotate");
/** Read company webhook health: level 3. */
export const READ_WEBHOOK_HEALTH = operation("GET", "/management/companies/webhook/health");
/** Send a test event: level 3. */
export const SEND_TEST_EVENT = operation("POST", "/management/companies/webhook/test");
/** List deliveries: level 3. */
export const LIST_DELIVERIES = operation("GET", "/management/companies/webhook/deliveries");
/** Read delivery: level 3. */
export const READ_DELIVERY = operation("GET", "/management/companies/webhook/deliveries/{delivery_id}");
/** Deliver again: level 3. */
export const REDELIVER = operation("POST", "/management/companies/webhook/deliveries/{delivery_id}/redeliver");
