"""Databases of the tests' PostgreSQL cluster."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

import asyncpg

from ostiary.adapters.encryption import Keyring
from ostiary.storage import opening
from ostiary.storage.store import Store
from tests.servers.postgresql import Cluster, shared
from tests.storage.shelf import MASTER

T = TypeVar("T")


@lru_cache(maxsize=1)
def _template() -> str:
    """A database with nothing in it but the schema and its keys; copying it takes some 30 ms."""
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
    cipher: Keyring = field(default_factory=lambda: Keyring(MASTER))
    stores: list[Store] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name = shared().create(_template())
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
        for one in self.stores:
            await one.release()
            one.close()
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
        tables = [row[0] for row in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        left_out = {*but, *(("arrivals",) if "queues" in but else ())}
        return {(one, *row) for one in tables if one not in left_out for row in self.rows(f"TABLE {one}")}

    async def together(self, store: Store, units: Sequence[Awaitable[T]]) -> list[T | BaseException]:
        """All units at once; how each ended."""
        return list(await asyncio.gather(*units, return_exceptions=True))

    def _do(self, what: str, text: str, parameters: tuple[object, ...]) -> Any:
        with ThreadPoolExecutor(1) as aside:  # a loop may be running here
            return aside.submit(asyncio.run, self._asked(what, _translated(text), parameters)).result()

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
