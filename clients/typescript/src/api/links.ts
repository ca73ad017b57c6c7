// Links to the page on which a client onboards himself.

import { at } from "../calls.js";
import type { NewOnboardingLink } from "../generated/bodies.js";
import * as operations from "../generated/operations.js";
import type { OnboardingLink } from "../generated/products.js";
import type { CallOptions } from "../options.js";
import type { Transport } from "../transport.js";
import { clientIdOf, type ClientRef } from "../values.js";

/** Links to the page on which a client onboards himself. */
export class LinksApi {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Makes a link: `url` of the answer is where to send the client, and is told this once. */
  async create(client: ClientRef, link: NewOnboardingLink = {}, options?: CallOptions): Promise<OnboardingLink> {
    const path = at(operations.CREATE_ONBOARDING_LINK, { client_id: clientIdOf(client) });
    const sent = { body: link };
    return this.#transport.value("OnboardingLink", operations.CREATE_ONBOARDING_LINK, path, sent, options);
  }

  /** All links of a client. */
  async of(client: ClientRef, options?: CallOptions): Promise<readonly OnboardingLink[]> {
    const path = at(operations.LIST_ONBOARDING_LINKS, { client_id: clientIdOf(client) });
    return this.#transport.values("OnboardingLink", operations.LIST_ONBOARDING_LINKS, path, {}, options);
  }

  /** How a link stands. */
  async read(client: ClientRef, linkId: string, options?: CallOptions): Promise<OnboardingLink> {
    const path = at(operations.READ_ONBOARDING_LINK, { client_id: clientIdOf(client), link_id: linkId });
    return this.#transport.value("OnboardingLink", operations.READ_ONBOARDING_LINK, path, {}, options);
  }

  /** Ends a link, and what it was exchanged for. */
  async revoke(client: ClientRef, linkId: string, options?: CallOptions): Promise<void> {
    const path = at(operations.REVOKE_ONBOARDING_LINK, { client_id: clientIdOf(client), link_id: linkId });
    await this.#transport.call(operations.REVOKE_ONBOARDING_LINK, path, {}, options);
  }
}
