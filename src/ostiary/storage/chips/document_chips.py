"""Chips of documents: their files, sealed for their client, by what one chip is found again, and challenges to sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.clients.client import Client
from ostiary.domain.documents.chip_kept import AddChip, ChipChallenge, ChipContent, KeepChallenge, TakeChallenge
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.unit import Guard
from ostiary.storage.audit.row_kinds import RowKind, RowWrites, row_write
from ostiary.storage.engine import Engine
from ostiary.storage.statement import Statement
from ostiary.storage.stored import chips as stored
from ostiary.storage.unit_context import UnitContext, client_box

# ---- statements -----------------------------------------------------------------------------------------------------

CHIP = "SELECT content FROM document_chips WHERE company_id = ?1 AND client_id = ?2 AND document_id = ?3"
ADD_CHIP = "INSERT INTO document_chips (company_id, client_id, document_id, content) VALUES (?1, ?2, ?3, ?4)"
ADD_CHIP_MARK = "INSERT INTO chip_marks VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
CHIP_HOLDERS = """SELECT client_id FROM chip_marks WHERE company_id = ?1 AND chip_mark = ?2 AND client_id <> ?3
 AND EXISTS (SELECT 1 FROM documents d WHERE d.company_id = ?1 AND d.client_id = chip_marks.client_id
  AND d.document_id = chip_marks.document_id AND d.status = 'accepted')
 AND EXISTS (SELECT 1 FROM enablements e WHERE e.company_id = ?1 AND e.client_id = chip_marks.client_id
  AND e.status <> 'rejected') ORDER BY client_id LIMIT 1"""
"""As a number is held: by an accepted document of a client with a live request."""
CHALLENGE = """SELECT challenge_id, challenge, expires_at_ms FROM chip_challenges
 WHERE company_id = ?1 AND client_id = ?2 AND enablement_id = ?3"""
KEEP_CHALLENGE = """INSERT INTO chip_challenges (company_id, client_id, enablement_id, challenge_id, challenge,
 expires_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (company_id, client_id, enablement_id)
 DO UPDATE SET challenge_id = ?4, challenge = ?5, expires_at_ms = ?6"""
TAKE_CHALLENGE = """DELETE FROM chip_challenges
 WHERE company_id = ?1 AND client_id = ?2 AND enablement_id = ?3 AND challenge_id = ?4"""

CHIP_ROW = RowKind("chip", "document_chips", "client_id", "document_id", (), ("content",))
ROW_WRITES: RowWrites = {ADD_CHIP: row_write(CHIP_ROW, 3, content=4)}

# ---- rows -----------------------------------------------------------------------------------------------------------


def seal_chip(box: Box, document_id: str, content: ChipContent) -> bytes:
    """What is kept of it."""
    return box.seal(_place(document_id), stored.chip_form(content))


def chip_mark(cipher: Cipher, company_id: str, object_digest: bytes) -> bytes:
    """By what one chip is found again, whatever was changed around what is signed."""
    return cipher.lookup_hash("chip", company_id, object_digest)


def _place(document_id: str) -> str:
    return f"document_chips/{document_id}/content"


# ---- reads ----------------------------------------------------------------------------------------------------------


class DocumentChips:
    """Chips of all companies' clients."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def of_document(self, client: Client, document_id: str) -> ChipContent | None:
        """None where none came with the document. Raises Tampered, StoredByNewer."""
        rows = await self._engine.rows(CHIP, client.company_id, client.id, document_id)
        if not rows:
            return None
        return stored.open_chip(client_box(self._cipher, client).open(_place(document_id), rows[0][0]))

    async def holder(self, client: Client, object_digest: bytes) -> str | None:
        """The id of another client of the company that this very chip serves."""
        mark = chip_mark(self._cipher, client.company_id, object_digest)
        rows = await self._engine.rows(CHIP_HOLDERS, client.company_id, mark, client.id)
        return str(rows[0][0]) if rows else None

    async def challenge(self, client: Client, enablement_id: str) -> ChipChallenge | None:
        """The newest that was made for a request, if it was not answered yet."""
        rows = await self._engine.rows(CHALLENGE, client.company_id, client.id, enablement_id)
        if not rows:
            return None
        challenge_id, challenge, expires_at_ms = rows[0]
        return ChipChallenge(str(challenge_id), enablement_id, bytes(challenge), expires_at_ms)


# ---- writes ---------------------------------------------------------------------------------------------------------


def add_chips(context: UnitContext, changes: Sequence[AddChip]) -> Iterator[Statement]:
    """Chips of the owner's documents, and by what they are found."""
    company_id, client_id = context.company_id, context.client.id
    for change in changes:
        content = seal_chip(context.client_box, change.document_id, change.content)
        yield Statement(ADD_CHIP, (company_id, client_id, change.document_id, content), Guard.CLIENT)
        mark = chip_mark(context.cipher, company_id, change.object_digest)
        yield Statement(ADD_CHIP_MARK, (company_id, mark, client_id, change.document_id))


def keep_challenges(context: UnitContext, changes: Sequence[KeepChallenge]) -> Iterator[Statement]:
    """What chips of the owner's requests are to sign."""
    for change in changes:
        new = change.challenge
        key = (context.company_id, context.client.id, new.enablement_id)
        yield Statement(KEEP_CHALLENGE, (*key, new.id, new.challenge, new.expires_at_ms), Guard.CLIENT)


def take_challenges(context: UnitContext, changes: Sequence[TakeChallenge]) -> Iterator[Statement]:
    """Challenges that were answered: each once."""
    for change in changes:
        taken = change.challenge
        key = (context.company_id, context.client.id, taken.enablement_id)
        yield Statement(TAKE_CHALLENGE, (*key, taken.id), Guard.CLIENT)
