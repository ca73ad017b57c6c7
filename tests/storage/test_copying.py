"""An installation moves from one database to another, either way, and arrives whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.domain.delivery.messages import MessageOutcome
from ostiary.domain.errors import Refused
from ostiary.domain.unit import AddDocument, AddEnablement, AddMessage, ClaimNumber, MessageResult
from ostiary.storage import opening
from ostiary.storage.backup import copy as copying
from ostiary.storage.backup.copy import Copied
from ostiary.storage.engine import Engine
from ostiary.storage.schema.tables import OF_NO_COMPANY, TABLES, Table
from tests.material import NOW_MS
from tests.storage.postgres_shelf import PostgresShelf
from tests.storage.shelf import Shelf, SqliteShelf
from tests.storage.test_messages import claimed
from tests.storage.values import Trade, found_company

ENGINES = {"sqlite": SqliteShelf, "postgres": PostgresShelf}
WAYS = [("sqlite", "postgres"), ("postgres", "sqlite"), ("postgres", "postgres")]
SHARED_ONLY = ("arrivals", "stored_changes", "rate_limits")


def shelf_of(engine: str, folder: Path) -> Shelf:
    folder.mkdir()
    return SqliteShelf(folder) if engine == "sqlite" else PostgresShelf()


@pytest.fixture(params=WAYS, ids="-".join)
async def both(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Shelf, Shelf]]:
    """An installation, and an empty database made by somebody else."""
    source, target = (shelf_of(engine, tmp_path / f"{at}") for at, engine in enumerate(request.param))
    yield source, target
    await source.close()
    await target.close()


def copied(source: Shelf, target: Shelf) -> Copied:
    """As the command does it."""
    come_from, go_to = source.open().engine, target.open().engine
    copying.arrive(come_from)
    with come_from.snapshot() as moment:
        copying.begin(go_to, moment)
        done = copying.copy(moment, go_to, lambda _: None)
        with go_to.snapshot() as copy:
            copying.verify(moment, copy, lambda _: None)
    return done


def everything(shelf: Shelf) -> set[tuple[object, ...]]:
    rows = shelf.everything("alembic_version", *SHARED_ONLY)
    return {row for row in rows if not (row[0] == "installation" and row[1] in copying.OWN)}


async def filled(shelf: Shelf) -> Trade:
    trade = await found_company(shelf.open(), shelf.cipher)
    client = trade.client()
    document = trade.document(client)
    await trade.remembered(
        client,
        changes=(
            AddDocument(document),
            ClaimNumber("key", document.id),
            AddEnablement(trade.enablement(client)),
            AddMessage(trade.message(client)),
        ),
    )
    opening.keep_catalogue(shelf.open().engine, "v1", "source", NOW_MS)
    await trade.store.answers.begin(trade.company.id, b"mark", b"content", "lease", NOW_MS)
    return trade


async def test_everything_arrives_as_it_lies_there(both: tuple[Shelf, Shelf]) -> None:
    source, target = both
    trade = await filled(source)
    done = copied(source, target)
    assert done.written == done.rows > 0
    assert everything(target) == everything(source)
    store = target.open()
    [client] = await trade.store.clients.page(trade.company.id, None, None, 9)
    opening.install_lookup_keys(store.engine, source.cipher)
    assert await store.dossier(trade.company.id, client.id) == await trade.store.dossier(trade.company.id, client.id)


async def test_a_message_is_delivered_from_the_copy(both: tuple[Shelf, Shelf]) -> None:
    source, target = both
    trade = await filled(source)
    copied(source, target)
    assert len(await claimed(target.open(), "lease")) == 1
    assert len(await claimed(trade.store, "lease")) == 1


async def test_a_second_copy_writes_only_what_changed(both: tuple[Shelf, Shelf]) -> None:
    source, target = both
    trade = await filled(source)
    copied(source, target)
    assert (again := copied(source, target)).written == again.removed == 0
    [client] = await trade.store.clients.page(trade.company.id, None, None, 9)
    await trade.store.commit(trade.touching(client))
    [message_id] = await claimed(trade.store, "lease")
    end = MessageResult(message_id, "lease", MessageOutcome.DELIVERED)
    await trade.store.commit(replace(trade.unit(), changes=(end,)), trade.company)
    await trade.store.answers.forget(trade.company.id, b"mark", "lease")
    done = copied(source, target)
    assert done.removed == 1, "the key that was given back"
    assert 1 < done.written < 8
    assert everything(target) == everything(source)


async def test_a_copy_that_was_broken_off_goes_on(both: tuple[Shelf, Shelf]) -> None:
    source, target = both
    await filled(source)
    come_from, go_to = source.open().engine, target.open().engine
    copying.arrive(come_from)

    def broken_off(rows: int) -> None:
        if rows > 3:
            raise InterruptedError

    with come_from.snapshot() as moment:
        copying.begin(go_to, moment)
        with pytest.raises(InterruptedError):
            copying.copy(moment, go_to, broken_off)
    done = copied(source, target)
    assert 0 < done.written < done.rows
    assert everything(target) == everything(source)


async def test_more_rows_than_a_page(both: tuple[Shelf, Shelf], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "TOGETHER", 3)
    source, target = both
    trade = await filled(source)
    for _ in range(7):
        await trade.remembered()
    copied(source, target)
    assert everything(target) == everything(source)
    target.spoil("DELETE FROM audit_entries WHERE owner <> ?", trade.company.id)
    target.spoil("INSERT INTO screenings VALUES ('0', 'x', 'y', x'00', 1)")
    assert copied(source, target).removed == 1
    assert everything(target) == everything(source)


async def test_a_copy_is_used_only_when_it_is_whole(both: tuple[Shelf, Shelf]) -> None:
    source, target = both
    await filled(source)
    copying.check_whole(target.place)
    copied(source, target)
    with pytest.raises(Refused, match="not whole"):
        copying.check_whole(target.place)
    copying.end(target.open().engine)
    copying.check_whole(target.place)
    copied(source, target)
    with pytest.raises(Refused, match="broken off, or still runs"):
        copying.check_whole(target.place)


async def test_an_installation_in_use_is_not_written_over(both: tuple[Shelf, Shelf]) -> None:
    source, target = both
    await filled(source)
    copied(source, target)
    copying.end_if_copy(target.open().engine)
    before = everything(target)
    with pytest.raises(Refused, match="in use"):
        copied(source, target)
    assert everything(target) == before


async def test_a_copy_of_another_installation_is_not_written_over(both: tuple[Shelf, Shelf], tmp_path: Path) -> None:
    source, target = both
    await filled(source)
    copied(source, target)
    other = shelf_of("sqlite", tmp_path / "other")
    other.spoil("DELETE FROM installation WHERE name = 'email'")
    opening.install_lookup_keys(other.open().engine, other.cipher)
    with pytest.raises(Refused, match="another installation"):
        copied(other, target)
    await other.close()


async def test_a_difference_is_named(both: tuple[Shelf, Shelf]) -> None:
    source, target = both
    await filled(source)
    copied(source, target)
    target.spoil("UPDATE clients SET updated_at_ms = 1")
    come_from, go_to = source.open().engine, target.open().engine
    with come_from.snapshot() as left, go_to.snapshot() as right, pytest.raises(Refused, match="Table clients"):
        copying.verify(left, right, lambda _: None)


def columns(engine: Engine, table: str, text: str) -> set[str]:
    with engine.blocking() as aside:
        return {str(row[0]) for row in aside.rows(text, table)}


@pytest.mark.parametrize("engine", ENGINES)
async def test_every_table_is_known_with_every_column(engine: str, tmp_path: Path) -> None:
    shelf = shelf_of(engine, tmp_path / "any")
    if engine == "sqlite":
        tables, text = "SELECT name FROM sqlite_master WHERE type = 'table'", "SELECT name FROM pragma_table_info(?1)"
    else:
        tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
        text = "SELECT column_name::text FROM information_schema.columns WHERE table_name = ?1"
    names = {str(row[0]) for row in shelf.rows(tables)} - {"alembic_version", *SHARED_ONLY}
    assert names == {table.name for table in TABLES}
    for table in TABLES:
        assert columns(shelf.open().engine, table.name, text) == set(table.columns)
    await shelf.close()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_keys_lead_with_the_company(table: Table) -> None:
    assert table.name in OF_NO_COMPANY or table.key[0] == "company_id"
