// Words that have a fixed list. One that a newer service adds is taken as it comes.
// Generated from the service's own types by `make clients`: do not edit.

import type { OpenWord } from "../extras.js";

/**
 * As whom somebody accepted: the client himself, who has custody or was made guardian, or who has a power of
 * attorney.
 */
export const ActingAs = {
  SELF: "self",
  GUARDIAN: "guardian",
  ATTORNEY: "attorney",
} as const;
/**
 * As whom somebody accepted: the client himself, who has custody or was made guardian, or who has a power of
 * attorney.
 */
export type ActingAs = OpenWord<(typeof ActingAs)[keyof typeof ActingAs]>;

/** `new`: requests made from that day on. `all`: open ones too, and enabled ones as a renewal. */
export const Affected = {
  NEW: "new",
  ALL: "all",
} as const;
/** `new`: requests made from that day on. `all`: open ones too, and enabled ones as a renewal. */
export type Affected = OpenWord<(typeof Affected)[keyof typeof Affected]>;

/**
 * What follows when a renewal is not completed in time. `keep_and_review`: the product stays enabled and a
 * person looks. `offboard`: the product ends.
 */
export const AtDeadline = {
  KEEP_AND_REVIEW: "keep_and_review",
  OFFBOARD: "offboard",
} as const;
/**
 * What follows when a renewal is not completed in time. `keep_and_review`: the product stays enabled and a
 * person looks. `offboard`: the product ends.
 */
export type AtDeadline = OpenWord<(typeof AtDeadline)[keyof typeof AtDeadline]>;

/** How. `hosted_page` is our own page for clients, which nobody else may claim. */
export const Channel = {
  WEB: "web",
  APP: "app",
  PHONE: "phone",
  PAPER: "paper",
  HOSTED_PAGE: "hosted_page",
} as const;
/** How. `hosted_page` is our own page for clients, which nobody else may claim. */
export type Channel = OpenWord<(typeof Channel)[keyof typeof Channel]>;

/** Which pictures are asked for. `unless_chip`: none where a chip's files come, and prove the document. */
export const ChipPictures = {
  ALWAYS: "always",
  UNLESS_CHIP: "unless_chip",
} as const;
/** Which pictures are asked for. `unless_chip`: none where a chip's files come, and prove the document. */
export type ChipPictures = OpenWord<(typeof ChipPictures)[keyof typeof ChipPictures]>;

/** Whether a chip's files are taken with a document, or have to come. */
export const ChipWanted = {
  NONE: "none",
  OPTIONAL: "optional",
  REQUIRED: "required",
} as const;
/** Whether a chip's files are taken with a document, or have to come. */
export type ChipWanted = OpenWord<(typeof ChipWanted)[keyof typeof ChipWanted]>;

/** `active` with the first enabled product; `rejected` when the client as such is refused. */
export const ClientStatus = {
  PENDING: "pending",
  ACTIVE: "active",
  REJECTED: "rejected",
} as const;
/** `active` with the first enabled product; `rejected` when the client as such is refused. */
export type ClientStatus = OpenWord<(typeof ClientStatus)[keyof typeof ClientStatus]>;

/** The type of a datum, as published to partners. */
export const DataType = {
  STRING: "STRING",
  INTEGER: "INTEGER",
  DECIMAL: "DECIMAL",
  BOOLEAN: "BOOLEAN",
  DATE: "DATE",
  PHONE: "PHONE",
  EMAIL: "EMAIL",
  COUNTRY: "COUNTRY",
  ENUM: "ENUM",
  TAX_ID: "TAX_ID",
} as const;
/** The type of a datum, as published to partners. */
export type DataType = OpenWord<(typeof DataType)[keyof typeof DataType]>;

/** `waiting` until the renewal opens, `submitted` while a provider or a person has it. */
export const DeadlineState = {
  WAITING: "waiting",
  OPEN: "open",
  SUBMITTED: "submitted",
} as const;
/** `waiting` until the renewal opens, `submitted` while a provider or a person has it. */
export type DeadlineState = OpenWord<(typeof DeadlineState)[keyof typeof DeadlineState]>;

/** Told only to a subscription that lists it; wire-stable. */
export const ErasureEventType = {
  ERASED: "client_erased",
} as const;
/** Told only to a subscription that lists it; wire-stable. */
export type ErasureEventType = (typeof ErasureEventType)[keyof typeof ErasureEventType];

/** What text on a colour is written in; wire-stable. */
export const Ink = {
  BLACK: "black",
  WHITE: "white",
} as const;
/** What text on a colour is written in; wire-stable. */
export type Ink = OpenWord<(typeof Ink)[keyof typeof Ink]>;

/** What a rejection is about. */
export const Kind = {
  DOCUMENT: "document",
  DATA: "data",
} as const;
/** What a rejection is about. */
export type Kind = OpenWord<(typeof Kind)[keyof typeof Kind]>;

/** How a link stands; wire-stable. */
export const LinkStatus = {
  ACTIVE: "active",
  OPENED: "opened",
  FINISHED: "finished",
  EXPIRED: "expired",
  REVOKED: "revoked",
} as const;
/** How a link stands; wire-stable. */
export type LinkStatus = OpenWord<(typeof LinkStatus)[keyof typeof LinkStatus]>;

/** How a message stands. */
export const MessageOutcome = {
  PENDING: "pending",
  DELIVERED: "delivered",
  FAILED: "failed",
  DROPPED: "dropped",
} as const;
/** How a message stands. */
export type MessageOutcome = OpenWord<(typeof MessageOutcome)[keyof typeof MessageOutcome]>;

/** Told only to a subscription that lists it; wire-stable. */
export const OnboardingEventType = {
  OPENED: "onboarding_opened",
  STEP_COMPLETED: "onboarding_step_completed",
  FINISHED: "onboarding_finished",
  EXPIRED: "onboarding_expired",
} as const;
/** Told only to a subscription that lists it; wire-stable. */
export type OnboardingEventType = (typeof OnboardingEventType)[keyof typeof OnboardingEventType];

/** Who owes the next step. */
export const Owner = {
  COMPANY: "company",
  PROVIDER: "provider",
  OPERATOR: "operator",
  NOBODY: "nobody",
} as const;
/** Who owes the next step. */
export type Owner = OpenWord<(typeof Owner)[keyof typeof Owner]>;

/** How far the proof goes. `issuer_signed`: the issuing state signed what the chip says. */
export const Proof = {
  NOT_PROVEN: "not_proven",
  ISSUER_SIGNED: "issuer_signed",
} as const;
/** How far the proof goes. `issuer_signed`: the issuing state signed what the chip says. */
export type Proof = OpenWord<(typeof Proof)[keyof typeof Proof]>;

/** What a document's reading leads to. */
export const ReadingOutcome = {
  PASS: "pass",
  RETURN: "return",
  REVIEW: "review",
} as const;
/** What a document's reading leads to. */
export type ReadingOutcome = OpenWord<(typeof ReadingOutcome)[keyof typeof ReadingOutcome]>;

/** Reason codes as a partner's code sees them; wire-stable, never renamed. */
export const Reason = {
  IMAGE_NOT_READABLE: "image_not_readable",
  IMAGE_TYPE_NOT_SUPPORTED: "image_type_not_supported",
  IMAGE_TOO_SMALL: "image_too_small",
  IMAGE_TOO_LARGE: "image_too_large",
  IMAGE_BLURRED: "image_blurred",
  IMAGE_TOO_DARK: "image_too_dark",
  IMAGE_OVEREXPOSED: "image_overexposed",
  MISSING_FRONT: "missing_front",
  MISSING_BACK: "missing_back",
  SIDE_NOT_NEEDED: "side_not_needed",
  IDENTICAL_SIDES: "identical_sides",
  METADATA_MISSING: "metadata_missing",
  METADATA_INVALID: "metadata_invalid",
  DOCUMENT_EXPIRED: "document_expired",
  DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY: "document_not_accepted_for_country",
  DUPLICATE_OF_REJECTED: "duplicate_of_rejected",
  USED_BY_ANOTHER_CLIENT: "used_by_another_client",
  NUMBER_MISMATCH: "number_mismatch",
  COUNTRY_MISMATCH: "country_mismatch",
  NAME_MISMATCH: "name_mismatch",
  BIRTH_DATE_MISMATCH: "birth_date_mismatch",
  EXPIRATION_MISMATCH: "expiration_mismatch",
  MRZ_NOT_FOUND: "mrz_not_found",
  MRZ_INVALID: "mrz_invalid",
  CHIP_DATA_MISSING: "chip_data_missing",
  CHIP_DATA_INVALID: "chip_data_invalid",
  CHIP_MISMATCH: "chip_mismatch",
  SUSPECTED_MANIPULATION: "suspected_manipulation",
  DATA_MISSING: "data_missing",
  DATA_INVALID: "data_invalid",
  UNDERAGE: "underage",
  SCREENING_HIT: "screening_hit",
  OTHER: "other",
} as const;
/** Reason codes as a partner's code sees them; wire-stable, never renamed. */
export type Reason = OpenWord<(typeof Reason)[keyof typeof Reason]>;

/**
 * Told only to a subscription that lists it; wire-stable. `due_soon`: at each further notice; `returned`: what
 * was submitted was not accepted as it is.
 */
export const RenewalEventType = {
  OPENED: "renewal_opened",
  DUE_SOON: "renewal_due_soon",
  OVERDUE: "renewal_overdue",
  RETURNED: "renewal_returned",
  COMPLETED: "renewal_completed",
} as const;
/**
 * Told only to a subscription that lists it; wire-stable. `due_soon`: at each further notice; `returned`: what
 * was submitted was not accepted as it is.
 */
export type RenewalEventType = (typeof RenewalEventType)[keyof typeof RenewalEventType];

/** How one rule came out. */
export const Result = {
  AGREES: "agrees",
  DIFFERS: "differs",
  DOUBTFUL: "doubtful",
  NOT_COMPARED: "not_compared",
} as const;
/** How one rule came out. */
export type Result = OpenWord<(typeof Result)[keyof typeof Result]>;

/**
 * How closely a client is watched. AMLR (EU) 2024/1624 knows lower, standard and higher risk (articles 33, 20
 * and 34), and lets data of higher risk grow no older than one year, others' than five (article 26).
 */
export const RiskClass = {
  LOW: "low",
  STANDARD: "standard",
  HIGH: "high",
} as const;
/**
 * How closely a client is watched. AMLR (EU) 2024/1624 knows lower, standard and higher risk (articles 33, 20
 * and 34), and lets data of higher risk grow no older than one year, others' than five (article 26).
 */
export type RiskClass = OpenWord<(typeof RiskClass)[keyof typeof RiskClass]>;

/** How a scenario ends: the status, or `review`, which leaves it to an operator. */
export const ScenarioEnding = {
  ENABLED: "enabled",
  REJECTED: "rejected",
  RETURNED: "pending_documentation",
  REVIEW: "review",
} as const;
/** How a scenario ends: the status, or `review`, which leaves it to an operator. */
export type ScenarioEnding = OpenWord<(typeof ScenarioEnding)[keyof typeof ScenarioEnding]>;

/** The states as partners see them; wire-stable. */
export const Status = {
  REQUESTED: "requested",
  PENDING_DOCUMENTATION: "pending_documentation",
  IN_KYC: "in_kyc",
  ENABLED: "enabled",
  REJECTED: "rejected",
} as const;
/** The states as partners see them; wire-stable. */
export type Status = OpenWord<(typeof Status)[keyof typeof Status]>;
