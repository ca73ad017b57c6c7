// Events that a webhook receives.
// Generated from the service's own types by `make clients`: do not edit.

import type { OpenWord } from "../extras.js";
import type { RejectedItem } from "./forms.js";
import type { AtDeadline, Status } from "./words.js";

/** What changed. */
export interface StatusChange {
  readonly client_id: string;
  readonly product_request_id: string;
  readonly product: string;
  readonly status: Status;
  readonly previous_status: Status;
  readonly rejected_items: readonly RejectedItem[];
  /** UTC, whole seconds, no zone. */
  readonly occurred_at: string;
  /** With `include_sequence`: counts the changes of status. */
  readonly sequence?: number | undefined;
  readonly rejection_description?: string | undefined;
}

/** A change of a request's status. */
export interface StatusChanged {
  /** One of: `company_activity`. */
  readonly product: OpenWord<"company_activity">;
  /** One of: `product_enablement_status_changed`. */
  readonly event_type: "product_enablement_status_changed";
  /** The same at every try: handle each once. */
  readonly operation_id: string;
  /** pending, success (enabled), failed (rejected). One of: `pending`, `success`, `failed`. */
  readonly status: OpenWord<"pending" | "success" | "failed">;
  readonly data: StatusChange;
}

/** What a client did on the page. */
export interface OnboardingStep {
  readonly client_id: string;
  readonly link_id: string;
  readonly product_request_ids: readonly string[];
  /** UTC, whole seconds, no zone. */
  readonly occurred_at: string;
  /** Which one was completed. */
  readonly step?: string | undefined;
}

/** A client came to the page, did something there, or did not. */
export interface OnboardingEvent {
  /** One of: `company_activity`. */
  readonly product: OpenWord<"company_activity">;
  /** One of: `onboarding_opened`, `onboarding_step_completed`, `onboarding_finished`, `onboarding_expired`. */
  readonly event_type: "onboarding_opened" | "onboarding_step_completed" | "onboarding_finished" | "onboarding_expired";
  /** The same at every try: handle each once. */
  readonly operation_id: string;
  /** pending, success (finished), failed (expired). One of: `pending`, `success`, `failed`. */
  readonly status: OpenWord<"pending" | "success" | "failed">;
  readonly data: OnboardingStep;
}

/** How a renewal stands. */
export interface RenewalState {
  readonly client_id: string;
  readonly product_request_id: string;
  readonly product: string;
  /** UTC, whole seconds, no zone. The end of the day on which it is due. */
  readonly due_at: string;
  /** To the day on which it is due; below 0 once that has passed. */
  readonly days_left: number;
  readonly reasons: ReadonlyArray<OpenWord<"period" | "document_expiry" | "name_changed" | "address_changed" | "country_changed" | "operator" | "provider" | "requirement_in_force">>;
  /** What follows when it is not completed in its days of grace. */
  readonly consequence: AtDeadline;
  /** UTC, whole seconds, no zone. */
  readonly consequence_at: string;
  /** Of `renewal_returned`: what to redo. */
  readonly rejected_items: readonly RejectedItem[];
  /** UTC, whole seconds, no zone. */
  readonly occurred_at: string;
}

/** An enabled request is due again, or was renewed. */
export interface RenewalEvent {
  /** One of: `company_activity`. */
  readonly product: OpenWord<"company_activity">;
  /** One of: `renewal_opened`, `renewal_due_soon`, `renewal_overdue`, `renewal_returned`, `renewal_completed`. */
  readonly event_type: "renewal_opened" | "renewal_due_soon" | "renewal_overdue" | "renewal_returned" | "renewal_completed";
  /** The same at every try: handle each once. */
  readonly operation_id: string;
  /** pending, success (renewed). One of: `pending`, `success`. */
  readonly status: OpenWord<"pending" | "success">;
  readonly data: RenewalState;
}

/** How a client's data ended. */
export interface ErasedClient {
  readonly client_id: string;
  /** The `id` that Erase individual client answered. */
  readonly erasure_id: string;
  /**
   * Somebody asked; before its period was over; the period itself; a backup was restored. One of: `request`,
   * `early`, `retention`, `restored`.
   */
  readonly cause: OpenWord<"request" | "early" | "retention" | "restored">;
  /** UTC, whole seconds, no zone. */
  readonly requested_at: string;
  /** UTC, whole seconds, no zone. Since when it is not found. */
  readonly erased_at: string;
  /** Of the receipt, as in the audit trail. */
  readonly receipt_sha256: string;
  /** UTC, whole seconds, no zone. When nothing of it was left anywhere. */
  readonly occurred_at: string;
}

/** The data of a client ended, in the database, in the store of pictures, and at providers. */
export interface ErasureEvent {
  /** One of: `company_activity`. */
  readonly product: OpenWord<"company_activity">;
  /** One of: `client_erased`. */
  readonly event_type: "client_erased";
  /** The same at every try: handle each once. */
  readonly operation_id: string;
  /** One of: `success`. */
  readonly status: OpenWord<"success">;
  readonly data: ErasedClient;
}
