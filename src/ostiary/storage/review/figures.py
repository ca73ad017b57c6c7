"""What figures are made of, read beside everything else: in a thread and on a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ostiary.domain.review.figures import SUBMITTED, VERDICTS, FigureEvent
from ostiary.storage.engine import Engine, Row

_ACTIONS = ", ".join(f"'{action}'" for action in (SUBMITTED, *VERDICTS))
FIGURE_EVENTS = f"""SELECT e.product, a.subject, a.action, a.actor, a.at_ms, a.codes FROM audit_entries a
 JOIN enablements e ON e.company_id = a.company_id AND e.client_id = a.owner AND e.enablement_id = a.subject
 WHERE a.company_id = ?1 AND a.at_ms >= ?2 AND a.action IN ({_ACTIONS}) LIMIT ?3"""  # noqa: S608


class FigureEvents:
    """The entries that count, of the companies that are named."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def since(self, company_ids: Sequence[str], since_ms: int, most: int) -> list[FigureEvent]:
        """At most so many of all of them together, in no order. All entries of a company are looked through, which no
        call of the API waits for. Raises Unavailable."""
        return await asyncio.to_thread(self._read, company_ids, since_ms, most)

    def _read(self, company_ids: Sequence[str], since_ms: int, most: int) -> list[FigureEvent]:
        events = list[FigureEvent]()
        with self._engine.snapshot() as aside:
            for company_id in company_ids:
                events += map(_event, aside.rows(FIGURE_EVENTS, company_id, since_ms, most - len(events)))
        return events


def _event(row: Row) -> FigureEvent:
    product, enablement_id, action, actor, at_ms, codes = row
    return FigureEvent(
        product=product,
        enablement_id=enablement_id,
        action=action,
        actor=actor,
        at_ms=at_ms,
        codes=tuple(codes.split(",")) if codes else (),
    )
