"""Imports go on whoever is cut off, and each row is carried out once, whoever works beside whom."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ostiary.domain.errors import InvalidState, LeaseLost, NotFound, Unavailable
from ostiary.domain.imports.bulk import LEASE_MS, AddImportKey, BulkImport, ImportState, RowState
from ostiary.domain.unit import Guard, Unit
from ostiary.domain.value import replace
from ostiary.usecases.clients.individuals import create_client
from ostiary.usecases.imports import carry_out, receive
from ostiary.usecases.imports.carry_out import TellRow, work_at
from ostiary.usecases.imports.imports import (
    cancel_import,
    list_imports,
    read_import,
    start_import,
)
from tests.house import CARDS, House
from tests.importing import carried_out, checked, clients, counts, csv_of, faults_of, received, row, spoil


async def test_two_imports_of_one_file_make_each_client_once(house: House) -> None:
    content = csv_of([row(1), row(2, product=CARDS)])
    first, second = await checked(house, content), await checked(house, content)
    for bulk in (first, second):
        await house.do(start_import, bulk.id)
        assert await work_at(house.context, house.caller.company, bulk.id)
    assert counts(await read_import(house.context, house.caller, second.id)) == {"repeated": 1, "done": 1}
    assert (clients(house), len(house.rows("SELECT 1 FROM enablements"))) == (2, 1)


async def test_two_processes_at_once_do_each_row_once(house: House) -> None:
    """The lease of one ran out while it was still at it."""
    bulk = await checked(house, csv_of([row(number, product=CARDS) for number in range(30)]))
    await house.do(start_import, bulk.id)
    first = asyncio.create_task(work_at(house.context, house.caller.company, bulk.id))
    await asyncio.sleep(0)
    while not house.rows("SELECT 1 FROM import_rows WHERE state <> 'good'"):
        await asyncio.sleep(0)
    house.clock.now_ms += LEASE_MS
    second = asyncio.create_task(work_at(house.context, house.caller.company, bulk.id))
    ended = await asyncio.gather(first, second, return_exceptions=True)
    assert any(each is True for each in ended)
    assert all(each is True or isinstance(each, LeaseLost) for each in ended)
    assert counts(await read_import(house.context, house.caller, bulk.id)) == {"done": 30}
    assert (clients(house), len(house.rows("SELECT 1 FROM enablements"))) == (30, 30)


async def test_an_import_that_somebody_works_at_is_left_to_them_until_their_lease_runs_out(house: House) -> None:
    bulk = await received(house, csv_of([row(1)]))
    now, imports = house.clock.now_ms, house.context.storage.imports
    assert await imports.claim(bulk.company_id, bulk.id, "theirs", now, now + LEASE_MS)
    assert not await work_at(house.context, house.caller.company, bulk.id)
    assert await imports.due(now) == []
    house.clock.now_ms += LEASE_MS
    assert await imports.due(house.clock.now_ms) == [(bulk.company_id, bulk.id)]
    assert await work_at(house.context, house.caller.company, bulk.id)
    assert await imports.due(house.clock.now_ms + LEASE_MS) == []


async def test_whoever_lost_the_lease_stops(house: House) -> None:
    bulk = await received(house, csv_of([row(1)]))
    imports = house.context.storage.imports

    def lose(_: BulkImport) -> None:
        spoil(house, "UPDATE imports SET lease = 'theirs'")

    with pytest.raises(LeaseLost):
        await work_at(house.context, house.caller.company, bulk.id, lose)
    assert await imports.counts(bulk.company_id, bulk.id) == {RowState.WAITING: 1}


@pytest.mark.parametrize("is_started", [False, True])
async def test_what_is_cancelled_is_not_done_and_its_cells_are_dropped(house: House, is_started: bool) -> None:
    bulk = await checked(house, csv_of([row(number) for number in range(100)]))
    if is_started:
        await house.do(start_import, bulk.id)
    cancelling: list[asyncio.Task[BulkImport]] = []

    def cancel(_: BulkImport) -> None:
        if not cancelling:
            cancelling.append(asyncio.create_task(house.do(cancel_import, bulk.id)))

    if is_started:
        await work_at(house.context, house.caller.company, bulk.id, cancel)
        await cancelling[0]
    else:
        await house.do(cancel_import, bulk.id)
    await work_at(house.context, house.caller.company, bulk.id)
    ended = await read_import(house.context, house.caller, bulk.id)
    assert ended.state is ImportState.CANCELLED
    assert ended.count(RowState.GOOD) > 0
    assert ended.total == 100
    assert clients(house) == ended.count(RowState.DONE)
    assert house.rows("SELECT count(*) FROM import_rows WHERE content IS NOT NULL") == [(0,)]
    assert await house.context.storage.imports.due(house.clock.now_ms + LEASE_MS) == []


async def test_an_import_that_is_cancelled_while_it_is_checked_stays_cancelled(house: House) -> None:
    bulk = await received(house, csv_of([row(number) for number in range(150)]))
    looks = 0

    def cancel(_: BulkImport) -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            spoil(house, "UPDATE imports SET state = 'cancelled'")

    await work_at(house.context, house.caller.company, bulk.id, cancel)
    assert house.rows("SELECT state, waiting FROM imports") == [("cancelled", 50)]


async def test_an_import_that_ends_as_it_is_cancelled_is_cancelled(house: House) -> None:
    """Its last look finds it in another state."""
    bulk = await received(house, csv_of([row(1)]))
    caller = house.caller
    ended = await carry_out._ended(house.context, caller, replace(bulk, state=ImportState.RUNNING))
    assert (ended.answer, ended.unit) == (False, None)


@pytest.mark.parametrize("change", ["UPDATE imports SET state = 'cancelled'", "UPDATE import_rows SET state = 'done'"])
@pytest.mark.parametrize("email", ["c1@example.com", "taken@example.com"])
async def test_a_row_that_moved_while_it_was_decided_upon_is_left_as_it_is(
    house: House, change: str, email: str
) -> None:
    await house.client(email="taken@example.com")
    bulk = await checked(house, csv_of([row(1)]))
    moved = await house.do(start_import, bulk.id)
    [good] = await house.context.storage.imports.rows(house.caller.company, bulk.id, (RowState.GOOD,), 0, 9)
    good = replace(good, cells=tuple(email if "@" in cell else cell for cell in good.cells))
    spoil(house, change)
    before = house.rows("SELECT * FROM import_rows")
    await carry_out._RowWork(house.context, house.caller, moved, good).do(TellRow())
    assert house.rows("SELECT * FROM import_rows") == before
    assert clients(house) == 1


async def test_a_row_that_the_catalogue_no_longer_lets_pass_is_faulty(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = await checked(house, csv_of([row(1)]))
    moved = await house.do(start_import, bulk.id)
    [good] = await house.context.storage.imports.rows(house.caller.company, bulk.id, (RowState.GOOD,), 0, 9)
    emptied = replace(good, cells=("", *good.cells[1:]))
    await carry_out._RowWork(house.context, house.caller, moved, emptied).do(TellRow())
    assert await faults_of(house, bulk) == {1: [("first_name", "FIELD_MISSING")]}


async def test_a_refusal_that_names_no_column_is_of_the_row(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: Any) -> None:
        raise InvalidState("Not today.")

    monkeypatch.setattr(carry_out, "create_client", refuse)
    bulk = await carried_out(house, csv_of([row(1)]))
    assert await faults_of(house, bulk) == {1: [("row", "INVALID_STATE")]}


async def test_our_own_fault_is_told_and_keeps_no_other_row(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    real, heard = create_client, list[tuple[str, int, str]]()

    async def fail(context: Any, caller: Any, given: Any) -> Any:
        if given.email == "c1@example.com":
            raise ZeroDivisionError
        return await real(context, caller, given)

    class Tell(TellRow):
        def __call__(self, import_id: str, position: int, error: Exception) -> None:
            heard.append((import_id, position, type(error).__name__))

    monkeypatch.setattr(carry_out, "create_client", fail)
    bulk = await checked(house, csv_of([row(1), row(2)]))
    await house.do(start_import, bulk.id)
    await work_at(house.context, house.caller.company, bulk.id, tell=Tell())
    assert heard == [(bulk.id, 1, "ZeroDivisionError")]
    assert await faults_of(house, bulk) == {1: [("row", "INTERNAL_ERROR")]}
    assert clients(house) == 1


async def test_a_database_that_is_away_is_no_fault_of_a_row(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any) -> None:
        raise Unavailable

    bulk = await checked(house, csv_of([row(1)]))
    await house.do(start_import, bulk.id)
    with monkeypatch.context() as patched:
        patched.setattr(carry_out, "create_client", away)
        with pytest.raises(Unavailable):
            await work_at(house.context, house.caller.company, bulk.id)
    house.clock.now_ms += LEASE_MS
    assert await work_at(house.context, house.caller.company, bulk.id)
    assert counts(await read_import(house.context, house.caller, bulk.id)) == {"done": 1}


async def test_an_import_that_is_still_being_received_is_not_seen(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "KEPT_TOGETHER", 1)
    bulk = await received(house, csv_of([row(1), row(2)]))
    spoil(house, "UPDATE imports SET state = 'receiving'")
    with pytest.raises(NotFound):
        await read_import(house.context, house.caller, bulk.id)
    assert (await list_imports(house.context, house.caller, before=None, limit=9)).imports == ()


async def test_an_import_that_is_gone_ends_who_works_at_it(house: House) -> None:
    bulk = await received(house, csv_of([row(1)]))

    def drop(_: BulkImport) -> None:
        spoil(house, "DELETE FROM import_rows")
        spoil(house, "DELETE FROM imports")

    with pytest.raises(LeaseLost):
        await work_at(house.context, house.caller.company, bulk.id, drop)
    other = await received(house, csv_of([row(2)]))
    await house.do(cancel_import, other.id)
    assert await work_at(house.context, house.caller.company, other.id, drop)


async def test_a_key_serves_one_client(house: House) -> None:
    """The key and the client are one transaction, so that of two that race for a key one makes nothing."""
    await carried_out(house, csv_of([row(1, row_key="k")]))
    other = await house.client(email="z@example.com")
    unit = Unit(house.caller.company.id, house.clock.now_ms, other, changes=(AddImportKey("row_key:k"),))
    assert await house.context.storage.commit(unit, house.caller.company) is Guard.IMPORT


async def test_a_lease_of_another_process_is_not_held(house: House) -> None:
    bulk = await received(house, csv_of([row(1)]))
    with pytest.raises(LeaseLost):
        await carry_out._hold(house.context, house.caller, bulk, "not ours")
