"""Reads on the event loop's own thread: who asks in the same turn of the loop is answered together, of one moment.

Beginning to read costs SQLite as much as a look-up does, several calls into the system, and a partner's calls come
many at a time under one key. So questions of one turn share a transaction, and equal ones an answer. Nobody is
answered from before he asked: the transaction begins when all of the turn have.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from typing import Any

from ostiary.domain.errors import Unavailable
from ostiary.storage.engine import Ask, Row

Asks = tuple[Ask, ...]
"""Statements that one caller asks together."""
Answer = asyncio.Future[list[list[Row]]]


class ReadsTogether:
    """Reads over one connection, which nobody else uses."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._turn: _Turn | None = None

    def ask(self, asks: Asks) -> Answer:
        """The rows of each statement, all of one moment. Raises Unavailable.

        Who asks the same shares them, so nobody may change the lists.
        """
        loop, turn = asyncio.get_running_loop(), self._turn
        if turn is None or turn.loop is not loop:  # what a loop did not come to before its end, nobody waits for
            turn = self._turn = _Turn(loop)
            loop.call_soon(self._answer, turn)
        answer: Answer = loop.create_future()
        turn.asked.setdefault(asks, []).append(answer)
        return answer

    def now(self, text: str, *parameters: Any) -> list[Row]:
        """The rows of one statement, without waiting for others. Raises Unavailable."""
        try:
            return self._connection.execute(text, parameters).fetchall()
        except sqlite3.OperationalError as problem:
            raise Unavailable("The database cannot be read right now; try again shortly.", retry_after_s=1) from problem

    def close(self) -> None:
        self._connection.close()

    def _answer(self, turn: _Turn) -> None:
        if self._turn is turn:
            self._turn = None
        is_begun = False
        try:
            if self._connection.in_transaction:  # an earlier turn could not end it: it would stay that moment for ever
                self.now("COMMIT")
            if len(turn.asked) > 1 or any(len(asks) > 1 for asks in turn.asked):  # one is of one moment by itself
                self.now("BEGIN")
                is_begun = True
            for asks, waiting in turn.asked.items():
                self._tell(asks, waiting)
        except Exception as problem:
            for waiting in turn.asked.values():
                _fail(waiting, problem)
        finally:
            if is_begun and self._connection.in_transaction:  # a grave fault ends it by itself
                self.now("COMMIT")

    def _tell(self, asks: Asks, waiting: Sequence[Answer]) -> None:
        """What goes wrong with one question is told to those who asked it."""
        try:
            rows = [self.now(text, *parameters) for text, parameters in asks]
        except Exception as problem:
            _fail(waiting, problem)
            return
        for answer in waiting:
            if not answer.done():
                answer.set_result(rows)


class _Turn:
    """What was asked in one turn of an event loop. Everybody has an answer of his own: who gives up must not take along
    those who asked the same."""

    __slots__ = ("asked", "loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.asked: dict[Asks, list[Answer]] = {}


def _fail(waiting: Sequence[Answer], problem: Exception) -> None:
    for answer in waiting:
        if not answer.done():
            answer.set_exception(problem)
