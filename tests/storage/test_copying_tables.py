"""Copying knows every table and column: each row arrives, each change of one value is seen and brought over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ostiary.domain.errors import Refused
from ostiary.storage import opening
from ostiary.storage.backup import copy
from ostiary.storage.engine import Engine
from ostiary.storage.schema.tables import TABLES, Table
from tests.storage.every_table import Value, fill, held, of_key, value_of
from tests.storage.postgres_shelf import PostgresShelf
from tests.storage.shelf import Shelf, SqliteShelf
from tests.storage.test_copying import copied, everything

ROWS = 3
KINDS = {str: "TEXT", int: "BIGINT", bytes: "BLOB"}


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[SqliteShelf]:
    """Three rows in every table, none of them readable: copying does not open anything."""
    (tmp_path / "source").mkdir()
    shelf = SqliteShelf(tmp_path / "source")
    fill(shelf.path, ROWS)
    yield shelf
    await shelf.close()


@pytest.fixture
async def target(tmp_path: Path) -> AsyncIterator[PostgresShelf]:
    shelf = PostgresShelf()
    yield shelf
    await shelf.close()


async def test_every_row_arrives_there_and_back(source: SqliteShelf, target: PostgresShelf, tmp_path: Path) -> None:
    done = copied(source, target)
    assert done.rows == sum(len(source.rows(f"SELECT 1 FROM {table.name}")) for table in TABLES) - 1  # noqa: S608
    assert everything(target) == everything(source)
    (tmp_path / "back").mkdir()
    back = SqliteShelf(tmp_path / "back")
    copied(target, back)
    assert everything(back) == everything(source)
    for table in TABLES:
        if table.name != "installation":
            assert len(held(back.path, table.name)) == ROWS
    await back.close()


async def test_one_changed_value_in_any_column_is_seen_and_mended(source: SqliteShelf, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    target = SqliteShelf(tmp_path / "target")
    copied(source, target)
    come_from, go_to = source.open().engine, target.open().engine
    for table in TABLES:
        key = of_key(table, held(source.path, table.name)[-1])
        for column in table.others if table.name != "installation" else ():
            [(own,)] = target.rows(f"SELECT {column} FROM {table.name} WHERE {named(table)}", *key)  # noqa: S608
            set_to(target, table, key, column, changed := value_of("other", KINDS[type(own)], 9))
            assert changed != own
            assert_told_apart(come_from, go_to, table)
            with come_from.snapshot() as moment:
                done = copy.copy(moment, go_to, lambda _: None)
            assert (done.written, done.removed) == (1, 0), f"{table.name}.{column}"
    assert everything(target) == everything(source)
    await target.close()


@pytest.mark.parametrize(
    "table", [table for table in TABLES if table.name != "installation"], ids=lambda table: table.name
)
async def test_a_row_too_few_or_too_many_in_any_table_is_seen_and_mended(
    source: SqliteShelf, tmp_path: Path, table: Table
) -> None:
    (tmp_path / "target").mkdir()
    target = SqliteShelf(tmp_path / "target")
    copied(source, target)
    keys = [of_key(table, row) for row in held(source.path, table.name)]
    target.spoil(f"DELETE FROM {table.name} WHERE {named(table)}", *keys[1])  # noqa: S608
    assert_told_apart(source.open().engine, target.open().engine, table)
    assert copied(source, target).written == 1
    source.spoil(f"DELETE FROM {table.name} WHERE {named(table)}", *keys[0])  # noqa: S608
    assert_told_apart(source.open().engine, target.open().engine, table)
    assert copied(source, target).removed == 1
    assert everything(target) == everything(source)
    await target.close()


async def test_what_each_database_says_of_itself_is_not_brought_over(source: SqliteShelf, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    target = SqliteShelf(tmp_path / "target")
    of_source = source.rows("SELECT value FROM installation WHERE name = ?", opening.OLDEST)
    source.spoil("UPDATE installation SET value = x'00' WHERE name = ?", opening.OLDEST)
    copied(source, target)
    assert target.rows("SELECT value FROM installation WHERE name = ?", opening.OLDEST) == of_source != [(b"\0",)]
    assert target.rows("SELECT count(*) FROM installation WHERE name = ?", copy.COPYING) == [(1,)]
    copy.end_if_copy(target.open().engine)
    copy.end_if_copy(target.open().engine)
    assert target.rows("SELECT count(*) FROM installation WHERE name = ?", copy.COPYING) == [(0,)]
    assert {row[0] for row in target.rows("SELECT name FROM installation")} >= set(opening.LOOKUP_KEYS)
    await target.close()


def named(table: Table) -> str:
    return " AND ".join(f"{column} = ?" for column in table.key)


def set_to(shelf: Shelf, table: Table, key: tuple[Value, ...], column: str, value: Value) -> None:
    shelf.spoil(f"UPDATE {table.name} SET {column} = ? WHERE {named(table)}", value, *key)  # noqa: S608


def assert_told_apart(source: Engine, target: Engine, table: Table) -> None:
    with source.snapshot() as left, target.snapshot() as right, pytest.raises(Refused, match=f"Table {table.name} has"):
        copy.verify(left, right, lambda _: None)
