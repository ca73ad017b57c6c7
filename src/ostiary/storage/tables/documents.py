"""Documents, and what they are found by: their numbers, the likeness of their pictures, pictures that were refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from ostiary.domain.audit.row_states import SEALED
from ostiary.domain.clients.client import Client
from ostiary.domain.documents.document import Document, DocumentStatus
from ostiary.domain.errors import StoredByNewer, Tampered
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.unit import (
    AddDocument,
    AddLikeness,
    ChangeDocument,
    ClaimNumber,
    ContestNumber,
    Guard,
    KeepReading,
    RefusePicture,
    ReleaseNumber,
)
from ostiary.storage.audit.row_kinds import RowKind, RowWrites, row_write
from ostiary.storage.engine import Engine, Row
from ostiary.storage.marked_rows import rows_of_marks
from ostiary.storage.statement import Statement
from ostiary.storage.stored import documents as stored
from ostiary.storage.stored import readings
from ostiary.storage.tables.stored_bytes import STORE_BYTES
from ostiary.storage.unit_context import UnitContext, client_box

# ---- statements -----------------------------------------------------------------------------------------------------

DOCUMENT_COLUMNS = "document_id, company_id, client_id, type, status, facts, created_at_ms, reading"
DOCUMENTS = f"""SELECT {DOCUMENT_COLUMNS} FROM documents WHERE company_id = ?1 AND client_id = ?2
 AND status <> 'replaced'"""  # noqa: S608
EVERY_DOCUMENT = f"""SELECT {DOCUMENT_COLUMNS} FROM documents WHERE company_id = ?1 AND client_id = ?2
 ORDER BY document_id"""  # noqa: S608
DOCUMENT = """SELECT 1 FROM documents WHERE company_id = ?1 AND client_id = ?2 AND document_id = ?3"""
IDS_OF_DOCUMENTS = "SELECT document_id FROM documents WHERE company_id = ?1 AND client_id = ?2"
ADD_DOCUMENT = """INSERT INTO documents (company_id, client_id, document_id, type, status, facts, created_at_ms, bytes)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING"""
CHANGE_DOCUMENT = """UPDATE documents SET status = ?4 WHERE company_id = ?1 AND client_id = ?2 AND document_id = ?3"""
READ_DOCUMENT = "UPDATE documents SET reading = ?4 WHERE company_id = ?1 AND client_id = ?2 AND document_id = ?3"
ADD_LIKENESS = "INSERT INTO likenesses VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
LOOK_ALIKES = """SELECT client_id, document_id FROM likenesses WHERE company_id = ?1 AND band_mark = ?2
 AND client_id <> ?3 ORDER BY client_id LIMIT ?4"""
IS_HELD = """EXISTS (SELECT 1 FROM documents d WHERE d.company_id = ?1 AND d.client_id = document_numbers.client_id
  AND d.document_id = document_numbers.document_id AND d.status = 'accepted')
 AND EXISTS (SELECT 1 FROM enablements e WHERE e.company_id = ?1 AND e.client_id = document_numbers.client_id
  AND e.status <> 'rejected')"""
"""A number is held by an accepted document of a client with a live request; a row without that holds nothing."""
NUMBER_HOLDER = f"SELECT client_id FROM document_numbers WHERE company_id = ?1 AND number_mark = ?2 AND {IS_HELD}"  # noqa: S608
HOLDS_NUMBER = f"""SELECT 1 FROM document_numbers WHERE company_id = ?1 AND client_id = ?2 AND document_id = ?3
 AND {IS_HELD}"""  # noqa: S608
CLAIM_NUMBER = f"""INSERT INTO document_numbers VALUES (?1, ?2, ?3, ?4) ON CONFLICT (company_id, number_mark)
 DO UPDATE SET client_id = ?3, document_id = ?4 WHERE document_numbers.client_id = ?3 OR NOT ({IS_HELD})"""  # noqa: S608
CLAIM_NUMBER_BESIDE = f"""INSERT INTO document_numbers SELECT ?1, ?2, ?3, ?4
 WHERE NOT EXISTS (SELECT 1 FROM document_numbers WHERE company_id = ?1 AND number_mark = ?5 AND client_id <> ?3
  AND {IS_HELD})
 ON CONFLICT (company_id, number_mark)
 DO UPDATE SET client_id = ?3, document_id = ?4 WHERE document_numbers.client_id = ?3 OR NOT ({IS_HELD})"""  # noqa: S608
"""While rows move between two versions of the lookup keys: nobody else holds it under the other one."""
RELEASE_NUMBER = "DELETE FROM document_numbers WHERE company_id = ?1 AND client_id = ?2 AND document_id = ?3"
CONTEST_NUMBER = "INSERT INTO contested_numbers VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
CONTESTED_BY = """SELECT client_id FROM contested_numbers WHERE company_id = ?1 AND number_mark = ?2 AND client_id <> ?3
 ORDER BY client_id LIMIT ?4"""
REFUSED_PICTURES = "SELECT picture_mark FROM refused_pictures WHERE company_id = ?1 AND client_id = ?2"
REFUSED_PICTURE = """SELECT 1 FROM refused_pictures WHERE company_id = ?1 AND client_id = ?2 AND picture_mark = ?3"""
REFUSE_PICTURE = "INSERT INTO refused_pictures VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"

NUMBER_KEY, LIKENESS_KEY = "number", "likeness"
"""What lookup keys are for by which documents are found."""
ASKED_TOGETHER = 50
"""Numbers that are looked up in one read: a search asks for some thousand, and lets others in between."""

DOCUMENT_ROW = RowKind("document", "documents", "client_id", "document_id", ("type", "status"), ("facts", "reading"))
ROW_WRITES: RowWrites = {
    ADD_DOCUMENT: row_write(DOCUMENT_ROW, 3, {f"{SEALED}reading": None}, type=4, status=5, facts=6),
    CHANGE_DOCUMENT: row_write(DOCUMENT_ROW, 3, status=4),
    READ_DOCUMENT: row_write(DOCUMENT_ROW, 3, reading=4),
}

# ---- rows -----------------------------------------------------------------------------------------------------------


def document_of(box: Box, row: Row) -> Document:
    """Raises Tampered, StoredByNewer."""
    document_id, company_id, client_id, kind, status, facts, created, reading = row
    opened = stored.open_facts(box.open(f"documents/{document_id}/facts", facts))
    read = readings.NOT_READ
    if reading is not None:
        read = readings.open_read(box.open(f"documents/{document_id}/reading", reading))
    return Document(
        document_id,
        company_id,
        client_id,
        kind,
        DocumentStatus(status),
        opened.metadata,
        opened.sides,
        created,
        read.reading,
        read.judgement,
        opened.chip,
        read.chip,
    )


def pictureless(box: Box, row: Row) -> Document:
    """A document for who looks at its details alone: without its pictures and what was read on them, which costs a
    third of all that opening one does. Raises Tampered, StoredByNewer."""
    document_id, company_id, client_id, kind, status, facts, created, _ = row
    metadata = stored.open_metadata(box.open(f"documents/{document_id}/facts", facts)).metadata
    return Document(document_id, company_id, client_id, kind, DocumentStatus(status), metadata, (), created)


def seal_facts(box: Box, document: Document) -> bytes:
    """What is kept of a document as it was sent."""
    return box.seal(f"documents/{document.id}/facts", stored.facts_of(document))


def seal_reading(box: Box, document: Document) -> bytes:
    """What is kept of what was read on it."""
    return box.seal(f"documents/{document.id}/reading", readings.read_of(document))


# ---- reads ----------------------------------------------------------------------------------------------------------


class Documents:
    """Documents of all companies."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def every(self, client: Client, *, only_intact: bool = False) -> list[Document]:
        """Also those that were replaced, oldest first. `only_intact`: without those that do not open, for who can do
        something for the others; else raises Tampered, StoredByNewer."""
        box, documents = client_box(self._cipher, client), list[Document]()
        for row in await self._engine.rows(EVERY_DOCUMENT, client.company_id, client.id):
            with suppress(*(Tampered, StoredByNewer) if only_intact else ()):
                documents.append(document_of(box, row))
        return documents

    async def ids(self, company_id: str, client_id: str) -> list[str]:
        """Of all of a client's, whether they open or not."""
        return [row[0] for row in await self._engine.rows(IDS_OF_DOCUMENTS, company_id, client_id)]

    async def exists(self, company_id: str, client_id: str, document_id: str) -> bool:
        """Whether there is such a document, whatever became of it."""
        return bool(await self._engine.rows(DOCUMENT, company_id, client_id, document_id))

    async def contested_by(self, company_id: str, client_id: str, number_key: str, most: int) -> list[str]:
        """Other clients whose documents with this number spoke against who they said to be."""
        marks = self._cipher.marks(NUMBER_KEY, company_id, number_key)
        rows = await rows_of_marks(self._engine, CONTESTED_BY, company_id, marks, client_id, most)
        return list(dict.fromkeys(str(row[0]) for row in rows))

    async def number_holder(self, company_id: str, number_key: str) -> str | None:
        """The id of the client that a document's number serves."""
        marks = self._cipher.marks(NUMBER_KEY, company_id, number_key)
        rows = await rows_of_marks(self._engine, NUMBER_HOLDER, company_id, marks)
        return str(rows[0][0]) if rows else None

    async def number_holders(self, company_id: str, number_keys: Sequence[str]) -> list[str]:
        """The ids of the clients that any of these numbers serves."""
        holders: list[str] = []
        for start in range(0, len(number_keys), ASKED_TOGETHER):
            keys = number_keys[start : start + ASKED_TOGETHER]
            marks = (mark for key in keys for mark in self._cipher.marks(NUMBER_KEY, company_id, key))
            results = await self._engine.gather(*((NUMBER_HOLDER, (company_id, mark)) for mark in marks))
            holders += [str(row[0]) for rows in results for row in rows]
        return list(dict.fromkeys(holders))

    async def holds_number(self, company_id: str, client_id: str, document_id: str) -> bool:
        """Whether a document keeps its number from serving another client."""
        return bool(await self._engine.rows(HOLDS_NUMBER, company_id, client_id, document_id))

    async def look_alikes(self, company_id: str, client_id: str, bands: Sequence[bytes], most: int) -> list[str]:
        """Other clients of the company with a picture that shares a band of its likeness: at most so many a band."""
        if not bands:
            return []
        marks = (mark for band in bands for mark in self._cipher.marks(LIKENESS_KEY, company_id, band))
        results = await self._engine.gather(*((LOOK_ALIKES, (company_id, mark, client_id, most)) for mark in marks))
        return list(dict.fromkeys(str(row[0]) for rows in results for row in rows))

    async def refused_pictures(self, company_id: str, client_id: str, marks: Sequence[str]) -> frozenset[str]:
        """Which of these pictures the client sent before, refused for themselves."""
        if not marks:
            return frozenset()
        keys = ((company_id, client_id, bytes.fromhex(mark)) for mark in marks)
        results = await self._engine.gather(*((REFUSED_PICTURE, key) for key in keys))
        return frozenset(mark for mark, rows in zip(marks, results, strict=True) if rows)

    def picture_mark(self, company_id: str, digest: bytes) -> str:
        """What stands for a picture where it is looked up again: a keyed hash of its SHA-256, in hex."""
        return self._cipher.lookup_hash("picture", company_id, digest).hex()


# ---- writes ---------------------------------------------------------------------------------------------------------


def add_documents(context: UnitContext, changes: Sequence[AddDocument]) -> Iterator[Statement]:
    """New documents of the owner, and what they take."""
    for change in changes:
        document = change.document
        key = (document.company_id, document.client_id, document.id)
        facts = seal_facts(context.client_box, document)
        values = (*key, document.type, document.status, facts, document.created_at_ms, document.stored_bytes)
        yield Statement(ADD_DOCUMENT, values, Guard.CLIENT)
        yield Statement(STORE_BYTES, (document.company_id, document.stored_bytes))


def change_documents(_: UnitContext, changes: Sequence[ChangeDocument]) -> Iterator[Statement]:
    """Statuses of documents. One that is replaced gives its number up."""
    for change in changes:
        document = change.document
        key = (document.company_id, document.client_id, document.id)
        yield Statement(CHANGE_DOCUMENT, (*key, document.status), Guard.CLIENT)
        if document.status is DocumentStatus.REPLACED:
            yield Statement(RELEASE_NUMBER, key)


def keep_readings(context: UnitContext, changes: Sequence[KeepReading]) -> Iterator[Statement]:
    """What was read and judged of documents."""
    for change in changes:
        document = change.document
        reading = seal_reading(context.client_box, document)
        yield Statement(READ_DOCUMENT, (document.company_id, document.client_id, document.id, reading), Guard.CLIENT)


def add_likenesses(context: UnitContext, changes: Sequence[AddLikeness]) -> Iterator[Statement]:
    """Bands by which pictures are found again."""
    for change in changes:
        mark = context.cipher.mark(LIKENESS_KEY, context.company_id, change.band)
        yield Statement(ADD_LIKENESS, (context.company_id, mark, context.client.id, change.document_id))


def claim_numbers(context: UnitContext, changes: Sequence[ClaimNumber]) -> Iterator[Statement]:
    """Numbers that serve the owner from now on."""
    for change in changes:
        mark = context.cipher.mark(NUMBER_KEY, context.company_id, change.number_key)
        every = context.cipher.marks(NUMBER_KEY, context.company_id, change.number_key)
        others = tuple(each for each in every if each != mark)
        values = (context.company_id, mark, context.client.id, change.document_id, *others)
        yield Statement(CLAIM_NUMBER_BESIDE if others else CLAIM_NUMBER, values, Guard.NUMBER)


def contest_numbers(context: UnitContext, changes: Sequence[ContestNumber]) -> Iterator[Statement]:
    """Numbers of documents that spoke against the owner."""
    for change in changes:
        mark = context.cipher.mark(NUMBER_KEY, context.company_id, change.number_key)
        yield Statement(CONTEST_NUMBER, (context.company_id, mark, context.client.id, change.document_id))


def release_numbers(context: UnitContext, changes: Sequence[ReleaseNumber]) -> Iterator[Statement]:
    """Numbers that the owner's documents give up."""
    for change in changes:
        yield Statement(RELEASE_NUMBER, (context.company_id, context.client.id, change.document_id))


def refuse_pictures(context: UnitContext, changes: Sequence[RefusePicture]) -> Iterator[Statement]:
    """Pictures of the owner that need not be sent again."""
    for change in changes:
        key = (context.company_id, context.client.id, bytes.fromhex(change.picture_mark))
        yield Statement(REFUSE_PICTURE, (*key, context.at_ms))
