// Requests for products, links to the onboarding page, and what is due again.
// Generated from the service's own types by `make clients`: do not edit.

import type { OpenWord, RequestExtras } from "../extras.js";
import type { DocumentType, JudgedReading, RejectedItem, Risk } from "./forms.js";
import type { Terms } from "./terms.js";
import type { AtDeadline, DataType, DeadlineState, LinkStatus, Owner, Status } from "./words.js";

/** A document to send: any one of `valid_documents`. */
export interface MissingDocument {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly valid_documents: readonly DocumentType[];
}

/** One detail; `phone` is phone_country_code and phone_number. Rules with `expand=forms`. */
export interface MissingField {
  readonly key: string;
  readonly name?: string | undefined;
  readonly data_type: DataType;
  readonly required: boolean;
  /** For ENUM: the values there are. */
  readonly options?: readonly string[] | undefined;
  /** What people call the options, in their order; only in another language than English. */
  readonly option_names?: readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly pattern?: string | undefined;
  readonly min_length?: number | undefined;
  readonly max_length?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

/** Details of the client to set with Update individual client. */
export interface MissingData {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly fields: readonly MissingField[];
}

/** What is required and still missing, judged anew at every read; empty from in_kyc on. */
export interface MissingRequirements {
  readonly documents: readonly MissingDocument[];
  readonly data: readonly MissingData[];
}

/** Whose turn it is. */
export interface NextAction {
  readonly owner: Owner;
  readonly action: string;
  readonly description: string;
  readonly missing?: readonly string[] | undefined;
}

/** Why a requirement is asked for or not, and what meets it. */
export interface ExplainedRequirement {
  readonly requirement: string;
  readonly applies: boolean | string;
  /** The CEL expression that decides. */
  readonly condition?: string | undefined;
  /** `client`, the document's type and id, or `terms` and the acceptance's id. */
  readonly satisfied_by?: string | undefined;
  /** UTC, whole seconds, no zone. */
  readonly since?: string | undefined;
  readonly missing?: readonly string[] | undefined;
  /** What reading the document led to, once it was read. */
  readonly judged?: JudgedReading | undefined;
}

/** What will be missing from a day on, if nothing is given before. Nothing of it is asked for yet. */
export interface FutureRequirements {
  readonly documents: readonly MissingDocument[];
  readonly data: readonly MissingData[];
  /** The first day (UTC) on which it counts. */
  readonly starts_on: string;
}

/** What is due again for an enabled request, which stays enabled meanwhile. */
export interface Renewal {
  /** One of: `open`, `submitted`. */
  readonly state: OpenWord<"open" | "submitted">;
  /** UTC, whole seconds, no zone. The end of the day on which it is due. */
  readonly due_at: string;
  /** Why it is open. */
  readonly reasons: ReadonlyArray<OpenWord<"period" | "document_expiry" | "name_changed" | "address_changed" | "country_changed" | "operator" | "provider" | "requirement_in_force">>;
  /** What changed or ran out. A group `renewal_confirmation` without fields: say that nothing has changed. */
  readonly missing_requirements: MissingRequirements;
  /** What follows when it is not completed in its days of grace. */
  readonly consequence: AtDeadline;
  /** UTC, whole seconds, no zone. When the days of grace end. */
  readonly consequence_at: string;
}

/** A client's request for a product. */
export interface Product extends RequestExtras {
  readonly id: string;
  readonly client_id: string;
  readonly product: string;
  /** See the states of a request. */
  readonly status: Status;
  readonly missing_requirements: MissingRequirements;
  /** UTC, whole seconds, no zone. */
  readonly created_at: string;
  /** UTC, whole seconds, no zone. */
  readonly updated_at: string;
  /** Why, once rejected. */
  readonly rejection_description?: string | undefined;
  /** With `expand=next_action`. */
  readonly next_action?: NextAction | undefined;
  /** With `expand=explain`. */
  readonly explain?: readonly ExplainedRequirement[] | undefined;
  /** With `expand=explain`. */
  readonly risk?: Risk | undefined;
  /** With `expand=rejected_items`: those still open. */
  readonly rejected_items?: readonly RejectedItem[] | undefined;
  /** With `expand=future_requirements`: soonest first. */
  readonly future_requirements?: readonly FutureRequirements[] | undefined;
  /** With `expand=renewal`: while one is open. */
  readonly renewal?: Renewal | undefined;
  /** With `expand=terms`: those to be accepted. */
  readonly terms?: readonly Terms[] | undefined;
}

/** The request as it stands now, and what was not taken. */
export interface Judged {
  readonly product: Product;
  readonly rejected_items: readonly RejectedItem[];
}

/** What the chip of a document shall sign for this request: once, and soon. */
export interface ChipChallenge {
  readonly challenge_id: string;
  /** Eight bytes in hexadecimal figures: what INTERNAL AUTHENTICATE is called with. */
  readonly challenge: string;
  /** UTC, whole seconds, no zone. */
  readonly expires_at: string;
}

/** When an enabled request is due again. Read client product, with `expand=renewal`, says what is missing. */
export interface Deadline {
  readonly client_id: string;
  readonly product_request_id: string;
  readonly product: string;
  /** `waiting` until its renewal opens. */
  readonly state: DeadlineState;
  /** UTC, whole seconds, no zone. The end of the day on which it is due. */
  readonly due_at: string;
  /** Why, or (`waiting`) why it will be. */
  readonly reasons: ReadonlyArray<OpenWord<"period" | "document_expiry" | "name_changed" | "address_changed" | "country_changed" | "operator" | "provider" | "requirement_in_force">>;
  /** While it waits: when its renewal opens. UTC, whole seconds, no zone. */
  readonly opens_at?: string | undefined;
}

/** A link to the page on which a client onboards himself. */
export interface OnboardingLink {
  readonly id: string;
  readonly client_id: string;
  /** `active` until it is used, then `opened`; `finished` once everything was submitted. The others lead on. */
  readonly status: LinkStatus;
  /** What it asks for. */
  readonly product_request_ids: readonly string[];
  /** UTC, whole seconds, no zone. */
  readonly created_at: string;
  /** UTC, whole seconds, no zone. Until when it can be used. What it was exchanged for lives on. */
  readonly expires_at: string;
  /** Where to send the client. Only in the answer that makes the link. */
  readonly url?: string | undefined;
  readonly return_url?: string | undefined;
  readonly refresh_url?: string | undefined;
  readonly state?: string | undefined;
  /** Absent: as the browser asks for. One of: `en`, `es`, `pt`. */
  readonly language?: OpenWord<"en" | "es" | "pt"> | undefined;
  /** UTC, whole seconds, no zone. */
  readonly opened_at?: string | undefined;
  /** When it was finished, expired or was revoked. UTC, whole seconds, no zone. */
  readonly ended_at?: string | undefined;
}
