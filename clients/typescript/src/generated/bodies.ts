// What is sent.
// Generated from the service's own types by `make clients`: do not edit.

import type { NewClientExtras } from "../extras.js";
import type { Address } from "./clients.js";
import type { Acceptor } from "./terms.js";

/** A client to be made, or to take another's place. `attributes` are those of the catalogue. */
export interface NewClient extends NewClientExtras {
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly birth_date: string;
  readonly address: Address;
  readonly second_name?: string | undefined;
  readonly phone_country_code?: number | undefined;
  readonly phone_number?: number | undefined;
  readonly reference?: string | undefined;
}

/** What a link to the page for clients is for; everything may be left out. */
export interface NewOnboardingLink {
  readonly product_request_ids?: readonly string[] | undefined;
  readonly return_url?: string | undefined;
  readonly refresh_url?: string | undefined;
  readonly state?: string | undefined;
  readonly language?: string | undefined;
  readonly expires_in_minutes?: number | undefined;
}

/** Which text was accepted, by whom, when and how. */
export interface NewTermsAcceptance {
  readonly terms_id: string;
  readonly version: string;
  readonly language: string;
  readonly sha256: string;
  readonly accepted_by: Acceptor;
  readonly accepted_at: string;
  readonly channel: string;
  readonly ip_address?: string | undefined;
  readonly user_agent?: string | undefined;
}

/** The whole brand: what is left out is as it usually is. */
export interface NewBrand {
  readonly name: string;
  readonly primary_colour?: string | undefined;
  readonly text_on_primary?: string | undefined;
  readonly background_colour?: string | undefined;
  readonly text_on_background?: string | undefined;
  readonly support?: string | undefined;
  readonly privacy?: Readonly<Record<string, string>> | undefined;
  readonly frame_origins?: readonly string[] | undefined;
}
