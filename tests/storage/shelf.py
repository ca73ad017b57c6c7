"""Databases for tests of storage: what every engine offers to tests, and SQLite's."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Event
from typing import Any, Protocol, TypeVar

from ostiary.adapters.crypto.keyring import Keyring
from ostiary.storage import opening
from ostiary.storage.sqlite.engine import SqliteEngine
from ostiary.storage.store import Store

T = TypeVar("T")
MASTER = {1: bytes(range(32))}
LONGEST_HELD_S = 60
SHORT_BUSY_MS = 50


@lru_cache(maxsize=1)
def _template() -> Path:
    """An empty database, made once: migrating takes half a second."""
    folder = tempfile.TemporaryDirectory(prefix="ostiary-storage-")
    atexit.register(folder.cleanup)
    path = Path(folder.name) / opening.FILE_NAME
    place = opening.SqliteDatabase(path)
    opening.migrate(place)
    engine = place.engine()
    opening.install_lookup_keys(engine, Keyring(MASTER))
    engine.close()
    return path


def engine_of(store: Store) -> SqliteEngine:
    assert isinstance(store.engine, SqliteEngine)
    return store.engine


class Shelf(Protocol):
    """An empty database of some engine, and the stores opened on it."""

    cipher: Keyring

    @property
    def place(self) -> opening.Database: ...
    def open(self) -> Store: ...
    async def close(self) -> None: ...
    def rows(self, text: str, *parameters: object) -> list[tuple[Any, ...]]: ...
    def spoil(self, text: str, *parameters: object) -> None: ...
    def spoil_schema(self, text: str) -> None: ...
    def everything(self, *but: str) -> set[tuple[Any, ...]]: ...
    async def together(self, store: Store, units: Sequence[Awaitable[T]]) -> list[T | BaseException]: ...


@dataclass
class SqliteShelf:
    """One SQLite database in a folder, and the stores opened on it."""

    folder: Path
    cipher: Keyring = field(default_factory=lambda: Keyring(MASTER))
    stores: list[Store] = field(default_factory=list)

    def __post_init__(self) -> None:
        shutil.copy(_template(), self.path)
        engine = SqliteEngine(self.path)
        opening.install_lookup_keys(engine, self.cipher)
        engine.close()

    @property
    def place(self) -> opening.Database:
        return opening.SqliteDatabase(self.path)

    @property
    def path(self) -> Path:
        return self.folder / opening.FILE_NAME

    def open(self) -> Store:
        """A store as another process would have it."""
        self.stores.append(Store(SqliteEngine(self.path), self.cipher))
        return self.stores[-1]

    async def close(self) -> None:
        while self.stores:
            store = self.stores.pop()
            await store.release()
            store.close()

    def rows(self, text: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What is really in the database."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(text, parameters).fetchall()

    def spoil(self, text: str, *parameters: object) -> None:
        """Changes the database behind the service's back."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            assert connection.execute(text, parameters).rowcount >= 1

    def spoil_schema(self, text: str) -> None:
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute(text)

    def everything(self, *but: str) -> set[tuple[Any, ...]]:
        """Every row of every table but those named, each led by its table's name."""
        tables = [str(row[0]) for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = [table for table in tables if table not in but]
        return {(table, *row) for table in tables for row in self.rows(f"SELECT * FROM {table}")}  # noqa: S608

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Another process has the database and does not let go."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    @staticmethod
    async def be_impatient(store: Store) -> None:
        """Waits for other processes no longer than a test can."""
        await engine_of(store).writer.write(
            lambda connection: connection.execute(f"PRAGMA busy_timeout={SHORT_BUSY_MS}")
        )

    @staticmethod
    async def fill_disk(store: Store) -> None:
        """From now on there is no room for another page."""

        def fill(connection: sqlite3.Connection) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages}")

        await engine_of(store).writer.write(fill)

    @staticmethod
    async def free_disk(store: Store) -> None:
        await engine_of(store).writer.write(
            lambda connection: connection.execute("PRAGMA max_page_count=1000000").fetchone()
        )

    async def together(self, store: Store, units: Sequence[Awaitable[T]]) -> list[T | BaseException]:
        """Lets all units wait for the same commit; how each ended."""
        started, go = Event(), Event()

        def hold(_: sqlite3.Connection) -> bool:
            started.set()
            return go.wait(LONGEST_HELD_S)

        held = asyncio.ensure_future(engine_of(store).writer.write(hold))
        while not started.is_set():
            await asyncio.sleep(0.001)
        waiting = [asyncio.ensure_future(unit) for unit in units]
        await asyncio.sleep(0.02)
        go.set()
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert await held
        return list(ended)

    @staticmethod
    async def commits(store: Store) -> list[str]:
        """A list that grows with every commit from now on."""
        texts: list[str] = []

        def trace(text: str) -> None:
            if text == "COMMIT":
                texts.append(text)

        await engine_of(store).writer.write(lambda connection: connection.set_trace_callback(trace))
        await asyncio.sleep(0)
        texts.clear()
        return texts
