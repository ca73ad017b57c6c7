"""Blocking reads and writes on a connection of their own, driven by a thread with an event loop.

For what happens before there is an event loop (opening, operators' commands) and for the rare read that cannot wait
for one (a catalogue version that another process pinned).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from ostiary.storage.engine import STATEMENT_S, Row, Script, T
from ostiary.storage.postgres import composing, faults
from ostiary.storage.postgres.pool import Raw, connect

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.cursor import Cursor

READ_TOGETHER = 1_000
"""Rows fetched in one go from a long read: enough to forget the round trip, few enough to hold in memory."""
ONE_MOMENT = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"


class Blocking:
    """Use as a context manager. `one_moment`: all reads see the same moment, and nothing can be written.

    `statement_s` is how long a statement may take.
    """

    def __init__(self, dsn: str, *, one_moment: bool = False, statement_s: float = STATEMENT_S) -> None:
        self._dsn, self._one_moment, self._statement_s = dsn, one_moment, statement_s
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="ostiary-blocking", daemon=True)
        self._connection: Raw  # from entering on

    def __enter__(self) -> Blocking:
        self._thread.start()
        try:
            self._connection = self._wait(connect(self._dsn, statement_s=self._statement_s))
            if self._one_moment:
                self._wait(self._connection.execute(ONE_MOMENT))
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if not self._connection.is_closed():
            self._connection.terminate()
        self._end()

    def rows(self, text: str, *parameters: Any) -> list[Row]:
        return self._wait(self._fetched(composing.translated(text), parameters))

    def stream(self, text: str) -> Iterator[Row]:
        """Rows of a long read, some at a time; only of one moment."""
        cursor = self._wait(self._opened(composing.translated(text)))
        while rows := self._wait(cursor.fetch(READ_TOGETHER)):
            yield from rows

    def many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """The same write for each of the rows, together."""
        self._wait(self._written(composing.translated(text), rows))

    def alone(self, text: str) -> None:
        """What no transaction may hold."""
        self._wait(self._connection.execute(text))

    def perform(self, script: Script[T]) -> T:
        """A script once, in a transaction; what it returns."""
        return self._wait(self._performed(script))

    async def _performed(self, script: Script[T]) -> T:
        async with self._transaction():
            try:
                text, parameters = next(script)
                while True:
                    rows = await self._connection.fetch(composing.translated(text), *parameters)
                    text, parameters = script.send(rows)
            except StopIteration as end:
                result: T = end.value
        return result

    async def _written(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        async with self._transaction():
            await self._connection.executemany(text, rows)

    async def _fetched(self, text: str, parameters: tuple[Any, ...]) -> list[Row]:
        async with self._transaction():  # a pooler keeps the server connection for as long as that lasts
            return await self._connection.fetch(text, *parameters)

    async def _opened(self, text: str) -> Cursor[asyncpg.Record]:
        return await self._connection.cursor(text)

    def _transaction(self) -> AbstractAsyncContextManager[object]:
        return nullcontext() if self._one_moment else self._connection.transaction()

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        with faults.translate_errors():
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
