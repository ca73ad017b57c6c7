"""Documents of which it is not kept what they take: looked up after an upgrade, batch by batch."""

from __future__ import annotations

from ostiary.domain.clients.client import Client
from ostiary.domain.errors import KeyMismatch, Tampered
from ostiary.domain.ports import Cipher
from ostiary.domain.unit import Guard
from ostiary.storage.engine import Engine, Row
from ostiary.storage.statement import Statement
from ostiary.storage.tables.clients import CLIENT, client_of
from ostiary.storage.tables.documents import DOCUMENT_COLUMNS, document_of
from ostiary.storage.tables.stored_bytes import STORE_BYTES
from ostiary.storage.unit_context import client_box

FROM_THE_START = ("", "")

# ---- statements -----------------------------------------------------------------------------------------------------

SIZED_TOGETHER = 100
"""Documents whose size is looked up in one go: each is opened, and written in a commit of its own."""
UNSIZED = f"""SELECT {DOCUMENT_COLUMNS} FROM documents WHERE company_id = ?1 AND bytes IS NULL
 AND (client_id, document_id) > (?2, ?3) ORDER BY client_id, document_id LIMIT {SIZED_TOGETHER}"""  # noqa: S608
"""Those that were there before sizes were kept, and what a version that keeps none adds meanwhile."""
ANY_UNSIZED = "SELECT count(*) FROM documents WHERE bytes IS NULL"
SIZE_DOCUMENT = """UPDATE documents SET bytes = ?4 WHERE company_id = ?1 AND client_id = ?2 AND document_id = ?3
 AND bytes IS NULL"""

# ---- sizing ---------------------------------------------------------------------------------------------------------


class Unsized:
    """Documents of all companies."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def size(self, company_id: str, after: tuple[str, str]) -> tuple[str, str] | None:
        """Looks up what documents take of which that is not known yet, from behind a client's document on: so many as
        are looked at together. Where it came to; None at the end. What cannot be opened stays as it is."""
        rows = await self._engine.rows(UNSIZED, company_id, *after)
        clients: dict[str, Client | None] = {}
        for row in rows:
            client_id = str(row[2])
            if client_id not in clients:
                clients[client_id] = await self._client(company_id, client_id)
            client = clients[client_id]
            if client is not None:
                await self._size(client, row)
        return (str(rows[-1][2]), str(rows[-1][0])) if len(rows) == SIZED_TOGETHER else None

    async def _client(self, company_id: str, client_id: str) -> Client | None:
        rows = await self._engine.rows(CLIENT, company_id, client_id)
        try:
            return client_of(self._cipher, rows[0]) if rows else None
        except (Tampered, KeyMismatch):
            return None

    async def _size(self, client: Client, row: Row) -> None:
        """Whoever is first says it; for a second one the guard does not hold."""
        try:
            document = document_of(client_box(self._cipher, client), row)
        except (Tampered, KeyMismatch):
            return
        size = document.stored_bytes
        sized = Statement(SIZE_DOCUMENT, (client.company_id, client.id, document.id, size), Guard.CLIENT)
        await self._engine.apply([sized, Statement(STORE_BYTES, (client.company_id, size))])
