// Clients, as the service answers with them.
// Generated from the service's own types by `make clients`: do not edit.

import type { ClientExtras, OpenWord } from "../extras.js";
import type { ClientStatus } from "./words.js";

/** Where a client lives. */
export interface Address {
  readonly street_line1: string;
  readonly street_line2?: string | undefined;
  readonly city: string;
  readonly postal_code?: string | undefined;
  readonly state?: string | undefined;
  readonly country: string;
}

/** An individual client; what was not given is absent, not null. */
export interface IndividualClient extends ClientExtras {
  readonly id: string;
  /** One of: `individual`. */
  readonly type: OpenWord<"individual">;
  /** `active` with the first enabled product; `rejected` when refused as a client. */
  readonly status: ClientStatus;
  readonly first_name: string;
  readonly second_name?: string | undefined;
  readonly last_name: string;
  readonly email: string;
  readonly birth_date: string;
  readonly address: Address;
  readonly phone_country_code?: number | undefined;
  readonly phone_number?: number | undefined;
  /** What you call the client. */
  readonly reference?: string | undefined;
  /** With `expand=timestamps`. UTC, whole seconds, no zone. */
  readonly created_at?: string | undefined;
  /** With `expand=timestamps`. UTC, whole seconds, no zone. */
  readonly updated_at?: string | undefined;
}

/** How far the erasure of a client is. */
export interface Erasure {
  readonly id: string;
  readonly client_id: string;
  /**
   * `waiting`: within a minute. `erased`: gone from the database. `done`: gone everywhere. One of: `waiting`,
   * `erased`, `done`.
   */
  readonly status: OpenWord<"waiting" | "erased" | "done">;
  /** UTC, whole seconds, no zone. */
  readonly requested_at: string;
  /** When its retention period was over. UTC, whole seconds, no zone. */
  readonly kept_until?: string | undefined;
}
