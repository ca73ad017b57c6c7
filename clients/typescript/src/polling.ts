// Waiting for a status: how long until the next look, and when no look will help.

import { EndedOtherwise, ImportUnsettled, WaitedTooLong } from "./errors.js";
import type { Import } from "./generated/imports.js";
import type { Product } from "./generated/products.js";
import { Status } from "./generated/words.js";
import type { CallOptions } from "./options.js";

/** Options of waiting. */
export interface Waiting extends CallOptions {
  /** How long at most, in milliseconds. (`timeoutMs` is of each try of a call, as everywhere.) */
  readonly withinMs?: number | undefined;
}

const USUAL_WAIT_MS = 60_000;
/** 50,000 rows, the most of a file, take a minute or two on a quiet machine. */
const USUAL_IMPORT_WAIT_MS = 600_000;
// Soon at first, as a machine decides within a second; then seldom, since a company has 15 calls a second for all.
const FIRST_PAUSE_MS = 250;
const GROWTH = 1.5;
const LONGEST_PAUSE_MS = 5_000;
const KNOWN: readonly string[] = Object.values(Status);
const ENDS: readonly string[] = [Status.ENABLED, Status.REJECTED];
const WORKED_AT: readonly string[] = ["checking", "running"];

/** Pauses that grow, within a time. */
class Pauses {
  readonly withinMs: number;
  readonly #now: () => number;
  readonly #endsAt: number;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(withinMs: number, now: () => number) {
    if (!(withinMs >= 0)) throw new TypeError("withinMs must be a number, 0 or more");
    this.withinMs = withinMs;
    this.#now = now;
    this.#endsAt = now() + withinMs;
  }

  /** The milliseconds until the next look. `undefined`: the time is up. */
  next(): number | undefined {
    const left = this.#endsAt - this.#now();
    if (left <= 0) return undefined;
    const pause = Math.min(this.#pauseMs, left);
    this.#pauseMs = Math.min(this.#pauseMs * GROWTH, LONGEST_PAUSE_MS);
    return pause;
  }
}

const now = (): number => performance.now();

/** One waiting for a request. */
export class Watch {
  readonly #statuses: readonly string[];
  readonly #pauses: Pauses;
  #wasInReview: boolean;

  constructor(request: object, statuses: Status | readonly Status[], withinMs = USUAL_WAIT_MS, clock = now) {
    this.#statuses = typeof statuses === "string" ? [statuses] : statuses;
    const unknown = this.#statuses.filter((status) => !KNOWN.includes(status));
    if (unknown.length > 0 || this.#statuses.length === 0)
      throw new TypeError(`wait for one of: ${KNOWN.join(", ")}; not for ${unknown.join(", ") || "nothing"}`);
    this.#pauses = new Pauses(withinMs, clock);
    this.#wasInReview = "status" in request && "missing_requirements" in request && request.status === Status.IN_KYC;
  }

  /** The milliseconds until the next look. `undefined`: it is there. Throws EndedOtherwise and WaitedTooLong. */
  waitAfter(product: Product): number | undefined {
    if (this.#statuses.includes(product.status)) return undefined;
    const isInReview = product.status === Status.IN_KYC;
    if (ENDS.includes(product.status) || (this.#wasInReview && !isInReview)) throw new EndedOtherwise(product);
    this.#wasInReview ||= isInReview;
    const pause = this.#pauses.next();
    if (pause === undefined) throw new WaitedTooLong(product, this.#pauses.withinMs);
    return pause;
  }
}

/** One waiting for an import. */
export class ImportWatch {
  readonly #pauses: Pauses;

  constructor(withinMs = USUAL_IMPORT_WAIT_MS, clock = now) {
    this.#pauses = new Pauses(withinMs, clock);
  }

  /** The milliseconds until the next look. `undefined`: nobody works at it. Throws ImportUnsettled. */
  waitAfter(current: Import): number | undefined {
    if (!WORKED_AT.includes(current.status)) return undefined;
    const pause = this.#pauses.next();
    if (pause === undefined) throw new ImportUnsettled(current, this.#pauses.withinMs);
    return pause;
  }
}
