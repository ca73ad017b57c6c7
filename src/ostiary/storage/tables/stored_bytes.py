"""What companies' pictures take: kept beside each document, in its own unit of work, and summed up by company.

Only documents count: a picture that was stored and never got its row, because a process died in between, takes room
until it is swept, and none of a company's.
"""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.storage.engine import BlockingConnection, Engine, Script

# ---- statements -----------------------------------------------------------------------------------------------------

STORE_BYTES = """INSERT INTO stored_bytes (company_id, bytes, documents) VALUES (?1, ?2, 1)
 ON CONFLICT (company_id) DO UPDATE SET bytes = stored_bytes.bytes + ?2, documents = stored_bytes.documents + 1"""
"""In the unit that adds the document, so that the sum is neither ahead of the rows nor behind them."""
GATHER_STORED = "SELECT 1 WHERE 1 = 0"
"""Where sums are not added to at once, what arrived is brought there now and then."""
STORED = "SELECT bytes, documents FROM stored_bytes WHERE company_id = ?1"
STORED_BY_COMPANY = "SELECT company_id, bytes, documents FROM stored_bytes"
"""For operators and monitors: a row for each company."""

# ---- reads ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """What one company's documents take, and how many there are."""

    bytes: int = 0
    documents: int = 0


NOTHING = StoredBytes()


class Sums:
    """Of every company."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, company_id: str) -> StoredBytes:
        """Every document that is committed counts."""
        (rows,) = await self._engine.gather((STORED, (company_id,)))
        return StoredBytes(*rows[0]) if rows else NOTHING

    async def bytes_of(self, company_id: str) -> int:
        """What the pictures of a company's documents take."""
        return (await self.of(company_id)).bytes

    async def gather(self) -> None:
        """Brings what was inserted beside the sums into them. Elsewhere that is done at once."""
        while await self._engine.perform(_gather):
            """Until there is none."""


def by_company(aside: BlockingConnection) -> dict[str, StoredBytes]:
    """Of every company that has any."""
    return {str(row[0]): StoredBytes(int(row[1]), int(row[2])) for row in aside.rows(STORED_BY_COMPANY)}


def _gather() -> Script[bool]:
    return bool((yield GATHER_STORED, ()))
