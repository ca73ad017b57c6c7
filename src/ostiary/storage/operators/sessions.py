"""Sessions of operators: found by the keyed hash of their secret, with the operator that each is of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.companies.company import Company
from ostiary.domain.operators.changes import AddSession, EndSession, EndSessions
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.sessions import Session
from ostiary.domain.ports import Box, Cipher
from ostiary.storage.engine import Engine, Row
from ostiary.storage.operators.accounts import OPERATOR_COLUMNS, operator_of
from ostiary.storage.statement import Statement
from ostiary.storage.stored import operators as stored
from ostiary.storage.unit_context import UnitContext, company_box

# ---- statements -----------------------------------------------------------------------------------------------------

SESSION_COLUMNS = "s.session_mark, s.operator_id, s.created_at_ms, s.seen_at_ms, s.ends_at_ms, s.content"
SESSION = f"""SELECT {SESSION_COLUMNS}, {OPERATOR_COLUMNS} FROM operator_sessions s
  JOIN operators o ON o.company_id = s.company_id AND o.operator_id = s.operator_id
 WHERE s.company_id = ?1 AND s.session_mark = ?2"""  # noqa: S608
SESSIONS = f"""SELECT {SESSION_COLUMNS} FROM operator_sessions s WHERE s.company_id = ?1 AND s.operator_id = ?2
 ORDER BY s.created_at_ms"""  # noqa: S608
ADD_SESSION = "INSERT INTO operator_sessions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
TOUCH_SESSION = "UPDATE operator_sessions SET seen_at_ms = ?3 WHERE company_id = ?1 AND session_mark = ?2"
END_SESSION = "DELETE FROM operator_sessions WHERE company_id = ?1 AND session_mark = ?2"
END_SESSIONS = "DELETE FROM operator_sessions WHERE company_id = ?1 AND operator_id = ?2"
SWEPT_TOGETHER = 500
"""What is over is removed in batches small enough not to hold up a commit."""
SWEEP_SESSIONS = f"""DELETE FROM operator_sessions WHERE company_id = ?1 AND session_mark IN
 (SELECT session_mark FROM operator_sessions WHERE company_id = ?1 AND ends_at_ms <= ?2
   ORDER BY ends_at_ms LIMIT {SWEPT_TOGETHER})"""  # noqa: S608

# ---- rows -----------------------------------------------------------------------------------------------------------


def session_mark(cipher: Cipher, company_id: str, token: str) -> bytes:
    """By what a session is found: nobody who has only the database can make a token of it."""
    return cipher.lookup_hash("operator", "session", company_id, token)


def seal_source(box: Box, session: Session) -> bytes:
    """What is kept of where a session is from."""
    return box.seal(f"operator_sessions/{session.mark.hex()}/content", stored.source_of(session))


def session_of(box: Box, row: Row) -> Session:
    """Raises Tampered, StoredByNewer."""
    mark, operator_id, created_at_ms, seen_at_ms, ends_at_ms, content = row
    source = stored.open_source(box.open(f"operator_sessions/{mark.hex()}/content", content))
    return Session(
        mark=mark,
        operator_id=operator_id,
        created_at_ms=created_at_ms,
        seen_at_ms=seen_at_ms,
        ends_at_ms=ends_at_ms,
        source=source,
    )


# ---- reads and writes -----------------------------------------------------------------------------------------------


class Sessions:
    """Sessions of one installation; `house` is its own company."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    def mark(self, company_id: str, token: str) -> bytes:
        """What stands for a token."""
        return session_mark(self._cipher, company_id, token)

    async def find(self, house: Company, token: str) -> tuple[Session, Operator] | None:
        """A session by its secret, good or not, with whose it is."""
        rows = await self._engine.rows(SESSION, house.id, self.mark(house.id, token))
        if not rows:
            return None
        box = company_box(self._cipher, house)
        return session_of(box, rows[0][:6]), operator_of(box, rows[0][6:])

    async def of_operator(self, house: Company, operator_id: str) -> list[Session]:
        """All that are kept of an operator, good or not, oldest first."""
        box = company_box(self._cipher, house)
        return [session_of(box, row) for row in await self._engine.rows(SESSIONS, house.id, operator_id)]

    async def touch(self, company_id: str, mark: bytes, now_ms: int) -> None:
        """It was used."""
        await self._engine.write(TOUCH_SESSION, company_id, mark, now_ms)

    async def sweep(self, company_id: str, now_ms: int) -> int:
        """Removes a batch of sessions that are too old; how many it was."""
        return await self._engine.write(SWEEP_SESSIONS, company_id, now_ms)


def add_sessions(context: UnitContext, changes: Sequence[AddSession]) -> Iterator[Statement]:
    """Operators that are signed in."""
    for change in changes:
        session = change.session
        values = (context.company_id, session.mark, session.operator_id, session.created_at_ms, session.seen_at_ms)
        yield Statement(ADD_SESSION, (*values, session.ends_at_ms, seal_source(context.company_box, session)))


def end_single_sessions(context: UnitContext, changes: Sequence[EndSession]) -> Iterator[Statement]:
    """Sessions that are over."""
    for change in changes:
        yield Statement(END_SESSION, (context.company_id, change.mark))


def end_sessions_of(context: UnitContext, changes: Sequence[EndSessions]) -> Iterator[Statement]:
    """All sessions of operators."""
    for change in changes:
        yield Statement(END_SESSIONS, (context.company_id, change.operator_id))
