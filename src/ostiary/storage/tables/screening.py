"""What screening found of clients, and when they were screened last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.clients.client import Client
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.screening.hits import HitState, ScreeningRun, StoredHit
from ostiary.domain.screening.subject import Hit
from ostiary.domain.unit import AddHit, DecideHit, Guard, KeepScreening
from ostiary.storage.audit.row_kinds import RowKind, RowWrites, row_write
from ostiary.storage.engine import Engine, Row
from ostiary.storage.statement import Statement
from ostiary.storage.stored import screening as stored
from ostiary.storage.unit_context import UnitContext, client_box

# ---- statements -----------------------------------------------------------------------------------------------------

HITS = """SELECT hit_mark, state, evidence, found_at_ms FROM screening_hits WHERE company_id = ?1 AND client_id = ?2
 ORDER BY found_at_ms"""
ADD_HIT = """INSERT INTO screening_hits VALUES (?1, ?2, ?3, 'open', ?4, ?5)
 ON CONFLICT (company_id, client_id, hit_mark) DO UPDATE SET evidence = ?4 WHERE screening_hits.state = 'open'"""
DECIDE_HIT = "UPDATE screening_hits SET state = ?4 WHERE company_id = ?1 AND client_id = ?2 AND hit_mark = ?3"
SCREENING = "SELECT lists, subject_mark, at_ms FROM screenings WHERE company_id = ?1 AND client_id = ?2"
SCREENED = """INSERT INTO screenings VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (company_id, client_id)
 DO UPDATE SET lists = ?3, subject_mark = ?4, at_ms = ?5"""

HIT_ROW = RowKind("hit", "screening_hits", "client_id", "hit_mark", ("state",))
ROW_WRITES: RowWrites = {
    ADD_HIT: row_write(HIT_ROW, 3),  # that it is there: one that was decided stays so when it is found again
    DECIDE_HIT: row_write(HIT_ROW, 3, state=4),
}

# ---- rows -----------------------------------------------------------------------------------------------------------


def hit_mark(cipher: Cipher, client: Client, hit: Hit) -> bytes:
    """By what a hit is known, however often it is found."""
    return cipher.lookup_hash("screening", client.company_id, client.id, hit.list, hit.entry_id)


def seal_hit(box: Box, mark: bytes, hit: Hit) -> bytes:
    """What is kept of a hit."""
    return box.seal(f"screening_hits/{mark.hex()}/evidence", stored.evidence_of(hit))


def hit_of(box: Box, row: Row) -> StoredHit:
    """Raises Tampered, StoredByNewer."""
    mark, state, evidence, found_at = row
    opened = stored.open_evidence(box.open(f"screening_hits/{mark.hex()}/evidence", evidence))
    return StoredHit(mark.hex(), opened, HitState(state), found_at)


# ---- reads ----------------------------------------------------------------------------------------------------------


class ScreeningRuns:
    """Hits of all companies' clients."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def hits(self, client: Client) -> list[StoredHit]:
        """What screening found of a client, oldest first."""
        box = client_box(self._cipher, client)
        return [hit_of(box, row) for row in await self._engine.rows(HITS, client.company_id, client.id)]

    async def last_run(self, company_id: str, client_id: str) -> ScreeningRun | None:
        """When and against what a client was screened last."""
        rows = await self._engine.rows(SCREENING, company_id, client_id)
        return ScreeningRun(*rows[0]) if rows else None


# ---- writes ---------------------------------------------------------------------------------------------------------


def add_hits(context: UnitContext, changes: Sequence[AddHit]) -> Iterator[Statement]:
    """What was found of the owner."""
    for change in changes:
        mark = hit_mark(context.cipher, context.client, change.hit)
        evidence = seal_hit(context.client_box, mark, change.hit)
        yield Statement(ADD_HIT, (context.company_id, context.client.id, mark, evidence, context.at_ms))


def decide_hits(context: UnitContext, changes: Sequence[DecideHit]) -> Iterator[Statement]:
    """What was decided of the owner's hits."""
    for change in changes:
        key = (context.company_id, context.client.id, bytes.fromhex(change.key))
        yield Statement(DECIDE_HIT, (*key, change.state), Guard.CLIENT)


def keep_screenings(context: UnitContext, changes: Sequence[KeepScreening]) -> Iterator[Statement]:
    """When and against what the owner was screened."""
    for change in changes:
        values = (change.run.lists, change.run.subject_mark, context.at_ms)
        yield Statement(SCREENED, (context.company_id, context.client.id, *values))
