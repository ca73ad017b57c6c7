"""Requests of products, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.catalogue_changes.effects import MoveEnablement
from ostiary.domain.onboarding.enablement import Enablement, Review, Status
from ostiary.domain.ports import Box
from ostiary.domain.unit import AddEnablement, ChangeEnablement, Guard
from ostiary.storage.audit.row_kinds import RowKind, RowWrites, row_write
from ostiary.storage.engine import Engine, Row
from ostiary.storage.paging import AFTER_ALL_IDS
from ostiary.storage.statement import Statement
from ostiary.storage.unit_context import UnitContext

SHOWN_TO_OLDER = {
    Review.SCREENING: Review.CHANGE,
    Review.CLASH: Review.SUBMISSION,
    Review.RENEWAL: Review.CHANGE,
}
"""Kinds that versions before schema 0006 (a renewal: 0013) do not know: what stands for them in the column that those
read."""

# ---- statements -----------------------------------------------------------------------------------------------------

ENABLEMENT_COLUMNS = """enablement_id, company_id, client_id, product, catalogue_version, status, attempt, sequence,
 rejection, review, review_since_ms, created_at_ms, updated_at_ms, private_note, review_kind, review_reasons"""
ENABLEMENTS = f"""SELECT {ENABLEMENT_COLUMNS} FROM enablements WHERE company_id = ?1 AND client_id = ?2
 ORDER BY enablement_id DESC"""  # noqa: S608
OPEN_REVIEWS = """SELECT coalesce(review_kind, review), count(*), min(review_since_ms) FROM enablements
 WHERE review IS NOT NULL GROUP BY coalesce(review_kind, review)"""
"""For monitors, over the whole installation: how many wait for a person, by kind, and since when the oldest does."""
IN_REVIEW = f"""SELECT {ENABLEMENT_COLUMNS} FROM enablements WHERE company_id = ?1 AND review IS NOT NULL
 ORDER BY review_since_ms"""  # noqa: S608
CLIENT_OF_REQUEST = """SELECT client_id FROM enablements WHERE company_id = ?1 AND enablement_id = ?2"""
REQUESTS = """SELECT client_id, enablement_id FROM enablements WHERE company_id = ?1 AND enablement_id < ?2
 AND (?4 = '' OR status = ?4) AND (?5 = '' OR product = ?5) ORDER BY enablement_id DESC LIMIT ?3"""
ADD_ENABLEMENT = """INSERT INTO enablements (enablement_id, company_id, client_id, product, catalogue_version, status,
 attempt, sequence, rejection, review, review_since_ms, created_at_ms, updated_at_ms, private_note, review_kind,
 review_reasons) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
 ON CONFLICT DO NOTHING"""
CHANGE_ENABLEMENT = """UPDATE enablements SET status = ?4, attempt = ?5, sequence = ?6, rejection = ?7, review = ?8,
 review_since_ms = ?9, updated_at_ms = ?10, private_note = ?11, review_kind = ?12, review_reasons = ?13
 WHERE company_id = ?1 AND client_id = ?2 AND enablement_id = ?3"""
MOVE_ENABLEMENT = """UPDATE enablements SET catalogue_version = ?4, updated_at_ms = ?5
 WHERE company_id = ?1 AND client_id = ?2 AND enablement_id = ?3"""
STATUS_COUNTS = """SELECT status, count(*) FROM enablements WHERE company_id = ?1 GROUP BY status"""

REQUEST_ROW = RowKind(
    "request",
    "enablements",
    "client_id",
    "enablement_id",
    (
        "product",
        "catalogue_version",
        "status",
        "attempt",
        "sequence",
        "review",
        "review_kind",
        "review_reasons",
        "review_since_ms",
    ),
    ("rejection", "private_note"),
)
ROW_WRITES: RowWrites = {
    ADD_ENABLEMENT: row_write(
        REQUEST_ROW, 1, product=4, catalogue_version=5, status=6, attempt=7, sequence=8, rejection=9, review=10,
        review_since_ms=11, private_note=14, review_kind=15, review_reasons=16,
    ),
    MOVE_ENABLEMENT: row_write(REQUEST_ROW, 3, catalogue_version=4),
    CHANGE_ENABLEMENT: row_write(
        REQUEST_ROW, 3, status=4, attempt=5, sequence=6, rejection=7, review=8, review_since_ms=9, private_note=11,
        review_kind=12, review_reasons=13,
    ),
}  # fmt: skip

# ---- rows -----------------------------------------------------------------------------------------------------------


def enablement_of(row: Row, box: Box | None) -> Enablement:
    """`box` opens the reason of a rejection and a private note; without it they stay unread. Raises Tampered."""
    (
        enablement_id,
        company_id,
        client_id,
        product,
        catalogue,
        status,
        attempt,
        sequence,
        rejection,
        review,
        since,
        created,
        updated,
        note,
        kind,
        reasons,
    ) = row
    because = remark = None
    if rejection is not None and box is not None:
        because = box.open(f"enablements/{enablement_id}/rejection", rejection).decode()
    if note is not None and box is not None:
        remark = box.open(f"enablements/{enablement_id}/private_note", note).decode()
    return Enablement(
        enablement_id,
        company_id,
        client_id,
        product,
        catalogue,
        Status(status),
        created,
        updated,
        attempt,
        sequence,
        because,
        review_of(review, kind),
        since,
        remark,
        tuple(reasons.split(",")) if reasons and review is not None else (),
    )


def seal_rejection(box: Box, enablement: Enablement) -> bytes | None:
    """Why a request was rejected, for the partner's eyes."""
    if enablement.rejection_description is None:
        return None
    return box.seal(f"enablements/{enablement.id}/rejection", enablement.rejection_description.encode())


def seal_private_note(box: Box, enablement: Enablement) -> bytes | None:
    """What operators keep to themselves."""
    if enablement.private_note is None:
        return None
    return box.seal(f"enablements/{enablement.id}/private_note", enablement.private_note.encode())


def review_of(shown: str | None, kind: str | None) -> Review | None:
    """The kind of a review. `kind` counts unless an older version opened this one."""
    if shown is None:
        return None
    exact = Review(kind) if kind is not None else Review(shown)
    return exact if SHOWN_TO_OLDER.get(exact, exact) == shown else Review(shown)


def review_columns(enablement: Enablement) -> tuple[str | None, str | None, str | None]:
    """What older versions read, the exact kind, and the reasons."""
    review = enablement.review
    if review is None:
        return None, None, None
    return SHOWN_TO_OLDER.get(review, review).value, review.value, ",".join(enablement.review_reasons) or None


# ---- reads ----------------------------------------------------------------------------------------------------------


class Enablements:
    """Requests of all companies."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def page(
        self, company_id: str, status: str, product: str, before: str | None, limit: int
    ) -> list[tuple[str, str]]:
        """Ids of clients and their requests, newest request first, from before an id. An empty filter takes all."""
        start = before or AFTER_ALL_IDS
        rows = await self._engine.rows(REQUESTS, company_id, start, limit, status, product)
        return [(str(client_id), str(enablement_id)) for client_id, enablement_id in rows]

    async def in_review(self, company_id: str) -> list[Enablement]:
        """What waits for an operator, oldest first."""
        return [enablement_of(row, None) for row in await self._engine.rows(IN_REVIEW, company_id)]

    async def client_of(self, company_id: str, enablement_id: str) -> str | None:
        """Whose request it is, for operators who know only its id."""
        rows = await self._engine.rows(CLIENT_OF_REQUEST, company_id, enablement_id)
        return str(rows[0][0]) if rows else None


# ---- writes ---------------------------------------------------------------------------------------------------------


def add_enablements(context: UnitContext, changes: Sequence[AddEnablement]) -> Iterator[Statement]:
    """New requests of the owner."""
    box = context.client_box
    for change in changes:
        enablement = change.enablement
        review, kind, reasons = review_columns(enablement)
        key = (enablement.id, enablement.company_id, enablement.client_id)
        what = (enablement.product, enablement.catalogue_version, enablement.status)
        times = (enablement.created_at_ms, enablement.updated_at_ms)
        values = (*key, *what, *_progress(box, enablement, review), *times, seal_private_note(box, enablement))
        yield Statement(ADD_ENABLEMENT, (*values, kind, reasons), Guard.PRODUCT)


def change_enablements(context: UnitContext, changes: Sequence[ChangeEnablement]) -> Iterator[Statement]:
    """Requests of the owner as they shall be."""
    box = context.client_box
    for change in changes:
        enablement = change.enablement
        review, kind, reasons = review_columns(enablement)
        key = (enablement.company_id, enablement.client_id, enablement.id, enablement.status)
        progress = _progress(box, enablement, review)
        values = (*key, *progress, enablement.updated_at_ms, seal_private_note(box, enablement))
        yield Statement(CHANGE_ENABLEMENT, (*values, kind, reasons), Guard.CLIENT)


def move_enablements(context: UnitContext, changes: Sequence[MoveEnablement]) -> Iterator[Statement]:
    """Requests of the owner under another version of the catalogue."""
    for change in changes:
        each = change.enablement
        key = (context.company_id, context.client.id, each.id)
        yield Statement(MOVE_ENABLEMENT, (*key, each.catalogue_version, each.updated_at_ms), Guard.CLIENT)


def _progress(
    box: Box, enablement: Enablement, review: str | None
) -> tuple[int, int, bytes | None, str | None, int | None]:
    rejection = seal_rejection(box, enablement)
    return enablement.attempt, enablement.sequence, rejection, review, enablement.review_since_ms
