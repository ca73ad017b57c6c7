"""Notes that operators are writing, sealed for the client they are about."""

from __future__ import annotations

from ostiary.domain.clients.client import Client
from ostiary.domain.ports import Cipher
from ostiary.domain.review.claims import ReviewDraft
from ostiary.storage.engine import Engine
from ostiary.storage.unit_context import client_box

# ---- statements -----------------------------------------------------------------------------------------------------

DRAFT = """SELECT at_ms, content FROM review_drafts
 WHERE company_id = ?1 AND client_id = ?2 AND enablement_id = ?3 AND operator_id = ?4"""
KEEP_DRAFT = """INSERT INTO review_drafts (company_id, client_id, enablement_id, operator_id, at_ms, content)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (company_id, client_id, enablement_id, operator_id)
 DO UPDATE SET at_ms = ?5, content = ?6"""
DROP_DRAFT = """DELETE FROM review_drafts
 WHERE company_id = ?1 AND client_id = ?2 AND enablement_id = ?3 AND operator_id = ?4"""

# ---- reads and writes -----------------------------------------------------------------------------------------------


class ReviewDrafts:
    """Drafts of all operators: each sees his own."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def find(self, client: Client, enablement_id: str, operator_id: str) -> ReviewDraft | None:
        """What an operator was writing. Raises Tampered."""
        rows = await self._engine.rows(DRAFT, client.company_id, client.id, enablement_id, operator_id)
        if not rows:
            return None
        at_ms, content = rows[0]
        box = client_box(self._cipher, client)
        text = box.open(_place(enablement_id, operator_id), content).decode()
        return ReviewDraft(enablement_id=enablement_id, operator_id=operator_id, at_ms=at_ms, text=text)

    async def keep(self, client: Client, draft: ReviewDraft) -> None:
        """In place of the one before."""
        place = _place(draft.enablement_id, draft.operator_id)
        content = client_box(self._cipher, client).seal(place, draft.text.encode())
        key = (client.company_id, client.id, draft.enablement_id, draft.operator_id)
        await self._engine.write(KEEP_DRAFT, *key, draft.at_ms, content)

    async def drop(self, client: Client, enablement_id: str, operator_id: str) -> None:
        """When the note is written, or given up."""
        await self._engine.write(DROP_DRAFT, client.company_id, client.id, enablement_id, operator_id)


def _place(enablement_id: str, operator_id: str) -> str:
    return f"review_drafts/{enablement_id}/{operator_id}/content"
