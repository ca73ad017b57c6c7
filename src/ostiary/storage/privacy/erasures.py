"""Erasures: sealed for the company, since they outlive their client; and when the worker has something to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.companies.company import Company
from ostiary.domain.errors import Tampered
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.privacy.erasure import AddErasure, Cause, ChangeErasure, Erasure, ErasureState
from ostiary.domain.times import END_MS
from ostiary.domain.unit import Guard
from ostiary.storage.engine import Engine, Row
from ostiary.storage.paging import AFTER_ALL_IDS
from ostiary.storage.statement import Statement
from ostiary.storage.stored.privacy import erasures as stored
from ostiary.storage.unit_context import UnitContext, company_box

# ---- statements -----------------------------------------------------------------------------------------------------

COLUMNS = (
    "company_id, erasure_id, client_id, state, due_at_ms, leased_until_ms, attempts, requested_at_ms, ended_at_ms, "
    "content, receipt"
)
CLAIM_ERASURES = f"""UPDATE erasures SET leased_until_ms = ?3, attempts = attempts + 1
 WHERE company_id = ?1 AND leased_until_ms <= ?2 AND erasure_id IN (SELECT erasure_id FROM erasures
  WHERE company_id = ?1 AND due_at_ms <= ?2 AND leased_until_ms <= ?2 ORDER BY due_at_ms, erasure_id LIMIT ?4)
 RETURNING {COLUMNS}"""  # noqa: S608
ADD_ERASURE = f"""INSERT INTO erasures ({COLUMNS})
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"""  # noqa: S608
CHANGE_ERASURE = """UPDATE erasures SET state = ?3, due_at_ms = ?4, leased_until_ms = ?5, ended_at_ms = ?7,
 content = ?8, receipt = ?9
 WHERE company_id = ?1 AND erasure_id = ?2 AND attempts = ?6 AND state NOT IN ('done', 'withdrawn')"""
TAKE_ERASURE = CHANGE_ERASURE.replace("SET state", "SET attempts = attempts + 1, state")
"""Whoever has it claimed says nothing of it any more."""
ERASURE = f"SELECT {COLUMNS} FROM erasures WHERE company_id = ?1 AND erasure_id = ?2"  # noqa: S608
ERASURES_OF_CLIENT = f"""SELECT {COLUMNS} FROM erasures INDEXED BY erasures_client
 WHERE company_id = ?1 AND client_id = ?2"""  # noqa: S608
"""Left to itself, SQLite would read all erasures of the company."""
ERASURES = f"""SELECT {COLUMNS} FROM erasures WHERE company_id = ?1 AND erasure_id < ?2
 ORDER BY erasure_id DESC LIMIT ?3"""  # noqa: S608
OPEN_ERASURES = f"""SELECT {COLUMNS} FROM erasures WHERE company_id = ?1 AND due_at_ms < ?2
 ORDER BY due_at_ms, erasure_id LIMIT ?3"""  # noqa: S608

ERASURES_OPEN = f"""SELECT count(CASE WHEN state <> 'staged' THEN 1 END),
 count(CASE WHEN state <> 'staged' AND requested_at_ms <= ?2 THEN 1 END), count(CASE WHEN state = 'staged' THEN 1 END)
 FROM erasures WHERE company_id = ?1 AND due_at_ms < {END_MS}"""  # noqa: S608
"""How many are under way, how many of them were asked for before a moment, and how many wait for a second person."""

# ---- rows -----------------------------------------------------------------------------------------------------------


def erasure_of(box: Box, row: Row) -> Erasure:
    """Raises Tampered, StoredByNewer."""
    company_id, erasure_id, client_id, state, due, leased_until, attempts, requested, ended, content, receipt = row
    form = stored.open_erasure(box.open(f"erasures/{erasure_id}/content", content))
    try:
        return Erasure(
            id=erasure_id,
            company_id=company_id,
            client_id=client_id,
            state=ErasureState(state),
            cause=Cause(form.cause),
            requested_by=form.requested_by,
            requested_at_ms=requested,
            due_at_ms=due,
            reason=form.reason,
            confirmed_by=form.confirmed_by,
            category=form.category,
            kept_until_ms=form.kept_until_ms,
            attempts=attempts,
            leased_until_ms=leased_until,
            erased_at_ms=form.erased_at_ms,
            ended_at_ms=ended,
            pictures=form.pictures,
            days=form.days,
            providers=form.providers,
            confirmed=form.confirmed,
            counted=form.counted,
            problem=form.problem,
            receipt=receipt,
            waiver=stored.waiver_of(form),
            refusals=form.refusals,
        )
    except ValueError:  # a state or a cause that there is none of
        raise Tampered from None


def seal_erasure(box: Box, erasure: Erasure) -> bytes:
    """What is kept of it beside its columns."""
    return box.seal(f"erasures/{erasure.id}/content", stored.erasure_content_of(erasure))


# ---- reads ----------------------------------------------------------------------------------------------------------


class Erasures:
    """Of all companies."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def claim(self, company: Company, now_ms: int, until_ms: int, most: int) -> list[Erasure]:
        """Takes those that are due, for so long: nobody else has them meanwhile."""
        box = company_box(self._cipher, company)
        values = (company.id, now_ms, until_ms, most)

        def claimed() -> object:
            return (yield CLAIM_ERASURES, values)

        rows: list[Row] = await self._engine.perform(claimed)
        return [erasure_of(box, row) for row in rows]

    async def find(self, company: Company, erasure_id: str) -> Erasure | None:
        return self._first(company, await self._engine.rows(ERASURE, company.id, erasure_id))

    async def of_client(self, company: Company, client_id: str) -> list[Erasure]:
        """Newest first."""
        every = self._every(company, await self._engine.rows(ERASURES_OF_CLIENT, company.id, client_id))
        return sorted(every, key=lambda erasure: erasure.id, reverse=True)

    async def page(self, company: Company, before: str | None, limit: int) -> list[Erasure]:
        """Newest first, from before an id."""
        return self._every(company, await self._engine.rows(ERASURES, company.id, before or AFTER_ALL_IDS, limit))

    async def due_before(self, company: Company, moment_ms: int, limit: int) -> list[Erasure]:
        """Those that the worker has something to do for before a moment, the next first."""
        return self._every(company, await self._engine.rows(OPEN_ERASURES, company.id, moment_ms, limit))

    def _every(self, company: Company, rows: Sequence[Row]) -> list[Erasure]:
        box = company_box(self._cipher, company)
        return [erasure_of(box, row) for row in rows]

    def _first(self, company: Company, rows: Sequence[Row]) -> Erasure | None:
        return next(iter(self._every(company, rows)), None)


# ---- writes ---------------------------------------------------------------------------------------------------------


def add_erasures(context: UnitContext, changes: Sequence[AddErasure]) -> Iterator[Statement]:
    """Erasures that wait."""
    for change in changes:
        erasure = change.erasure
        key = (erasure.company_id, erasure.id, erasure.client_id, erasure.state)
        times = (erasure.due_at_ms, erasure.leased_until_ms, erasure.attempts, erasure.requested_at_ms)
        content = seal_erasure(context.company_box, erasure)
        yield Statement(ADD_ERASURE, (*key, *times, erasure.ended_at_ms, content, erasure.receipt), Guard.ERASURE)


def change_erasures(context: UnitContext, changes: Sequence[ChangeErasure]) -> Iterator[Statement]:
    """How erasures stand, said by who claimed them last."""
    for change in changes:
        erasure = change.erasure
        standing = (erasure.state, erasure.due_at_ms, erasure.leased_until_ms, erasure.attempts, erasure.ended_at_ms)
        content = seal_erasure(context.company_box, erasure)
        values = (erasure.company_id, erasure.id, *standing, content, erasure.receipt)
        statement = TAKE_ERASURE if change.takes_over else CHANGE_ERASURE
        yield Statement(statement, values, Guard.ERASURE)
