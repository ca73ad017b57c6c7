// Calls over the network: sent, repeated where that may help, and read.

import { Attempts } from "./attempts.js";
import { joined } from "./bytes.js";
import {
  type Answer,
  type Call,
  callOf,
  demandPlace,
  errorOf,
  jsonOf,
  nextPath,
  type Operation,
  type Sent,
} from "./calls.js";
import { ConnectionFailed, TimedOut, UnexpectedAnswer } from "./errors.js";
import type { Values } from "./generated/shapes.js";
import { type CallOptions, chosen, type Progress, type Retries, USUAL_TIMEOUT_MS } from "./options.js";
import { type Name, valueOf, valuesOf } from "./values.js";
import { pause, Watchdog } from "./waiting.js";

const ERROR = 400;
const [SUCCESS, REDIRECTION] = [200, 300];
/** So often progress is told of: some 50 times for a usual photograph. */
const CHUNK_BYTES = 64 * 1024;
const MOST_TIMEOUT_MS = 2 ** 31 - 1;
/** Failures before anything was sent: of looking up a name, and of connecting. */
const NOT_SENT: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT",
]);

/** What is called instead of the global `fetch`: the same function, with a proxy or certificates of yours. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How a client does what no call says otherwise. */
export interface ClientOptions {
  /** Of each try: 30,000 as usual. See `CallOptions`. */
  readonly timeoutMs?: number | undefined;
  readonly retries?: Retries | undefined;
  /** Of texts for people: `es`, `pt`, `en`, or a whole `Accept-Language`. */
  readonly language?: string | undefined;
  /** A `fetch` of your own, for a proxy or certificates. */
  readonly fetch?: Fetch | undefined;
}

/** How calls reach the service; what every part of a client shares. */
export class Transport {
  readonly #baseUrl: string;
  readonly #apiKey: string;
  readonly #usual: ClientOptions;

  constructor(baseUrl: string, apiKey: string, usual: ClientOptions) {
    demandPlace(baseUrl, apiKey);
    this.#baseUrl = baseUrl.replace(/\/+$/, "");
    this.#apiKey = apiKey;
    this.#usual = usual;
  }

  /** The answer to a call. Throws ApiError and ConnectionFailed. */
  async call(
    { method }: Operation,
    path: string,
    sent: Sent = {},
    options: CallOptions = {},
    progress?: Progress,
  ): Promise<Answer> {
    const language = options.language ?? this.#usual.language;
    const call = callOf(method, path, sent, { ...options, language });
    const attempts = new Attempts(call, chosen(options.retries ?? this.#usual.retries));
    for (;;) {
      const outcome = await this.#once(call, options, progress);
      const wait = "status" in outcome ? attempts.waitAfter(outcome) : attempts.waitWithout(outcome.wasSent);
      if (wait === undefined) return checked(outcome);
      await pause(wait, options.signal);
    }
  }

  /** The answer to a call, as a value. */
  async value<Kind extends Name>(
    kind: Kind,
    operation: Operation,
    path: string,
    sent?: Sent,
    options?: CallOptions,
  ): Promise<Values[Kind]> {
    return valueOf(kind, jsonOf(await this.call(operation, path, sent, options)));
  }

  /** The answer to a call, as values. */
  async values<Kind extends Name>(
    kind: Kind,
    operation: Operation,
    path: string,
    sent?: Sent,
    options?: CallOptions,
  ): Promise<readonly Values[Kind][]> {
    return valuesOf(kind, jsonOf(await this.call(operation, path, sent, options)));
  }

  /** Everything on a list, page after page as it is asked for. */
  async *pages<Kind extends Name>(
    kind: Kind,
    operation: Operation,
    path: string,
    sent?: Sent,
    options?: CallOptions,
  ): AsyncGenerator<Values[Kind], undefined, undefined> {
    let answer = await this.call(operation, path, sent, options);
    for (;;) {
      yield* valuesOf(kind, jsonOf(answer));
      const following = nextPath(answer);
      if (following === undefined) return undefined;
      answer = await this.call(operation, following, {}, options);
    }
  }

  async #once(call: Call, options: CallOptions, progress: Progress | undefined): Promise<Answer | NoAnswer> {
    const watchdog = new Watchdog(demandTimeout(options.timeoutMs ?? this.#usual.timeoutMs), options.signal);
    const body = new Body(call.content, progress, watchdog);
    const fetch = this.#usual.fetch ?? globalThis.fetch;
    try {
      const response = await fetch(this.#baseUrl + call.path, {
        method: call.method,
        headers: { ...call.headers, ...body.headers, "x-api-key": this.#apiKey },
        redirect: "manual",
        signal: watchdog.signal,
        ...body.init,
      });
      const content = await readWhole(response, watchdog);
      return { status: response.status, headers: response.headers, content };
    } catch (problem) {
      if (options.signal?.aborted) throw options.signal.reason;
      if (body.failed) throw body.failed.problem;
      return noAnswer(problem, watchdog.hasBitten);
    } finally {
      watchdog.end();
    }
  }
}

interface NoAnswer {
  readonly problem: ConnectionFailed;
  readonly wasSent: boolean;
}

function noAnswer(problem: unknown, isLate: boolean): NoAnswer {
  if (isLate) return { problem: new TimedOut("no answer: it took too long", { cause: problem }), wasSent: true };
  const { cause, message } = problem as { readonly cause?: { readonly code?: unknown }; readonly message?: unknown };
  const code = cause?.code;
  const about = `no answer: ${String(message)}${typeof code === "string" ? ` (${code})` : ""}`;
  return { problem: new ConnectionFailed(about, { cause: problem }), wasSent: !NOT_SENT.has(code) };
}

function demandTimeout(timeoutMs: number = USUAL_TIMEOUT_MS): number {
  if (!(timeoutMs > 0)) throw new TypeError("timeoutMs must be a number above 0");
  return Math.min(timeoutMs, MOST_TIMEOUT_MS); // beyond it a timer would go off at once
}

function checked(outcome: Answer | NoAnswer): Answer {
  if (!("status" in outcome)) throw outcome.problem;
  if (outcome.status >= ERROR) throw errorOf(outcome);
  if (outcome.status < SUCCESS || outcome.status >= REDIRECTION)
    throw new UnexpectedAnswer(`status ${outcome.status}: is the address that of the service itself?`);
  return outcome;
}

/** What one try sends. A long body goes piece by piece, so that it is seen whether it moves, and how far it is. */
class Body {
  readonly headers: Readonly<Record<string, string>> = {};
  readonly init: RequestInit = {};
  /** What the caller's `progress` threw. */
  failed: { readonly problem: unknown } | undefined;

  constructor(content: Uint8Array | undefined, progress: Progress | undefined, watchdog: Watchdog) {
    if (content === undefined) return;
    if (progress === undefined && content.length <= CHUNK_BYTES) {
      this.init = { body: content as Uint8Array<ArrayBuffer> };
    } else {
      this.headers = { "content-length": String(content.length) };
      this.init = { body: this.#pieces(content, progress, watchdog), duplex: "half" } as RequestInit;
    }
  }

  /** Progress is told once the network has taken a piece and asks for the next. */
  #pieces(content: Uint8Array, progress: Progress | undefined, watchdog: Watchdog): ReadableStream<Uint8Array> {
    let start = 0;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      watchdog.moved();
      try {
        progress?.(start, content.length);
      } catch (problem) {
        this.failed = { problem };
        throw problem;
      }
      if (start >= content.length) return controller.close();
      const end = Math.min(start + CHUNK_BYTES, content.length);
      controller.enqueue(content.subarray(start, end));
      start = end;
    };
    return new ReadableStream({ pull }, { highWaterMark: 0 });
  }
}

async function readWhole(response: Response, watchdog: Watchdog): Promise<Uint8Array> {
  watchdog.moved();
  const pieces: Uint8Array[] = [];
  const reader = response.body?.getReader();
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    watchdog.moved();
    pieces.push(piece.value);
  }
  return joined(pieces);
}
