// Requests for products: what is missing, documents, submit, and waiting for what becomes of them.

import { at, jsonOf, type Operation } from "../calls.js";
import * as operations from "../generated/operations.js";
import type { ChipChallenge, Deadline, Judged, Product } from "../generated/products.js";
import type { Status } from "../generated/words.js";
import type { CallOptions, Expanding, ListOptions, Sending } from "../options.js";
import { multipart, type NewDocument } from "../pictures.js";
import { type Waiting, Watch } from "../polling.js";
import type { Transport } from "../transport.js";
import { clientIdOf, type ClientRef, idsOf, type RequestRef, valueOf } from "../values.js";
import { pause } from "../waiting.js";

type Expand = Expanding<operations.ProductExpansion>;

/** Which requests are listed, and how. */
export interface RequestsWanted extends ListOptions, Expand {
  readonly status?: string | undefined;
  readonly product?: string | undefined;
}

/** Which renewals are listed. */
export interface RenewalsWanted extends ListOptions {
  /** UTC, as `2026-04-15T10:30:00`. */
  readonly dueBefore?: string | undefined;
}

/** Requests for products. A request is given as it was answered, or as whatever has its `client_id` and id. */
export class ProductsApi {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Requests a product: `.missing.next()` of the answer is what to provide first.
   *
   * Throws ProductAlreadyRequested, whose `faults` have the id of the request there is, and ProductUnknown.
   */
  async request(client: ClientRef, product: string, options: Expand = {}): Promise<Product> {
    const path = at(operations.REQUEST_PRODUCT, { client_id: clientIdOf(client) });
    const sent = { body: { subproduct: product }, query: { expand: options.expand } };
    return this.#transport.value("Product", operations.REQUEST_PRODUCT, path, sent, options);
  }

  /** The request as it is now; what is missing is judged anew. */
  async read(request: RequestRef, options: Expand = {}): Promise<Product> {
    return this.#product(operations.READ_PRODUCT, request, options);
  }

  /** All requests of a client, newest first. */
  async of(client: ClientRef, options: Expand = {}): Promise<readonly Product[]> {
    const path = at(operations.LIST_PRODUCTS, { client_id: clientIdOf(client) });
    const sent = { query: { expand: options.expand } };
    return this.#transport.values("Product", operations.LIST_PRODUCTS, path, sent, options);
  }

  /** The requests of all clients, newest first; each page is asked for when it is needed. */
  list(options: RequestsWanted = {}): AsyncGenerator<Product, undefined, undefined> {
    const { status, product, pageSize, expand } = options;
    const sent = { query: { status, product, limit: pageSize, expand } };
    const path = at(operations.LIST_REQUESTS, {});
    return this.#transport.pages("Product", operations.LIST_REQUESTS, path, sent, options);
  }

  /**
   * Sends a document. `rejected_items` of the answer says what was not taken, and what to do about it.
   *
   * A stream is read to its end before anything is sent.
   */
  async upload(request: RequestRef, document: NewDocument, options: Expand & Sending = {}): Promise<Judged> {
    const path = at(operations.COMPLETE_DOCUMENTATION, idsOf(request));
    const sent = { ...(await multipart(document)), query: { expand: options.expand } };
    const { progress } = options;
    return valueOf(
      "Judged",
      jsonOf(await this.#transport.call(operations.COMPLETE_DOCUMENTATION, path, sent, options, progress)),
    );
  }

  /** What the chip of a document shall sign, so that it is known to be no copy: once, and soon. */
  async chipChallenge(request: RequestRef, options?: CallOptions): Promise<ChipChallenge> {
    const path = at(operations.MAKE_CHIP_CHALLENGE, idsOf(request));
    return this.#transport.value("ChipChallenge", operations.MAKE_CHIP_CHALLENGE, path, {}, options);
  }

  /** Hands the request to review, if nothing is missing; else the answer says what. Safe to repeat. */
  async submit(request: RequestRef, options: Expand = {}): Promise<Judged> {
    return this.#judged(operations.SUBMIT_PRODUCT, request, options);
  }

  /** Takes the request back: it becomes `rejected`. */
  async withdraw(request: RequestRef, options: Expand = {}): Promise<Product> {
    return this.#product(operations.WITHDRAW_PRODUCT, request, options);
  }

  /** Says that nothing has changed since the product was enabled. */
  async confirmRenewal(request: RequestRef, options: Expand = {}): Promise<Judged> {
    return this.#judged(operations.CONFIRM_RENEWAL, request, options);
  }

  /** What is due again, soonest first; each page is asked for when it is needed. */
  renewals(options: RenewalsWanted = {}): AsyncGenerator<Deadline, undefined, undefined> {
    const sent = { query: { due_before: options.dueBefore, limit: options.pageSize } };
    const path = at(operations.LIST_RENEWALS, {});
    return this.#transport.pages("Deadline", operations.LIST_RENEWALS, path, sent, options);
  }

  /**
   * Reads the request until it has this status, or one of these, at growing intervals; for a minute as usual.
   *
   * @example
   * ```ts
   * request = await ostiary.products.waitUntil(request, "enabled", { withinMs: 60_000 });
   * ```
   *
   * Throws EndedOtherwise when it ended in another way, or came back from review, since waiting leads no further;
   * WaitedTooLong when the time is up. In a service that runs for long, a webhook says it without asking.
   */
  async waitUntil(request: RequestRef, statuses: Status | readonly Status[], options: Waiting = {}): Promise<Product> {
    const watch = new Watch(request, statuses, options.withinMs);
    for (;;) {
      const product = await this.read(request, { ...options, expand: ["rejected_items"] });
      const wait = watch.waitAfter(product);
      if (wait === undefined) return product;
      await pause(wait, options.signal);
    }
  }

  async #judged(operation: OfRequest, request: RequestRef, options: Expand): Promise<Judged> {
    const sent = { query: { expand: options.expand } };
    return this.#transport.value("Judged", operation, at(operation, idsOf(request)), sent, options);
  }

  async #product(operation: OfRequest, request: RequestRef, options: Expand): Promise<Product> {
    const sent = { query: { expand: options.expand } };
    return this.#transport.value("Product", operation, at(operation, idsOf(request)), sent, options);
  }
}

type OfRequest = Operation<`${string}{client_id}${string}{product_request_id}${string}`>;
