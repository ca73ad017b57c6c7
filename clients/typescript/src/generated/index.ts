// Every value that calls take and give, every word in them, and every refusal.
// Generated from the service's own types by `make clients`: do not edit.

export { ActingAs, Affected, AtDeadline, Channel, ChipPictures, ChipWanted, ClientStatus, DataType, DeadlineState, ErasureEventType, Ink, Kind, LinkStatus, MessageOutcome, OnboardingEventType, Owner, Proof, ReadingOutcome, Reason, RenewalEventType, Result, RiskClass, ScenarioEnding, Status } from "./words.js";
export type { Address, Erasure, IndividualClient } from "./clients.js";
export type { CatalogueField, Chip, ChipAnchor, ChipEvidence, ChipSigner, ComparedRule, DocumentDetail, DocumentType, JudgedReading, RejectedItem, Risk } from "./forms.js";
export type { ChipChallenge, Deadline, ExplainedRequirement, FutureRequirements, Judged, MissingData, MissingDocument, MissingField, MissingRequirements, NextAction, OnboardingLink, Product, Renewal } from "./products.js";
export type { Acceptor, Terms, TermsAcceptance, TermsAuditEntry, TermsProof, TermsText, WordedTerms } from "./terms.js";
export type { Clock, Redone, Scenario } from "./sandbox.js";
export type { Import, ImportRows } from "./imports.js";
export type { Catalogue, CatalogueData, CatalogueDataField, CatalogueDocument, CatalogueDocumentType, CatalogueProduct, CatalogueTerms, Limits } from "./catalogue.js";
export type { Brand, DeliveryAttempt, DeliveryState, Privacy, RotatedSecret, SigningSecret, TriedDelivery, WebhookHealth, WebhookSettings } from "./company.js";
export type { ErasedClient, ErasureEvent, OnboardingEvent, OnboardingStep, RenewalEvent, RenewalState, StatusChange, StatusChanged } from "./events.js";
export type { Fault } from "./problems.js";
export type { NewBrand, NewClient, NewOnboardingLink, NewTermsAcceptance } from "./bodies.js";
export type { ClientExpansion, ProductExpansion } from "./operations.js";
export { AccessDenied, DocumentNotRequired, DuplicateClient, IdempotencyKeyInUse, IdempotencyKeyReused, InternalError, InvalidRequest, InvalidState, KeptByLaw, MethodNotAllowed, NotFound, PayloadTooLarge, ProductAlreadyRequested, ProductUnknown, TooManyRequests, Unauthorized, Unavailable, UnsupportedMediaType, ValidationFailed } from "./refusals.js";
