"""Acceptances of terms, sealed for their client; and the texts, which are nobody's: by their hash, once for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from ostiary.domain.clients.client import Client
from ostiary.domain.errors import Tampered
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.terms.acceptance import Acceptance, AddAcceptance
from ostiary.domain.unit import Guard
from ostiary.storage.audit.row_kinds import RowKind, RowWrites, row_write
from ostiary.storage.engine import Engine, Row
from ostiary.storage.statement import Statement
from ostiary.storage.stored import terms as stored
from ostiary.storage.tables.clients import KEEP_TERMS, seal_terms
from ostiary.storage.terms.texts import TERMS_TEXT
from ostiary.storage.unit_context import UnitContext, client_box

# ---- statements -----------------------------------------------------------------------------------------------------

ACCEPTANCES = """SELECT acceptance_id, at_ms, content FROM terms_acceptances
 WHERE company_id = ?1 AND client_id = ?2 ORDER BY acceptance_id"""
ADD_ACCEPTANCE = """INSERT INTO terms_acceptances (company_id, client_id, acceptance_id, terms_id, sha256, at_ms,
 content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"""

ACCEPTANCE_ROW = RowKind(
    "acceptance", "terms_acceptances", "client_id", "acceptance_id", ("terms_id", "sha256"), ("content",)
)
ROW_WRITES: RowWrites = {ADD_ACCEPTANCE: row_write(ACCEPTANCE_ROW, 3, terms_id=4, sha256=5, content=7)}

# ---- rows -----------------------------------------------------------------------------------------------------------


def seal_acceptance(box: Box, acceptance: Acceptance) -> bytes:
    """What is kept of it."""
    return box.seal(_place(acceptance.id), stored.acceptance_form(acceptance))


def acceptance_of(box: Box, row: Row) -> Acceptance:
    """Raises Tampered, StoredByNewer."""
    acceptance_id, at_ms, content = row
    return stored.acceptance_from(acceptance_id, at_ms, box.open(_place(acceptance_id), content))


def _place(acceptance_id: str) -> str:
    return f"terms_acceptances/{acceptance_id}/content"


# ---- reads ----------------------------------------------------------------------------------------------------------


class TermsAcceptances:
    """Acceptances of all companies' clients, and the texts of all catalogues."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def of_client(self, client: Client) -> list[Acceptance]:
        """Oldest first. Raises Tampered."""
        box = client_box(self._cipher, client)
        rows = await self._engine.rows(ACCEPTANCES, client.company_id, client.id)
        return [acceptance_of(box, row) for row in rows]

    async def text(self, sha256_hex: str) -> str | None:
        """The text with that hash; None where none is kept. Raises Tampered for one that is another than it was."""
        rows = await self._engine.rows(TERMS_TEXT, sha256_hex)
        if not rows:
            return None
        text = str(rows[0][0])
        if sha256(text.encode()).hexdigest() != sha256_hex:
            raise Tampered(f"The text of terms {sha256_hex} is not what was kept.")
        return text


# ---- writes ---------------------------------------------------------------------------------------------------------


def add_acceptances(context: UnitContext, changes: Sequence[AddAcceptance]) -> Iterator[Statement]:
    """What the owner accepted: each acceptance, and all of them in short."""
    key = (context.company_id, context.client.id)
    for change in changes:
        new = change.acceptance
        content = seal_acceptance(context.client_box, new)
        values = (*key, new.id, new.terms_id, new.sha256, new.recorded_at_ms, content)
        yield Statement(ADD_ACCEPTANCE, values, Guard.CLIENT)
        every = seal_terms(context.client_box, context.client.id, change.accepted)
        yield Statement(KEEP_TERMS, (*key, every), Guard.CLIENT, is_late=True)  # the lock wrote this row already
