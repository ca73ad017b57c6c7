"""Imports: sealed for their company, carried out by whoever holds the lease, and dropped when they are old."""

from __future__ import annotations

import pytest

from ostiary.domain.errors import Tampered
from ostiary.domain.imports.bulk import (
    LEASE_MS,
    TO_CARRY_OUT,
    AddImport,
    AddImportKey,
    AddImportRows,
    BulkImport,
    FileForm,
    HoldImport,
    ImportRow,
    ImportState,
    MoveImport,
    RowState,
    SetImportRow,
    received,
)
from ostiary.domain.unit import Guard
from ostiary.domain.value import replace
from ostiary.storage.imports import bulk_imports, stored
from ostiary.storage.unit_context import client_box, company_box
from tests.kept import imported as kept
from tests.kept import make_sealed, values
from tests.kept.differing import differing
from tests.material import NOW_MS
from tests.storage.sealed_files import SEALED_FILES, read
from tests.storage.shelf import Shelf
from tests.storage.values import Trade, found_company

AFTER_ALL = "z" * 32


async def kept_import(trade: Trade, rows: int = 3) -> BulkImport:
    """One that waits to be checked."""
    bulk = BulkImport(
        id=trade.new_id(),
        company_id=trade.company.id,
        state=ImportState.RECEIVING,
        actor="key:1",
        form=FileForm(("email", "row_key"), ";"),
        created_at_ms=NOW_MS,
    )
    twin = ("row_key", 1)
    some = tuple(
        ImportRow(position, RowState.WAITING, (f"secret{position}@x", "k"), twin=twin if position > 1 else None)
        for position in range(1, rows + 1)
    )
    moved = MoveImport(received(bulk), ImportState.RECEIVING, next_at_ms=NOW_MS)
    for change in (AddImport(bulk), AddImportRows(bulk.id, some), moved):
        assert await trade.store.commit(trade.unit(changes=(change,)), trade.company) is None
    current = await trade.store.imports.find(trade.company, bulk.id)
    assert current is not None
    return current


def setting(bulk: BulkImport, row: ImportRow, **changes: object) -> SetImportRow:
    return SetImportRow(bulk.id, replace(row, **changes), row.state)  # type: ignore[arg-type]


async def test_an_import_comes_back_as_it_was_kept_and_lies_sealed(trade: Trade, engine: Shelf) -> None:
    bulk = await kept_import(trade)
    again = engine.open()
    company = await again.companies.find(trade.company.id)
    assert company is not None
    assert await again.imports.find(company, bulk.id) == bulk
    assert (bulk.state, bulk.form.delimiter, bulk.counts) == (ImportState.CHECKING, ";", {RowState.WAITING: 3})
    rows = await again.imports.rows(company, bulk.id, (RowState.WAITING,), 1, 5)
    assert [(row.position, row.cells, row.twin) for row in rows] == [
        (2, ("secret2@x", "k"), ("row_key", 1)),
        (3, ("secret3@x", "k"), ("row_key", 1)),
    ]
    sealed = [row[0] for row in engine.rows("SELECT content FROM import_rows UNION ALL SELECT form FROM imports")]
    assert not [content for content in sealed if b"secret" in content or b"row_key" in content]


async def test_imports_are_of_one_company(trade: Trade) -> None:
    bulk = await kept_import(trade)
    other = await found_company(trade.store, trade.cipher, 2)
    assert await trade.store.imports.find(other.company, bulk.id) is None
    assert await trade.store.imports.page(other.company, None, 9) == []
    assert await trade.store.imports.page(trade.company, None, 9) == [bulk]
    assert await trade.store.imports.row(other.company, bulk.id, 1) is None
    assert await trade.store.imports.count_open(other.company.id, "") == 0
    assert await trade.store.imports.count_open(trade.company.id, "") == 1
    assert await trade.store.imports.count_open(trade.company.id, bulk.id) == 0


async def test_a_row_that_was_moved_is_tampered_with(trade: Trade, engine: Shelf) -> None:
    bulk = await kept_import(trade, 1)
    engine.spoil("UPDATE import_rows SET position = 2")
    with pytest.raises(Tampered):
        await trade.store.imports.row(trade.company, bulk.id, 2)


async def test_a_lease_is_one_processes_until_it_runs_out(trade: Trade) -> None:
    bulk, imports, company_id = await kept_import(trade), trade.store.imports, trade.company.id
    assert await imports.due(NOW_MS) == [(company_id, bulk.id)]
    assert await imports.claim(company_id, bulk.id, "mine", NOW_MS, NOW_MS + LEASE_MS)
    assert not await imports.claim(company_id, bulk.id, "theirs", NOW_MS, NOW_MS + LEASE_MS)
    held = HoldImport(bulk.id, "mine", NOW_MS + 2 * LEASE_MS)
    assert await trade.store.commit(trade.unit(changes=(held,)), trade.company) is None
    assert await imports.due(NOW_MS + LEASE_MS) == []
    assert await imports.claim(company_id, bulk.id, "theirs", NOW_MS + 2 * LEASE_MS, NOW_MS + 3 * LEASE_MS)
    assert await trade.store.commit(trade.unit(changes=(held,)), trade.company) is Guard.LEASE


async def test_a_row_moves_once_from_a_state_while_its_import_is_worked_at(trade: Trade) -> None:
    bulk = await kept_import(trade)
    first, second, _ = await trade.store.imports.rows(trade.company, bulk.id, (RowState.WAITING,), 0, 9)
    good = setting(bulk, first, state=RowState.GOOD)
    assert await trade.store.commit(trade.unit(changes=(good,)), trade.company) is None
    assert await trade.store.commit(trade.unit(changes=(good,)), trade.company) is Guard.IMPORT
    counts = await trade.store.imports.counts(bulk.company_id, bulk.id)
    checked = replace(bulk, state=ImportState.CHECKED, counts=counts)
    moved = MoveImport(checked, ImportState.CHECKING, next_at_ms=None)
    assert await trade.store.commit(trade.unit(changes=(moved,)), trade.company) is None
    assert await trade.store.commit(trade.unit(changes=(moved,)), trade.company) is Guard.IMPORT
    late = setting(bulk, second, state=RowState.GOOD)
    assert await trade.store.commit(trade.unit(changes=(late,)), trade.company) is Guard.IMPORT
    current = await trade.store.imports.find(trade.company, bulk.id)
    assert current is not None
    assert {state: count for state, count in current.counts.items() if count} == {RowState.WAITING: 2, RowState.GOOD: 1}
    assert await trade.store.imports.due(NOW_MS + LEASE_MS) == []


async def test_a_client_and_its_row_are_written_together_or_not_at_all(trade: Trade, engine: Shelf) -> None:
    bulk = await kept_import(trade)
    row = await trade.store.imports.row(trade.company, bulk.id, 1)
    assert row is not None
    for number, wanted in enumerate((None, Guard.IMPORT)):
        client = trade.client()
        done = setting(bulk, row, state=RowState.DONE, cells=(), client_id=client.id)
        unit = trade.adding(client, changes=(done, AddImportKey(f"row_key:{number}")))
        assert await trade.store.commit(unit, trade.company) is wanted
        is_there = await trade.store.clients.find(trade.company.id, client.id) is not None
        assert is_there is (wanted is None)
    client = trade.client()
    taken = trade.adding(client, changes=(AddImportKey("row_key:0"),))
    assert await trade.store.commit(taken, trade.company) is Guard.IMPORT
    assert await trade.store.imports.carried_out(trade.company.id, "row_key:0") is not None
    assert await trade.store.imports.carried_out(trade.company.id, "row_key:1") is None
    done_row = await trade.store.imports.row(trade.company, bulk.id, 1)
    assert done_row is not None
    assert (done_row.state, done_row.cells) == (RowState.DONE, ())
    assert engine.rows("SELECT count(*) FROM import_rows WHERE content IS NULL") == [(1,)]


async def test_rows_of_several_states_are_read_up_to_a_number(trade: Trade) -> None:
    bulk = await kept_import(trade, 6)
    rows = await trade.store.imports.rows(trade.company, bulk.id, (RowState.WAITING,), 0, 9)
    states = (RowState.GOOD, RowState.CREATED, RowState.GOOD, RowState.CREATED)
    changes = tuple(setting(bulk, row, state=state) for row, state in zip(rows, states, strict=False))
    assert await trade.store.commit(trade.unit(changes=changes), trade.company) is None
    some = await trade.store.imports.rows(trade.company, bulk.id, TO_CARRY_OUT, 0, 3)
    assert [row.position for row in some] == [1, 3, 2]
    assert len(await trade.store.imports.rows(trade.company, bulk.id, TO_CARRY_OUT, 0, 2)) == 2


async def test_cells_that_nobody_needs_are_dropped_in_batches(
    trade: Trade, engine: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = await kept_import(trade, 5)
    row = await trade.store.imports.row(trade.company, bulk.id, 1)
    assert row is not None
    faulty = setting(bulk, row, state=RowState.FAULTY)
    assert await trade.store.commit(trade.unit(changes=(faulty,)), trade.company) is None
    assert await trade.store.imports.drop_cells(trade.company.id, bulk.id) == 4
    assert await trade.store.imports.drop_cells(trade.company.id, bulk.id) == 0
    assert engine.rows("SELECT position FROM import_rows WHERE content IS NOT NULL") == [(1,)]


async def test_old_imports_are_forgotten_with_their_rows_and_those_that_never_came_whole(
    trade: Trade, engine: Shelf
) -> None:
    old, unwhole, fresh = [await kept_import(trade) for _ in range(3)]
    engine.spoil("UPDATE imports SET state = 'receiving' WHERE import_id = ?", unwhole.id)
    imports, company_id = trade.store.imports, trade.company.id
    rounds = [await imports.forget(company_id, unwhole.id, fresh.id) for _ in range(3)]
    assert rounds == [True, True, False]
    assert engine.rows("SELECT DISTINCT import_id FROM import_rows") == [(fresh.id,)]
    assert engine.rows("SELECT import_id FROM imports") == [(fresh.id,)]
    assert old.id < unwhole.id < fresh.id


@pytest.mark.parametrize("path", SEALED_FILES, ids=lambda path: path.stem)
def test_what_every_version_sealed_of_an_import_opens(path: object) -> None:
    file = read(path)  # type: ignore[arg-type]
    if "imports.form" not in file.sealed:
        return  # before schema 0018 there were none
    ring = make_sealed.keyring()
    theirs = company_box(ring, values.company(file.data_keys["company"]))
    bulk, row = kept.IMPORT, kept.ROW
    columns = (bulk.id, "checked", bulk.actor, file.sealed["imports.form"], bulk.created_at_ms, bulk.ended_at_ms)
    opened = bulk_imports.import_of(theirs, bulk.company_id, (*columns, 0, 0, 1, 0, 0, 0))
    assert replace(opened, counts=bulk.counts) == bulk
    read_row = (row.position, "faulty", row.client_id, file.sealed["import_rows.content"])
    assert bulk_imports.import_row_of(theirs, bulk.id, read_row) == row
    own = client_box(ring, values.client(file.data_keys["client"]))
    content = own.open(f"import_keys/{values.CLIENT_ID}/content", file.sealed["import_keys.content"])
    assert stored.open_key(content).key == kept.KEY


def test_what_is_kept_of_an_import_has_nothing_by_default() -> None:
    met = differing(kept.IMPORT, kept.ROW)
    assert {"columns", "delimiter"} <= met[FileForm]
    assert {"cells", "faults", "client_id", "twin"} <= met[ImportRow]
