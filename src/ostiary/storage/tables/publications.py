"""Publications of catalogues: rows of the installation's own company, each beside the source of its version.

Who published, and why, stands in the open, as it does in the audit trail: it tells of no client.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.catalogue_changes.publications import (
    AddPublication,
    ChangePublication,
    Publication,
    PublicationState,
)
from ostiary.domain.unit import Guard
from ostiary.storage.audit.row_kinds import RowKind, RowWrites, row_write
from ostiary.storage.engine import BlockingConnection, Engine, Row
from ostiary.storage.statement import Statement
from ostiary.storage.tables.installation import ADD_CATALOGUE
from ostiary.storage.terms.texts import ADD_TERMS_TEXT
from ostiary.storage.unit_context import UnitContext

# ---- statements -----------------------------------------------------------------------------------------------------

PUBLICATIONS = """SELECT publication_id, version, state, from_ms, at_ms, author, note, approver FROM publications
 WHERE company_id = ?1 ORDER BY publication_id"""
ADD_PUBLICATION = "INSERT INTO publications VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING"
CHANGE_PUBLICATION = """UPDATE publications SET state = ?3, from_ms = ?4, approver = ?5
 WHERE company_id = ?1 AND publication_id = ?2"""

PUBLICATION_ROW = RowKind(
    "publication",
    "publications",
    "company_id",
    "publication_id",
    ("version", "state", "from_ms", "approver", "author", "note"),
)
ROW_WRITES: RowWrites = {
    ADD_PUBLICATION: row_write(PUBLICATION_ROW, 2, version=3, state=4, from_ms=5, author=7, note=8, approver=9),
    CHANGE_PUBLICATION: row_write(PUBLICATION_ROW, 2, state=3, from_ms=4, approver=5),
}

# ---- reads ----------------------------------------------------------------------------------------------------------


def publication_of(row: Row) -> Publication:
    """As it stands."""
    publication_id, version, state, from_ms, at_ms, author, note, approver = row
    return Publication(publication_id, version, PublicationState(state), from_ms, at_ms, author, note, approver)


def every_publication(look: BlockingConnection, company_id: str) -> list[Publication]:
    """All, for what happens before there is an event loop."""
    return [publication_of(row) for row in look.rows(PUBLICATIONS, company_id)]


class Publications:
    """Publications of one installation."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def every(self, company_id: str) -> list[Publication]:
        """All, in the order in which they were made."""
        return [publication_of(row) for row in await self._engine.rows(PUBLICATIONS, company_id)]


# ---- writes ---------------------------------------------------------------------------------------------------------


def add_publications(context: UnitContext, changes: Sequence[AddPublication]) -> Iterator[Statement]:
    """New ones, each with the source of its version unless that is there already."""
    for change in changes:
        each = change.publication
        yield from (Statement(ADD_TERMS_TEXT, (digest, text, each.at_ms)) for digest, text in change.texts.items())
        yield Statement(ADD_CATALOGUE, (each.version, change.source, each.at_ms))
        times = (each.from_ms, each.at_ms)
        values = (context.company_id, each.id, each.version, each.state, *times, each.author, each.note, each.approver)
        yield Statement(ADD_PUBLICATION, values, Guard.COMPANY)


def change_publications(context: UnitContext, changes: Sequence[ChangePublication]) -> Iterator[Statement]:
    """As they shall be."""
    for change in changes:
        each = change.publication
        yield Statement(CHANGE_PUBLICATION, (context.company_id, each.id, each.state, each.from_ms, each.approver))
