"""PostgreSQL as an engine of the store: asyncpg, plain SQL, few round trips."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import asyncpg

from ostiary.domain.errors import Contended, Unavailable
from ostiary.domain.unit import Guard
from ostiary.storage.engine import OLD_KEY, STATEMENT_S, Ask, Row, Script, T
from ostiary.storage.postgres import composing, faults
from ostiary.storage.postgres.batching import Batches
from ostiary.storage.postgres.blocking import Blocking
from ostiary.storage.postgres.notify import Notices
from ostiary.storage.postgres.pool import Connection, Connections
from ostiary.storage.statement import Statement

BEGIN = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '10s'"
"""A process that is stopped between two statements must not keep its locks from the others."""
BEGIN_TOGETHER = f"{BEGIN}; SET LOCAL lock_timeout = '50ms'"
"""Of several units in stages. They lock what their statements come to, in no order that others keep (who adds a message
looks at the one before it), and each holds for all: a deadlock would cost a second, and who wants a row that somebody
keeps would hold up everybody in it. Ten times what such a transaction takes."""
MOST_TRIES = 5
"""Of what the server undid because of others (a deadlock)."""
MOST_UNKNOWN = 500
"""Statements prepared anew behind a pooler before a transaction is through: each time one server connection learns
one, so that it ends."""

Stages = tuple[tuple[str, int], ...]
"""The statements that a unit becomes where one has to see what another did, with how many parameters each takes."""


class PostgresEngine:
    """One database, for any number of processes. `direct` is its address without a pooler, for listening.

    `statement_s` is how long a statement may take.
    """

    is_shared = True

    def __init__(self, dsn: str, direct: str, statement_s: float = STATEMENT_S) -> None:
        self._dsn, self._direct, self._statement_s = dsn, direct, statement_s
        self._pools: dict[asyncio.AbstractEventLoop, Connections] = {}
        self._notices = Notices(direct, self.write, statement_s)
        self._reads: dict[asyncio.AbstractEventLoop, Batches[str]] = {}
        self._writes: dict[asyncio.AbstractEventLoop, Batches[str]] = {}
        self._staged: dict[asyncio.AbstractEventLoop, Batches[Stages]] = {}

    async def rows(self, text: str, *parameters: Any) -> list[Row]:
        written = composing.translated(text)
        rows: list[Row] = await self._often(
            lambda connection: connection.fetch(written, parameters), written, reads=True
        )
        return rows

    async def gather(self, *asks: Ask) -> list[list[Row]]:
        written = composing.side_by_side(tuple((text, len(parameters)) for text, parameters in asks))
        values = tuple(value for _, parameters in asks for value in parameters)
        return list(await self._batches(self._reads).ask(written, values))

    async def apply(self, todo: list[Statement]) -> Guard | None:
        stages = _stages(todo)
        try:
            if len(stages) == 1:
                await self._stage(stages[0])
            else:
                await self._in_turn(stages)
        except _Lost as lost:
            return lost.guard
        return None

    async def write(self, text: str, *parameters: Any, may_be_lost: bool = False) -> int:
        written = composing.translated(text)
        changed: int = await self._often(lambda connection: connection.count(written, parameters), written)
        return changed

    async def perform(self, script: Callable[[], Script[T]], *, may_be_lost: bool = False) -> T:
        """Waits for the disk in any case: of those who commit together none waits longer for one more."""

        async def run(connection: Connection) -> T:
            return await _scripted(connection, script())

        result: T = await self._transaction(run)
        return result

    async def check(self) -> None:
        await self.rows("SELECT 1 FROM installation LIMIT 1")

    @contextmanager
    def blocking(self) -> Iterator[Blocking]:
        with Blocking(self._dsn, statement_s=self._statement_s) as opened:
            yield opened

    @contextmanager
    def snapshot(self) -> Iterator[Blocking]:
        with Blocking(self._dsn, one_moment=True, statement_s=self._statement_s) as opened:
            yield opened

    def changes(self) -> int:
        return self._notices.heard

    def announce(self) -> None:
        self._notices.announce()

    async def listen(self) -> None:
        await self._notices.listen()

    async def release(self) -> None:
        await self._notices.close()
        loop = asyncio.get_running_loop()
        for batches in (self._reads, self._writes, self._staged):
            batches.pop(loop, None)
        pool = self._pools.pop(loop, None)
        if pool is not None:
            await pool.close()

    def close(self) -> None:
        for pool in self._pools.values():
            pool.terminate()
        self._pools.clear()

    # ---- plumbing ----

    def _pool(self) -> Connections:
        loop = asyncio.get_running_loop()
        pool = self._pools.get(loop)
        if pool is None:
            pool = self._pools[loop] = Connections(self._dsn, statement_s=self._statement_s)
        return pool

    def _batches(self, by_loop: dict[asyncio.AbstractEventLoop, Batches[str]]) -> Batches[str]:
        loop = asyncio.get_running_loop()
        batches = by_loop.get(loop)
        if batches is None:
            reads = by_loop is self._reads
            batches = by_loop[loop] = Batches(partial(self._row, reads=reads), partial(self._row_each, reads=reads))
        return batches

    async def _row(self, text: str, values: tuple[Any, ...], *, reads: bool) -> Row:
        rows = await self._often(lambda connection: connection.fetch(text, values), text, reads=reads)
        return rows[0]

    async def _row_each(self, text: str, values: list[tuple[Any, ...]], *, reads: bool) -> list[Row]:
        rows: list[Row] = await self._often(lambda connection: connection.fetch_each(text, values), text, reads=reads)
        return rows

    async def _often(self, work: Callable[[Connection], Awaitable[T]], text: str, *, reads: bool = False) -> T:
        """One statement, a transaction of its own. A read whose connection broke is asked again, once."""
        unknown = tried = 0
        pool = self._pool()
        while tried < MOST_TRIES and unknown < MOST_UNKNOWN:
            connection = await pool.take()
            try:
                return await work(connection)
            except faults.UNKNOWN_STATEMENT:
                unknown += 1
                with faults.translate_errors():
                    await connection.again(text)
            except faults.UNLUCKY:
                tried += 1
            except faults.BROKEN as problem:
                connection.drop()
                if not reads or tried or isinstance(problem, ValueError):
                    raise faults.translated(problem) from problem
                tried += 1
            except faults.AWAY as problem:
                connection.drop_after(problem)
                raise faults.translated(problem) from problem
            except asyncio.CancelledError:
                connection.drop()  # nobody else must get its answer
                raise
            finally:
                pool.give(connection)
        raise Contended(retry_after_s=faults.RETRY_AFTER_S)

    async def _stage(self, todo: list[Statement]) -> None:
        text, values = _composed(todo)
        try:
            await self._batches(self._writes).ask(text, values)
        except asyncpg.PostgresError as problem:
            raise _explained(problem, todo) from None

    async def _in_turn(self, stages: list[list[Statement]]) -> None:
        loop = asyncio.get_running_loop()
        batches = self._staged.get(loop)
        if batches is None:
            batches = self._staged[loop] = Batches(self._stages_once, self._stages_each)
        composed = [_composed(todo) for todo in stages]
        key = tuple([(text, len(values)) for text, values in composed])
        try:
            await batches.ask(key, tuple([value for _, values in composed for value in values]))
        except _StageFailed as failed:
            raise _explained(failed.problem, stages[failed.number]) from None

    async def _stages_once(self, stages: Stages, values: tuple[Any, ...]) -> None:
        """The stages of one unit, in a transaction. Raises _StageFailed."""

        async def run(connection: Connection) -> None:
            for number, (text, own) in enumerate(_each_stage(stages, values)):
                try:
                    await _fetched(connection, text, own)
                except faults.UNLUCKY:
                    raise
                except asyncpg.PostgresError as problem:
                    raise _StageFailed(number, problem) from None

        await self._transaction(run)

    async def _stages_each(self, stages: Stages, units: list[tuple[Any, ...]]) -> list[None]:
        """The stages of several units, in one transaction: each stage of all, so that it costs them one round trip.
        Raises Contended where one wants a row that somebody keeps: by itself nobody but that one waits for it."""

        async def run(connection: Connection) -> None:
            for parts in zip(*(_each_stage(stages, values) for values in units), strict=True):
                try:
                    await connection.fetch_each(parts[0][0], [own for _, own in parts])
                except faults.UNKNOWN_STATEMENT:
                    raise _Unknown(parts[0][0]) from None

        try:
            await self._transaction(run, BEGIN_TOGETHER)
        except Unavailable as problem:
            if isinstance(problem.__cause__, asyncpg.LockNotAvailableError):
                raise Contended(retry_after_s=faults.RETRY_AFTER_S) from None
            raise
        return [None] * len(units)

    async def _transaction(self, run: Callable[[Connection], Awaitable[T]], begin: str = BEGIN) -> T:
        unknown = tried = 0
        pool = self._pool()
        while tried < MOST_TRIES and unknown < MOST_UNKNOWN:
            connection = await pool.take()
            try:
                with faults.translate_errors():
                    return await _committed(connection, run, begin)
            except _Unknown as problem:
                unknown += 1
                with faults.translate_errors():
                    await connection.again(problem.text)
            except faults.UNLUCKY:
                tried += 1
            except Unavailable as problem:
                connection.drop_after(problem.__cause__)
                raise
            except asyncio.CancelledError:
                connection.drop()
                raise
            finally:
                pool.give(connection)
        raise Contended(retry_after_s=faults.RETRY_AFTER_S)


class _Lost(Exception):
    """A guard did not hold."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard


class _StageFailed(Exception):
    """A stage of a unit failed: which, and how."""

    def __init__(self, number: int, problem: asyncpg.PostgresError) -> None:
        self.number, self.problem = number, problem


class _Unknown(Exception):
    """The server connection of this transaction does not know a statement."""

    def __init__(self, text: str) -> None:
        self.text = text


def _stages(todo: list[Statement]) -> list[list[Statement]]:
    """What can run as one statement, in order."""
    stages: list[list[Statement]] = [[]]
    for statement in todo:
        if not composing.translated(statement.text):
            continue  # another statement does its work here
        if statement.is_late and stages[-1] and not stages[-1][-1].is_late:
            stages.append([])
        stages[-1].append(statement)
    return stages


def _each_stage(stages: Stages, values: tuple[Any, ...]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Each stage's text, with its own of a unit's values."""
    before = 0
    for text, count in stages:
        yield text, values[before : before + count]
        before += count


def _composed(todo: list[Statement]) -> tuple[str, tuple[Any, ...]]:
    values: list[Any] = []
    for statement in todo:
        values += statement.parameters
    text = composing.together(tuple([(part.text, len(part.parameters), part.guard is not None) for part in todo]))
    return text, tuple(values)


def _explained(problem: asyncpg.PostgresError, todo: list[Statement]) -> Exception:
    """Which guard a failed statement is about; else the problem itself, without the values in its detail."""
    if isinstance(problem, asyncpg.InvalidTextRepresentationError):
        place = composing.lost_place(str(problem))
        guard = None if place is None else todo[place].guard
    elif isinstance(problem, asyncpg.UniqueViolationError):
        guard = composing.guard_of_table(
            [(statement.text, statement.guard) for statement in todo], problem.table_name or ""
        )
    elif isinstance(problem, asyncpg.CheckViolationError) and problem.constraint_name == OLD_KEY:
        guard = Guard.KEYS  # `keys.fences`
    else:
        guard = None
    return problem if guard is None else _Lost(guard)


async def _committed(connection: Connection, run: Callable[[Connection], Awaitable[T]], begin: str) -> T:
    """What `run` gives, committed; or undone, and what it raised."""
    await connection.run(begin)
    try:
        result = await run(connection)
        await connection.run("COMMIT")
    except (asyncpg.PostgresError, _StageFailed, _Unknown):
        await connection.undo()
        raise
    return result


async def _fetched(connection: Connection, text: str, values: tuple[Any, ...]) -> list[asyncpg.Record]:
    try:
        return await connection.fetch(text, values)
    except faults.UNKNOWN_STATEMENT:
        raise _Unknown(text) from None


async def _scripted(connection: Connection, script: Script[T]) -> T:
    try:
        text, values = next(script)
        while True:
            text, values = script.send(await _fetched(connection, composing.translated(text), values))
    except StopIteration as end:
        result: T = end.value
        return result
