"""SQLite: one writer that commits queued work together, and read-only connections for reads.

Group commit: whoever waits while a commit is on its way is committed together with the others waiting, so that one
fsync serves all (synchronous=FULL). When a unit of a batch fails, the batch is run again with each unit in a
savepoint of its own: the failing one undoes only itself.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from ostiary.domain.errors import Unavailable
from ostiary.domain.sentences import sentence
from ostiary.domain.unit import Guard
from ostiary.storage.engine import OLD_KEY, Script
from ostiary.storage.sqlite.turns import WriterTurns
from ostiary.storage.statement import Statement

MOST_TOGETHER = 128
"""Units in one commit: enough to make the fsync's share small, few enough that nobody waits long for the batch."""
BUSY_MS = 10_000
"""How long a commit waits for another process (a command line beside `serve`) to finish its own."""
LOOKS, LOOK_AGAIN_S = 3, 0.001
"""How often units that came together look whether another process has done writing, before they wait in the thread: its
commits take a millisecond or a few. There each of their statements would wait for the interpreter, which a busy event
loop gives back after 0.1 ms, and the file would be locked for as long as all of them take."""
STATEMENTS_KEPT = 256
CACHE_KB = 16_384

T = TypeVar("T")


class LostGuard(Exception):
    """A guarded statement did not change its one row; carries the guard."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard


class _Failed(Exception):
    """A unit of the batch failed: the batch is run again, each unit apart."""


@dataclass(slots=True)
class _Job(Generic[T]):
    work: Callable[[sqlite3.Connection], T]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[T]
    is_brief: bool
    may_be_lost: bool
    result: T | None = None
    problem: BaseException | None = None


@dataclass(slots=True)
class _Batch:
    """Units of one commit. `is_run`: their statements are run, so that only the commit is left."""

    jobs: list[_Job[Any]]
    is_run: bool = False


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection with the settings that durability and speed rest on. Raises sqlite3.Error."""
    mode = "ro" if read_only else "rwc"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENTS_KEPT,
    )
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    connection.execute(f"PRAGMA cache_size=-{CACHE_KB}")
    if not read_only:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA secure_delete=ON")  # what is removed is filled with zeros
    return connection


@contextmanager
def told_if_away(path: Path) -> Iterator[None]:
    """Raises Unavailable, with what to do, for a database that is locked or cannot be read."""
    try:
        yield
    except sqlite3.OperationalError as problem:
        message = sentence(
            "%(path)s cannot be used right now: %(problem)s. Try again shortly.", path=path, problem=problem
        )
        raise Unavailable(message, retry_after_s=1) from None


def run(connection: sqlite3.Connection, statements: Sequence[Statement]) -> None:
    """Runs a unit's statements; raises LostGuard when one of its guards does not hold."""
    for statement in statements:
        try:
            changed = connection.execute(statement.text, statement.parameters).rowcount
        except sqlite3.IntegrityError as problem:
            if problem.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_TRIGGER and str(problem) == OLD_KEY:
                raise LostGuard(Guard.KEYS) from None
            if statement.guard is None:
                raise
            raise LostGuard(statement.guard) from None
        if statement.guard is not None and changed != 1:
            raise LostGuard(statement.guard)


def perform(connection: sqlite3.Connection, script: Script[T]) -> T:
    """Runs a script's statements one after the other, in the transaction there is; what it returns."""
    try:
        text, parameters = next(script)
        while True:
            text, parameters = script.send(connection.execute(text, parameters).fetchall())
    except StopIteration as end:
        result: T = end.value
        return result


class Writer:
    """The one connection that writes, in turn in the hands of the event loop and of the writer's thread.

    Statements of brief work run on the loop's thread as long as nobody else writes to the file: between two threads the
    interpreter would change hands at every one of them. Units that came together look again some times whether somebody
    else has done writing. What waits longer, or for the disk, waits in the thread; so does work that is not brief.
    """

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        self._connection.execute("PRAGMA busy_timeout=0")  # the turns wait, and look oftener
        self._turns = WriterTurns(path, BUSY_MS / 1000)
        self._waits_for_the_disk = True
        self._lock = threading.Lock()  # of what follows
        self._waiting: deque[_Job[Any]] = deque()
        self._is_taken = self._closed = False
        self._called: asyncio.AbstractEventLoop | None = None
        self._batches: SimpleQueue[_Batch | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="ostiary-writer", daemon=True)
        self._thread.start()

    async def write(
        self, work: Callable[[sqlite3.Connection], T], *, is_brief: bool = False, may_be_lost: bool = False
    ) -> T:
        """Runs `work` in the next commit and gives its result once that is durable.

        `is_brief`: it takes some statements by key and waits for nothing, so that it may hold up the event loop.
        `may_be_lost`: a failure of the machine may undo it. Where all of a commit may be lost, the disk is not waited
        for: the others who want to write have their turn sooner.

        Raises what `work` raised (its own writes undone), or Unavailable when the database cannot be written.
        """
        loop = asyncio.get_running_loop()
        job: _Job[T] = _Job(work, loop, loop.create_future(), is_brief, may_be_lost)
        with self._lock:
            if self._closed:
                raise Unavailable
            self._waiting.append(job)
            is_first = not self._is_taken or (self._called is not None and not self._called.is_running())
            if is_first:
                self._is_taken, self._called = True, loop
        if is_first:
            loop.call_soon(self._begin, loop)
        return await job.done

    def close(self) -> None:
        """Finishes what is queued and closes the connection."""
        with self._lock:
            self._closed = True
            is_left, self._called = self._called is not None, None  # the loop that was called may never come
        if is_left:
            self._batches.put(_Batch([]))
        self._batches.put(None)
        self._thread.join()
        self._connection.close()
        self._turns.close()

    # ---- on the event loop's thread ----

    def _begin(self, loop: asyncio.AbstractEventLoop, looks: int = LOOKS) -> None:
        """Takes what waits, does what can be done at once, and leaves the rest to the thread. `looks`: how often it may
        look again while somebody else writes."""
        with self._lock:
            if self._called is not loop:
                return
            self._called = None
            batch = self._next()
        is_later = False
        try:
            if all(job.is_brief for job in batch.jobs):
                is_later = not self._run_here(batch) and looks > 0 and self._is_left(batch, loop)
        finally:
            if not is_later:
                self._batches.put(batch)
        if is_later:
            loop.call_later(LOOK_AGAIN_S, self._begin, loop, looks - 1)

    def _run_here(self, batch: _Batch) -> bool:
        """False when somebody else writes."""
        try:
            self._wait_for_the_disk(True)
            if not self._turns.begin_at_once(self._connection):
                return False
            for job in batch.jobs:
                self._run_plainly(job)
            batch.is_run = True
        except (_Failed, sqlite3.Error):
            pass  # the thread begins anew
        return True

    def _is_left(self, batch: _Batch, loop: asyncio.AbstractEventLoop) -> bool:
        """Puts units that came together back to wait, in their order, for this loop to look again. One that came alone
        is in nobody's way in the thread, which looks oftener; and when the writer closes there is no later."""
        with self._lock:
            if self._closed or len(batch.jobs) == 1:
                return False
            self._waiting.extendleft(reversed(batch.jobs))
            self._called = loop
        return True

    # ---- in the thread ----

    def _work(self) -> None:
        while True:
            batch = self._batches.get()
            while batch is not None:
                if batch.jobs:
                    self._commit(batch)
                batch = self._after(batch)
            with self._lock:
                if self._closed and not self._is_taken:
                    return

    def _after(self, done: _Batch) -> _Batch | None:
        """Tells those who waited for it and calls an event loop for the next; gives the next where none comes."""
        with self._lock:
            self._is_taken = bool(self._waiting)
            following = self._waiting[-1].loop if self._waiting and not self._closed else None
            self._called = following
            batch = self._next() if self._waiting and self._closed else None
        for loop in {job.loop for job in done.jobs} | ({following} if following else set()):
            mine = [job for job in done.jobs if job.loop is loop]
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more, and the writer must live on
                loop.call_soon_threadsafe(self._finish, mine, loop)
        if following is not None and not following.is_running():
            with self._lock:
                if self._called is following:
                    self._called, batch = None, self._next()
        return batch

    def _finish(self, mine: list[_Job[Any]], loop: asyncio.AbstractEventLoop) -> None:
        _tell(mine)
        self._begin(loop)

    def _next(self) -> _Batch:
        """The next units, with the lock held."""
        return _Batch([self._waiting.popleft() for _ in range(min(MOST_TOGETHER, len(self._waiting)))])

    def _commit(self, batch: _Batch) -> None:
        try:
            if batch.is_run:
                self._connection.execute("COMMIT")
                return
            if self._connection.in_transaction:  # begun on the event loop, and failed there
                self._connection.execute("ROLLBACK")
            self._run_all(batch.jobs)
        except sqlite3.Error as problem:
            self._give_up(batch.jobs, problem)

    def _run_all(self, jobs: list[_Job[Any]]) -> None:
        """All together first: nearly always nothing fails, and savepoints would double the calls into SQLite."""
        try:
            self._transaction(jobs, self._run_plainly)
        except _Failed:
            self._transaction(jobs, self._run_apart)

    def _transaction(self, jobs: list[_Job[Any]], work: Callable[[_Job[Any]], None]) -> None:
        self._wait_for_the_disk(not all(job.may_be_lost for job in jobs))
        self._turns.begin(self._connection)
        try:
            for job in jobs:
                work(job)
        except _Failed:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _wait_for_the_disk(self, is_needed: bool) -> None:
        if is_needed is not self._waits_for_the_disk:
            self._connection.execute(f"PRAGMA synchronous={'FULL' if is_needed else 'NORMAL'}")
            self._waits_for_the_disk = is_needed

    def _run_plainly(self, job: _Job[Any]) -> None:
        try:
            job.result = job.work(self._connection)
        except sqlite3.OperationalError:
            raise  # the disk or the file, not this unit: everyone in the batch must hear of it
        except Exception:
            raise _Failed from None

    def _run_apart(self, job: _Job[Any]) -> None:
        """In a savepoint of its own, so that a failing unit undoes only itself."""
        self._connection.execute("SAVEPOINT unit")
        try:
            job.result = job.work(self._connection)
        except sqlite3.OperationalError:
            raise
        except Exception as problem:
            job.problem = problem
            self._connection.execute("ROLLBACK TO unit")
        self._connection.execute("RELEASE unit")

    def _give_up(self, jobs: list[_Job[Any]], problem: sqlite3.Error) -> None:
        with suppress(sqlite3.Error):  # while it cannot even be undone, each next batch tries that again
            if self._connection.in_transaction:
                self._connection.rollback()
        for job in jobs:
            job.problem = Unavailable("The database cannot be written right now; try again shortly.", retry_after_s=1)
            job.problem.__cause__ = problem


def _tell(jobs: list[_Job[Any]]) -> None:
    """Wakes the waiting callers."""
    for job in jobs:
        if job.done.done():
            continue
        if job.problem is not None:
            job.done.set_exception(job.problem)
        else:
            job.done.set_result(job.result)
