"""Imports are worked at in batches, by whichever process holds the lease: rows are checked, and once it is started each
good one is carried out.

A row's client and the row's new state are one transaction, and so is the key under which no other row will be carried
out: whoever is cut off, or works beside another, does nothing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from typing import TypeAlias

from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.errors import (
    Broken,
    Fault,
    InvalidRequest,
    NotFound,
    OstiaryError,
    ProductAlreadyRequested,
    Refused,
    Unavailable,
    ValidationFailed,
)
from ostiary.domain.imports.bulk import (
    LEASE_MS,
    TO_CARRY_OUT,
    WORKED_AT,
    AddImportKey,
    BulkImport,
    HoldImport,
    ImportRow,
    ImportState,
    MoveImport,
    RowState,
    SetImportRow,
    worked_through,
)
from ostiary.domain.imports.columns import PRODUCT, RowContent, row_content, with_product
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.clients.individuals import create_client
from ostiary.usecases.context import Context
from ostiary.usecases.imports.check import checked_row
from ostiary.usecases.onboarding.products import request_product
from ostiary.usecases.transaction import Outcome, execute

CHECKED_TOGETHER = 100
"""Rows of one transaction while an import is checked."""
CARRIED_OUT_TOGETHER = 64
"""Rows that are under way at once, each in a transaction of its own; databases commit those together that come at once.
It leaves room for what others want of the same database."""
ROW = "row"
"""By which a fault is named that is of no column."""
Follow: TypeAlias = Callable[[BulkImport], None]
"""Hears how far an import is, after each batch."""


class TellRow:
    """Hears of a row that our own fault keeps from being carried out."""

    def __call__(self, import_id: str, position: int, error: Exception) -> None:
        """By default nobody does."""


async def work_at(
    context: Context, company: Company, import_id: str, follow: Follow = lambda bulk: None, tell: TellRow | None = None
) -> bool:
    """Does what there is to do of an import; False where another process is at it, or nothing is to be done.

    Raises Unavailable, LeaseLost.
    """
    now, lease = context.now_ms(), context.new_id()
    if not await context.storage.imports.claim(company.id, import_id, lease, now, now + LEASE_MS):
        return False
    while bulk := await context.storage.imports.find(company, import_id):
        follow(bulk)
        caller = Caller(company, bulk.actor, 0)
        if not await _worked(context, caller, bulk, lease, tell or TellRow()):
            break
    return True


async def _worked(context: Context, caller: Caller, bulk: BulkImport, lease: str, tell: TellRow) -> bool:
    """Does a batch of what there is to do; whether there may be more."""
    if bulk.state is ImportState.CHECKING:
        is_more = await _check_some(context, caller, bulk, lease)
    elif bulk.state is ImportState.RUNNING:
        is_more = await _carry_out_some(context, caller, bulk, lease, tell)
    else:
        is_more = await context.storage.imports.drop_cells(caller.company.id, bulk.id) > 0
    return is_more or not await execute(context, caller, lambda: _ended(context, caller, bulk))


async def _check_some(context: Context, caller: Caller, bulk: BulkImport, lease: str) -> bool:
    """Whether there was any left."""
    rows = await context.storage.imports.rows(caller.company, bulk.id, (RowState.WAITING,), 0, CHECKED_TOGETHER)
    checked = [SetImportRow(bulk.id, await checked_row(context, caller, bulk, row), row.state) for row in rows]
    await _hold(context, caller, bulk, lease, tuple(checked))
    return bool(rows)


async def _hold(
    context: Context, caller: Caller, bulk: BulkImport, lease: str, changes: tuple[SetImportRow, ...] = ()
) -> None:
    """The lease goes on, and rows change with it, unless the import was cancelled meanwhile. Raises LeaseLost."""
    tries = count()

    async def decide() -> Outcome[None]:
        now, some = context.now_ms(), () if next(tries) else changes
        held = HoldImport(bulk.id, lease, now + LEASE_MS)
        return Outcome(None, Unit(caller.company.id, now, changes=(held, *some)))

    await execute(context, caller, decide)


async def _ended(context: Context, caller: Caller, bulk: BulkImport) -> Outcome[bool]:
    """Nothing is left to do in the state it was in; False where it is in another one meanwhile."""
    now = context.now_ms()
    current = await context.storage.imports.find(caller.company, bulk.id)
    if current is None or current.state is not bulk.state:
        return Outcome(False)
    counted = replace(current, counts=await context.storage.imports.counts(current.company_id, current.id))
    after = worked_through(counted, now) if current.state in WORKED_AT else counted
    return Outcome(True, Unit(caller.company.id, now, changes=(MoveImport(after, current.state, next_at_ms=None),)))


async def _carry_out_some(context: Context, caller: Caller, bulk: BulkImport, lease: str, tell: TellRow) -> bool:
    """Whether there was any left."""
    rows = await context.storage.imports.rows(caller.company, bulk.id, TO_CARRY_OUT, 0, CARRIED_OUT_TOGETHER)
    await _hold(context, caller, bulk, lease)
    work = (_RowWork(context, caller, bulk, row).do(tell) for row in rows)
    ended = await asyncio.gather(*work, return_exceptions=True)
    for problem in ended:
        if isinstance(problem, BaseException):
            raise problem
    return bool(rows)


class _RowWork:
    """One row on its way: decided upon as it was read, and on fresh reads once somebody else was faster."""

    def __init__(self, context: Context, caller: Caller, bulk: BulkImport, row: ImportRow) -> None:
        self._context, self._caller, self._bulk, self._row = context, caller, bulk, row
        self._is_fresh = True

    async def do(self, tell: TellRow) -> None:
        """Raises Unavailable: that is no fault of the row."""
        try:
            await execute(self._context, self._caller, self._next_step)
        except Unavailable:
            raise
        except (
            Refused,
            InvalidRequest,
            NotFound,
        ) as refused:  # the last: who was erased before its product is requested
            await self._leave(refused.faults or (Fault(self._subject, refused.code, refused.words),))
        except Exception as error:  # ours, or what is kept: all other rows would wait for it
            tell(self._bulk.id, self._row.position, error)
            await self._leave((Fault(ROW, OstiaryError.code, Broken().words),))

    @property
    def _subject(self) -> str:
        return PRODUCT if self._row.state is RowState.CREATED else ROW

    async def _read_again(self) -> bool:
        """Whether there still is something to do. The first time it is as it was read with others."""
        if self._is_fresh:
            self._is_fresh = False
            return True
        storage, company = self._context.storage.imports, self._caller.company
        bulk, row = (
            await storage.find(company, self._bulk.id),
            await storage.row(company, self._bulk.id, self._row.position),
        )
        if bulk is None or row is None or bulk.state is not ImportState.RUNNING:
            return False
        self._row = row
        return row.state in TO_CARRY_OUT

    async def _next_step(self) -> Outcome[None]:
        if not await self._read_again():
            return Outcome(None)
        content = row_content(self._bulk.form, self._row.cells, self._context.catalogues.attributes)
        if self._row.state is RowState.CREATED:
            return await self._with_product(content)
        if content.faults:
            raise ValidationFailed(faults=content.faults)
        return await self._with_client(content)

    async def _with_client(self, content: RowContent) -> Outcome[None]:
        """The client of a row, unless an earlier row with its key has one."""
        holder_id = await self._context.storage.imports.carried_out(self._caller.company.id, content.key)
        if holder_id is not None:
            after = self._after(RowState.REPEATED if content.product is None else RowState.CREATED, holder_id)
            return Outcome(None, self._unit(after))
        created = await create_client(self._context, self._caller, content.profile)
        assert created.unit is not None  # noqa: S101 (a client is made)
        notes = tuple(replace(note, codes=(self._bulk.id,)) for note in created.unit.notes)
        after = self._after(RowState.DONE if content.product is None else RowState.CREATED, created.answer.id)
        return Outcome(None, replace(created.unit, notes=notes).plus(after, AddImportKey(content.key)))

    async def _with_product(self, content: RowContent) -> Outcome[None]:
        """The product of a row whose client is there."""
        client_id, product = self._row.client_id or "", content.product or ""
        after, key = self._after(RowState.DONE, client_id), AddImportKey(with_product(content.key, product))
        try:
            requested = await request_product(self._context, self._caller, client_id, product)
        except ProductAlreadyRequested:
            return Outcome(None, self._unit(after))
        assert requested.unit is not None  # noqa: S101 (a request is made)
        return Outcome(None, requested.unit.plus(after, key))

    async def _leave(self, faults: tuple[Fault, ...]) -> None:
        """With what is wrong, for who sent it."""
        self._is_fresh = True
        await execute(self._context, self._caller, lambda: self._left(faults))

    async def _left(self, faults: tuple[Fault, ...]) -> Outcome[None]:
        if not await self._read_again():
            return Outcome(None)
        faulty = replace(self._row, state=RowState.FAULTY, faults=faults)
        return Outcome(None, self._unit(SetImportRow(self._bulk.id, faulty, self._row.state)))

    def _after(self, state: RowState, client_id: str) -> SetImportRow:
        """The row in its next state, without its cells once they are of no use."""
        cells = self._row.cells if state is RowState.CREATED else ()
        row = replace(self._row, state=state, client_id=client_id, cells=cells, faults=())
        return SetImportRow(self._bulk.id, row, self._row.state)

    def _unit(self, change: SetImportRow) -> Unit:
        return Unit(self._caller.company.id, self._context.now_ms(), changes=(change,))
