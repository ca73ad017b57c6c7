"""Rows for every table of a database, made from what the database says of its columns: whatever a schema has."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ostiary.storage.schema.tables import Table

Value = str | int | bytes | None
MEANT = {"state": "pending", "queue": "webhook", "topic": "webhook", "status": "active", "environment": "sandbox"}
"""Columns whose words mean something to a migration."""


def value_of(column: str, kind: str, row: int) -> Value:
    """Another in each column and row, and none of them empty."""
    if "INT" in kind:
        return 1_000 * row + len(column)
    if column in MEANT:
        return MEANT[column]
    word = f"{column} {row} Ü"
    return word.encode() if "BLOB" in kind else word


def columns_of(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Every table of ours with its columns and their kinds."""
    with closing(sqlite3.connect(path)) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: [(row[1], str(row[2]).upper()) for row in database.execute(f"PRAGMA table_info({table})")]
            for table in tables
            if table != "alembic_version"
        }


def fill(path: Path, rows: int) -> dict[str, list[dict[str, Value]]]:
    """Adds rows to every table; what was added."""
    added: dict[str, list[dict[str, Value]]] = {}
    with closing(sqlite3.connect(path)) as database, database:
        for table, columns in columns_of(path).items():
            added[table] = [{name: value_of(name, kind, row) for name, kind in columns} for row in range(1, rows + 1)]
            places = ", ".join("?" * len(columns))
            database.executemany(
                f"INSERT INTO {table} VALUES ({places})",  # noqa: S608
                [tuple(row.values()) for row in added[table]],
            )
    return added


def held(path: Path, table: str) -> list[dict[str, Value]]:
    """What a table holds, by column."""
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(f"SELECT * FROM {table}")]  # noqa: S608


def of_key(table: Table, row: dict[str, Value]) -> tuple[Value, ...]:
    return tuple(row[column] for column in table.key)
