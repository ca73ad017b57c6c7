// What can go wrong, as one tree.
//
// OstiaryError
// ├── ApiError              the service refused; a class for each code
// ├── ConnectionFailed      no answer came, after all tries
// │   └── TimedOut          it took too long
// ├── UnexpectedAnswer      what came is no answer of the service: is the address right?
// ├── WaitedTooLong         a request did not reach the status in time
// ├── EndedOtherwise        a request reached another status, and stays there
// ├── ImportUnsettled       the service works at an import still
// └── WebhookRefused        an event that is not known to come from the service

import type { Import } from "./generated/imports.js";
import type { Fault } from "./generated/problems.js";
import type { Product } from "./generated/products.js";

/** Everything that this client throws of its own, but a TypeError for what is no use of it. */
export class OstiaryError extends Error {
  static {
    this.prototype.name = "OstiaryError";
  }
}

/** What is known of a refusal. */
export interface Refusal {
  readonly summary: string;
  readonly status: number;
  readonly code: string;
  readonly traceId: string;
  readonly faults: readonly Fault[];
  readonly retryAfterMs: number | undefined;
}

/**
 * The service refused the call.
 *
 * `code` is for programs, `summary` for people, and `message` has it all; quote `traceId` to whoever runs the service.
 */
export class ApiError extends OstiaryError {
  static {
    this.prototype.name = "ApiError";
  }

  /** What the service says of it. */
  readonly summary: string;
  /** Of HTTP. */
  readonly status: number;
  /** As in the service's documentation: `VALIDATION_FAILED`. Empty: the answer was of what stands between. */
  readonly code: string;
  /** What to quote to whoever runs the service. */
  readonly traceId: string;
  /** Every field at fault, all at once. */
  readonly faults: readonly Fault[];
  /** How long the service asks to wait, where it does. */
  readonly retryAfterMs: number | undefined;

  constructor(refusal: Refusal) {
    const { summary, status, code, traceId, faults } = refusal;
    const lines = [`${summary} (${code || status}, trace ${traceId || "unknown"})`];
    super([...lines, ...faults.map((fault) => `  ${fault.field}: ${fault.message}`)].join("\n"));
    this.summary = summary;
    this.status = status;
    this.code = code;
    this.traceId = traceId;
    this.faults = faults;
    this.retryAfterMs = refusal.retryAfterMs;
  }

  /** Faults under the path of their field: `address.country`. */
  get faultsByField(): Readonly<Record<string, readonly Fault[]>> {
    const fields = new Set(this.faults.map((fault) => fault.field));
    return Object.fromEntries(
      [...fields].map((field) => [field, this.faults.filter((fault) => fault.field === field)]),
    );
  }
}

/** No answer came; `cause` says why. A repeated call with the same idempotency key does nothing twice. */
export class ConnectionFailed extends OstiaryError {
  static {
    this.prototype.name = "ConnectionFailed";
  }
}

/** No answer came in time. */
export class TimedOut extends ConnectionFailed {
  static {
    this.prototype.name = "TimedOut";
  }
}

/** What came is no answer of the service: another program may be at this address, or a newer version. */
export class UnexpectedAnswer extends OstiaryError {
  static {
    this.prototype.name = "UnexpectedAnswer";
  }
}

/** The request reached another status, and waiting leads no further: `product` has it, with its rejected items. */
export class EndedOtherwise extends OstiaryError {
  static {
    this.prototype.name = "EndedOtherwise";
  }

  /** The request as it ended. */
  readonly product: Product;

  constructor(product: Product) {
    super(`the request ${product.id} is ${product.status}`);
    this.product = product;
  }
}

/** The status was not reached in time. */
export class WaitedTooLong extends OstiaryError {
  static {
    this.prototype.name = "WaitedTooLong";
  }

  /** The request as it was read last. */
  readonly product: Product;

  constructor(product: Product, withinMs: number) {
    super(`the request ${product.id} was still ${product.status} after ${withinMs} ms`);
    this.product = product;
  }
}

/** The service works at the import still. */
export class ImportUnsettled extends OstiaryError {
  static {
    this.prototype.name = "ImportUnsettled";
  }

  /** The import as it was read last. */
  readonly current: Import;

  constructor(current: Import, withinMs: number) {
    super(`the import ${current.id} was still ${current.status} after ${withinMs} ms`);
    this.current = current;
  }
}

/** The event is not genuine, too old, or none: answer 401 or 400 and do nothing. */
export class WebhookRefused extends OstiaryError {
  static {
    this.prototype.name = "WebhookRefused";
  }
}
