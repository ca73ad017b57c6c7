/**
 * A client of Ostiary: people are onboarded, and products enabled for them.
 *
 * @packageDocumentation
 */

export type { BrandApi } from "./api/brand.js";
export type { CatalogueApi, CatalogueWanted } from "./api/catalogue.js";
export type { ClientsApi, ClientsWanted, Replacing } from "./api/clients.js";
export type { ImportsApi } from "./api/imports.js";
export type { LinksApi } from "./api/links.js";
export type { ProductsApi, RenewalsWanted, RequestsWanted } from "./api/products.js";
export type { SandboxApi, Simulating } from "./api/sandbox.js";
export type { TermsApi, TermsWanted } from "./api/terms.js";
export type { DeliveriesWanted, Rotating, Subscribing, WebhookApi } from "./api/webhook.js";
export { VERSION } from "./calls.js";
export { Ostiary } from "./client.js";
export {
  ApiError,
  ConnectionFailed,
  EndedOtherwise,
  ImportUnsettled,
  OstiaryError,
  type Refusal,
  TimedOut,
  UnexpectedAnswer,
  WaitedTooLong,
  WebhookRefused,
} from "./errors.js";
export {
  type ChangedFields,
  type ClientExtras,
  Missing,
  type MissingItem,
  type NewClientExtras,
  type OpenWord,
  type RequestExtras,
} from "./extras.js";
export * from "./generated/index.js";
export {
  type CallOptions,
  type Expanding,
  type ListOptions,
  NO_RETRIES,
  type Progress,
  type Retries,
  type Sending,
} from "./options.js";
export type { NewChip, NewDocument, Picture } from "./pictures.js";
export type { Waiting } from "./polling.js";
export type { ClientOptions, Fetch } from "./transport.js";
export type { ClientRef, RequestRef } from "./values.js";
export {
  type Event,
  type ReceivedHeaders,
  type UnknownEvent,
  Webhook,
  type WebhookOptions,
  type WebhookTest,
} from "./webhooks.js";
