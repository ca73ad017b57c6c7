// Imports of many clients from one file.
// Generated from the service's own types by `make clients`: do not edit.

import type { OpenWord } from "../extras.js";

/** How many rows of a file stand how. */
export interface ImportRows {
  readonly total: number;
  /** To be checked. */
  readonly waiting: number;
  /** Will be carried out, once the import is started. */
  readonly good: number;
  /** Stay undone; the file of faults says why. */
  readonly faulty: number;
  readonly done: number;
  /** Were carried out before, under the same key. */
  readonly repeated: number;
}

/** How far an import is. */
export interface Import {
  readonly id: string;
  /** One of: `checking`, `checked`, `running`, `done`, `cancelled`. */
  readonly status: OpenWord<"checking" | "checked" | "running" | "done" | "cancelled">;
  readonly rows: ImportRows;
  /** UTC, whole seconds, no zone. */
  readonly created_at: string;
  /** UTC, whole seconds, no zone. */
  readonly ended_at?: string | undefined;
}
