"""An import, for `make_sealed`: each with every attribute other than by default."""

from __future__ import annotations

from ostiary.domain.errors import Fault
from ostiary.domain.imports.bulk import BulkImport, FileForm, ImportRow, ImportState, RowState

IMPORT = BulkImport(
    id="0Gvzfo4iCUD7mSxUyEbZO0yZ0Ir4gfOC",
    company_id="0Gvzfo4iCUD7mSxUyEbZO0yZ0Ir4gfO0",
    state=ImportState.CHECKED,
    actor="key:1",
    form=FileForm(("row_key", "email"), ";"),
    created_at_ms=1_776_249_000_000,
    ended_at_ms=1_776_249_000_001,
    counts={RowState.FAULTY: 1},
)
ROW = ImportRow(
    position=7,
    state=RowState.FAULTY,
    cells=("7", "not an e-mail"),
    faults=(Fault("email", "VALUE_INVALID", "email is none", "a client", "a request"),),
    client_id="0Gvzfo4iCUD7mSxUyEbZO0yZ0Ir4gfOA",
    twin=("row_key", 3),
)
KEY = "row_key:7"
