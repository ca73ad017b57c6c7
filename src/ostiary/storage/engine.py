"""What the store asks of a database, whichever it is: SQLite in a file, or PostgreSQL.

Statements are written once, for SQLite, with numbered parameters (`?1`); an engine that needs other words for one of
them has those in a file of its own.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from ostiary.domain.unit import Guard
from ostiary.storage.statement import Statement

Row = Any
"""One row: a sequence of columns, in the order the statement names them."""
Ask = tuple[str, tuple[Any, ...]]
"""A statement and its parameters."""
T = TypeVar("T")
STATEMENT_S = 10.0
"""Longer than any statement of ours takes, shorter than a caller's patience. SQLite answers from its file."""
OLD_KEY = "written under an old key"
"""What the database says to a write that `keys.fences` refuse; in PostgreSQL also the name of a constraint."""
Script = Generator[Ask, list[Row], T]
"""Statements of one transaction, where later ones depend on what earlier ones gave. Run again from its beginning when
the database asks for that, so it must not change anything else."""


class BlockingConnection(Protocol):
    """Reads and writes that block, for what happens before there is an event loop, and for commands of operators."""

    def rows(self, text: str, *parameters: Any) -> list[Row]: ...
    def stream(self, text: str) -> Iterator[Row]: ...
    def many(self, text: str, rows: Sequence[Sequence[Any]]) -> None: ...
    def alone(self, text: str) -> None: ...
    def perform(self, script: Script[T]) -> T: ...


class Engine(Protocol):
    """A database. Everything raises Unavailable when it cannot be reached or refuses work for now."""

    is_shared: bool
    """Whether other processes usually write to it, too."""

    async def rows(self, text: str, *parameters: Any) -> list[Row]:
        """What a statement that reads gives."""

    async def gather(self, *asks: Ask) -> list[list[Row]]:
        """Several reads at once, of one moment where the engine can.

        Where a read is a round trip, callers who ask the same of others share one: reads that calls make go this way,
        also a single one of a few rows."""

    async def apply(self, todo: list[Statement]) -> Guard | None:
        """Runs a unit's statements wholly, durably, or not at all: then the guard that did not hold."""

    async def write(self, text: str, *parameters: Any, may_be_lost: bool = False) -> int:
        """One write of rows by key, or of one small batch; how many rows it changed. Durable, unless it `may_be_lost`:
        then the disk is not waited for, and what is written durably after it makes it so, too. Statements of which that
        is said have words of their own for PostgreSQL, which say it there: that takes no round trip more."""

    async def perform(self, script: Any, *, may_be_lost: bool = False) -> Any:
        """Runs the script that the call `script()` gives, in one transaction; what it returns.

        `may_be_lost`: a failure of the machine, not of the process, may undo it, so that the disk need not be waited
        for.
        """

    async def check(self) -> None:
        """Raises Unavailable when the database cannot be read."""

    def blocking(self) -> AbstractContextManager[BlockingConnection]:
        """Blocking reads and writes, each for itself."""

    def snapshot(self) -> AbstractContextManager[BlockingConnection]:
        """Blocking reads that all see one moment, without holding up writers."""

    def changes(self) -> int:
        """Another number when there may be something new to do, said by whichever process."""

    def announce(self) -> None:
        """Tells other processes that there is something to do."""

    async def listen(self) -> None:
        """Runs while `changes` has to hear of others. Returns at once where nothing needs to run."""

    async def release(self) -> None:
        """Gives back what belongs to the running event loop."""

    def close(self) -> None:
        """Ends it for good."""
