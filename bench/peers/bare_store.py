"""What the bare peer keeps, and how: plain rows, on SQLite through one thread that writes, or on PostgreSQL.

On SQLite whatever waits is written in one transaction, since a commit costs as much for one change as for sixteen, and
reads happen where they are asked for: they take some ten microseconds. On PostgreSQL each call has a connection.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

Row = Sequence[Any]
Statement = tuple[str, Row]
TABLES = """
CREATE TABLE IF NOT EXISTS clients (id TEXT PRIMARY KEY, company TEXT NOT NULL, email TEXT NOT NULL,
    body BYTEA NOT NULL, has_phone INTEGER NOT NULL, created_at BIGINT NOT NULL, UNIQUE (company, email));
CREATE TABLE IF NOT EXISTS enablements (id TEXT PRIMARY KEY, client TEXT NOT NULL, product TEXT NOT NULL,
    status TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS enablements_of_client ON enablements (client);
CREATE TABLE IF NOT EXISTS documents (id TEXT PRIMARY KEY, company TEXT NOT NULL, client TEXT NOT NULL,
    type TEXT NOT NULL, number TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, created_at BIGINT NOT NULL,
    UNIQUE (company, number));
CREATE INDEX IF NOT EXISTS documents_of_client ON documents (client);
CREATE TABLE IF NOT EXISTS outbox (id TEXT PRIMARY KEY, company TEXT NOT NULL, payload BYTEA NOT NULL,
    created_at BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS audit (id TEXT PRIMARY KEY, company TEXT NOT NULL, action TEXT NOT NULL,
    subject TEXT NOT NULL, created_at BIGINT NOT NULL);
"""


class Taken(Exception):
    """A unique value is another row's."""


class Store(Protocol):
    async def read(self, *statements: Statement) -> list[list[Row]]:
        """The rows of each."""

    async def write(self, *statements: Statement) -> None:
        """All of them or none, durable when it returns. Raises Taken."""


class Sqlite:
    """WAL and `synchronous=FULL`, as the other services have it."""

    def __init__(self, path: Path) -> None:
        self._reads, self._writes = _connected(path), _connected(path)
        self._reads.executescript(TABLES.replace("BYTEA", "BLOB"))
        self._waiting: queue.SimpleQueue[tuple[tuple[Statement, ...], asyncio.Future[None]]] = queue.SimpleQueue()
        threading.Thread(target=self._keep_writing, daemon=True).start()

    async def read(self, *statements: Statement) -> list[list[Row]]:
        return [self._reads.execute(text, values).fetchall() for text, values in statements]

    async def write(self, *statements: Statement) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.put((statements, done))
        await done

    def _keep_writing(self) -> None:
        while True:
            together = [self._waiting.get()]
            while not self._waiting.empty():
                together.append(self._waiting.get())
            self._writes.execute("BEGIN IMMEDIATE")
            outcomes = [self._written(statements) for statements, _ in together]
            self._writes.execute("COMMIT")
            loop = together[0][1].get_loop()
            loop.call_soon_threadsafe(_tell, [done for _, done in together], outcomes)

    def _written(self, statements: tuple[Statement, ...]) -> Exception | None:
        self._writes.execute("SAVEPOINT one")
        try:
            for text, values in statements:
                self._writes.execute(text, values)
        except sqlite3.IntegrityError:
            self._writes.execute("ROLLBACK TO one")
            return Taken()
        finally:
            self._writes.execute("RELEASE one")
        return None


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _tell(waiting: list[asyncio.Future[None]], outcomes: list[Exception | None]) -> None:
    for done, problem in zip(waiting, outcomes, strict=True):
        if done.cancelled():
            continue
        if problem is None:
            done.set_result(None)
        else:
            done.set_exception(problem)


class Postgres:
    """A pool of connections with prepared statements; question marks become the numbers that PostgreSQL wants."""

    def __init__(self, pool: Any, unique_violation: type[Exception]) -> None:
        self._pool, self._unique_violation = pool, unique_violation
        self._texts: dict[str, str] = {}

    @classmethod
    async def opened(cls, address: str) -> "Postgres":
        import asyncpg

        pool = await asyncpg.create_pool(address, min_size=8, max_size=16)
        await pool.execute(TABLES)
        return cls(pool, asyncpg.UniqueViolationError)

    async def read(self, *statements: Statement) -> list[list[Row]]:
        async with self._pool.acquire() as connection:
            return [await connection.fetch(self._text(text), *values) for text, values in statements]

    async def write(self, *statements: Statement) -> None:
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                for text, values in statements:
                    await connection.execute(self._text(text), *values)
        except self._unique_violation:
            raise Taken from None

    def _text(self, text: str) -> str:
        known = self._texts.get(text)
        if known is None:
            pieces = text.split("?")
            known = "".join(f"{piece}${number}" for number, piece in enumerate(pieces[:-1], 1)) + pieces[-1]
            self._texts[text] = known
        return known
