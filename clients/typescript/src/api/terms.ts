// Terms, and that clients accepted them.

import { at } from "../calls.js";
import type { NewTermsAcceptance } from "../generated/bodies.js";
import * as operations from "../generated/operations.js";
import type { TermsAcceptance, TermsProof, WordedTerms } from "../generated/terms.js";
import type { CallOptions } from "../options.js";
import type { Transport } from "../transport.js";
import { clientIdOf, type ClientRef } from "../values.js";

/** Which text of terms is read. */
export interface TermsWanted extends CallOptions {
  /** The language of the text. Texts for people in answers are in this language, too. */
  readonly language?: string | undefined;
  /** The text with this hash, of whichever day it is. */
  readonly sha256?: string | undefined;
}

/** Terms, and that clients accepted them. */
export class TermsApi {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The text to be shown: of today in this language, or the one with this hash. */
  async read(termsId: string, options: TermsWanted = {}): Promise<WordedTerms> {
    const path = at(operations.READ_TERMS, { terms_id: termsId });
    const sent = { query: { language: options.language, sha256: options.sha256 } };
    return this.#transport.value("WordedTerms", operations.READ_TERMS, path, sent, options);
  }

  /** Tells that a client accepted a text, in your application. */
  async accept(client: ClientRef, acceptance: NewTermsAcceptance, options?: CallOptions): Promise<TermsAcceptance> {
    const path = at(operations.ACCEPT_TERMS, { client_id: clientIdOf(client) });
    return this.#transport.value("TermsAcceptance", operations.ACCEPT_TERMS, path, { body: acceptance }, options);
  }

  /** What a client accepted. */
  async accepted(client: ClientRef, options?: CallOptions): Promise<readonly TermsAcceptance[]> {
    const path = at(operations.LIST_ACCEPTANCES, { client_id: clientIdOf(client) });
    return this.#transport.values("TermsAcceptance", operations.LIST_ACCEPTANCES, path, {}, options);
  }

  /** What proves an acceptance: the exact text, and the entry of the audit trail. */
  async proof(client: ClientRef, acceptanceId: string, options?: CallOptions): Promise<TermsProof> {
    const path = at(operations.READ_ACCEPTANCE, { client_id: clientIdOf(client), acceptance_id: acceptanceId });
    return this.#transport.value("TermsProof", operations.READ_ACCEPTANCE, path, {}, options);
  }
}
