// The client as a whole: what a partner's code begins with.

import { BrandApi } from "./api/brand.js";
import { CatalogueApi } from "./api/catalogue.js";
import { ClientsApi } from "./api/clients.js";
import { ImportsApi } from "./api/imports.js";
import { LinksApi } from "./api/links.js";
import { ProductsApi } from "./api/products.js";
import { SandboxApi } from "./api/sandbox.js";
import { TermsApi } from "./api/terms.js";
import { WebhookApi } from "./api/webhook.js";
import { type ClientOptions, Transport } from "./transport.js";

/**
 * One service with one API key. Share it: it holds no connection of its own, and there is nothing to close.
 *
 * @example
 * ```ts
 * const ostiary = new Ostiary("https://onboarding.example", "key...");
 * const client = await ostiary.clients.create({ ... });
 * ```
 */
export class Ostiary {
  /** The people to be onboarded. */
  readonly clients: ClientsApi;
  /** Their requests for products: documents, submit, and waiting for a verdict. */
  readonly products: ProductsApi;
  /** Many clients from one file. */
  readonly imports: ImportsApi;
  /** Links to the page on which a client onboards himself. */
  readonly links: LinksApi;
  /** Terms, and that clients accepted them. */
  readonly terms: TermsApi;
  /** What there is to be requested, and what that asks for. */
  readonly catalogue: CatalogueApi;
  /** Where events go, and how their deliveries went. */
  readonly webhook: WebhookApi;
  /** How the page for clients looks. */
  readonly brand: BrandApi;
  /** Verdicts and time as you like, in a sandbox company. */
  readonly sandbox: SandboxApi;

  /** Throws TypeError for what can be no address or key. */
  constructor(baseUrl: string, apiKey: string, options: ClientOptions = {}) {
    const transport = new Transport(baseUrl, apiKey, options);
    this.clients = new ClientsApi(transport);
    this.products = new ProductsApi(transport);
    this.imports = new ImportsApi(transport);
    this.links = new LinksApi(transport);
    this.terms = new TermsApi(transport);
    this.catalogue = new CatalogueApi(transport);
    this.webhook = new WebhookApi(transport);
    this.brand = new BrandApi(transport);
    this.sandbox = new SandboxApi(transport);
  }
}
