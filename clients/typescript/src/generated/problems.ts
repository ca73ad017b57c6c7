// Fields at fault.
// Generated from the service's own types by `make clients`: do not edit.

import type { OpenWord } from "../extras.js";

/** One field at fault. */
export interface Fault {
  /** As a path: address.country. */
  readonly field: string;
  /**
   * One of: `TERMS_NOT_ASKED`, `TERMS_TEXT_UNKNOWN`, `TERMS_TEXT_DIFFERS`, `KEPT_BY_LAW`, `FIELD_MISSING`,
   * `FIELD_TYPE`, `FIELD_UNKNOWN`, `FIELD_REPEATED`, `QUERY_UNKNOWN`, `QUERY_REPEATED`, `QUERY_INVALID`,
   * `HEADER_INVALID`, `VALUE_INVALID`, `DUPLICATE_CLIENT`, `PRODUCT_UNKNOWN`, `PRODUCT_ALREADY_REQUESTED`,
   * `CLIENT_CHANGED`, `INVALID_STATE`, `QUOTA_REACHED`, `DOCUMENT_NOT_REQUIRED`.
   */
  readonly code: OpenWord<"TERMS_NOT_ASKED" | "TERMS_TEXT_UNKNOWN" | "TERMS_TEXT_DIFFERS" | "KEPT_BY_LAW" | "FIELD_MISSING" | "FIELD_TYPE" | "FIELD_UNKNOWN" | "FIELD_REPEATED" | "QUERY_UNKNOWN" | "QUERY_REPEATED" | "QUERY_INVALID" | "HEADER_INVALID" | "VALUE_INVALID" | "DUPLICATE_CLIENT" | "PRODUCT_UNKNOWN" | "PRODUCT_ALREADY_REQUESTED" | "CLIENT_CHANGED" | "INVALID_STATE" | "QUOTA_REACHED" | "DOCUMENT_NOT_REQUIRED">;
  readonly message: string;
  /** The client that is in the way. */
  readonly client_id?: string | undefined;
  /** The request that is in the way. */
  readonly product_request_id?: string | undefined;
}
