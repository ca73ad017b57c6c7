"""All clients with live requests, of one moment, one after another: for what looks at everybody and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.ports import Cipher
from ostiary.domain.value import value_type
from ostiary.storage.engine import BlockingConnection, Row
from ostiary.storage.tables.clients import CLIENT_COLUMNS, client_of
from ostiary.storage.tables.documents import document_of
from ostiary.storage.tables.enablements import ENABLEMENT_COLUMNS, enablement_of
from ostiary.storage.unit_context import client_box

EVERY_CLIENT = f"SELECT {CLIENT_COLUMNS} FROM clients ORDER BY company_id, client_id"  # noqa: S608
EVERY_LIVE_REQUEST = f"""SELECT {ENABLEMENT_COLUMNS} FROM enablements WHERE status <> 'rejected'
 ORDER BY company_id, client_id, enablement_id"""  # noqa: S608
EVERY_COUNTING_DOCUMENT = """SELECT document_id, company_id, client_id, type, status, facts, created_at_ms, NULL
 FROM documents WHERE status <> 'replaced' ORDER BY company_id, client_id, document_id"""
"""Without what was read on them, which nothing asks for."""
LIVE_REQUESTS = "SELECT count(*) FROM enablements WHERE status <> 'rejected'"


@value_type
class LiveClient:
    """A client's rows, still sealed: they may be opened in another process."""

    client: Row
    requests: tuple[Row, ...]
    documents: tuple[Row, ...]


def live_clients(aside: BlockingConnection) -> Iterator[LiveClient]:
    """Those that have a live request, ordered by company and client. `aside` sees one moment."""
    requests = _grouped(aside.stream(EVERY_LIVE_REQUEST), 1, 2)
    documents = _grouped(aside.stream(EVERY_COUNTING_DOCUMENT), 1, 2)
    request_key, request_rows = next(requests, _END)
    document_key, document_rows = next(documents, _END)
    for row in aside.stream(EVERY_CLIENT):
        key = (row[1], row[0])
        while document_key < key:
            document_key, document_rows = next(documents, _END)
        if request_key == key:
            yield LiveClient(tuple(row), request_rows, document_rows if document_key == key else ())
            request_key, request_rows = next(requests, _END)


def dossier_of(cipher: Cipher, live: LiveClient) -> Dossier:
    """Raises Tampered, KeyMismatch, StoredByNewer."""
    client = client_of(cipher, live.client)
    box = client_box(cipher, client)
    return Dossier(
        client,
        tuple([enablement_of(row, None) for row in live.requests]),
        tuple([document_of(box, row) for row in live.documents]),
    )


_END: tuple[tuple[str, str], tuple[Row, ...]] = (("\U0010ffff", ""), ())


def _grouped(rows: Iterator[Row], company: int, client: int) -> Iterator[tuple[tuple[str, str], tuple[Row, ...]]]:
    for key, group in groupby(rows, lambda row: (row[company], row[client])):
        yield key, tuple(tuple(row) for row in group)
