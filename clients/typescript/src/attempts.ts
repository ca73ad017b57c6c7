// Whether a call is tried again, and when: decided from what came back, without waiting here.

import { textOf } from "./bytes.js";
import { type Answer, type Call, isGuarded, retryAfterMs } from "./calls.js";
import type { ChosenRetries } from "./options.js";

/** Statuses after which the same call may do better. */
const AGAIN: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const CONFLICT = 409;
const TOO_MANY = 429;
const IN_USE = "IDEMPOTENCY_KEY_IN_USE";
const SPREAD = 0.25;

/** The tries of one call. */
export class Attempts {
  readonly #call: Call;
  readonly #retries: ChosenRetries;
  #failed = 0;
  #inUseMs = 0;

  constructor(call: Call, retries: ChosenRetries) {
    this.#call = call;
    this.#retries = retries;
  }

  /** The milliseconds until the next try. `undefined`: this answer counts. */
  waitAfter(answer: Answer): number | undefined {
    if (isInUse(answer)) return this.#waitForKey();
    if (!AGAIN.has(answer.status)) return undefined;
    if (isGuarded(this.#call) && answer.status !== TOO_MANY) return undefined; // it may have been done
    return this.#wait(retryAfterMs(answer));
  }

  /** The same, when no answer came. */
  waitWithout(wasSent: boolean): number | undefined {
    return isGuarded(this.#call) && wasSent ? undefined : this.#wait(undefined);
  }

  /** Not counted with the others: the first call is being done, or its key is free again soon. */
  #waitForKey(): number | undefined {
    const { most, inUseMs, longestWaitMs, firstWaitMs } = this.#retries;
    if (most < 1 || this.#inUseMs >= inUseMs) return undefined;
    const wait = Math.min(longestWaitMs, firstWaitMs + this.#inUseMs);
    this.#inUseMs += wait;
    return wait;
  }

  #wait(asked: number | undefined): number | undefined {
    const { most, longestRetryAfterMs, longestWaitMs, firstWaitMs } = this.#retries;
    this.#failed += 1;
    if (this.#failed > most || (asked ?? 0) > longestRetryAfterMs) return undefined;
    const usual = Math.min(longestWaitMs, firstWaitMs * 2 ** (this.#failed - 1));
    const stretched = usual * (1 - SPREAD + 2 * SPREAD * Math.random());
    return asked === undefined ? stretched : asked + stretched - usual * (1 - SPREAD);
  }
}

function isInUse(answer: Answer): boolean {
  if (answer.status !== CONFLICT) return false;
  try {
    return (JSON.parse(textOf(answer.content)) as { readonly code?: unknown } | null)?.code === IN_USE;
  } catch {
    return false;
  }
}
