"""SQLite as an engine of the store.

Reads run on the event loop's own thread over a read-only connection: each is a handful of index look-ups, which
costs less than handing it to another thread, and WAL readers never wait for the writer (`sqlite.reads`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ostiary.domain.unit import Guard
from ostiary.storage.engine import Ask, Row, Script, T
from ostiary.storage.sqlite import writer
from ostiary.storage.sqlite.reads import ReadsTogether
from ostiary.storage.statement import Statement


class SqliteEngine:
    """One file, for one process that serves and others beside it."""

    is_shared = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = writer.Writer(path)
        self._reads = ReadsTogether(writer.connect(path, read_only=True))

    async def rows(self, text: str, *parameters: Any) -> list[Row]:
        return (await self._reads.ask(((text, parameters),)))[0]

    async def gather(self, *asks: Ask) -> list[list[Row]]:
        return await self._reads.ask(asks)

    async def apply(self, todo: list[Statement]) -> Guard | None:
        try:
            await self.writer.write(lambda connection: writer.run(connection, todo), is_brief=True)
        except writer.LostGuard as lost:
            return lost.guard
        return None

    async def write(self, text: str, *parameters: Any, may_be_lost: bool = False) -> int:
        return await self.writer.write(
            lambda connection: connection.execute(text, parameters).rowcount,
            is_brief=not may_be_lost,
            may_be_lost=may_be_lost,
        )

    async def perform(self, script: Callable[[], Script[T]], *, may_be_lost: bool = False) -> T:
        return await self.writer.write(lambda connection: writer.perform(connection, script()), may_be_lost=may_be_lost)

    async def check(self) -> None:
        self._reads.now("SELECT 1 FROM installation LIMIT 1")

    @contextmanager
    def blocking(self) -> Iterator[SqliteBlocking]:
        with closing(writer.connect(self.path)) as connection:
            yield SqliteBlocking(connection)

    @contextmanager
    def snapshot(self) -> Iterator[SqliteBlocking]:
        with self.blocking() as aside:
            aside.rows("BEGIN")
            yield aside

    def changes(self) -> int:
        row = self._reads.now("PRAGMA data_version")[0]
        return int(row[0])

    def announce(self) -> None:
        """Nothing to tell: whoever watches looks at the file's own counter."""

    async def listen(self) -> None:
        return

    async def release(self) -> None:
        return

    def close(self) -> None:
        self._reads.close()
        self.writer.close()


class SqliteBlocking:
    """A connection of its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, text: str, *parameters: Any) -> list[Row]:
        return self._connection.execute(text, parameters).fetchall()

    def stream(self, text: str) -> Iterator[Row]:
        return iter(self._connection.execute(text))

    def alone(self, text: str) -> None:
        self._connection.execute(text)

    def many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        with self._transaction():
            self._connection.executemany(text, rows)

    def perform(self, script: Script[T]) -> T:
        """A script once, in a transaction; what it returns."""
        with self._transaction():
            return writer.perform(self._connection, script)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
