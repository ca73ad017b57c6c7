"""Imports and their rows, sealed for their company until they are carried out; keys of rows that were, sealed for the
client whose row it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.companies.company import Company
from ostiary.domain.imports.bulk import (
    OPEN,
    WORKED_AT,
    AddImport,
    AddImportKey,
    AddImportRows,
    BulkImport,
    HoldImport,
    ImportRow,
    ImportState,
    MoveImport,
    RowState,
    SetImportRow,
)
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.unit import Guard
from ostiary.domain.value import replace
from ostiary.storage.engine import Engine, Row
from ostiary.storage.imports import stored
from ostiary.storage.paging import AFTER_ALL_IDS
from ostiary.storage.statement import Statement
from ostiary.storage.unit_context import UnitContext, company_box

DROPPED_TOGETHER = 1_000
"""Rows of one statement that drops something: some ms."""
DUE_TOGETHER = 20
"""Imports that one look finds to be worked at."""

# ---- statements -----------------------------------------------------------------------------------------------------

_COUNTED = ", ".join(RowState)
_OPEN = ", ".join(f"'{state}'" for state in OPEN)
_WORKED_AT = ", ".join(f"'{state}'" for state in WORKED_AT)
COLUMNS = f"import_id, state, actor, form, created_at_ms, ended_at_ms, {_COUNTED}"
IMPORT = f"SELECT {COLUMNS} FROM imports WHERE company_id = ?1 AND import_id = ?2"  # noqa: S608
IMPORTS = f"""SELECT {COLUMNS} FROM imports WHERE company_id = ?1 AND import_id < ?2 AND state <> 'receiving'
 ORDER BY import_id DESC LIMIT ?3"""  # noqa: S608
OPEN_IMPORTS = f"""SELECT COUNT(*) FROM imports WHERE company_id = ?1 AND import_id > ?2
 AND state IN ({_OPEN})"""  # noqa: S608
ROW_COUNTS = "SELECT state, COUNT(*) FROM import_rows WHERE company_id = ?1 AND import_id = ?2 GROUP BY state"
IMPORT_ROWS = """SELECT position, state, client_id, content FROM import_rows
 WHERE company_id = ?1 AND import_id = ?2 AND state = ?3 AND position > ?4 ORDER BY position LIMIT ?5"""
IMPORT_ROW = """SELECT position, state, client_id, content FROM import_rows
 WHERE company_id = ?1 AND import_id = ?2 AND position = ?3"""
CARRIED_OUT = "SELECT client_id FROM import_keys WHERE company_id = ?1 AND key_mark = ?2"
DUE_IMPORTS = f"""SELECT company_id, import_id FROM imports WHERE next_at_ms <= ?1
 ORDER BY next_at_ms LIMIT {DUE_TOGETHER}"""  # noqa: S608 (the worker serves every company)
CLAIM_IMPORT = """UPDATE imports SET lease = ?3, next_at_ms = ?5
 WHERE company_id = ?1 AND import_id = ?2 AND next_at_ms <= ?4"""
HOLD_IMPORT = """UPDATE imports SET next_at_ms = ?4
 WHERE company_id = ?1 AND import_id = ?2 AND lease = ?3 AND next_at_ms IS NOT NULL"""
ADD_IMPORT = """INSERT INTO imports (company_id, import_id, state, actor, form, created_at_ms, waiting, good,
 faulty, created, done, repeated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, 0, 0, 0)"""
MOVE_IMPORT = """UPDATE imports SET state = ?4, ended_at_ms = ?5, next_at_ms = ?6, waiting = ?7, good = ?8, faulty = ?9,
 created = ?10, done = ?11, repeated = ?12 WHERE company_id = ?1 AND import_id = ?2 AND state = ?3"""
ADD_IMPORT_ROW = """INSERT INTO import_rows (company_id, import_id, position, state, content)
 VALUES (?1, ?2, ?3, ?4, ?5)"""
SET_IMPORT_ROW = f"""UPDATE import_rows SET state = ?5, client_id = ?6, content = ?7
 WHERE company_id = ?1 AND import_id = ?2 AND position = ?3 AND state = ?4 AND EXISTS
 (SELECT 1 FROM imports i WHERE i.company_id = ?1 AND i.import_id = ?2 AND i.state IN ({_WORKED_AT}))"""  # noqa: S608
ADD_IMPORT_KEY = "INSERT INTO import_keys VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
DROP_CELLS = f"""UPDATE import_rows SET content = NULL WHERE company_id = ?1 AND import_id = ?2 AND position IN
 (SELECT position FROM import_rows WHERE company_id = ?1 AND import_id = ?2 AND state IN ('waiting', 'good', 'created')
  AND content IS NOT NULL LIMIT {DROPPED_TOGETHER})"""  # noqa: S608
OLD_IMPORTS = """SELECT import_id FROM imports WHERE company_id = ?1
 AND import_id < ?3 AND (import_id < ?2 OR state = 'receiving') ORDER BY import_id LIMIT 1"""
DROP_IMPORT_ROWS = f"""DELETE FROM import_rows WHERE company_id = ?1 AND import_id = ?2 AND position IN
 (SELECT position FROM import_rows WHERE company_id = ?1 AND import_id = ?2 LIMIT {DROPPED_TOGETHER})"""  # noqa: S608
DROP_IMPORT = "DELETE FROM imports WHERE company_id = ?1 AND import_id = ?2"

# ---- rows -----------------------------------------------------------------------------------------------------------


def seal_form(box: Box, bulk: BulkImport) -> bytes:
    """How its file is written."""
    return box.seal(f"imports/{bulk.id}/form", stored.form_of(bulk.form))


def seal_row(box: Box, import_id: str, row: ImportRow) -> bytes:
    """What is kept of a row."""
    return box.seal(_place(import_id, row.position), stored.row_of(row))


def seal_key(box: Box, client_id: str, key: str) -> bytes:
    """By which key a client's row was carried out."""
    return box.seal(f"import_keys/{client_id}/content", stored.key_of(key))


def key_mark(cipher: Cipher, company_id: str, key: str) -> bytes:
    """By what a row is rows that was carried out."""
    return cipher.lookup_hash("import", company_id, key)


def import_of(box: Box, company_id: str, row: Row) -> BulkImport:
    """Raises Tampered, StoredByNewer."""
    import_id, state, actor, form, created, ended, *counted = row
    opened = stored.open_form(box.open(f"imports/{import_id}/form", form))
    counts = dict(zip(RowState, counted, strict=True))
    return BulkImport(import_id, company_id, ImportState(state), actor, opened, created, ended, counts)


def import_row_of(box: Box, import_id: str, row: Row) -> ImportRow:
    """Raises Tampered, StoredByNewer."""
    position, state, client_id, content = row
    if content is None:
        return ImportRow(position, RowState(state), client_id=client_id)
    form = stored.open_row(box.open(_place(import_id, position), content))
    return ImportRow(position, RowState(state), form.cells, stored.faults_from(form), client_id, form.twin)


def _place(import_id: str, position: int) -> str:
    return f"import_rows/{import_id}/{position}"


# ---- reads ----------------------------------------------------------------------------------------------------------


class BulkImports:
    """Imports of all companies."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def find(self, company: Company, import_id: str) -> BulkImport | None:
        """One, with its rows counted."""
        rows = await self._engine.rows(IMPORT, company.id, import_id)
        return await self._counted(company, rows[0]) if rows else None

    async def page(self, company: Company, before: str | None, limit: int) -> list[BulkImport]:
        """Newest first, from before an id."""
        rows = await self._engine.rows(IMPORTS, company.id, before or AFTER_ALL_IDS, limit)
        return [await self._counted(company, row) for row in rows]

    async def count_open(self, company_id: str, after: str) -> int:
        """How many of those behind an id are not over."""
        return int((await self._engine.rows(OPEN_IMPORTS, company_id, after))[0][0])

    async def counts(self, company_id: str, import_id: str) -> dict[RowState, int]:
        """Rows by state, as they are now."""
        rows = await self._engine.rows(ROW_COUNTS, company_id, import_id)
        return {RowState(state): count for state, count in rows}

    async def rows(
        self, company: Company, import_id: str, states: Sequence[RowState], after: int, most: int
    ) -> list[ImportRow]:
        """Those in any of these states, state by state, behind a position."""
        box, opened = company_box(self._cipher, company), list[ImportRow]()
        for state in states:
            rows = await self._engine.rows(IMPORT_ROWS, company.id, import_id, state, after, most - len(opened))
            opened += [import_row_of(box, import_id, row) for row in rows]
        return opened

    async def row(self, company: Company, import_id: str, position: int) -> ImportRow | None:
        """One, as it is now."""
        rows = await self._engine.rows(IMPORT_ROW, company.id, import_id, position)
        return import_row_of(company_box(self._cipher, company), import_id, rows[0]) if rows else None

    async def carried_out(self, company_id: str, key: str) -> str | None:
        """The client of the row that was carried out under a key."""
        rows = await self._engine.rows(CARRIED_OUT, company_id, key_mark(self._cipher, company_id, key))
        return str(rows[0][0]) if rows else None

    async def due(self, now_ms: int) -> list[tuple[str, str]]:
        """Which have to be worked at, by company and id."""
        return [(row[0], row[1]) for row in await self._engine.rows(DUE_IMPORTS, now_ms)]

    async def claim(self, company_id: str, import_id: str, lease: str, now_ms: int, until_ms: int) -> bool:
        """Whether it is ours to work at until then."""
        return await self._engine.write(CLAIM_IMPORT, company_id, import_id, lease, now_ms, until_ms) == 1

    async def drop_cells(self, company_id: str, import_id: str) -> int:
        """Of rows that will not be carried out: how many were dropped, of a bounded number."""
        return await self._engine.write(DROP_CELLS, company_id, import_id)

    async def forget(self, company_id: str, before: str, unwhole_before: str) -> bool:
        """One import of before an id, or one of before the other id that never came whole; whether there was one."""
        rows = await self._engine.rows(OLD_IMPORTS, company_id, before, unwhole_before)
        for row in rows:
            while await self._engine.write(DROP_IMPORT_ROWS, company_id, row[0]):
                pass
            await self._engine.write(DROP_IMPORT, company_id, row[0])
        return bool(rows)

    async def _counted(self, company: Company, row: Row) -> BulkImport:
        bulk = import_of(company_box(self._cipher, company), company.id, row)
        if bulk.state not in WORKED_AT:
            return bulk
        return replace(bulk, counts=await self.counts(company.id, bulk.id))


# ---- writes ---------------------------------------------------------------------------------------------------------


def add_imports(context: UnitContext, changes: Sequence[AddImport]) -> Iterator[Statement]:
    """Imports whose rows are to come."""
    for change in changes:
        bulk = change.bulk
        values = (context.company_id, bulk.id, bulk.state, bulk.actor, seal_form(context.company_box, bulk))
        yield Statement(ADD_IMPORT, (*values, bulk.created_at_ms))


def add_rows(context: UnitContext, changes: Sequence[AddImportRows]) -> Iterator[Statement]:
    """Their rows."""
    for change in changes:
        for row in change.rows:
            content = seal_row(context.company_box, change.import_id, row)
            values = (context.company_id, change.import_id, row.position, row.state, content)
            yield Statement(ADD_IMPORT_ROW, values)


def hold_imports(context: UnitContext, changes: Sequence[HoldImport]) -> Iterator[Statement]:
    """Leases that go on, if they are still ours."""
    for change in changes:
        values = (context.company_id, change.import_id, change.lease, change.until_ms)
        yield Statement(HOLD_IMPORT, values, Guard.LEASE)


def set_rows(context: UnitContext, changes: Sequence[SetImportRow]) -> Iterator[Statement]:
    """Rows as they shall be, if they are as they were, and their import is worked at."""
    for change in changes:
        row = change.row
        content = seal_row(context.company_box, change.import_id, row) if row.cells else None
        key = (context.company_id, change.import_id, row.position)
        yield Statement(SET_IMPORT_ROW, (*key, change.before, row.state, row.client_id, content), Guard.IMPORT)


def add_keys(context: UnitContext, changes: Sequence[AddImportKey]) -> Iterator[Statement]:
    """Keys of rows that are carried out with this unit: each once."""
    for change in changes:
        mark = key_mark(context.cipher, context.company_id, change.key)
        content = seal_key(context.client_box, context.client.id, change.key)
        yield Statement(ADD_IMPORT_KEY, (context.company_id, mark, context.client.id, content), Guard.IMPORT)


def move_imports(context: UnitContext, changes: Sequence[MoveImport]) -> Iterator[Statement]:
    """Imports in their next state, with their rows as they are counted."""
    for change in changes:
        bulk = change.bulk
        key = (context.company_id, bulk.id, change.before)
        counted = (bulk.counts.get(state, 0) for state in RowState)
        values = (bulk.state, bulk.ended_at_ms, change.next_at_ms, *counted)
        yield Statement(MOVE_IMPORT, (*key, *values), Guard.IMPORT)
