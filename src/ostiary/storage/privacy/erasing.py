"""Ending what the database holds of a client, in one unit of work; and looking whether anything is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.privacy.erasure import ChangeErasure, EraseClient
from ostiary.storage.engine import Engine
from ostiary.storage.privacy import erasures
from ostiary.storage.privacy.kept import REMOVED
from ostiary.storage.privacy.removal import TAKE_BYTES, TAKE_MESSAGES
from ostiary.storage.statement import Statement
from ostiary.storage.unit_context import UnitContext


def erase_clients(context: UnitContext, changes: Sequence[EraseClient]) -> Iterator[Statement]:
    """Everything of the owner, but its own row, and how far its erasure is."""
    key = (context.company_id, context.client.id)
    for change in changes:
        yield Statement(TAKE_MESSAGES, key)
        yield Statement(TAKE_BYTES, key, is_late=True)
        yield from (Statement(each.statement, key) for each in REMOVED.values())
        yield from erasures.change_erasures(context, [ChangeErasure(change.erasure)])


class Removal:
    """What is there of a client, and taking away what came when it was erased already."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def counted(self, company_id: str, client_id: str) -> dict[str, int]:
        """How many rows each table has of a client, of those that have any."""
        key = (company_id, client_id)
        counts = await self._engine.gather(*((each.counts, key) for each in REMOVED.values()))
        return {name: rows[0][0] for name, rows in zip(REMOVED, counts, strict=True) if rows[0][0]}

    async def sweep(self, company_id: str, client_id: str) -> None:
        """What a call that was under way wrote behind the erasure: none of it opens, since its key is gone."""
        key = (company_id, client_id)
        await self._engine.apply([Statement(each.statement, key) for each in REMOVED.values()])
