"""Connections to PostgreSQL with prepared statements that survive a pooler in transaction mode.

A statement's name is made of its text, so that the same name means the same statement on every connection, ours and
others'. Behind PgBouncer a transaction may meet a server connection that has never seen the name (then it is prepared
there and run again) or on which another client prepared it (then it is simply there).

A pool of our own: asyncpg's gives up prepared statements with every release, or names them by counting, which a
pooler mixes up, and asks the server to reset what we never set.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg

from ostiary.storage.engine import STATEMENT_S
from ostiary.storage.postgres import faults

if TYPE_CHECKING:
    from asyncpg.prepared_stmt import PreparedStatement

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

MOST_CONNECTIONS = 12
"""Of one process. One core of Python keeps about ten busy; PostgreSQL serves a few of them per core at once."""
CONNECT_SHARE = WAIT_SHARE = 0.5
"""Connecting has so much of the time of a statement, after which the connection is dropped. So has waiting for a free
connection: who waits longer gets 503 and comes again, rather than joining an endless line."""
NAME_BYTES = 12
PLANS = {"enable_seqscan": "off", "jit": "off"}
"""Every statement of a request finds its rows by an index. A planner that sees a small table would rather read all of
it, keeps that plan while the table grows, and for a plan it was told not to make it would even compile code."""


class Connections:
    """The connections of one event loop. The one used last is used next, so that the others may idle.

    `statement_s` is how long a statement may take.
    """

    def __init__(self, dsn: str, most: int = MOST_CONNECTIONS, statement_s: float = STATEMENT_S) -> None:
        self._dsn, self._most, self._statement_s = dsn, most, statement_s
        self._free: list[Connection] = []
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._open = 0
        self._settings: dict[str, str] | None = PLANS

    async def take(self) -> Connection:
        """One for one transaction; `give` it back. Raises Unavailable."""
        while self._free:
            if not (taken := self._free.pop()).is_closed:
                return taken
            self._open -= 1
        with faults.translate_errors():
            return await self._made_or_freed()

    def give(self, taken: Connection) -> None:
        """Back for others, unless it is broken or in the middle of something."""
        if taken.is_closed:
            self._open -= 1
        elif self._most == 0 or taken.is_in_transaction:
            taken.drop()
            self._open -= 1
        else:
            self._free.append(taken)
        if self._waiting:
            self._call_next()

    async def close(self) -> None:
        """Ends those that are free; one in use ends when it is given back."""
        self._most = 0
        for connection in self._free:
            await connection.close()
        self._free.clear()

    def terminate(self) -> None:
        """Ends them without a word, where no event loop is left to say it in."""
        self._most = 0
        for connection in self._free:
            connection.drop()
        self._free.clear()

    async def _made_or_freed(self) -> Connection:
        while True:
            if self._free:
                return await self.take()
            if self._open < self._most:
                return await self._connect()
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                async with asyncio.timeout(WAIT_SHARE * self._statement_s):
                    await turn
            except BaseException:
                if turn in self._waiting:
                    self._waiting.remove(turn)
                elif not turn.cancelled():
                    self._call_next()  # called in the same moment: what we were called for is for the next
                raise

    async def _connect(self) -> Connection:
        self._open += 1
        try:
            return Connection(await self._connected(), CONNECT_SHARE * self._statement_s)
        except BaseException:
            self._open -= 1
            self._call_next()
            raise

    async def _connected(self) -> Raw:
        if self._settings is not None:
            try:
                return await connect(self._dsn, self._settings, self._statement_s)
            except asyncpg.ProtocolViolationError:  # a pooler that passes no settings on: the role may have them
                self._settings = None
        return await connect(self._dsn, statement_s=self._statement_s)

    def _call_next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return


class Connection:
    """One connection and the statements it knows. It is given `closing_s` to close in order."""

    def __init__(self, raw: Raw, closing_s: float) -> None:
        self._raw, self._closing_s = raw, closing_s
        self._known: dict[str, PreparedStatement[asyncpg.Record]] = {}

    @property
    def is_closed(self) -> bool:
        return self._raw.is_closed()

    @property
    def is_in_transaction(self) -> bool:
        return self._raw.is_in_transaction()

    async def fetch(self, text: str, parameters: tuple[Any, ...]) -> list[asyncpg.Record]:
        """The rows of a prepared statement. Raises asyncpg's errors."""
        prepared = self._known.get(text)
        if prepared is None:
            prepared = await self._prepared(text)
        return await prepared.fetch(*parameters)

    async def fetch_each(self, text: str, values: list[tuple[Any, ...]]) -> list[asyncpg.Record]:
        """The one row of each, in order: one round trip, one transaction."""
        prepared = self._known.get(text)
        if prepared is None:
            prepared = await self._prepared(text)
        return await prepared.fetchmany(values)

    async def count(self, text: str, parameters: tuple[Any, ...]) -> int:
        """How many rows a write changed."""
        prepared = await self._prepared(text)
        await prepared.fetch(*parameters)
        return int((prepared.get_statusmsg() or "").rpartition(" ")[2])

    async def run(self, text: str) -> None:
        """Statements without parameters or rows."""
        await self._raw.execute(text)

    async def again(self, text: str) -> None:
        """Prepares a statement on whichever server connection is behind this one now.

        In a transaction, because a pooler keeps the server connection for as long as that lasts. Who is interrupted
        in it drops the connection: whoever came next would be in that transaction, and what they wrote would be undone.
        """
        try:
            async with self._raw.transaction():
                await self._anew(text, _name(text))
        except BaseException:
            self.drop()
            raise

    async def undo(self) -> None:
        """Ends the transaction there is, if the server is there to be told."""
        with suppress(asyncpg.PostgresError):
            await self._raw.execute("ROLLBACK")

    def drop(self) -> None:
        self._raw.terminate()

    def drop_after(self, problem: BaseException | None) -> None:
        """Unless it can be used on: some errors leave it where it was."""
        if isinstance(problem, faults.UNSETTLED):
            self.drop()

    async def close(self) -> None:
        try:
            await self._raw.close(timeout=self._closing_s)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._raw.terminate()

    async def _anew(self, text: str, name: str) -> None:
        if await self._raw.fetchval("SELECT 1 FROM pg_prepared_statements WHERE name = $1", name):
            await self._raw.execute(f"DEALLOCATE {name}")
        if text in self._known:
            # by SQL, since asyncpg would close what replaces its own: by name, on whichever connection comes next
            await self._raw.execute(f"PREPARE {name} AS {text}")
        else:
            self._known[text] = await self._raw.prepare(text, name=name)

    async def _prepared(self, text: str) -> PreparedStatement[asyncpg.Record]:
        statement = self._known.get(text)
        if statement is None:
            try:
                statement = self._known[text] = await self._raw.prepare(text, name=_name(text))
            except asyncpg.DuplicatePreparedStatementError:
                if self.is_in_transaction:
                    raise  # and undone by that
                await self.again(text)
                statement = self._known[text]
        return statement


async def connect(dsn: str, settings: dict[str, str] | None = None, statement_s: float = STATEMENT_S) -> Raw:
    """A connection as asyncpg makes it. Raises what it raises, and AddressUnusable."""
    wait_s = CONNECT_SHARE * statement_s
    try:
        return await asyncpg.connect(
            dsn, timeout=wait_s, command_timeout=statement_s, statement_cache_size=0, server_settings=settings
        )
    except asyncpg.UndefinedObjectError:  # asyncpg takes what it does not know in an address for the server's
        raise faults.AddressUnusable("a parameter that is none") from None
    except ValueError as problem:
        if isinstance(problem, OSError | asyncpg.InterfaceError):
            raise
        raise faults.AddressUnusable("not an address") from None  # its words may be those of the address


def _name(text: str) -> str:
    return f"ostiary_{sha256(text.encode()).hexdigest()[: 2 * NAME_BYTES]}"
