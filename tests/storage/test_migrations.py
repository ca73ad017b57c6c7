"""From every earlier schema to this one, with rows in every table: nothing is lost and nothing changes its value."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ostiary.domain.delivery.messages import NEVER_MS
from ostiary.storage import opening
from tests.servers import warm
from tests.storage.every_table import Value, columns_of, fill, held

EARLIER = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
)
NEW_SINCE: dict[str, dict[str, Value]] = {
    "clients": {"reference_mark": None, "terms": None, "erased_at_ms": None, "details_version": None},
    "answers": {"client_id": None},
    "documents": {"reading": None, "bytes": None},
    "queues": {"wake_from_ms": None, "wakes_all": 0},
    "messages": {"queue": "webhook", "woken": 0},
    "enablements": {"private_note": None, "review_kind": None, "review_reasons": None},
}
"""Columns that came later, with what rows of before have in them."""


def at_schema(path: Path, revision: str) -> None:
    """A database as a version of that schema made it."""
    warm.run("ostiary.storage.schema.upgrade:main", given=f"sqlite://{path} {revision}").check_returncode()


@pytest.fixture(params=EARLIER)
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, list[dict[str, Value]]]]:
    """A database of an earlier schema, with rows in every table."""
    path = tmp_path / opening.FILE_NAME
    at_schema(path, request.param)
    place = opening.SqliteDatabase(path)
    assert place.schema() == request.param
    return path, fill(path, 3)


def shape(path: Path) -> dict[str, list[tuple[str, str]]]:
    return {table: sorted(columns) for table, columns in columns_of(path).items()}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, str]]]:
    """What a new database looks like."""
    path = tmp_path_factory.mktemp("fresh") / opening.FILE_NAME
    opening.migrate(opening.SqliteDatabase(path))
    return shape(path)


def test_every_row_of_every_table_is_there_with_every_value(
    earlier: tuple[Path, dict[str, list[dict[str, Value]]]], fresh: dict[str, list[tuple[str, str]]]
) -> None:
    path, before = earlier
    assert opening.migrate(opening.SqliteDatabase(path))
    assert opening.SqliteDatabase(path).schema() == opening.FINISHED
    for table, rows in before.items():
        now = held(path, table)
        if table in ("installation", "queues"):
            names = [row.get("name") for row in rows]
            now = [row for row in now if table == "queues" or row["name"] in names]
        wanted = [{**NEW_SINCE.get(table, {}), **row} for row in rows]
        assert sorted(map(str, now)) == sorted(str({name: row[name] for name in now[0]}) for row in wanted)
    assert not opening.migrate(opening.SqliteDatabase(path)), "once is enough"
    assert shape(path) == fresh, "the schema is the same whichever way it came"
    [oldest] = [row["value"] for row in held(path, "installation") if row["name"] == opening.OLDEST]
    assert oldest == b"0019"


def test_what_waited_before_there_were_queues_has_one_afterwards(tmp_path: Path) -> None:
    path = tmp_path / opening.FILE_NAME
    at_schema(path, "0002")
    rows = fill(path, 3)["messages"]
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE messages SET topic = 'provider' WHERE message_id = ?", (rows[0]["message_id"],))
    rows[0]["topic"] = "provider"
    opening.migrate(opening.SqliteDatabase(path))
    queues = {(row["company_id"], row["queue"]): row["due_at_ms"] for row in held(path, "queues")}
    assert queues == {(row["company_id"], row["topic"]): row["due_at_ms"] for row in rows}
    assert all(row["due_at_ms"] != NEVER_MS for row in held(path, "messages")), "each is the first of its request"
