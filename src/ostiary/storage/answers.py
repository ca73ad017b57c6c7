"""Answers kept under idempotency keys: a lease while a call runs, then its answer for a day.

A lease of 60 s, so that a crash does not leave a key in use; the answer is written by the unit of work that has
the effect. Stored bodies are sealed with the company's data key.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.domain.companies import Company
from ostiary.storage import statements as sql
from ostiary.storage.engine import Engine
from ostiary.storage.records import Records

LEASE_MS = 60_000
KEPT_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known under a key: `content` is the hash of the call's content; no status means it still runs."""

    content: bytes
    status: int | None
    body: bytes | None = field(repr=False)
    leased_until_ms: int


class Answers:
    """Idempotency records of companies."""

    def __init__(self, engine: Engine, records: Records) -> None:
        self._engine, self._records = engine, records

    def mark(self, company_id: str, *scope: str) -> bytes:
        """What stands for company, method, path and key."""
        return self._records.cipher.mark("answer", company_id, *scope)

    def content_mark(self, company_id: str, content: bytes) -> bytes:
        """The keyed hash by which contents are compared."""
        return self._records.cipher.mark("content", company_id, content)

    async def kept(self, company: Company, mark: bytes, now_ms: int) -> Kept | None:
        """What is kept under a key, unless it is older than a day. Raises Unavailable."""
        rows = await self._engine.rows(sql.ANSWER, company.id, mark)
        row = rows[0] if rows else None
        if row is None or row[5] <= now_ms - KEPT_MS:
            return None
        content, _, leased_until, status, sealed, _ = row
        body = None
        if sealed is not None:
            body = self._records.company_box(company).open(f"answers/{mark.hex()}/body", sealed)
        return Kept(content, status, body, leased_until)

    async def begin(self, company_id: str, mark: bytes, content: bytes, lease: str, now_ms: int) -> bool:
        """Takes the key for one call; False when somebody else has it."""
        values = (company_id, mark, content, lease, now_ms + LEASE_MS, now_ms, now_ms - KEPT_MS)
        return await self._engine.write(sql.BEGIN_ANSWER, *values) == 1

    async def forget(self, company_id: str, mark: bytes, lease: str) -> None:
        """Gives the key back without an answer, for what is not to be repeated (401, 429, 5xx)."""
        await self._engine.write(sql.FORGET_ANSWER, company_id, mark, lease)

    async def sweep(self, now_ms: int) -> int:
        """Removes a batch of answers older than a day; how many it was."""
        return await self._engine.write(sql.SWEEP_ANSWERS, now_ms - KEPT_MS)
