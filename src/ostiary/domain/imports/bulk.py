"""Imports: many clients of one file, checked first, and then carried out row by row, each exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from ostiary.domain.errors import Fault, InvalidState
from ostiary.domain.sentences import sentence
from ostiary.domain.times import DAY_MS
from ostiary.domain.value import replace, value_type

MOST_FILE_BYTES = 16 << 20
"""Of one file. Some 60,000 clients with addresses: more than a company has to bring along at once, and what a process
holds while it takes one in."""
MOST_ROWS = 50_000
"""Of one file: carried out in some minutes. Whoever has more sends several files."""
MOST_COLUMNS = 200
"""Of one file: all that a client has, and each attribute that a catalogue may declare."""
MOST_CELL_CHARACTERS = 4_000
"""Of one cell: no field of a client is longer."""
MOST_ROW_CHARACTERS = 262_144
"""Of one row with all its cells, as of a call that makes a client: what is read at once stays small."""
MOST_ROW_KEY_CHARACTERS = 100
"""As long as a client's reference."""
MOST_OPEN = 3
"""Imports of a company that are not over: what lies sealed of clients that are none yet stays bounded."""
KEPT_MS = 30 * DAY_MS
"""How long an import is kept with the rows that have faults, to be mended and sent again: as deliveries are."""
ARRIVING_MS = 3_600_000
"""What came of a file whose sender, or we, broke off is dropped after an hour."""
LEASE_MS = 30_000
"""How long a process may work at an import before it says that it still does: after a crash another one goes on."""


class ImportState(StrEnum):
    """How far an import is. `receiving`: its rows are still being written; nobody sees it. `checked`: it can be
    started; nothing was done."""

    RECEIVING = "receiving"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


OPEN = (ImportState.CHECKING, ImportState.CHECKED, ImportState.RUNNING)
WORKED_AT = (ImportState.CHECKING, ImportState.RUNNING)


class RowState(StrEnum):
    """How far a row is. `created`: its client is there, its product still to be requested. `repeated`: a row with its
    key was carried out before, by this import or an earlier one."""

    WAITING = "waiting"
    GOOD = "good"
    FAULTY = "faulty"
    CREATED = "created"
    DONE = "done"
    REPEATED = "repeated"


TO_CARRY_OUT = (RowState.GOOD, RowState.CREATED)


@value_type
class FileForm:
    """How a file is written: its columns in their order, and what parts its cells."""

    columns: tuple[str, ...]
    delimiter: str = ","


@value_type
class BulkImport:
    """One file of a company. `actor` is who sent it, for the audit entries of its clients. `counts` are its rows by
    state; `lease` says which process works at it."""

    id: str
    company_id: str
    state: ImportState
    actor: str
    form: FileForm
    created_at_ms: int
    ended_at_ms: int | None = None
    counts: Mapping[RowState, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many rows it has."""
        return sum(self.counts.values())

    def count(self, *states: RowState) -> int:
        """How many rows are in any of these states."""
        return sum(self.counts.get(state, 0) for state in states)


@value_type
class ImportRow:
    """One row: its place in the file (the first below the head is 1), its cells in the order of the columns, and what
    is wrong with it. `twin` is the row before it with the same key, e-mail or reference, and of which of these."""

    position: int
    state: RowState
    cells: tuple[str, ...] = field(default=(), repr=False)
    faults: tuple[Fault, ...] = ()
    client_id: str | None = None
    twin: tuple[str, int] | None = None


@value_type
class AddImport:
    """An import whose rows are to come."""

    bulk: BulkImport


@value_type
class AddImportRows:
    """Rows of an import that is being received."""

    import_id: str
    rows: tuple[ImportRow, ...]


@value_type
class MoveImport:
    """An import goes from one state to the next. `next_at_ms` is when somebody has to work at it; None: nobody has
    to."""

    bulk: BulkImport
    before: ImportState
    next_at_ms: int | None


@value_type
class HoldImport:
    """Whoever holds the lease works on: until then nobody else does."""

    import_id: str
    lease: str
    until_ms: int


@value_type
class SetImportRow:
    """A row goes from one state to another. Its cells are kept as long as they are needed, as `row` has them: none once
    it is done."""

    import_id: str
    row: ImportRow
    before: RowState


@value_type
class AddImportKey:
    """A row was carried out that has this key: no other one will be. The unit is its client's."""

    key: str


ImportChange = AddImport | AddImportRows | MoveImport | HoldImport | SetImportRow | AddImportKey


def received(bulk: BulkImport) -> BulkImport:
    """All its rows are there."""
    return replace(bulk, state=ImportState.CHECKING)


def started(bulk: BulkImport) -> BulkImport:
    """What is good of it will be carried out. Raises InvalidState where it is not checked yet, or was started."""
    if bulk.state is not ImportState.CHECKED:
        raise InvalidState(
            sentence("This import is %(state)s: only one that is checked can be started.", state=bulk.state)
        )
    return replace(bulk, state=ImportState.RUNNING)


def cancelled(bulk: BulkImport, now_ms: int) -> BulkImport:
    """What was not done stays undone. Raises InvalidState where it is over."""
    if bulk.state not in OPEN:
        raise InvalidState(sentence("This import is %(state)s: there is nothing to cancel.", state=bulk.state))
    return replace(bulk, state=ImportState.CANCELLED, ended_at_ms=now_ms)


def worked_through(bulk: BulkImport, now_ms: int) -> BulkImport:
    """Nothing is left to do of what it was at."""
    if bulk.state is ImportState.CHECKING:
        return replace(bulk, state=ImportState.CHECKED)
    return replace(bulk, state=ImportState.DONE, ended_at_ms=now_ms)
