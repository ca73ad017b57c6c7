// Calls and answers as values: nothing here speaks to a network.

import { textOf, utf8 } from "./bytes.js";
import { ApiError, UnexpectedAnswer } from "./errors.js";
import type { Fault } from "./generated/problems.js";
import { BY_CODE, BY_STATUS } from "./generated/refusals.js";
import type { CallOptions } from "./options.js";
import { isShaped } from "./values.js";

/** Of this package: the same as the service's. */
export const VERSION = "0.1.0";
const PLATFORM = typeof process === "object" && process.versions?.node ? ` node/${process.versions.node}` : "";
const USER_AGENT = `ostiary-client-js/${VERSION}${PLATFORM}`;
/** Of an answer that has no message of ours, as a proxy's page: enough to know it by. */
const MESSAGE_CHARACTERS = 200;

type Ids<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Ids<Rest> : never;

/** One operation of the API. */
export interface Operation<Path extends string = string> {
  readonly method: string;
  readonly path: Path;
}

/** An operation, whose type knows which ids its path has. */
export function operation<Path extends string>(method: string, path: Path): Operation<Path> {
  return { method, path };
}

/** The path with these ids in it. Throws TypeError for what can be no id. */
export function at<Path extends string>(of: Operation<Path>, ids: Readonly<Record<Ids<Path>, string>>): string {
  let path: string = of.path;
  for (const [name, value] of Object.entries<unknown>(ids)) {
    if (typeof value !== "string" || value === "") throw new TypeError(`${name}: must not be empty`);
    // Both would be taken for steps to another folder on the way, however they are written.
    if (value === "." || value === "..") throw new TypeError(`${name}: ${value} is no id`);
    path = path.replace(`{${name}}`, () => encodeURIComponent(value));
  }
  return path;
}

/** What is sent: the same at every try, its idempotency key included. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Uint8Array | undefined;
}

/** It counts for one version of a client: once done, it would be refused when it is repeated. */
export function isGuarded(call: Call): boolean {
  return "if-match" in call.headers;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly content: Uint8Array;
}

type QueryValue = string | number | boolean | readonly string[] | undefined;

/** What goes with a call: a body as JSON, or `content` of another type; the query; more headers. */
export interface Sent {
  readonly body?: unknown;
  readonly content?: Uint8Array;
  readonly contentType?: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The call with its headers. A POST gets an idempotency key of its own unless the options bring one. */
export function callOf(method: string, path: string, sent: Sent, options: CallOptions): Call {
  const headers: Record<string, string> = { accept: "application/json", "user-agent": USER_AGENT, ...sent.headers };
  const content = sent.body === undefined ? sent.content : utf8(JSON.stringify(sent.body));
  if (content !== undefined) headers["content-type"] = sent.contentType ?? "application/json";
  if (method === "POST") headers["idempotency-key"] = options.idempotencyKey ?? crypto.randomUUID();
  else if (options.idempotencyKey !== undefined)
    throw new TypeError("an idempotency key goes with a POST alone; other calls may be repeated as they are");
  if (options.language) headers["accept-language"] = options.language;
  headers["traceparent"] = options.traceparent ?? `00-${randomHex(16)}-${randomHex(8)}-01`;
  const odd = Object.keys(headers).filter((name) => !isSendable(headers[name]));
  if (odd.length > 0) throw new TypeError(`${odd.join(", ")}: visible ASCII characters alone can be sent in a header`);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(sent.query ?? {})) {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    query.set(name, String(value));
  }
  return { method, path: query.size > 0 ? `${path}?${query}` : path, headers, content };
}

function randomHex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether a header can hold it. Looked at here, since what `fetch` says of it repeats the value, a key too. */
function isSendable(value: unknown): boolean {
  return typeof value === "string" && /^[\x20-\x7e]*$/.test(value) && value === value.trim();
}

/** Throws TypeError for what can be no address or key, without naming the key. */
export function demandPlace(baseUrl: string, apiKey: string): void {
  if (typeof baseUrl !== "string" || !/^https?:\/\/./.test(baseUrl) || !URL.canParse(baseUrl))
    throw new TypeError(`the service's address begins with https:// (or http:// on one machine): "${baseUrl}"`);
  const { username, password, search, hash } = new URL(baseUrl);
  if (username || password || search || hash)
    throw new TypeError("the service's address has a host and perhaps a path: no user, query or fragment");
  if (!apiKey || !isSendable(apiKey) || apiKey.includes(" "))
    throw new TypeError("an API key has visible ASCII characters alone: a blank or an end of line came with it?");
}

/** The JSON of an answer. Throws UnexpectedAnswer. */
export function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(textOf(answer.content));
  } catch {
    // What the parser says of it repeats a part of it, which may be of somebody: it is no cause.
    const about = `the answer with status ${answer.status} is no JSON: is the address that of the service itself?`;
    throw new UnexpectedAnswer(about);
  }
}

/** The error that an answer of 400 or more is. */
export function errorOf(answer: Answer): ApiError {
  const { message, code, trace_id: traceId, details } = problemOf(answer);
  const kind = BY_CODE.get(code) ?? BY_STATUS.get(answer.status) ?? ApiError;
  return new kind({
    summary: message,
    status: answer.status,
    code,
    traceId: traceId || (answer.headers.get("x-trace-id") ?? ""),
    faults: details,
    retryAfterMs: retryAfterMs(answer),
  });
}

interface Problem {
  readonly message: string;
  readonly code: string;
  readonly trace_id: string;
  readonly details: readonly Fault[];
}

function problemOf(answer: Answer): Problem {
  const problem = problemIn(answer.content);
  if (typeof problem?.message !== "string") {
    const text = new TextDecoder().decode(answer.content).trim().slice(0, MESSAGE_CHARACTERS);
    return { message: text || `status ${answer.status}`, code: "", trace_id: "", details: [] };
  }
  const { message, code, trace_id, details } = problem;
  return {
    message,
    code: typeof code === "string" ? code : "",
    trace_id: typeof trace_id === "string" ? trace_id : "",
    // None where they are in a form that this version does not know: the code counts all the same.
    details: isShaped("Fault[]", details) ? (details as readonly Fault[]) : [],
  };
}

function problemIn(content: Uint8Array): Partial<Record<keyof Problem, unknown>> | null {
  try {
    return JSON.parse(textOf(content)) as Partial<Record<keyof Problem, unknown>> | null;
  } catch {
    return null; // of what stands between: its text says more than that it is no JSON
  }
}

/** What `Retry-After` asks for. `undefined` without one, or where it is a date: the service's never is. */
export function retryAfterMs(answer: Answer): number | undefined {
  const text = answer.headers.get("retry-after") ?? "";
  return /^\d+$/.test(text) ? Number(text) * 1_000 : undefined;
}

/** The path of the following page. `undefined`: this was the last. */
export function nextPath(answer: Answer): string | undefined {
  for (const link of (answer.headers.get("link") ?? "").split(",")) {
    const [target = "", ...about] = link.split(";");
    if (about.join(";").includes('rel="next"')) return target.trim().replace(/^<|>$/g, "");
  }
  return undefined;
}
