// The sandbox: verdicts as you like, and a clock that you move.

import { at } from "../calls.js";
import * as operations from "../generated/operations.js";
import type { Product } from "../generated/products.js";
import type { Clock, Scenario } from "../generated/sandbox.js";
import type { Reason, ScenarioEnding } from "../generated/words.js";
import type { CallOptions } from "../options.js";
import type { Transport } from "../transport.js";
import { idsOf, type RequestRef } from "../values.js";

/** What a verdict says. */
export interface Simulating extends CallOptions {
  /** Codes, for what shall be sent again. */
  readonly reasons?: readonly Reason[] | undefined;
  /** Describes a rejection. */
  readonly reason?: string | undefined;
}

/** Verdicts and time as you like, in a sandbox company. */
export class SandboxApi {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** What chooses a verdict, and which. */
  async scenarios(options?: CallOptions): Promise<readonly Scenario[]> {
    const path = at(operations.LIST_SCENARIOS, {});
    return this.#transport.values("Scenario", operations.LIST_SCENARIOS, path, {}, options);
  }

  /** Gives a request that is `in_kyc` this verdict: `enabled`, `rejected`, `pending_documentation` or `review`. */
  async simulate(request: RequestRef, outcome: ScenarioEnding, options: Simulating = {}): Promise<Product> {
    const { reasons, reason } = options;
    const body = { outcome, reasons: reasons?.length ? reasons : undefined, reason };
    const path = at(operations.SIMULATE_VERDICT, idsOf(request));
    return this.#transport.value("Product", operations.SIMULATE_VERDICT, path, { body }, options);
  }

  /** The clock as it stands. */
  async clock(options?: CallOptions): Promise<Clock> {
    return this.#transport.value("Clock", operations.READ_CLOCK, at(operations.READ_CLOCK, {}), {}, options);
  }

  /**
   * Moves the clock ahead by a span of ISO 8601, as `P90D`: what becomes due on the way happens.
   *
   * A move with much to do answers before it is there. This goes on until it is: `happened` counts all of it. An
   * earlier move that was cut short is finished first. These are several calls, each with a key of its own.
   */
  async advance(span: string, options?: CallOptions): Promise<Clock> {
    if (options?.idempotencyKey !== undefined)
      throw new TypeError("moving a clock may take several calls, and one idempotency key serves one");
    let happened = 0;
    let isBegun = false;
    for (;;) {
      const clock = await this.#move(span, options);
      happened += clock.happened ?? 0;
      isBegun ||= !clock.resumed;
      const { resumed: _, ...there } = clock;
      if (isBegun && clock.moving_to === undefined) return { ...there, happened };
    }
  }

  async #move(span: string, options?: CallOptions): Promise<Clock> {
    const body = { advance: span };
    return this.#transport.value("Clock", operations.MOVE_CLOCK, at(operations.MOVE_CLOCK, {}), { body }, options);
  }
}
