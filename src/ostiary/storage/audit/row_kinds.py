"""What audit entries tell of rows: which columns of a table, and which of a statement's parameters are those columns.

Each table says it beside its statements; `standing` puts it together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ostiary.domain.audit.row_states import SEALED, Fields, Value, digest_of
from ostiary.storage.engine import Row


@dataclass(frozen=True, slots=True)
class RowKind:
    """A table whose rows entries tell of. `id` is the column that names a row among its owner's; `owner` says whose.

    `plain` columns are told as they are, of `hidden` ones a digest.
    """

    name: str
    table: str
    owner: str
    id: str | None
    plain: tuple[str, ...]
    hidden: tuple[str, ...] = ()

    @property
    def columns(self) -> str:
        return ", ".join(("company_id", self.owner, self.id or self.owner, *self.plain, *self.hidden))

    @property
    def every(self) -> str:
        """Reads all rows there are, for verification."""
        order = ", ".join(dict.fromkeys(("company_id", self.owner, self.id or self.owner)))
        return f"SELECT {self.columns} FROM {self.table} ORDER BY {order}"  # noqa: S608

    @property
    def of_owner(self) -> str:
        """Reads one owner's rows."""
        return f"SELECT {self.columns} FROM {self.table} WHERE company_id = ?1 AND {self.owner} = ?2"  # noqa: S608

    def fields_of(self, row: Row) -> tuple[str, Fields]:
        """A row's name, and how it stands."""
        plain, hidden = row[3 : 3 + len(self.plain)], row[3 + len(self.plain) :]
        fields: dict[str, Value] = dict(zip(self.plain, plain, strict=True))
        fields |= {SEALED + name: digest_of(value) for name, value in zip(self.hidden, hidden, strict=True)}
        return row_name(self.name, row[2] if self.id else None), fields


@dataclass(frozen=True, slots=True)
class RowWrite:
    """Which of a statement's parameters, by their places, are whose columns, and which of those are hidden.

    `fixed`: what it writes besides.
    """

    kind: RowKind
    id: int | None
    places: tuple[tuple[str, int, bool], ...]
    fixed: Fields


RowWrites = Mapping[str, RowWrite]
"""By the text of the statement."""


def row_write(kind: RowKind, id: int | None, fixed: Fields | None = None, /, **columns: int) -> RowWrite:
    """By the numbers that the statement's text has."""
    places = [(name, at - 1, False) for name, at in columns.items() if name in kind.plain]
    places += [(SEALED + name, at - 1, True) for name, at in columns.items() if name in kind.hidden]
    return RowWrite(kind, None if id is None else id - 1, tuple(places), fixed or {})


def row_name(kind: str, id: object) -> str:
    """How entries name a row among its owner's; `id` is text or bytes, None for the owner's own."""
    if id is None:
        return kind
    return f"{kind} {id if isinstance(id, str) else bytes(id).hex()}"  # type: ignore[call-overload]
