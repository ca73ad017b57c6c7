// How the company's page for clients looks.

import { at } from "../calls.js";
import type { NewBrand } from "../generated/bodies.js";
import type { Brand } from "../generated/company.js";
import * as operations from "../generated/operations.js";
import type { CallOptions } from "../options.js";
import { bytesOf, type Picture } from "../pictures.js";
import type { Transport } from "../transport.js";

/** How the page for clients looks. */
export class BrandApi {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The brand there is. Throws NotFound when there is none. */
  async read(options?: CallOptions): Promise<Brand> {
    return this.#transport.value("Brand", operations.READ_BRAND, at(operations.READ_BRAND, {}), {}, options);
  }

  /** Replaces the whole brand but its logo. */
  async set(brand: NewBrand, options?: CallOptions): Promise<Brand> {
    const path = at(operations.SET_BRAND, {});
    return this.#transport.value("Brand", operations.SET_BRAND, path, { body: brand }, options);
  }

  /** Replaces the logo: PNG, JPEG or WEBP. `null`: no logo any more. */
  async setLogo(logo: Picture | null, options?: CallOptions): Promise<Brand> {
    const body = { logo: logo === null ? null : base64(await bytesOf(logo)) };
    return this.#transport.value("Brand", operations.SET_LOGO, at(operations.SET_LOGO, {}), { body }, options);
  }

  /** Takes brand and logo away: the page looks as it does without. */
  async remove(options?: CallOptions): Promise<void> {
    await this.#transport.call(operations.REMOVE_BRAND, at(operations.REMOVE_BRAND, {}), {}, options);
  }
}

/** In steps, since a call takes only so many arguments. */
function base64(content: Uint8Array): string {
  const step = 8_192;
  let letters = "";
  for (let start = 0; start < content.length; start += step)
    letters += String.fromCharCode(...content.subarray(start, start + step));
  return btoa(letters);
}
