// What can be chosen: for a client, and for a single call.

/** How long a try may stand still: an upload that waits its turn is answered within 20 s, all else much sooner. */
export const USUAL_TIMEOUT_MS = 30_000;

/**
 * How often a call is repeated that may be: no answer, or 429, 500, 502, 503, 504, or a key still in use.
 *
 * Repeating is safe, since a repeated POST has the same idempotency key. What is left out is as usual.
 */
export interface Retries {
  /** Besides the first try; 0: never. Six, as usual, take 24 s in all: longer than a service needs to start again. */
  readonly most?: number | undefined;
  /** 500 as usual; twice as long each time, spread by up to a quarter, so that callers do not come in step. */
  readonly firstWaitMs?: number | undefined;
  /** The longest wait of its own choice: 8,000 as usual. */
  readonly longestWaitMs?: number | undefined;
  /**
   * How long a key that is in use is waited for, however many tries that takes: 75,000 as usual, since a service that
   * was stopped in the middle of a call holds its key for 60 s at most.
   */
  readonly inUseMs?: number | undefined;
  /** Where the service asks for a longer wait than this (60,000 as usual), the call fails at once and says so. */
  readonly longestRetryAfterMs?: number | undefined;
}

/** Retries with every number chosen. */
export type ChosenRetries = { readonly [Name in keyof Retries]-?: number };

/** What holds where nothing else is chosen. */
export const USUAL_RETRIES: ChosenRetries = {
  most: 6,
  firstWaitMs: 500,
  longestWaitMs: 8_000,
  inUseMs: 75_000,
  longestRetryAfterMs: 60_000,
};

/** Each call is tried once. */
export const NO_RETRIES: Retries = { most: 0 };

/** What one call shall do in another way than the client does it; what is left out is as the client does. */
export interface CallOptions {
  /** Of each try, in milliseconds: for the connection, and for each part of what is sent and of the answer. */
  readonly timeoutMs?: number | undefined;
  readonly retries?: Retries | undefined;
  /** Of a POST: yours, where you keep one over restarts of your program. 1 to 255 visible ASCII characters. */
  readonly idempotencyKey?: string | undefined;
  /** Of texts for people: `es`, `pt`, `en`, or a whole `Accept-Language`. */
  readonly language?: string | undefined;
  /** W3C trace context: the call becomes part of your trace. */
  readonly traceparent?: string | undefined;
  /** Ends the call, its repetitions and what is waited for meanwhile; its reason is what the call fails with. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of a call whose answer can say more. */
export interface Expanding<Expansion extends string> extends CallOptions {
  /** What more the answer shall say. */
  readonly expand?: readonly Expansion[] | undefined;
}

/** Options of a list. */
export interface ListOptions extends CallOptions {
  /** How many are asked for at once, 1 to 200; the service's choice is 50. */
  readonly pageSize?: number | undefined;
}

/** Options of a call that sends files. */
export interface Sending extends CallOptions {
  /** Told how far it is. */
  readonly progress?: Progress | undefined;
}

/** Told how many bytes of how many were handed to the network; from 0 again when a call is repeated. */
export type Progress = (sentBytes: number, totalBytes: number) => void;

/** The numbers, with the usual ones for what is left out. Throws TypeError for what is none. */
export function chosen(retries: Retries = {}): ChosenRetries {
  const given = Object.entries(retries).filter(([, value]) => value !== undefined);
  const odd = given.filter(([, value]) => typeof value !== "number" || !(value >= 0)).map(([name]) => name);
  if (odd.length > 0) throw new TypeError(`retries: ${odd.join(", ")} must be numbers, 0 or more`);
  return { ...USUAL_RETRIES, ...Object.fromEntries(given) };
}
