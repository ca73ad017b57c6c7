"""What is sealed of imports: how a file is written, its rows, and by which key a row was carried out."""

from __future__ import annotations

import msgspec

from ostiary.domain.errors import Fault
from ostiary.domain.imports.bulk import FileForm, ImportRow
from ostiary.storage.stored.forms import Numbered, encode, opening, through


class ImportFormForm(Numbered, gc=False):
    """The column `imports.form`."""

    columns: tuple[str, ...]
    delimiter: str = ","


class ImportFaultForm(msgspec.Struct, gc=False):
    """A fault of a row."""

    field: str
    code: str
    message: str
    client_id: str = ""
    product_request_id: str = ""


class ImportRowForm(Numbered, gc=False):
    """The column `import_rows.content`."""

    cells: tuple[str, ...]
    faults: tuple[ImportFaultForm, ...] = ()
    twin: tuple[str, int] | None = None


class ImportKeyForm(Numbered, gc=False):
    """The column `import_keys.content`."""

    key: str


def form_of(form: FileForm) -> bytes:
    return encode(ImportFormForm(columns=form.columns, delimiter=form.delimiter))


def _form(stored: ImportFormForm) -> FileForm:
    return FileForm(stored.columns, stored.delimiter)


def row_of(row: ImportRow) -> bytes:
    faults = tuple(
        ImportFaultForm(each.field, each.code, str(each.message), each.client_id, each.product_request_id)
        for each in row.faults
    )
    return encode(ImportRowForm(cells=row.cells, faults=faults, twin=row.twin))


def faults_from(form: ImportRowForm) -> tuple[Fault, ...]:
    return tuple(
        Fault(each.field, each.code, each.message, each.client_id, each.product_request_id) for each in form.faults
    )


def key_of(key: str) -> bytes:
    return encode(ImportKeyForm(key=key))


open_form = through(ImportFormForm, _form)
open_row = opening(ImportRowForm)
open_key = opening(ImportKeyForm)
