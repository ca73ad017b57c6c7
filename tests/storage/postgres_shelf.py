"""Databases of the tests' PostgreSQL cluster."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from ostiary.adapters.crypto.keyring import Keyring
from ostiary.storage import opening
from ostiary.storage.store import Store
from tests.servers.console import console
from tests.servers.postgresql import Cluster, program, shared
from tests.servers.sharing import once
from tests.storage.shelf import MASTER

T = TypeVar("T")
WHOLE_TABLES = """SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
 AND relnamespace = current_schema()::regnamespace"""


PARTITION = Path(__file__).parents[2] / "deploy" / "postgresql" / "partition.sql"


def partition(name: str, *before: str) -> str:
    """Splits a database's tables by company, as an operator does; what the script says of it. `before` is SQL."""
    words = [part for text in before for part in ("-c", text)]
    line = [program("psql"), "-X", "-v", "ON_ERROR_STOP=1", shared().url(name), *words, "-f", str(PARTITION)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


@lru_cache(maxsize=2)
def _template(*, is_partitioned: bool) -> str:
    """A database with nothing in it but the schema and its keys, for all processes; copying it takes some 20 ms."""
    if is_partitioned:
        return once("template-partitioned", _partitioned)
    return once("template", _migrated)


def _partitioned() -> str:
    name = shared().create(_template(is_partitioned=False))
    partition(name)
    return name


def _migrated() -> str:
    name = shared().create()
    place = opening.PostgresDatabase(shared().url(name), "")
    opening.migrate(place)
    engine = place.engine()
    opening.install_lookup_keys(engine, Keyring(MASTER))
    engine.close()
    return name


@dataclass
class PostgresShelf:
    """One database, and the stores opened on it. `port` may be a pooler's."""

    port: int | None = None
    is_partitioned: bool = False
    cipher: Keyring = field(default_factory=lambda: Keyring(MASTER))
    stores: list[Store] = field(default_factory=list)
    name: str = ""
    """Of a database that is there already."""

    def __post_init__(self) -> None:
        if self.name:
            return
        self.name = shared().create(_template(is_partitioned=self.is_partitioned))
        opening.install_lookup_keys(self.place.engine(), self.cipher)

    @property
    def cluster(self) -> Cluster:
        return shared()

    @property
    def direct(self) -> str:
        return shared().url(self.name)

    @property
    def place(self) -> opening.Database:
        return opening.PostgresDatabase(shared().url(self.name, self.port), self.direct)

    def open(self) -> Store:
        """A store as another process would have it."""
        self.stores.append(Store(self.place.engine(), self.cipher))
        return self.stores[-1]

    async def close(self) -> None:
        for store in self.stores:
            await store.release()
            store.close()
        shared().drop([self.name])

    def rows(self, text: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What is really in the database. Takes `?` for parameters and x'00' for bytes, as SQLite does."""
        return [tuple(row) for row in self._do("fetch", text, parameters)]

    def spoil(self, text: str, *parameters: object) -> None:
        """Changes the database behind the service's back."""
        assert int(self._do("execute", text, parameters).rpartition(" ")[2]) >= 1

    def spoil_schema(self, text: str) -> None:
        self._do("execute", text, ())

    def everything(self, *but: str) -> set[tuple[Any, ...]]:
        """Every row of every table but those named, each led by its table's name. What arrived is of the queues."""
        tables = [row[0] for row in self.rows(WHOLE_TABLES)]
        left_out = {*but, *(("arrivals",) if "queues" in but else ())}
        return {(table, *row) for table in tables if table not in left_out for row in self.rows(f"TABLE {table}")}

    async def together(self, store: Store, units: Sequence[Awaitable[T]]) -> list[T | BaseException]:
        """All units at once; how each ended."""
        return list(await asyncio.gather(*units, return_exceptions=True))

    def _do(self, what: str, text: str, parameters: tuple[object, ...]) -> Any:
        return console().wait(self._asked(what, _translated(text), parameters))

    async def _asked(self, what: str, text: str, parameters: tuple[object, ...]) -> Any:
        connection = await asyncpg.connect(self.direct)
        try:
            return await getattr(connection, what)(text, *parameters)
        finally:
            await connection.close()


def _translated(text: str) -> str:
    counted = iter(range(1, 100))
    text = re.sub(r"\bx'([0-9a-f]*)'", r"'\\x\1'::bytea", text)
    text = text.replace("zeroblob(61)", "decode(repeat('00', 61), 'hex')")
    return re.sub(r"\?", lambda _: f"${next(counted)}", text)
