"""Answers kept under idempotency keys: a lease while a call runs, then its answer for a day.

A lease of 60 s, so that a crash does not leave a key in use; the answer is written by the unit of work that has
the effect. Stored bodies are sealed with the company's data key.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from ostiary.domain.companies import Company
from ostiary.domain.errors import Unavailable
from ostiary.storage import statements as sql
from ostiary.storage.records import Records
from ostiary.storage.sqlite import Writer

LEASE_MS = 60_000
KEPT_MS = 24 * 3_600_000
SWEPT_TOGETHER = 500
"""Old answers are removed in batches small enough not to hold up a commit."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known under a key: `content` is the hash of the call's content; no status means it still runs."""

    content: bytes
    status: int | None
    body: bytes | None = field(repr=False)
    leased_until_ms: int


class Answers:
    """Idempotency records of companies."""

    def __init__(self, writer: Writer, reader: sqlite3.Connection, records: Records) -> None:
        self._writer, self._reader, self._records = writer, reader, records

    def mark(self, company_id: str, *scope: str) -> bytes:
        """What stands for company, method, path and key."""
        return self._records.cipher.mark("answer", company_id, *scope)

    def content_mark(self, company_id: str, content: bytes) -> bytes:
        """The keyed hash by which contents are compared."""
        return self._records.cipher.mark("content", company_id, content)

    def kept(self, company: Company, mark: bytes, now_ms: int) -> Kept | None:
        """What is kept under a key, unless it is older than a day. Raises Unavailable."""
        try:
            row = self._reader.execute(sql.ANSWER, (company.id, mark)).fetchone()
        except sqlite3.OperationalError as problem:
            raise Unavailable("The database cannot be read right now; try again shortly.", retry_after_s=1) from problem
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
        changed: int = await self._writer.write(
            lambda connection: connection.execute(sql.BEGIN_ANSWER, values).rowcount
        )
        return changed == 1

    async def forget(self, company_id: str, mark: bytes, lease: str) -> None:
        """Gives the key back without an answer, for what is not to be repeated (401, 429, 5xx)."""
        values = (company_id, mark, lease)
        await self._writer.write(lambda connection: connection.execute(sql.FORGET_ANSWER, values).rowcount)

    async def sweep(self, now_ms: int) -> int:
        """Removes a batch of answers older than a day; how many it was."""
        values = (now_ms - KEPT_MS, SWEPT_TOGETHER)
        swept: int = await self._writer.write(lambda connection: connection.execute(sql.SWEEP_ANSWERS, values).rowcount)
        return swept
