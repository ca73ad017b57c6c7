"""All clients with live requests, of one moment, some at a time: for what looks at everybody and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.ports import Cipher
from ostiary.storage.engine import BlockingConnection, Row
from ostiary.storage.tables.clients import CLIENT_COLUMNS, client_of
from ostiary.storage.tables.documents import pictureless
from ostiary.storage.tables.enablements import enablement_of
from ostiary.storage.unit_context import client_box

LIVE_CLIENTS = f"""SELECT {CLIENT_COLUMNS} FROM clients WHERE company_id = ?1 AND client_id > ?2
 ORDER BY client_id LIMIT ?3"""  # noqa: S608
LIVE_REQUESTS = """SELECT enablement_id, company_id, client_id, product, catalogue_version, status, 0, 0, NULL,
 NULL, NULL, created_at_ms, updated_at_ms, NULL, NULL, NULL FROM enablements
 WHERE company_id = ?1 AND client_id > ?2 AND client_id <= ?3 AND status <> 'rejected'
 ORDER BY client_id, enablement_id"""
"""Without what was decided and noted of them, which nothing asks for."""
COUNTING_DOCUMENTS = """SELECT document_id, company_id, client_id, type, status, facts, created_at_ms, NULL
 FROM documents
 WHERE company_id = ?1 AND client_id > ?2 AND client_id <= ?3 AND status <> 'replaced'
 ORDER BY client_id, document_id"""
"""Without what was read on them, which nothing asks for."""
COMPANY_IDS = "SELECT company_id FROM companies ORDER BY company_id"
COUNT_LIVE_REQUESTS = "SELECT count(*) FROM enablements WHERE status <> 'rejected'"


class _Rows(msgspec.Struct, array_like=True, gc=False):
    clients: Sequence[Row]
    requests: Sequence[Row]
    documents: Sequence[Row]


def live_clients(aside: BlockingConnection, together: int) -> Iterator[bytes]:
    """So many clients of a company at a time, with their requests and documents. `aside` sees one moment. They are
    still sealed, and packed: it may be another process that opens them (`dossiers_of`)."""
    for (company_id,) in aside.rows(COMPANY_IDS):
        after = ""
        while clients := _rows(aside, LIVE_CLIENTS, company_id, after, together):
            last = clients[-1][0]
            requests = _rows(aside, LIVE_REQUESTS, company_id, after, last)
            documents = _rows(aside, COUNTING_DOCUMENTS, company_id, after, last)
            yield _pack(_Rows(clients, requests, documents))
            after = last


def dossiers_of(cipher: Cipher, packed: bytes) -> Iterator[Dossier]:
    """Clients that have a live request, with all that count; of documents without pictures. Raises Tampered,
    KeyMismatch, StoredByNewer."""
    rows = _unpack(packed)
    requests, documents = _by_client(rows.requests), _by_client(rows.documents)
    for row in rows.clients:
        client_id = row[0]
        if client_id in requests:
            client = client_of(cipher, row)
            box = client_box(cipher, client)
            yield Dossier(
                client,
                tuple([enablement_of(each, None) for each in requests[client_id]]),
                tuple([pictureless(box, each) for each in documents.get(client_id, ())]),
            )


def _rows(aside: BlockingConnection, text: str, *parameters: object) -> list[Row]:
    return [tuple(row) for row in aside.rows(text, *parameters)]


def _by_client(rows: Sequence[Row]) -> dict[str, list[Row]]:
    by_client: dict[str, list[Row]] = {}
    for row in rows:
        by_client.setdefault(row[2], []).append(row)
    return by_client


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(_Rows).decode
