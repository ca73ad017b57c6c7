"""One kept connection to a database, asked from any code, whether an event loop runs there or not."""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import Coroutine
from functools import lru_cache
from typing import Any, TypeVar

import asyncpg

T = TypeVar("T")
ANSWERED_S = 180


class Console:
    """Connections live in a thread and a loop of their own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._kept: dict[str, asyncpg.Connection] = {}
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        atexit.register(self._end)

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work ends with, done there."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(ANSWERED_S)

    def execute(self, url: str, text: str) -> None:
        """A statement over the connection that is kept to this database."""
        self.wait(self._execute(url, text))

    def value(self, url: str, *texts: str) -> Any:
        """The first value of the last of these statements. What they set, and prepare, is forgotten."""
        return self.wait(self._value(url, texts))

    def rows(self, url: str, text: str) -> list[tuple[Any, ...]]:
        """What a statement answers."""
        return self.wait(self._rows(url, text))

    def _end(self) -> None:
        """At the end of the process; the server may be gone already."""
        self.wait(self._terminate())

    async def _terminate(self) -> None:
        for connection in self._kept.values():
            connection.terminate()

    async def _execute(self, url: str, text: str) -> None:
        await (await self._connection(url)).execute(text)

    async def _value(self, url: str, texts: tuple[str, ...]) -> Any:
        connection = await self._connection(url)
        try:
            for text in texts[:-1]:
                await connection.execute(text)
            return await connection.fetchval(texts[-1])
        finally:
            await connection.execute("DISCARD ALL")

    async def _rows(self, url: str, text: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await (await self._connection(url)).fetch(text)]

    async def _connection(self, url: str) -> asyncpg.Connection:
        connection = self._kept.get(url)
        if connection is None or connection.is_closed():
            connection = self._kept[url] = await asyncpg.connect(url, statement_cache_size=0)
        return connection


@lru_cache(maxsize=1)
def console() -> Console:
    """This process's."""
    return Console()
