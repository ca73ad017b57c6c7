"""Answers kept under idempotency keys: a lease while a call runs, then its answer for a day.

The lease ends by itself, so that a crash does not leave a key in use; the answer is written by the unit of work that
has the effect. Stored bodies are sealed with the company's data key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ostiary.domain.companies.company import Company
from ostiary.domain.ports import Cipher
from ostiary.domain.unit import Guard, StoredResponse
from ostiary.storage.engine import Engine
from ostiary.storage.statement import Statement
from ostiary.storage.unit_context import UnitContext, company_box

LEASE_MS = 60_000
"""Longer than any call runs once its body is there: two pictures put into a store that has to be asked again."""
KEPT_MS = 24 * 3_600_000

# ---- statements -----------------------------------------------------------------------------------------------------

ANSWER = """SELECT content, lease, leased_until_ms, status, body, created_at_ms FROM answers
 WHERE company_id = ?1 AND mark = ?2"""
BEGIN_ANSWER = """INSERT INTO answers (company_id, mark, content, lease, leased_until_ms, status, body, created_at_ms)
 VALUES (?1, ?2, ?3, ?4, ?5, NULL, NULL, ?6) ON CONFLICT (company_id, mark)
 DO UPDATE SET content = ?3, lease = ?4, leased_until_ms = ?5, status = NULL, body = NULL, created_at_ms = ?6,
  client_id = NULL
 WHERE answers.created_at_ms <= ?7
    OR (answers.status IS NULL AND answers.leased_until_ms <= ?6 AND answers.content = ?3)"""
END_ANSWER = """UPDATE answers SET lease = NULL, leased_until_ms = 0, status = ?4, body = ?5, client_id = ?6
 WHERE company_id = ?1 AND mark = ?2 AND lease = ?3 AND status IS NULL"""
FORGET_ANSWER = "DELETE FROM answers WHERE company_id = ?1 AND mark = ?2 AND lease = ?3 AND status IS NULL"
SWEPT_TOGETHER = 500
"""Old answers are removed in batches small enough not to hold up a commit."""
SWEEP_ANSWERS = f"""DELETE FROM answers WHERE (company_id, mark) IN (SELECT company_id, mark FROM answers
 WHERE created_at_ms <= ?1 ORDER BY created_at_ms LIMIT {SWEPT_TOGETHER})"""  # noqa: S608

# ---- reads and writes -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What is known under a key: `content` is the hash of the call's content; no status means it still runs."""

    content: bytes
    status: int | None
    body: bytes | None = field(repr=False)
    leased_until_ms: int


class StoredAnswers:
    """Idempotency records of companies."""

    def __init__(self, engine: Engine, cipher: Cipher, lease_ms: int = LEASE_MS) -> None:
        self._engine, self._cipher, self._lease_ms = engine, cipher, lease_ms

    def mark(self, company_id: str, *scope: str) -> bytes:
        """What stands for company, method, path and key."""
        return self._cipher.lookup_hash("answer", company_id, *scope)

    def content_mark(self, company_id: str, content: bytes) -> bytes:
        """The keyed hash by which contents are compared."""
        return self._cipher.lookup_hash("content", company_id, content)

    async def record(self, company: Company, mark: bytes, now_ms: int) -> StoredAnswer | None:
        """What is kept under a key, unless it is older than a day. Raises Unavailable."""
        (rows,) = await self._engine.gather((ANSWER, (company.id, mark)))
        row = rows[0] if rows else None
        if row is None or row[5] <= now_ms - KEPT_MS:
            return None
        content, _, leased_until, status, sealed, _ = row
        body = None
        if sealed is not None:
            body = company_box(self._cipher, company).open(f"answers/{mark.hex()}/body", sealed)
        return StoredAnswer(content, status, body, leased_until)

    async def begin(self, company_id: str, mark: bytes, content: bytes, lease: str, now_ms: int) -> bool:
        """Takes the key for one call; False when somebody else has it."""
        values = (company_id, mark, content, lease, now_ms + self._lease_ms, now_ms, now_ms - KEPT_MS)
        return await self._engine.write(BEGIN_ANSWER, *values) == 1

    async def forget(self, company_id: str, mark: bytes, lease: str) -> None:
        """Gives the key back without an answer, for what is not to be repeated (401, 429, 5xx)."""
        await self._engine.write(FORGET_ANSWER, company_id, mark, lease)

    async def sweep(self, now_ms: int) -> int:
        """Removes a batch of answers older than a day; how many it was."""
        return await self._engine.write(SWEEP_ANSWERS, now_ms - KEPT_MS)


def end_answers(context: UnitContext, changes: Sequence[StoredResponse]) -> Iterator[Statement]:
    """Answers that are kept with their effect."""
    for answer in changes:
        body = context.company_box.seal(f"answers/{answer.mark.hex()}/body", answer.body)
        values = (context.company_id, answer.mark, answer.lease, answer.status, body, _whose(context, answer))
        yield Statement(END_ANSWER, values, Guard.IDEMPOTENCY)


def _whose(context: UnitContext, answer: StoredResponse) -> str | None:
    """Whom an answer is about: it ends with that client's data."""
    return answer.client_id or (context.owner_client.id if context.owner_client else None)
