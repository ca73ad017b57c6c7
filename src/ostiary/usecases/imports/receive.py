"""A file of clients comes in: its form is looked at at once, its rows are kept to be checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from ostiary.domain.catalogue.catalogue import Field
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState
from ostiary.domain.ids import encode
from ostiary.domain.imports.bulk import (
    KEPT_MS,
    MOST_OPEN,
    AddImport,
    AddImportRows,
    BulkImport,
    FileForm,
    ImportRow,
    ImportState,
    MoveImport,
    RowState,
    received,
)
from ostiary.domain.imports.columns import demand_columns, key_cells
from ostiary.domain.imports.csv_file import form_of, refused, rows_of, text_of
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.transaction import Outcome

KEPT_TOGETHER = 100
"""Rows of one transaction while a file is kept: a few ms, so that calls beside it are served."""


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file whose form is good. `twins`: which rows share with an earlier one what no two may share."""

    text: str = field(repr=False)
    form: FileForm
    total: int
    twins: Mapping[int, tuple[str, int]]

    def rows(self) -> Iterator[ImportRow]:
        """One after another, so that never all of them are held."""
        for position, cells in rows_of(self.text, self.form):
            yield ImportRow(position, RowState.WAITING, tuple(cells), twin=self.twins.get(position))


def read_import_file(content: bytes | bytearray, declared: Mapping[str, Field]) -> ImportFile:
    """Reads all of it once; takes a while. Raises InvalidRequest."""
    text = text_of(content)
    form = form_of(text)
    demand_columns(form, declared)
    total, first_of, twins = 0, dict[tuple[str, str], int](), dict[int, tuple[str, int]]()
    for position, cells in rows_of(text, form):
        total = position
        for name, cell in key_cells(form, tuple(cells), declared):
            earlier = first_of.setdefault((name, cell), position)
            if earlier != position:
                twins.setdefault(position, (name, earlier))
    if not total:
        raise refused(N_("has no rows below its head"))
    return ImportFile(text, form, total, twins)


async def create_import(context: Context, caller: Caller, file: ImportFile) -> Outcome[BulkImport]:
    """Keeps its rows, and lets the worker check them. Raises InvalidState where too many imports are not over."""
    company_id, now = caller.company.id, context.now_ms()
    if await context.storage.imports.count_open(company_id, encode(max(0, now - KEPT_MS), 0)) >= MOST_OPEN:
        raise InvalidState(
            sentence("%(most)s imports are not over yet: start or cancel them before the next one.", most=MOST_OPEN)
        )
    bulk = BulkImport(
        id=context.new_id(),
        company_id=company_id,
        state=ImportState.RECEIVING,
        actor=caller.actor,
        form=file.form,
        created_at_ms=now,
    )
    await context.storage.commit(Unit(company_id, now, changes=(AddImport(bulk),)), caller.company)
    rows = file.rows()
    while some := tuple(islice(rows, KEPT_TOGETHER)):
        await context.storage.commit(Unit(company_id, now, changes=(AddImportRows(bulk.id, some),)), caller.company)
    whole = replace(received(bulk), counts={RowState.WAITING: file.total})
    moved = MoveImport(whole, ImportState.RECEIVING, next_at_ms=now)
    return Outcome(whole, Unit(company_id, now, changes=(moved,)))
