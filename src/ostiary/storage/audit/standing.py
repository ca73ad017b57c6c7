"""How rows stand, in the words of audit entries: what a statement writes of them, and what lies in the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from typing import Any

import msgspec

from ostiary.domain.audit.row_states import Fields, Value, digest_of
from ostiary.storage.audit.row_kinds import RowKind, RowWrites, row_name
from ostiary.storage.chips import document_chips
from ostiary.storage.engine import Row
from ostiary.storage.hosted import brands, links
from ostiary.storage.operators import accounts, passkeys
from ostiary.storage.statement import Statement
from ostiary.storage.tables import clients, companies, documents, enablements, publications, screening
from ostiary.storage.terms import acceptances

_encode = msgspec.json.encode
OF_COMPANY = (
    companies.COMPANY_ROW,
    companies.KEY_ROW,
    accounts.OPERATOR_ROW,
    passkeys.PASSKEY_ROW,
    publications.PUBLICATION_ROW,
    brands.BRAND_ROW,
)
OF_CLIENT = (
    clients.CLIENT_ROW,
    enablements.REQUEST_ROW,
    documents.DOCUMENT_ROW,
    screening.HIT_ROW,
    links.LINK_ROW,
    acceptances.ACCEPTANCE_ROW,
    document_chips.CHIP_ROW,
)
WRITES: RowWrites = {
    **companies.ROW_WRITES, **clients.ROW_WRITES, **enablements.ROW_WRITES, **documents.ROW_WRITES,
    **screening.ROW_WRITES, **accounts.ROW_WRITES, **passkeys.ROW_WRITES,
    **publications.ROW_WRITES, **brands.ROW_WRITES, **links.ROW_WRITES,
    **acceptances.ROW_WRITES, **document_chips.ROW_WRITES,
}  # fmt: skip
"""Every statement that writes a column of which entries tell (a test compares them)."""


def said_of(statements: Iterable[Statement]) -> bytes:
    """What a unit's entry says of the rows that it writes."""
    rows: dict[str, dict[str, Value]] = {}
    for statement in statements:
        wrote = WRITES.get(statement.text)
        if wrote is None:
            continue
        values = statement.parameters
        row = rows.setdefault(row_name(wrote.kind.name, None if wrote.id is None else values[wrote.id]), {})
        row.update(wrote.fixed)
        for name, at, is_hidden in wrote.places:
            row[name] = digest_of(values[at]) if is_hidden else values[at]
    return _encode(rows)


def said_of_rows(kinds: Iterable[tuple[RowKind, Iterable[Row]]]) -> bytes:
    """What an entry says that takes a chain of before into keyed ones: all that is there of an owner."""
    return _encode(dict(kind.fields_of(row) for kind, rows in kinds for row in rows))


def every_row(stream: Any) -> Iterator[tuple[str, str, str, Fields]]:
    """Company, owner, name and columns of every row that entries tell of, ordered by company and owner.

    `stream` reads the rows of a statement.
    """
    return merge(*(_rows(kind, stream(kind.every)) for kind in (*OF_COMPANY, *OF_CLIENT)), key=lambda row: row[:2])


def _rows(kind: RowKind, rows: Iterable[Row]) -> Iterator[tuple[str, str, str, Fields]]:
    return ((row[0], row[1], *kind.fields_of(row)) for row in rows)
