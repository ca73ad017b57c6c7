"""Copying an installation from one database into another, as it is at one moment, row by row as it lies there: sealed
values stay sealed, so no master key is needed.

Both sides are read in pages by key and compared; only what differs is written. So a copy that was broken off goes on
where it was, and one made while the service runs is brought up to date by another, made when it has stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ostiary.domain.errors import Refused
from ostiary.storage import opening
from ostiary.storage.engine import BlockingConnection, Engine, Row
from ostiary.storage.schema.tables import TABLES, Table
from ostiary.storage.tables import installation as sql
from ostiary.storage.tables.queues import MERGE_ARRIVALS
from ostiary.storage.tables.stored_bytes import GATHER_STORED

TOGETHER = 2_000
"""Rows of a page, compared in memory and written in one go: with sealed values of some kB, a few MB."""
COPYING = "copying"
"""Name under which a database says that it is a copy that nobody has used yet."""
UNDER_WAY, WHOLE = b"", b"whole"
"""What it says: whether the copy was compared with its source to the end."""
OWN = (COPYING, opening.OLDEST)
"""What each database says of itself, and no other."""
Progress = Callable[[int], None]


@dataclass(slots=True)
class Copied:
    """What was done, and what both sides hold after it."""

    rows: int = 0
    written: int = 0
    removed: int = 0


def begin(target: Engine, source: BlockingConnection) -> None:
    """Takes the target for a copy of the source. Raises Refused when it holds what must not be overwritten."""
    installed = {row[0]: bytes(row[1]) for row in source.rows(sql.INSTALLATION)}
    with target.blocking() as aside:
        there = {row[0]: bytes(row[1]) for row in aside.rows(sql.INSTALLATION)}
        is_copy = COPYING in there
        if not is_copy and aside.rows("SELECT 1 FROM companies LIMIT 1"):
            raise Refused(
                "The target holds an installation that is in use, and copying would undo what was done there. "
                "Copy into an empty database."
            )
        if is_copy and any(there[name] != installed[name] for name in there.keys() & installed.keys() - set(OWN)):
            raise Refused(
                "The target was copied from another installation, or from this one before its keys were replaced. Copy "
                "into an empty database."
            )
        if not is_copy:
            aside.rows("DELETE FROM installation WHERE name <> ?1", opening.OLDEST)  # keys of its own, of no use here
            aside.rows(sql.ADD_INSTALLATION, COPYING, UNDER_WAY)
        _say(aside, UNDER_WAY)


def end(target: Engine) -> None:
    """It holds all that the source held."""
    with target.blocking() as aside:
        _say(aside, WHOLE)


def check_whole(place: opening.Database) -> None:
    """Before a database is used. Raises Refused for a copy that was broken off: it lacks some of what was answered."""
    if place.schema() is None:
        return
    with place.aside() as aside:
        rows = aside.rows(sql.INSTALLED, COPYING)
    if rows and bytes(rows[0][0]) != WHOLE:
        raise Refused(
            f"{place.shown} is a copy that is not whole: `ostiary copy` was broken off, or still runs. Run it again to "
            "its end first."
        )


def _say(aside: BlockingConnection, state: bytes) -> None:
    aside.rows("UPDATE installation SET value = ?2 WHERE name = ?1", COPYING, state)


def end_if_copy(target: Engine) -> None:
    """From now on it is in use, and is not written over any more."""
    with target.blocking() as aside:
        if aside.rows(sql.INSTALLED, COPYING):
            aside.rows("DELETE FROM installation WHERE name = ?1", COPYING)


def arrive(source: Engine) -> None:
    """Brings messages that arrived to their queues, and what documents take to its sums."""
    if source.is_shared:
        with source.blocking() as aside:
            while aside.rows(GATHER_STORED):
                """Until there is none."""
            while aside.rows("SELECT 1 FROM arrivals LIMIT 1"):
                aside.rows(MERGE_ARRIVALS)


def count(source: BlockingConnection) -> int:
    """Rows in all."""
    return sum(int(source.rows(f"SELECT count(*) FROM {table.name}")[0][0]) for table in TABLES)  # noqa: S608


def copy(source: BlockingConnection, target: Engine, tell: Progress) -> Copied:
    """Makes the target hold what the source holds. `tell` hears of rows done."""
    done = Copied()
    with target.blocking() as aside:
        for table in TABLES:
            for page in _pages(source, table):
                _bring(aside, table, page, done)
                done.rows += len(page.rows)
                tell(done.rows)
    return done


def verify(source: BlockingConnection, target: BlockingConnection, tell: Progress) -> None:
    """Reads both sides again, whole. Raises Refused when they differ."""
    verified = 0
    for table in TABLES:
        ends = [_digest(side, table) for side in (source, target)]
        if ends[0] != ends[1]:
            raise Refused(
                f"Table {table.name} has {ends[0][0]} rows in the source and {ends[1][0]} in the target, or they "
                "differ: copy again, with the service stopped."
            )
        verified += ends[0][0]
        tell(verified)


# ---- pages ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Page:
    """Rows with keys above `after`, up to and with `upto`; None: without a bound."""

    rows: list[tuple[Any, ...]]
    after: tuple[Any, ...] | None
    upto: tuple[Any, ...] | None


def _pages(side: BlockingConnection, table: Table) -> Iterator[_Page]:
    """All of a table, the last page open to the end."""
    after: tuple[Any, ...] | None = None
    while True:
        rows = _read(side, table, after, None, TOGETHER)
        is_last = len(rows) < TOGETHER
        upto = None if is_last else rows[-1][: len(table.key)]
        yield _Page(rows, after, upto)
        if is_last:
            return
        after = upto


def _read(
    side: BlockingConnection,
    table: Table,
    after: Sequence[Any] | None,
    upto: Sequence[Any] | None,
    most: int | None = None,
) -> list[tuple[Any, ...]]:
    key, values = ", ".join(table.key), list[Any]()
    bounds = [f"name <> '{name}'" for name in OWN] if table.name == "installation" else []
    for sign, bound in ((">", after), ("<=", upto)):
        if bound is not None:
            places = ", ".join(f"?{len(values) + at}" for at in range(1, len(bound) + 1))
            bounds.append(f"({key}) {sign} ({places})")
            values += bound
    where = f" WHERE {' AND '.join(bounds)}" if bounds else ""
    limit = f" LIMIT {most}" if most is not None else ""
    text = f"SELECT {', '.join(table.columns)} FROM {table.name}{where} ORDER BY {key}{limit}"  # noqa: S608
    return [_plain(row) for row in side.rows(text, *values)]


def _plain(row: Row) -> tuple[Any, ...]:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


def _bring(target: BlockingConnection, table: Table, page: _Page, done: Copied) -> None:
    width = len(table.key)
    wanted = {row[:width]: row for row in page.rows}
    there = {row[:width]: row for row in _read(target, table, page.after, page.upto)}
    if wanted == there:
        return
    gone = [key for key in there if key not in wanted]
    fresh = [row for key, row in wanted.items() if there.get(key) != row]
    named = " AND ".join(f"{column} = ?{at}" for at, column in enumerate(table.key, 1))
    if gone:
        target.many(f"DELETE FROM {table.name} WHERE {named}", gone)  # noqa: S608
    if fresh:
        target.many(_upsert(table), fresh)
    done.removed += len(gone)
    done.written += len(fresh)


def _upsert(table: Table) -> str:
    places = ", ".join(f"?{at}" for at in range(1, len(table.columns) + 1))
    changes = ", ".join(f"{column} = excluded.{column}" for column in table.others)
    otherwise = f"UPDATE SET {changes}" if changes else "NOTHING"
    return (
        f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({places}) "  # noqa: S608
        f"ON CONFLICT ({', '.join(table.key)}) DO {otherwise}"
    )


def _digest(side: BlockingConnection, table: Table) -> tuple[int, bytes]:
    """How many rows, and a SHA-256 over all of them in order."""
    rows, sealed = 0, sha256()
    for page in _pages(side, table):
        rows += len(page.rows)
        for row in page.rows:
            sealed.update(repr(row).encode())
    return rows, sealed.digest()
