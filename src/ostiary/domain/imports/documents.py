"""The list of documents beside a file of clients: which row's document each is, of what type, and in which files.

It is CSV as the file of clients, with a line for each document, under a name of its own in the folder or archive that
the pictures are in. A line names its row as rows are known: by row key, else by reference, else by e-mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from hashlib import sha256
from typing import Protocol

from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.documents.document import BACK, FRONT
from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.imports.bulk import FileForm
from ostiary.domain.imports.columns import EMAIL, OURS, PRODUCT, REFERENCE, ROW_KEY, key_of, value_of
from ostiary.domain.imports.csv_file import form_of, rows_of, text_of
from ostiary.domain.value import value_type

LIST_NAME = "documents.csv"
TYPE = "document_type"
METADATA = "metadata."
COLUMNS = (ROW_KEY, REFERENCE, EMAIL, PRODUCT, TYPE, FRONT, BACK)


class UnusableFile(Exception):
    """A file beside the list that is not there, or not to be taken. Its text says why, and names no person."""


class FilesBeside(Protocol):
    """What a folder or an archive holds. Files are named as in the list, with `/` between folders."""

    def read(self, name: str, most_bytes: int) -> bytes:
        """Raises UnusableFile: it is missing, longer, no plain file, or outside."""


@value_type
class DocumentLine:
    """A line of the list. `key` is the row's that its client was made by; `faults` are those of its form."""

    position: int
    cells: tuple[str, ...] = field(repr=False)
    key: str = field(repr=False)
    type: str
    files: Mapping[str, str] = field(repr=False)
    details: Mapping[str, str] = field(repr=False)
    product: str | None = None
    faults: tuple[Fault, ...] = ()


@value_type
class DocumentList:
    """The list, line by line."""

    form: FileForm
    lines: tuple[DocumentLine, ...]


def read_document_list(content: bytes) -> DocumentList:
    """Raises InvalidRequest, naming the list, for what is no CSV or has columns that mean nothing."""
    try:
        form = form_of(text := text_of(content))
        if faults := tuple(_column_faults(form)):
            raise InvalidRequest(faults=faults)
        lines = tuple(_line(form, position, tuple(cells)) for position, cells in rows_of(text, form))
    except InvalidRequest as problem:
        raise InvalidRequest(faults=_renamed(problem.faults, f"{LIST_NAME}: ")) from None
    return DocumentList(form, lines)


def _renamed(faults: Iterable[Fault], before: str) -> tuple[Fault, ...]:
    return tuple(Fault(before + fault.field, fault.code, fault.message) for fault in faults)


def _column_faults(form: FileForm) -> Iterator[Fault]:
    for name in form.columns:
        if name not in COLUMNS and name not in OURS and not name.startswith(METADATA):
            yield Fault(name[:100], "FIELD_UNKNOWN", f"is not known; known: {', '.join(COLUMNS)}, {METADATA}...")
        if form.columns.count(name) > 1:
            yield Fault(name[:100], "FIELD_REPEATED", "this column is there more than once")


def _line(form: FileForm, position: int, cells: tuple[str, ...]) -> DocumentLine:
    given = {name: cell for name, cell in zip(form.columns, cells, strict=True) if cell}
    faults = [Fault(name, "FIELD_MISSING", "is required") for name in (TYPE, FRONT) if name not in given]
    own, reference, email = (given.get(name) for name in (ROW_KEY, REFERENCE, EMAIL))
    key = key_of(own, reference, email or "") if own or reference or email else ""
    if not key:
        faults.append(Fault(ROW_KEY, "FIELD_MISSING", f"is required, or {REFERENCE} or {EMAIL}: which row it is of"))
    return DocumentLine(
        position=position,
        cells=cells,
        key=key,
        type=given.get(TYPE, ""),
        files={side: given[side] for side in (FRONT, BACK) if side in given},
        details={name.removeprefix(METADATA): cell for name, cell in given.items() if name.startswith(METADATA)},
        product=given.get(PRODUCT),
        faults=tuple(faults),
    )


def details_of(kind: DocumentType, line: DocumentLine, faults: list[Fault]) -> dict[str, object]:
    """A document's details as their types; what cannot be one is a fault."""
    declared = {each.id: each for each in kind.metadata}
    details = dict[str, object]()
    for name, cell in line.details.items():
        if name not in declared:
            possible = ", ".join(declared) or "none"
            faults.append(Fault(METADATA + name, "FIELD_UNKNOWN", f"is no detail of a {kind.id}; known: {possible}"))
            continue
        wrong = list[Fault]()
        details[name] = value_of(declared[name], cell, wrong)
        faults += _renamed(wrong, METADATA)
    return details


def document_key(line: DocumentLine, product: str, contents: Mapping[str, bytes]) -> str:
    """By which a document is known that was sent: of this row, for this product, of this type, with these pictures and
    details. What differs in any of them is another document."""
    digest = sha256()
    for name, content in sorted({**contents, **_as_bytes(line.details)}.items()):
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return f"{line.key}\n{product}\n{line.type}\n{digest.hexdigest()}"


def _as_bytes(details: Mapping[str, str]) -> dict[str, bytes]:
    return {METADATA + name: cell.encode() for name, cell in details.items()}
