// The company's webhook, its deliveries, and how its page looks.
// Generated from the service's own types by `make clients`: do not edit.

import type { OpenWord } from "../extras.js";
import type { Ink, MessageOutcome } from "./words.js";

/** The privacy notice, in each language that it is there in. */
export interface Privacy {
  readonly en: string;
  readonly es?: string | undefined;
  readonly pt?: string | undefined;
}

/** How the company's page looks; what is not set is absent. */
export interface Brand {
  readonly name: string;
  /** The ground of buttons. */
  readonly primary_colour: string;
  readonly text_on_primary: Ink;
  /** The ground of the page. */
  readonly background_colour: string;
  readonly text_on_background: Ink;
  /** Where clients ask. */
  readonly support?: string | undefined;
  readonly privacy?: Privacy | undefined;
  /** Whose pages may show it within their own; absent: nobody's. */
  readonly frame_origins?: readonly string[] | undefined;
  readonly has_logo: boolean;
}

/** A company's webhook settings; what is not set is absent. */
export interface WebhookSettings {
  readonly name: string;
  readonly email?: string | undefined;
  readonly webhook_url?: string | undefined;
  readonly webhook_key?: string | undefined;
  /** What it hears of, where that is not changes of requests' status alone. */
  readonly event_types?: readonly string[] | undefined;
}

/** The secret that deliveries are signed with. */
export interface SigningSecret {
  readonly signing_secret: string;
}

/** The new secret, and until when the one before signs beside it. */
export interface RotatedSecret {
  readonly signing_secret: string;
  /** UTC, whole seconds, no zone. */
  readonly previous_until: string;
}

/** How the endpoint does. */
export interface WebhookHealth {
  /** One of: `untried`, `working`, `failing`, `disabled`. */
  readonly state: OpenWord<"untried" | "working" | "failing" | "disabled">;
  /** To the minute. UTC, whole seconds, no zone. */
  readonly last_success_at?: string | undefined;
  /** UTC, whole seconds, no zone. */
  readonly failing_since?: string | undefined;
  /** UTC, whole seconds, no zone. */
  readonly disabled_at?: string | undefined;
  /** It answered 410, or took nothing for 5 days. One of: `gone`, `failing`. */
  readonly disabled_because?: OpenWord<"gone" | "failing"> | undefined;
}

/** How a delivery stands. */
export interface DeliveryState {
  /** The operation_id and webhook-id of what was sent. */
  readonly id: string;
  /**
   * One of: `product_enablement_status_changed`, `onboarding_opened`, `onboarding_step_completed`,
   * `onboarding_finished`, `onboarding_expired`, `renewal_opened`, `renewal_due_soon`, `renewal_overdue`,
   * `renewal_returned`, `renewal_completed`, `client_erased`, `webhook_test`.
   */
  readonly event_type: OpenWord<"product_enablement_status_changed" | "onboarding_opened" | "onboarding_step_completed" | "onboarding_finished" | "onboarding_expired" | "renewal_opened" | "renewal_due_soon" | "renewal_overdue" | "renewal_returned" | "renewal_completed" | "client_erased" | "webhook_test">;
  /** `failed` was given up; `dropped` was due when there was no subscription any more. */
  readonly state: MessageOutcome;
  readonly client_id?: string | undefined;
  readonly product_request_id?: string | undefined;
  /** Of an event about a client on the page. */
  readonly link_id?: string | undefined;
  readonly sequence?: number | undefined;
  /** Since it was last asked for. */
  readonly tries: number;
  /** UTC, whole seconds, no zone. */
  readonly created_at: string;
  /** While it is pending: not before. UTC, whole seconds, no zone. */
  readonly next_try_at?: string | undefined;
  /** An earlier delivery of the same request has to be taken first. */
  readonly waits_for_earlier?: boolean | undefined;
  /** UTC, whole seconds, no zone. */
  readonly ended_at?: string | undefined;
}

/** One try: the status, or the problem when there was no answer. */
export interface DeliveryAttempt {
  /** UTC, whole seconds, no zone. */
  readonly at: string;
  readonly ms: number;
  readonly status?: number | undefined;
  readonly problem?: string | undefined;
  /** The first 2,048 bytes, as UTF-8. */
  readonly answer?: string | undefined;
}

/** A delivery with what is sent and how each try went. */
export interface TriedDelivery {
  /** The operation_id and webhook-id of what was sent. */
  readonly id: string;
  /**
   * One of: `product_enablement_status_changed`, `onboarding_opened`, `onboarding_step_completed`,
   * `onboarding_finished`, `onboarding_expired`, `renewal_opened`, `renewal_due_soon`, `renewal_overdue`,
   * `renewal_returned`, `renewal_completed`, `client_erased`, `webhook_test`.
   */
  readonly event_type: OpenWord<"product_enablement_status_changed" | "onboarding_opened" | "onboarding_step_completed" | "onboarding_finished" | "onboarding_expired" | "renewal_opened" | "renewal_due_soon" | "renewal_overdue" | "renewal_returned" | "renewal_completed" | "client_erased" | "webhook_test">;
  /** `failed` was given up; `dropped` was due when there was no subscription any more. */
  readonly state: MessageOutcome;
  readonly client_id?: string | undefined;
  readonly product_request_id?: string | undefined;
  /** Of an event about a client on the page. */
  readonly link_id?: string | undefined;
  readonly sequence?: number | undefined;
  /** Since it was last asked for. */
  readonly tries: number;
  /** UTC, whole seconds, no zone. */
  readonly created_at: string;
  /** While it is pending: not before. UTC, whole seconds, no zone. */
  readonly next_try_at?: string | undefined;
  /** An earlier delivery of the same request has to be taken first. */
  readonly waits_for_earlier?: boolean | undefined;
  /** UTC, whole seconds, no zone. */
  readonly ended_at?: string | undefined;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempts: readonly DeliveryAttempt[];
}
