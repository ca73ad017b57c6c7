"""Holds on clients, sealed for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.clients.client import Client
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.privacy.holds import AddHold, EndHold, Hold
from ostiary.domain.unit import Guard
from ostiary.storage.engine import Engine, Row
from ostiary.storage.statement import Statement
from ostiary.storage.stored.privacy import erasures as stored
from ostiary.storage.unit_context import UnitContext, client_box

# ---- statements -----------------------------------------------------------------------------------------------------

COLUMNS = "company_id, client_id, hold_id, from_ms, until_ms, ended_at_ms, content"
HOLDS = f"SELECT {COLUMNS} FROM holds WHERE company_id = ?1 AND client_id = ?2 ORDER BY hold_id"  # noqa: S608
ADD_HOLD = f"INSERT INTO holds ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"  # noqa: S608
END_HOLD = """UPDATE holds SET ended_at_ms = ?4, content = ?5
 WHERE company_id = ?1 AND client_id = ?2 AND hold_id = ?3 AND ended_at_ms IS NULL"""

# ---- rows -----------------------------------------------------------------------------------------------------------


def hold_of(box: Box, row: Row) -> Hold:
    """Raises Tampered, StoredByNewer."""
    company_id, client_id, hold_id, from_ms, until_ms, ended_at_ms, content = row
    form = stored.open_hold(box.open(f"holds/{hold_id}/content", content))
    return Hold(
        id=hold_id,
        company_id=company_id,
        client_id=client_id,
        from_ms=from_ms,
        until_ms=until_ms,
        reason=form.reason,
        actor=form.actor,
        ended_at_ms=ended_at_ms,
        ended_by=form.ended_by,
        ended_because=form.ended_because,
    )


def seal_hold(box: Box, hold: Hold) -> bytes:
    """What is kept of it beside its columns."""
    return box.seal(f"holds/{hold.id}/content", stored.hold_content_of(hold))


# ---- reads and writes -----------------------------------------------------------------------------------------------


class Holds:
    """On clients of all companies."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def of_client(self, client: Client) -> list[Hold]:
        """Those that are over among them, oldest first."""
        box = client_box(self._cipher, client)
        return [hold_of(box, row) for row in await self._engine.rows(HOLDS, client.company_id, client.id)]


def add_holds(context: UnitContext, changes: Sequence[AddHold]) -> Iterator[Statement]:
    """Holds on the owner."""
    for change in changes:
        hold = change.hold
        key = (hold.company_id, hold.client_id, hold.id)
        content = seal_hold(context.client_box, hold)
        yield Statement(ADD_HOLD, (*key, hold.from_ms, hold.until_ms, hold.ended_at_ms, content), Guard.CLIENT)


def end_holds(context: UnitContext, changes: Sequence[EndHold]) -> Iterator[Statement]:
    """Holds on the owner that are lifted."""
    for change in changes:
        hold = change.hold
        content = seal_hold(context.client_box, hold)
        key = (hold.company_id, hold.client_id, hold.id)
        yield Statement(END_HOLD, (*key, hold.ended_at_ms, content), Guard.CLIENT)
