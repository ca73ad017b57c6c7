"""Imports as their company sees them: read, started, cancelled, and the rows that have faults as a file to mend."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import NotFound
from ostiary.domain.ids import is_id
from ostiary.domain.imports.bulk import (
    BulkImport,
    ImportRow,
    ImportState,
    MoveImport,
    RowState,
    cancelled,
    started,
)
from ostiary.domain.imports.columns import FaultyRows, template
from ostiary.domain.imports.csv_file import written
from ostiary.domain.sentences import N_
from ostiary.domain.unit import Unit
from ostiary.usecases.context import Context
from ostiary.usecases.transaction import Outcome

READ_TOGETHER = 500
"""Rows with faults of one read."""


@dataclass(frozen=True, slots=True)
class ImportPage:
    """Imports newest first; `next` is the cursor of the following page, if there is one."""

    imports: tuple[BulkImport, ...]
    next: str | None = None


async def read_import(context: Context, caller: Caller, import_id: str) -> BulkImport:
    """Raises NotFound."""
    bulk = await context.storage.imports.find(caller.company, import_id) if is_id(import_id) else None
    if bulk is None or bulk.state is ImportState.RECEIVING:
        raise NotFound(N_("There is no such import."))
    return bulk


async def list_imports(context: Context, caller: Caller, *, before: str | None, limit: int) -> ImportPage:
    """Newest first."""
    imports = await context.storage.imports.page(caller.company, before, limit + 1)
    return ImportPage(tuple(imports[:limit]), imports[limit - 1].id if len(imports) > limit else None)


async def start_import(context: Context, caller: Caller, import_id: str) -> Outcome[BulkImport]:
    """What is good of it will be carried out. Raises NotFound, InvalidState."""
    bulk = await read_import(context, caller, import_id)
    return _moved(context, bulk, started(bulk))


async def cancel_import(context: Context, caller: Caller, import_id: str) -> Outcome[BulkImport]:
    """What was not done stays undone, and is dropped. Raises NotFound, InvalidState."""
    bulk = await read_import(context, caller, import_id)
    return _moved(context, bulk, cancelled(bulk, context.now_ms()))


def _moved(context: Context, before: BulkImport, after: BulkImport) -> Outcome[BulkImport]:
    now = context.now_ms()
    return Outcome(after, Unit(before.company_id, now, changes=(MoveImport(after, before.state, next_at_ms=now),)))


def import_template(context: Context) -> bytes:
    """A file with every column of the catalogue in force, and no row."""
    return written(template(context.catalogues.attributes), ())


async def faulty_rows(context: Context, caller: Caller, import_id: str) -> AsyncIterator[ImportRow]:
    """Those that have faults, in the order of the file."""
    after = 0
    states = (RowState.FAULTY,)
    while rows := await context.storage.imports.rows(caller.company, import_id, states, after, READ_TOGETHER):
        for row in rows:
            yield row
        after = rows[-1].position


async def faults_file(context: Context, caller: Caller, import_id: str) -> bytes:
    """The rows that have faults as they were sent, with their number and what is wrong: to be mended and sent again.
    Raises NotFound."""
    bulk = await read_import(context, caller, import_id)
    file = FaultyRows(bulk.form)
    content = bytearray(file.head())
    async for row in faulty_rows(context, caller, import_id):
        content += file.line(row.position, row.cells, row.faults)
    return bytes(content)
