// Many clients from one file: checked first, then carried out, each row once.

import { at, jsonOf, type Operation } from "../calls.js";
import type { Import } from "../generated/imports.js";
import * as operations from "../generated/operations.js";
import type { CallOptions, ListOptions, Sending } from "../options.js";
import { bytesOf, type Picture } from "../pictures.js";
import { ImportWatch, type Waiting } from "../polling.js";
import type { Transport } from "../transport.js";
import { idOf, valueOf } from "../values.js";
import { pause } from "../waiting.js";

const CSV = "text/csv; charset=utf-8";
type Which = Import | string;

/** Files of clients. Nothing is done by sending one: `start` does it, once `settled` says that it is checked. */
export class ImportsApi {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** A file (CSV, UTF-8) with every column there is, to be filled in. */
  async template(options?: CallOptions): Promise<Uint8Array> {
    const path = at(operations.READ_IMPORT_TEMPLATE, {});
    return (await this.#transport.call(operations.READ_IMPORT_TEMPLATE, path, {}, options)).content;
  }

  /** Sends a file (CSV, UTF-8): its bytes, a Blob, a stream, or its path. It is checked alone. */
  async create(file: Picture, options: Sending = {}): Promise<Import> {
    const sent = { content: await bytesOf(file), contentType: CSV };
    const path = at(operations.CREATE_IMPORT, {});
    const answer = await this.#transport.call(operations.CREATE_IMPORT, path, sent, options, options.progress);
    return valueOf("Import", jsonOf(answer));
  }

  /** Newest first; each page is asked for when it is needed. */
  list(options: ListOptions = {}): AsyncGenerator<Import, undefined, undefined> {
    const sent = { query: { limit: options.pageSize } };
    return this.#transport.pages("Import", operations.LIST_IMPORTS, at(operations.LIST_IMPORTS, {}), sent, options);
  }

  /** How far it is. */
  async read(which: Which, options?: CallOptions): Promise<Import> {
    return this.#import(operations.READ_IMPORT, which, options);
  }

  /** Carries out its good rows, in the service, one after another. */
  async start(which: Which, options?: CallOptions): Promise<Import> {
    return this.#import(operations.START_IMPORT, which, options);
  }

  /** Ends it; clients that are made stay. */
  async cancel(which: Which, options?: CallOptions): Promise<Import> {
    return this.#import(operations.CANCEL_IMPORT, which, options);
  }

  /** The rows that stay undone (CSV), each with what is wrong: mend it, and send it as a file of its own. */
  async faults(which: Which, options?: CallOptions): Promise<Uint8Array> {
    const path = at(operations.READ_IMPORT_FAULTS, { import_id: idOf(which) });
    return (await this.#transport.call(operations.READ_IMPORT_FAULTS, path, {}, options)).content;
  }

  /**
   * Reads it until nobody works at it: checked, done or cancelled; for ten minutes as usual. Throws ImportUnsettled
   * when the time is up; the service goes on all the same.
   */
  async settled(which: Which, options: Waiting = {}): Promise<Import> {
    const watch = new ImportWatch(options.withinMs);
    for (;;) {
      const current = await this.read(which, options);
      const wait = watch.waitAfter(current);
      if (wait === undefined) return current;
      await pause(wait, options.signal);
    }
  }

  async #import(operation: OfImport, which: Which, options?: CallOptions): Promise<Import> {
    return this.#transport.value("Import", operation, at(operation, { import_id: idOf(which) }), {}, options);
  }
}

type OfImport = Operation<`${string}{import_id}${string}`>;
