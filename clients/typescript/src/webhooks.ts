// Events that a webhook receives: whether they are genuine, and what they say.

import { createHmac, timingSafeEqual } from "node:crypto";

import { textOf, utf8 } from "./bytes.js";
import { type UnexpectedAnswer, WebhookRefused } from "./errors.js";
import type { ErasureEvent, OnboardingEvent, RenewalEvent, StatusChanged } from "./generated/events.js";
import { ErasureEventType, OnboardingEventType, RenewalEventType } from "./generated/words.js";
import { isShaped, type Name, valueOf } from "./values.js";

/** How old, or how far ahead, an event may be: Standard Webhooks' own five minutes. Each try has a time of its own. */
const TOLERANCE_MS = 300_000;
const SECRET_PREFIX = "whsec_";
const SIGNATURE_PREFIX = "v1,";
/** In a header: the service sends two at most, while a secret is replaced. */
const SIGNATURES_MOST = 10;

/** An event of `webhook.sendTest`: it tells of nobody. */
export interface WebhookTest {
  readonly event_type: "webhook_test";
  readonly operation_id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event of a type that this version does not know: answer 2xx all the same. */
export interface UnknownEvent {
  readonly event_type: string;
  readonly operation_id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What `Webhook.parse` gives: `kind` tells which it is, and is of this client, not of what came. */
export type Event =
  | ({ readonly kind: "status_changed" } & StatusChanged)
  | ({ readonly kind: "onboarding" } & OnboardingEvent)
  | ({ readonly kind: "renewal" } & RenewalEvent)
  | ({ readonly kind: "erasure" } & ErasureEvent)
  | ({ readonly kind: "test" } & WebhookTest)
  | ({ readonly kind: "unknown" } & UnknownEvent);

/** Headers as Node.js, frameworks and `fetch` have them. */
export type ReceivedHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { forEach(tell: (value: string, name: string) => void): void };

/** What can be chosen of a Webhook. */
export interface WebhookOptions {
  /** How old, or how far ahead, an event may be: five minutes as usual. */
  readonly toleranceMs?: number | undefined;
  /** What time it is, in milliseconds, for tests of yours. */
  readonly now?: (() => number) | undefined;
}

type Kind = readonly [Event["kind"], Name];
const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["product_enablement_status_changed", ["status_changed", "StatusChanged"]],
  ...Object.values(OnboardingEventType).map((type): [string, Kind] => [type, ["onboarding", "OnboardingEvent"]]),
  ...Object.values(RenewalEventType).map((type): [string, Kind] => [type, ["renewal", "RenewalEvent"]]),
  ...Object.values(ErasureEventType).map((type): [string, Kind] => [type, ["erasure", "ErasureEvent"]]),
]);

/**
 * Verifies and reads deliveries.
 *
 * @example
 * ```ts
 * const webhook = new Webhook("whsec_...");
 * const event = webhook.parse(request.headers, body);
 * ```
 *
 * While a secret is replaced give both, `new Webhook(["whsec_new...", "whsec_old..."])`: an event signed with either is
 * genuine. An event may come more than once: `operation_id` tells.
 */
export class Webhook {
  readonly #keys: readonly Uint8Array[];
  readonly #toleranceMs: number;
  readonly #now: () => number;

  constructor(secrets: string | readonly string[], options: WebhookOptions = {}) {
    this.#keys = (typeof secrets === "string" ? [secrets] : [...secrets]).map(keyOf);
    if (this.#keys.length === 0)
      throw new TypeError("a webhook needs a signing secret: webhook.signingSecret() reads it");
    this.#toleranceMs = options.toleranceMs ?? TOLERANCE_MS;
    this.#now = options.now ?? Date.now;
  }

  /**
   * The event of a delivery. `body` is what came, as it came: bytes, or their text as `await request.text()` has it.
   * Throws WebhookRefused.
   */
  parse(headers: ReceivedHeaders, body: Uint8Array | ArrayBuffer | string): Event {
    const content = contentOf(body);
    this.#verify(namedSmall(headers), content);
    return read(content);
  }

  #verify(headers: ReadonlyMap<string, string>, body: Uint8Array): void {
    const id = headers.get("webhook-id") ?? "";
    const timestamp = headers.get("webhook-timestamp") ?? "";
    const signatures = (headers.get("webhook-signature") ?? "").split(/\s+/).filter(Boolean);
    if (!id || !timestamp || signatures.length === 0)
      throw new WebhookRefused("the headers webhook-id, webhook-timestamp and webhook-signature must be there");
    if (!/^[0-9]{1,20}$/.test(timestamp)) throw new WebhookRefused("webhook-timestamp is no number of seconds");
    if (!this.#isSigned(`${id}.${timestamp}.`, body, signatures.slice(0, SIGNATURES_MOST)))
      throw new WebhookRefused("no signature fits: is the secret that of this company, and the body as it came?");
    if (!(Math.abs(this.#now() - Number(timestamp) * 1_000) <= this.#toleranceMs))
      throw new WebhookRefused(`it was sent more than ${this.#toleranceMs} ms ago or ahead: is the clock right?`);
  }

  /** Every signature is held against every key, in the same time whichever fits. */
  #isSigned(head: string, body: Uint8Array, signatures: readonly string[]): boolean {
    let fits = false;
    for (const key of this.#keys) {
      const digest = createHmac("sha256", key).update(head, "utf8").update(body).digest("base64");
      const expected = utf8(SIGNATURE_PREFIX + digest);
      for (const signature of signatures) {
        const given = utf8(signature);
        // How long a signature is, is no secret.
        const isSame = given.length === expected.length && timingSafeEqual(given, expected);
        fits = isSame || fits;
      }
    }
    return fits;
  }
}

function contentOf(body: Uint8Array | ArrayBuffer | string): Uint8Array {
  if (typeof body === "string") return utf8(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (body instanceof Uint8Array) return body;
  throw new TypeError("body must be what came, as it came: what was parsed and written again has another signature");
}

function namedSmall(headers: ReceivedHeaders): ReadonlyMap<string, string> {
  const named = new Map<string, string>();
  const add = (value: unknown, name: string): void => {
    if (typeof value === "string") named.set(name.toLowerCase(), value);
    else if (Array.isArray(value)) named.set(name.toLowerCase(), value.join(" "));
  };
  if (typeof headers.forEach === "function") headers.forEach(add);
  else for (const [name, value] of Object.entries(headers)) add(value, name);
  return named;
}

function keyOf(secret: string): Uint8Array {
  const text = typeof secret === "string" && secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : "";
  if (text === "" || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    throw new TypeError(`a signing secret is ${SECRET_PREFIX} and base64; the key of X-Webhook-Key is another thing`);
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function read(content: Uint8Array): Event {
  const came = parsed(content);
  if (!isShaped("{unknown}", came)) throw noEvent("it is no object");
  const fields = came as UnknownEvent;
  const [kind, name] = KINDS.get(fields.event_type) ?? [];
  try {
    if (kind !== undefined && name !== undefined) return { ...valueOf(name, came), kind } as Event;
  } catch (problem) {
    throw noEvent((problem as UnexpectedAnswer).message);
  }
  const isWhole = isShaped("string", fields.event_type) && isShaped("string", fields.operation_id);
  if (!isWhole || !isShaped("{unknown}", fields.data)) throw noEvent("event_type, operation_id and data must be there");
  return { ...fields, kind: fields.event_type === "webhook_test" ? "test" : "unknown" } as Event;
}

function parsed(content: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(content));
  } catch {
    throw noEvent("it is no JSON"); // what the parser says repeats a part of it
  }
}

function noEvent(about: string): WebhookRefused {
  return new WebhookRefused(`it is signed, but no event as this version knows them: ${about}`);
}
