"""What an import would do with each of its rows: nothing is done yet, and every fault is named."""

from __future__ import annotations

from collections.abc import AsyncIterator

from ostiary.domain.clients.client import profile_faults
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Fault
from ostiary.domain.imports.bulk import BulkImport, ImportRow, RowState
from ostiary.domain.imports.columns import PRODUCT, RowContent, row_content, twin_fault, with_product
from ostiary.domain.sentences import sentence
from ostiary.domain.value import replace
from ostiary.usecases.clients.individuals import taken_faults
from ostiary.usecases.context import Context


async def checked_row(context: Context, caller: Caller, bulk: BulkImport, row: ImportRow) -> ImportRow:
    """The row as it stands: good, with faults, or carried out before."""
    content = row_content(bulk.form, row.cells, context.catalogues.attributes)
    client_id = await context.storage.imports.carried_out(caller.company.id, content.key)
    if client_id is not None and await _is_requested(context, caller, content):
        return replace(row, state=RowState.REPEATED, cells=(), client_id=client_id)
    if client_id is not None:
        faults = tuple(_product_faults(context, content))
        state = RowState.FAULTY if faults else RowState.CREATED
        return replace(row, state=state, faults=faults, client_id=client_id)
    faults = tuple([fault async for fault in _faults(context, caller, row, content)])
    return replace(row, state=RowState.FAULTY if faults else RowState.GOOD, faults=faults)


async def _is_requested(context: Context, caller: Caller, content: RowContent) -> bool:
    """Whether the product that a row asks for, if any, was requested for it."""
    if content.product is None:
        return True
    key = with_product(content.key, content.product)
    return await context.storage.imports.carried_out(caller.company.id, key) is not None


async def _faults(context: Context, caller: Caller, row: ImportRow, content: RowContent) -> AsyncIterator[Fault]:
    for fault in content.faults:
        yield fault
    company, declared = caller.company, context.catalogues.attributes
    broken = profile_faults(content.profile, declared, context.today_of(company), context.lookups_for(company))
    for fault in broken:
        yield fault
    if row.twin is not None:
        yield twin_fault(*row.twin)
    for fault in _product_faults(context, content):
        yield fault
    if not content.faults and not broken and row.twin is None:
        for fault in await taken_faults(context, caller, content.profile):
            yield fault


def _product_faults(context: Context, content: RowContent) -> list[Fault]:
    offered = context.catalogues.current.products
    if content.product is None or content.product in offered:
        return []
    names = ", ".join(sorted(offered))
    return [Fault(PRODUCT, "PRODUCT_UNKNOWN", sentence("must be one of: %(names)s", names=names))]
