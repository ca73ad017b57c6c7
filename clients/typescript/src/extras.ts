// What values have beyond their fields: words that stay open, attributes of the catalogue, what is missing.

import type { IndividualClient } from "./generated/clients.js";
import type { MissingData, MissingDocument, Product } from "./generated/products.js";
import type { Terms } from "./generated/terms.js";

/** A word of a list. One that this version does not know comes as it is: never take the list for all there will be. */
export type OpenWord<Known extends string> = Known | (string & {});

/** What a client has besides what every client has. */
export interface NewClientExtras {
  /** What the catalogue declares: `{ occupation: "Teacher" }`. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

/** What a client that was read has besides its fields. */
export interface ClientExtras {
  /** What the catalogue declares: `{ occupation: "Teacher" }`. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Its version, for `update(..., { ifUnchanged: true })`. Clients of a list have none. */
  readonly etag?: string | undefined;
  /** The same client with other fields; those in `attributes` are put beside the ones it has. */
  readonly changed: (fields: ChangedFields) => IndividualClient;
}

/** Fields of a client that are to be others; `undefined` takes one away. */
export type ChangedFields = Partial<Omit<IndividualClient, "id" | "type" | "status" | "etag" | "changed">>;

/** What can be asked of a request. */
export interface RequestExtras {
  /** What is still missing: of the request, or of its renewal while one is open. */
  readonly missing: Missing;
}

/** Something that is missing, and what of it: `data`, `document` or `terms`. */
export type MissingItem =
  | ({ readonly kind: "data" } & MissingData)
  | ({ readonly kind: "document" } & MissingDocument)
  | ({ readonly kind: "terms" } & Terms);

/**
 * What a request still needs: data before documents, since data decides what else is asked; then terms.
 *
 * Terms are known where `expand: ["terms"]` was asked for.
 */
export class Missing {
  /** Details of the client: give them with `clients.update`. */
  readonly data: readonly MissingData[];
  /** Documents: give them with `products.upload`. */
  readonly documents: readonly MissingDocument[];
  /** Terms: say that they were accepted with `terms.accept`. */
  readonly terms: readonly Terms[];

  constructor(data: readonly MissingData[], documents: readonly MissingDocument[], terms: readonly Terms[] = []) {
    this.data = data;
    this.documents = documents;
    this.terms = terms;
  }

  /** What to provide next; `undefined` when nothing is missing. It is the same until the request is read anew. */
  next(): MissingItem | undefined {
    for (const item of this) return item;
    return undefined;
  }

  /** How many there are. */
  get length(): number {
    return this.data.length + this.documents.length + this.terms.length;
  }

  /** Everything that is missing, in the order in which to provide it. */
  *[Symbol.iterator](): Generator<MissingItem, undefined, undefined> {
    for (const each of this.data) yield { kind: "data", ...each };
    for (const each of this.documents) yield { kind: "document", ...each };
    for (const each of this.terms) yield { kind: "terms", ...each };
  }
}

/** Gives a request, as it came, what can be asked of it. It is no field: what is written as JSON has only those. */
export function withMissing(product: Product): void {
  Object.defineProperty(product, "missing", {
    configurable: true,
    get: () => {
      const { renewal, missing_requirements: requirements, terms } = product;
      const { data, documents } = renewal ? renewal.missing_requirements : requirements;
      return new Missing(data, documents, terms);
    },
  });
}
