"""Documents beside a file of clients: each is looked at before anything is done, and sent once its row was carried out.

That a document was sent is a key of its client's, in the transaction that adds the document: whoever is cut off and
begins again sends none twice. None of them waits here: pictures stay where they lie until they are sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ostiary.domain.catalogue.catalogue import DocumentType, Product
from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.document import BACK, FRONT
from ostiary.domain.errors import Fault, InvalidRequest, InvalidState, Refused
from ostiary.domain.imports.bulk import AddImportKey
from ostiary.domain.imports.columns import PRODUCT, ROW_KEY, row_content
from ostiary.domain.imports.documents import (
    TYPE,
    DocumentLine,
    FilesBeside,
    UnusableFile,
    details_of,
    document_key,
)
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS
from ostiary.domain.unit import AddDocument
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.imports.receive import ImportFile
from ostiary.usecases.onboarding.add_document import Upload, add_document
from ostiary.usecases.transaction import Outcome, execute


@dataclass(frozen=True, slots=True)
class ClientRow:
    """What a line needs to know of its row: for which product, and whether it stays undone for its faults."""

    product: str | None
    is_faulty: bool


@dataclass(frozen=True, slots=True)
class DocumentsBeside:
    """The rows that lines may be of, by key; the files; and what a file is by its first bytes."""

    rows: Mapping[str, ClientRow] = field(repr=False)
    files: FilesBeside
    media_type_of: Callable[[bytes], str | None]


@dataclass(slots=True)
class LineEnd:
    """What became of a line: sent now, sent before, or neither, for its faults."""

    is_new: bool = False
    faults: tuple[Fault, ...] = ()


def client_rows(context: Context, file: ImportFile, faulty: frozenset[int]) -> dict[str, ClientRow]:
    """The rows of a file by the keys that they are known by."""
    rows = dict[str, ClientRow]()
    for row in file.rows():
        content = row_content(file.form, row.cells, context.catalogues.attributes)
        rows.setdefault(content.key, ClientRow(content.product, row.position in faulty))
    return rows


async def line_faults(
    context: Context, caller: Caller, beside: DocumentsBeside, line: DocumentLine
) -> tuple[Fault, ...]:
    """Everything that can be said against a line before its row is carried out."""
    faults = list(line.faults)
    row = beside.rows.get(line.key)
    if row is None and line.key and await context.storage.imports.carried_out(caller.company.id, line.key) is None:
        faults.append(Fault(ROW_KEY, "ROW_UNKNOWN", "no row of the file has it, and none was carried out that had"))
    if row is not None and row.is_faulty:
        faults.append(Fault(ROW_KEY, "ROW_FAULTY", "its row has faults: mend them first"))
    kind = _kind(context, beside, line, faults)
    if kind is not None:
        details_of(kind, line, faults)
        faults += _side_faults(kind, line)
    for side in line.files:
        faults += _picture_faults(context, beside, line, side)
    return tuple(faults)


def _product_name(beside: DocumentsBeside, line: DocumentLine) -> str | None:
    row = beside.rows.get(line.key)
    return line.product or (None if row is None else row.product)


def _kind(context: Context, beside: DocumentsBeside, line: DocumentLine, faults: list[Fault]) -> DocumentType | None:
    name, offered = _product_name(beside, line), context.catalogues.current.products
    if name is None:
        faults.append(Fault(PRODUCT, "FIELD_MISSING", "is required: neither this line nor its row names a product"))
        return None
    if name not in offered:
        faults.append(Fault(PRODUCT, "PRODUCT_UNKNOWN", f"must be one of: {', '.join(sorted(offered))}"))
        return None
    return _type_of(offered[name], line, faults)


def _type_of(product: Product, line: DocumentLine, faults: list[Fault]) -> DocumentType | None:
    kinds = {kind.id: kind for kind in product.document_types()}
    if line.type and line.type not in kinds:
        possible = ", ".join(kinds) or "none"
        faults.append(Fault(TYPE, "DOCUMENT_NOT_REQUIRED", f"{product.id} asks for none; it takes: {possible}"))
    return kinds.get(line.type)


def _side_faults(kind: DocumentType, line: DocumentLine) -> list[Fault]:
    if kind.require_back_image and BACK not in line.files:
        return [Fault(BACK, "FIELD_MISSING", f"is required: a {kind.id} has two sides")]
    if not kind.require_back_image and BACK in line.files:
        return [Fault(BACK, "FIELD_UNKNOWN", f"must be left out: of a {kind.id} the front alone is taken")]
    return []


def _picture_faults(context: Context, beside: DocumentsBeside, line: DocumentLine, side: str) -> list[Fault]:
    """Whether a picture is there, and of a kind that is taken. It is measured when it is sent."""
    try:
        content = beside.files.read(line.files[side], context.limits.max_bytes)
    except UnusableFile as problem:
        return [Fault(side, "FILE_UNUSABLE", str(problem))]
    kind, taken = beside.media_type_of(content), context.limits.media_types
    if kind not in taken:
        return [Fault(side, "FILE_UNUSABLE", f"is {kind or 'no picture'}; taken are {', '.join(sorted(taken))}")]
    return []


async def send_line(context: Context, caller: Caller, beside: DocumentsBeside, line: DocumentLine) -> LineEnd:
    """Adds the document of a line whose row was carried out, unless it was added before. Raises Unavailable."""
    product = _product_name(beside, line) or ""
    contents, gone = dict[str, bytes](), list[Fault]()
    for side, name in line.files.items():
        try:
            contents[side] = beside.files.read(name, context.limits.max_bytes)
        except UnusableFile as problem:
            gone.append(Fault(side, "FILE_UNUSABLE", str(problem)))
    if gone:
        return LineEnd(faults=tuple(gone))
    kinds = {kind.id: kind for kind in context.catalogues.current.products[product].document_types()}
    details = details_of(kinds[line.type], line, [])
    upload = Upload(line.type, details, contents[FRONT], contents.get(BACK))
    key = document_key(line, product, contents)
    try:
        return await execute(context, caller, lambda: _added(context, caller, line, (product, key), upload))
    except (Refused, InvalidRequest) as refused:
        return LineEnd(faults=refused.faults or (Fault(PRODUCT, refused.code, refused.words),))


async def _added(
    context: Context, caller: Caller, line: DocumentLine, wanted: tuple[str, str], upload: Upload
) -> Outcome[LineEnd]:
    product, key = wanted
    imports, company_id = context.storage.imports, caller.company.id
    if await imports.carried_out(company_id, key) is not None:
        return Outcome(LineEnd())
    client_id = await imports.carried_out(company_id, line.key)
    if client_id is None:
        raise InvalidState("Its row was not carried out.")
    dossier = await load_dossier(context, caller, client_id)
    open_ids = [each.id for each in dossier.enablements if each.product == product and each.status in OPEN_TO_DOCUMENTS]
    if not open_ids:
        raise InvalidState(f"No request for {product} of this client waits for documents.")
    added = await add_document(context, caller, client_id, open_ids[0], upload)
    assert added.unit is not None  # noqa: S101 (taken or refused, it is written down)
    if any(isinstance(change, AddDocument) for change in added.unit.changes):
        return Outcome(LineEnd(is_new=True), added.unit.plus(AddImportKey(key)))
    refused = tuple(Fault(each.field or TYPE, each.code.value, each.reason) for each in added.answer.rejections)
    return Outcome(LineEnd(faults=refused), added.unit)
