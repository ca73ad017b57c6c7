// Clients: made, read, listed and replaced.

import { type Answer, at, jsonOf, type Sent } from "../calls.js";
import type { NewClient } from "../generated/bodies.js";
import type { Erasure, IndividualClient } from "../generated/clients.js";
import * as operations from "../generated/operations.js";
import type { CallOptions, Expanding, ListOptions } from "../options.js";
import type { Transport } from "../transport.js";
import { clientFrom, clientIdOf, type ClientRef, fieldsOf } from "../values.js";

type Expand = Expanding<operations.ClientExpansion>;

/** Which clients are listed, and how. */
export interface ClientsWanted extends ListOptions, Expand {
  readonly status?: string | undefined;
  readonly email?: string | undefined;
  /** What you call the client. */
  readonly reference?: string | undefined;
}

/** How a client is replaced. */
export interface Replacing extends Expand {
  /** The client's fields. Left out: those of the client that is given. */
  readonly fields?: NewClient | undefined;
  /** Only if nobody changed it since it was read; else InvalidState. */
  readonly ifUnchanged?: boolean | undefined;
}

/** The people to be onboarded. */
export class ClientsApi {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Makes a client. Throws ValidationFailed with every field at fault, and DuplicateClient. */
  async create(client: NewClient, options: Expand = {}): Promise<IndividualClient> {
    const sent = { body: fieldsOf(client), query: { expand: options.expand } };
    const path = at(operations.CREATE_CLIENT, {});
    return clientOf(await this.#transport.call(operations.CREATE_CLIENT, path, sent, options));
  }

  /** The client as it is now. */
  async read(client: ClientRef, options: Expand = {}): Promise<IndividualClient> {
    const path = at(operations.READ_CLIENT, { client_id: clientIdOf(client) });
    const sent = { query: { expand: options.expand } };
    return clientOf(await this.#transport.call(operations.READ_CLIENT, path, sent, options));
  }

  /**
   * All clients, newest first; each page is asked for when it is needed.
   *
   * @example
   * ```ts
   * for await (const client of ostiary.clients.list({ status: "active" })) ...
   * ```
   */
  async *list(options: ClientsWanted = {}): AsyncGenerator<IndividualClient, undefined, undefined> {
    const { status, email, reference, pageSize, expand } = options;
    const sent = { query: { status, email, reference, limit: pageSize, expand } };
    const path = at(operations.LIST_CLIENTS, {});
    for await (const came of this.#transport.pages("IndividualClient", operations.LIST_CLIENTS, path, sent, options))
      yield clientFrom(came);
    return undefined;
  }

  /**
   * Replaces the whole client: what is left out is cleared.
   *
   * @example
   * ```ts
   * client = await ostiary.clients.update(client.changed({ phone_country_code: 54, phone_number: 1168860622 }));
   * ```
   *
   * With the id alone, `fields` has what the client shall be. What was asked for with `expand: ["decimals"]` goes back
   * as text, which is the same.
   */
  async update(client: IndividualClient | string, options: Replacing = {}): Promise<IndividualClient> {
    const path = at(operations.UPDATE_CLIENT, { client_id: clientIdOf(client) });
    const sent = replaced(client, options);
    return clientOf(await this.#transport.call(operations.UPDATE_CLIENT, path, sent, options));
  }

  /**
   * Ends all data of a client; the key needs level 4. Throws KeptByLaw while the law has it kept.
   *
   * The answer says that it will be. Repeated after a lost answer, NotFound means that it is done.
   */
  async erase(client: ClientRef, options?: CallOptions): Promise<Erasure> {
    const path = at(operations.ERASE_CLIENT, { client_id: clientIdOf(client) });
    return this.#transport.value("Erasure", operations.ERASE_CLIENT, path, {}, options);
  }
}

function replaced(client: IndividualClient | string, { fields, ifUnchanged, expand }: Replacing): Sent {
  const body = fields ?? client;
  if (typeof body === "string")
    throw new TypeError("update needs the client's fields: give them, or the client with its changes");
  const etag = typeof client === "string" ? undefined : client.etag;
  if (ifUnchanged && etag === undefined)
    throw new TypeError("ifUnchanged needs a client that was read or made: those of a list have no version");
  const headers = ifUnchanged && etag !== undefined ? { "if-match": etag } : {};
  return { body: fieldsOf(body), query: { expand }, headers };
}

function clientOf(answer: Answer): IndividualClient {
  return clientFrom(jsonOf(answer), answer.headers.get("etag") ?? undefined);
}
