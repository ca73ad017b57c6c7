// The catalogue: products with all that they ask for.
// Generated from the service's own types by `make clients`: do not edit.

import type { CatalogueField, Chip } from "./forms.js";
import type { TermsText } from "./terms.js";
import type { Affected, DataType } from "./words.js";

/** A kind of document, with the rules of its details. */
export interface CatalogueDocumentType {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly require_image: boolean;
  readonly require_back_image: boolean;
  readonly metadata: readonly CatalogueField[];
  /** Who may have issued it; absent: anyone. */
  readonly issuing_countries?: readonly string[] | undefined;
  /** Absent: a chip's files are not taken. */
  readonly chip?: Chip | undefined;
  /** The condition (CEL) under which it applies. */
  readonly when?: string | undefined;
  /** The first day (UTC) on which it counts. Absent: it always does. */
  readonly starts_on?: string | undefined;
  /** `new`: requests made from that day on; `all`: open and enabled ones too. */
  readonly affects?: Affected | undefined;
}

/** A document requirement; any one of `valid_documents` meets it. */
export interface CatalogueDocument {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly valid_documents: readonly CatalogueDocumentType[];
  /** The condition (CEL) under which it applies. */
  readonly when?: string | undefined;
  /** The first day (UTC) on which it counts. Absent: it always does. */
  readonly starts_on?: string | undefined;
  /** `new`: requests made from that day on; `all`: open and enabled ones too. */
  readonly affects?: Affected | undefined;
}

/** An attribute that is asked for. */
export interface CatalogueDataField {
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
  readonly key: string;
  /** The condition (CEL) under which it applies. */
  readonly when?: string | undefined;
  /** The first day (UTC) on which it counts. Absent: it always does. */
  readonly starts_on?: string | undefined;
  /** `new`: requests made from that day on; `all`: open and enabled ones too. */
  readonly affects?: Affected | undefined;
}

/** A data requirement. */
export interface CatalogueData {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly fields: readonly CatalogueDataField[];
  /** The condition (CEL) under which it applies. */
  readonly when?: string | undefined;
  /** The first day (UTC) on which it counts. Absent: it always does. */
  readonly starts_on?: string | undefined;
  /** `new`: requests made from that day on; `all`: open and enabled ones too. */
  readonly affects?: Affected | undefined;
}

/** Terms to accept. */
export interface CatalogueTerms {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly texts: readonly TermsText[];
  /** Whom a version binds who asked before it: `all`, or from a day on (YYYY-MM-DD). Absent: nobody. */
  readonly re_accept?: string | undefined;
  /** The condition (CEL) under which it applies. */
  readonly when?: string | undefined;
}

/** A product and what it asks for. */
export interface CatalogueProduct {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** In completed years. */
  readonly minimum_age?: number | undefined;
  readonly documents: readonly CatalogueDocument[];
  readonly data: readonly CatalogueData[];
  /** Absent: none. */
  readonly terms?: readonly CatalogueTerms[] | undefined;
  /** Of which it is a level. Absent: of none. */
  readonly family?: string | undefined;
  /** Who has it has those below it in the family. */
  readonly level?: number | undefined;
}

/** What a call and its pictures must keep to. */
export interface Limits {
  readonly max_body_bytes: number;
  readonly max_picture_bytes: number;
  readonly max_picture_pixels: number;
  readonly min_picture_short_side_px: number;
  readonly min_picture_long_side_px: number;
  readonly picture_types: readonly string[];
}

/** Everything a form needs, before any client exists. */
export interface Catalogue {
  readonly version: string;
  readonly products: readonly CatalogueProduct[];
  readonly attributes: readonly CatalogueField[];
  readonly limits: Limits;
}
