// The catalogue: what there is to be requested, and what that asks for.

import { at } from "../calls.js";
import type { Catalogue } from "../generated/catalogue.js";
import * as operations from "../generated/operations.js";
import type { CallOptions } from "../options.js";
import type { Transport } from "../transport.js";

/** Which part of the catalogue is read. */
export interface CatalogueWanted extends CallOptions {
  /** Alpha-3, as `ARG`: leaves out what could never apply there. */
  readonly country?: string | undefined;
}

/** What there is to be requested, and what that asks for. */
export class CatalogueApi {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Everything a form needs before there is a client. */
  async read(options: CatalogueWanted = {}): Promise<Catalogue> {
    const sent = { query: { country: options.country } };
    const path = at(operations.READ_CATALOGUE, {});
    return this.#transport.value("Catalogue", operations.READ_CATALOGUE, path, sent, options);
  }
}
