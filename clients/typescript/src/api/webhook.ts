// The company's webhook: where events go, its secrets, and how deliveries went.

import { at } from "../calls.js";
import type {
  DeliveryState,
  RotatedSecret,
  TriedDelivery,
  WebhookHealth,
  WebhookSettings,
} from "../generated/company.js";
import * as operations from "../generated/operations.js";
import type { CallOptions, ListOptions } from "../options.js";
import type { Transport } from "../transport.js";

/** What a subscription has besides its address and key. */
export interface Subscribing extends CallOptions {
  /** Whether events count the changes of each request's status. */
  readonly includeSequence?: boolean | undefined;
  /** What it hears of; left out: of changes of requests' status alone. */
  readonly eventTypes?: readonly string[] | undefined;
}

/** How a secret is replaced. */
export interface Rotating extends CallOptions {
  /** How long events are signed with the one before too; the service's choice is 24. */
  readonly overlapHours?: number | undefined;
}

/** Which deliveries are listed. */
export interface DeliveriesWanted extends ListOptions {
  readonly state?: string | undefined;
  readonly productRequestId?: string | undefined;
}

/** Where events go, and how their deliveries went. `Webhook` verifies what is received. */
export class WebhookApi {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The settings there are. */
  async read(options?: CallOptions): Promise<WebhookSettings> {
    const path = at(operations.READ_WEBHOOK, {});
    return this.#transport.value("WebhookSettings", operations.READ_WEBHOOK, path, {}, options);
  }

  /** Sends events to this address from now on, with this key in `X-Webhook-Key`. */
  async subscribe(url: string, webhookKey: string, options: Subscribing = {}): Promise<WebhookSettings> {
    const { includeSequence, eventTypes } = options;
    const body = { url, webhook_key: webhookKey, include_sequence: includeSequence, event_types: eventTypes };
    const path = at(operations.SUBSCRIBE_WEBHOOK, {});
    return this.#transport.value("WebhookSettings", operations.SUBSCRIBE_WEBHOOK, path, { body }, options);
  }

  /** Another key in `X-Webhook-Key`. */
  async changeKey(key: string, options?: CallOptions): Promise<WebhookSettings> {
    const path = at(operations.CHANGE_WEBHOOK_KEY, {});
    return this.#transport.value("WebhookSettings", operations.CHANGE_WEBHOOK_KEY, path, { body: { key } }, options);
  }

  /** Ends the subscription; what waits is not delivered any more. */
  async end(options?: CallOptions): Promise<void> {
    await this.#transport.call(operations.END_WEBHOOK, at(operations.END_WEBHOOK, {}), {}, options);
  }

  /** The secret for `Webhook`. */
  async signingSecret(options?: CallOptions): Promise<string> {
    const path = at(operations.READ_SIGNING_SECRET, {});
    const answer = await this.#transport.value("SigningSecret", operations.READ_SIGNING_SECRET, path, {}, options);
    return answer.signing_secret;
  }

  /** A new secret; events are signed with the one before too, for 24 hours or as long as you say. */
  async rotateSigningSecret(options: Rotating = {}): Promise<RotatedSecret> {
    const body = { overlap_hours: options.overlapHours };
    const path = at(operations.ROTATE_SIGNING_SECRET, {});
    return this.#transport.value("RotatedSecret", operations.ROTATE_SIGNING_SECRET, path, { body }, options);
  }

  /** How your endpoint does. */
  async health(options?: CallOptions): Promise<WebhookHealth> {
    const path = at(operations.READ_WEBHOOK_HEALTH, {});
    return this.#transport.value("WebhookHealth", operations.READ_WEBHOOK_HEALTH, path, {}, options);
  }

  /** Sends an event that tells of nobody. */
  async sendTest(options?: CallOptions): Promise<DeliveryState> {
    const path = at(operations.SEND_TEST_EVENT, {});
    return this.#transport.value("DeliveryState", operations.SEND_TEST_EVENT, path, {}, options);
  }

  /** Deliveries of the last 30 days, newest first; each page is asked for when it is needed. */
  deliveries(options: DeliveriesWanted = {}): AsyncGenerator<DeliveryState, undefined, undefined> {
    const { state, productRequestId, pageSize } = options;
    const sent = { query: { state, product_request_id: productRequestId, limit: pageSize } };
    const path = at(operations.LIST_DELIVERIES, {});
    return this.#transport.pages("DeliveryState", operations.LIST_DELIVERIES, path, sent, options);
  }

  /** A delivery with what was sent and how each try went. */
  async delivery(deliveryId: string, options?: CallOptions): Promise<TriedDelivery> {
    const path = at(operations.READ_DELIVERY, { delivery_id: deliveryId });
    return this.#transport.value("TriedDelivery", operations.READ_DELIVERY, path, {}, options);
  }

  /** Sends it again, under the same id. */
  async redeliver(deliveryId: string, options?: CallOptions): Promise<DeliveryState> {
    const path = at(operations.REDELIVER, { delivery_id: deliveryId });
    return this.#transport.value("DeliveryState", operations.REDELIVER, path, {}, options);
  }
}
