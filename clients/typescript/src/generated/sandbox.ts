// The sandbox: scenarios and its clock.
// Generated from the service's own types by `make clients`: do not edit.

import type { ScenarioEnding } from "./words.js";

/** What is to be redone. */
export interface Redone {
  readonly code: string;
  readonly field: string;
}

/** What happens in a sandbox company: the first that fits decides. */
export interface Scenario {
  readonly id: string;
  readonly description: string;
  /** How a submitted document's number begins. */
  readonly number_prefix?: string | undefined;
  /** The client's. */
  readonly last_name?: string | undefined;
  readonly outcome: ScenarioEnding;
  readonly delay_s?: number | undefined;
  /** Only so many submissions; then `enabled`. */
  readonly times?: number | undefined;
  readonly reasons?: readonly Redone[] | undefined;
  readonly reason?: string | undefined;
}

/** What the clock of a sandbox company shows. */
export interface Clock {
  /** UTC, whole seconds, no zone. */
  readonly now: string;
  /** Seconds ahead of the time of machines. */
  readonly ahead_s: number;
  /** Where it is on its way to: move it again to go on. UTC, whole seconds, no zone. */
  readonly moving_to?: string | undefined;
  /** When something becomes due next. UTC, whole seconds, no zone. */
  readonly next_due_at?: string | undefined;
  /** How many things became due on the way. */
  readonly happened?: number | undefined;
  /** It finished an earlier move, and added nothing to that. */
  readonly resumed?: boolean | undefined;
}
