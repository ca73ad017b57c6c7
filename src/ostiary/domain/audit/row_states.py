"""What audit entries say of rows: how a request, a key, a document stood after what the entry tells of.

Each row has a name (`request ID`), and each of its columns either the value that the database shows anyway or, for what
is sealed or hashed, a digest of the bytes that lie there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256

Value = str | int | None
Fields = Mapping[str, Value]
DIGEST_HEX = 32
"""Digits of SHA-256, 128 bits: enough where nobody chooses what is hashed twice."""
USUAL: Mapping[str, Fields] = {"hit": {"state": "open"}}
"""Rows of which nothing is said before somebody decides, by the first word of their names."""
TOLD_SINCE = frozenset({"operator", "link", "brand"})
"""Rows of which earlier versions said nothing: one that was not written since is taken as it is."""
COLUMNS_TOLD_SINCE = frozenset({("publication", "author"), ("publication", "note")})
"""Columns of which earlier versions said nothing, though they told of the row."""
MAY_GO = frozenset({"link"})
"""Rows that are forgotten in time, of which no entry tells: what would be proved is on the trail by itself."""
SEALED = "#"
"""Leads the name of a column of which only a digest is said."""


def digest_of(content: bytes | memoryview | None) -> str | None:
    """What is said of bytes."""
    return None if content is None else sha256(content).hexdigest()[:DIGEST_HEX]


class SaidOfRow:
    """What a chain's entries say in the end, row by row, each value with the position of the entry that said it."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, tuple[Value, int]]] = {}

    def hear(self, content: bytes, position: int, *, anew: bool) -> None:
        """One entry's. `anew`: it says how all stood. Raises ValueError for what no entry says."""
        if anew:
            self._rows.clear()
        for name, fields in json.loads(content or "{}").items():
            row = self._rows.setdefault(name, {})
            for field, value in fields.items():
                row[field] = value, position

    def faults(self, rows: Mapping[str, Fields]) -> Iterator[str]:
        """Where rows are otherwise than was said."""
        for name, fields in rows.items():
            row = self._rows.get(name)
            if row is None and name.partition(" ")[0] not in TOLD_SINCE | USUAL.keys():
                yield f"{name} is there, and no entry says where from"
            else:
                yield from _differences(name, fields, row or {})
        gone = (name for name in self._rows if name not in rows and name.partition(" ")[0] not in MAY_GO)
        yield from (f"{name} is gone" for name in gone)


def _differences(name: str, fields: Fields, claims: Mapping[str, tuple[Value, int]]) -> Iterator[str]:
    kind = name.partition(" ")[0]
    usual = USUAL.get(kind, {})
    for field, value in fields.items():
        if field not in claims and (kind in TOLD_SINCE or (kind, field) in COLUMNS_TOLD_SINCE):
            continue
        claimed, position = claims.get(field, (usual.get(field), 0))
        if value == claimed:
            continue
        by = f"entry {position}" if position else "the trail"
        if field.startswith(SEALED):
            yield f"{name}: {field.removeprefix(SEALED)} is not what was written last, by {by}"
        else:
            yield f"{name}: {field} is {_shown(value)}, {by} says {_shown(claimed)}"


def _shown(value: Value) -> str:
    return "nothing" if value is None or value == "" else str(value)
