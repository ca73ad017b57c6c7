// What is asked for, what was not taken and why, and what reading a document led to.
// Generated from the service's own types by `make clients`: do not edit.

import type { ChipPictures, ChipWanted, DataType, Kind, Proof, ReadingOutcome, Reason, Result, RiskClass } from "./words.js";

/** A detail to send in `metadata`; its rules with `expand=forms`. */
export interface DocumentDetail {
  readonly id: string;
  readonly name: string;
  readonly data_type: DataType;
  readonly required: boolean;
  /** For ENUM: the values there are. */
  readonly options?: readonly string[] | undefined;
  /** What people call the options, in their order; only in another language than English. */
  readonly option_names?: readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly pattern?: string | undefined;
  readonly min_length?: number | undefined;
  readonly max_length?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

/** What is taken of a document's chip. */
export interface Chip {
  readonly wanted: ChipWanted;
  /** The files of the chip that say something here, beside `sod`. */
  readonly groups: readonly string[];
  /** A chip that can (DG15) has to sign a challenge: see `make_chip_challenge`. */
  readonly present: boolean;
  /** `unless_chip`: no pictures are needed where the chip's files are sent. */
  readonly pictures: ChipPictures;
}

/** A kind of document. */
export interface DocumentType {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly require_image: boolean;
  readonly require_back_image: boolean;
  readonly metadata: readonly DocumentDetail[];
  /** With `expand=forms`: who may have issued it; absent: anyone. */
  readonly issuing_countries?: readonly string[] | undefined;
  /** With `expand=chip`; absent: a chip's files are not taken. */
  readonly chip?: Chip | undefined;
}

/** One rule: what was given, what was read and where. */
export interface ComparedRule {
  readonly rule: string;
  readonly result: Result;
  readonly given?: string | undefined;
  readonly read?: string | undefined;
  readonly where?: string | undefined;
  readonly note?: string | undefined;
}

/** Who signed a chip's data. */
export interface ChipSigner {
  readonly subject: string;
  readonly issuer: string;
  /** In decimal figures. */
  readonly serial: string;
  /** Of its certificate. */
  readonly sha256: string;
  readonly valid_from: string;
  readonly valid_until: string;
}

/** A country's certificate that vouches for the signer. */
export interface ChipAnchor {
  readonly sha256: string;
  /** Two letters, as in the certificate. */
  readonly country: string;
  /** The lists that name it; `operator`: the operator of this service does. */
  readonly lists: readonly string[];
}

/** What a document's chip proves: that its data was signed, never that who sends it is its holder. */
export interface ChipEvidence {
  /** `issuer_signed`: the issuing state signed what the chip says. */
  readonly proof: Proof;
  /** The version of the trust store. Absent: there was none. */
  readonly trust?: string | undefined;
  readonly signer?: ChipSigner | undefined;
  readonly anchors: readonly ChipAnchor[];
  /** Of each file, whether it fits: `fits`; `fits, dropped`. */
  readonly groups: Readonly<Record<string, string>>;
  /** `no_list`: none of that country is in the trust store. */
  readonly revocation?: string | undefined;
}

/** What was read on a document, compared rule by rule with what is known. */
export interface JudgedReading {
  readonly outcome: ReadingOutcome;
  readonly reasons: readonly string[];
  readonly rules: readonly ComparedRule[];
  /** What its chip proves. Absent: none came. */
  readonly chip?: ChipEvidence | undefined;
}

/** How much risk the client is, by what the company itself gave. */
export interface Risk {
  readonly risk_class: RiskClass;
  /** What gives that class, by the names in the catalogue; empty where no rule does. */
  readonly rules: readonly string[];
}

/** Something that is not taken, and what to do. */
export interface RejectedItem {
  readonly type: Kind;
  /** The document type, or the attribute as in missing fields. */
  readonly key: string;
  /** For people: may be shown to the client. */
  readonly reason: string;
  /** For code: one closed list, explained in the reason codes. */
  readonly code: Reason;
  /** What is at fault: image_front, metadata.number, phone ... */
  readonly field: string;
  /** Whether sending it again, corrected, can help. */
  readonly retryable: boolean;
  /** What a person should do next. */
  readonly action: string;
}

/** A detail and its rules. */
export interface CatalogueField {
  readonly id: string;
  readonly name: string;
  readonly data_type: DataType;
  readonly required: boolean;
  /** For ENUM: the values there are. */
  readonly options?: readonly string[] | undefined;
  /** What people call the options, in their order; only in another language than English. */
  readonly option_names?: readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly pattern?: string | undefined;
  readonly min_length?: number | undefined;
  readonly max_length?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}
