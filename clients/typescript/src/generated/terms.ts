// Terms, and that clients accepted them.
// Generated from the service's own types by `make clients`: do not edit.

import type { ActingAs, Channel } from "./words.js";

/** One wording. */
export interface TermsText {
  /** A tag of RFC 5646. */
  readonly language: string;
  /** SHA-256 of the text's UTF-8 bytes, in 64 hexadecimal digits. */
  readonly sha256: string;
}

/** One version of terms, and the texts it is worded in. */
export interface Terms {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly texts: readonly TermsText[];
  /** Whom a version binds who asked before it: `all`, or from a day on (YYYY-MM-DD). Absent: nobody. */
  readonly re_accept?: string | undefined;
}

/** Who accepted. */
export interface Acceptor {
  readonly name: string;
  readonly capacity: ActingAs;
}

/** An acceptance of one text. */
export interface TermsAcceptance {
  readonly id: string;
  readonly terms_id: string;
  readonly version: string;
  readonly language: string;
  /** SHA-256 of the text's UTF-8 bytes, in 64 hexadecimal digits. */
  readonly sha256: string;
  readonly accepted_by: Acceptor;
  /** UTC, whole seconds, no zone. */
  readonly accepted_at: string;
  readonly channel: Channel;
  readonly ip_address?: string | undefined;
  readonly user_agent?: string | undefined;
  /** UTC, whole seconds, no zone. When it came to this service. */
  readonly recorded_at: string;
}

/** The entry of the client's audit trail. Each entry's hash is over the one before it. */
export interface TermsAuditEntry {
  readonly position: number;
  /** UTC, whole seconds, no zone. */
  readonly at: string;
  readonly action: string;
  readonly actor: string;
  /** Id, version, language and SHA-256 of the text. */
  readonly codes: readonly string[];
  /** Of what was written with it, and what it says of rows; hexadecimal digits. */
  readonly digest: string;
  /** Of the entry, keyed; hexadecimal digits. */
  readonly hash: string;
}

/** What proves an acceptance: itself, the exact text, and the audit entry. */
export interface TermsProof {
  readonly client_id: string;
  readonly acceptance: TermsAcceptance;
  readonly name: string;
  readonly text: string;
  readonly audit_entry: TermsAuditEntry;
}

/** One version of terms in one language, with the exact text. */
export interface WordedTerms {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Of this text: the nearest there is to the one asked for. */
  readonly language: string;
  /** SHA-256 of the text's UTF-8 bytes, in 64 hexadecimal digits. */
  readonly sha256: string;
  /** Show it as it is: its SHA-256 is that of its UTF-8 bytes. */
  readonly text: string;
  readonly languages: readonly string[];
  /** Whom a version binds who asked before it: `all`, or from a day on (YYYY-MM-DD). Absent: nobody. */
  readonly re_accept?: string | undefined;
}
