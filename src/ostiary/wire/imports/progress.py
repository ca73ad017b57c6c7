"""Imports of many clients, as companies and operators see them."""

from __future__ import annotations

from typing import Annotated

from ostiary.domain.imports.bulk import TO_CARRY_OUT, BulkImport, ImportState, RowState
from ostiary.domain.times import format_timestamp
from ostiary.wire.answer import Answer, Id, Timestamp, about, one_of

_SHOWN = tuple(state for state in ImportState if state is not ImportState.RECEIVING)


class ImportRowsAnswer(Answer, kw_only=True, frozen=True):
    """How many rows of a file stand how."""

    total: int
    waiting: Annotated[int, about("To be checked.")]
    good: Annotated[int, about("Will be carried out, once the import is started.")]
    faulty: Annotated[int, about("Stay undone; the file of faults says why.")]
    done: int
    repeated: Annotated[int, about("Were carried out before, under the same key.")]


class ImportAnswer(Answer, kw_only=True, frozen=True):
    """How far an import is."""

    id: Id
    status: Annotated[str, one_of(_SHOWN)]
    rows: ImportRowsAnswer
    created_at: Timestamp
    ended_at: Timestamp | None = None


def import_answer(bulk: BulkImport) -> ImportAnswer:
    """As it is shown."""
    return ImportAnswer(
        id=bulk.id,
        status=bulk.state.value,
        rows=ImportRowsAnswer(
            total=bulk.total,
            waiting=bulk.count(RowState.WAITING),
            good=bulk.count(*TO_CARRY_OUT),
            faulty=bulk.count(RowState.FAULTY),
            done=bulk.count(RowState.DONE),
            repeated=bulk.count(RowState.REPEATED),
        ),
        created_at=format_timestamp(bulk.created_at_ms),
        ended_at=None if bulk.ended_at_ms is None else format_timestamp(bulk.ended_at_ms),
    )
