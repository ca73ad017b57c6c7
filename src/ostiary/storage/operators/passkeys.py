"""Passkeys of operators: found by the keyed hash of their credential ids; names, keys and counters are sealed.

None is deleted: one that is over says since when, as a key of the API does, so that it cannot be put back unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.companies.company import Company
from ostiary.domain.operators.changes import AddPasskey, ChangePasskey
from ostiary.domain.operators.passkeys import Passkey
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.unit import Guard
from ostiary.storage.audit.row_kinds import RowKind, RowWrites, row_write
from ostiary.storage.engine import Engine, Row
from ostiary.storage.statement import Statement
from ostiary.storage.stored import operators as stored
from ostiary.storage.unit_context import UnitContext, company_box

# ---- statements -----------------------------------------------------------------------------------------------------

PASSKEY_COLUMNS = "p.passkey_mark, p.operator_id, p.created_at_ms, p.content, p.ended_at_ms"
PASSKEY = f"SELECT {PASSKEY_COLUMNS} FROM operator_passkeys p WHERE p.company_id = ?1 AND p.passkey_mark = ?2"  # noqa: S608
PASSKEYS_OF_OPERATOR = f"""SELECT {PASSKEY_COLUMNS} FROM operator_passkeys p
 WHERE p.company_id = ?1 AND p.operator_id = ?2 ORDER BY p.created_at_ms"""  # noqa: S608
PASSKEYS = f"SELECT {PASSKEY_COLUMNS} FROM operator_passkeys p WHERE p.company_id = ?1 ORDER BY p.passkey_mark"  # noqa: S608
ADD_PASSKEY = "INSERT INTO operator_passkeys VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING"
CHANGE_PASSKEY = (
    "UPDATE operator_passkeys SET content = ?3, ended_at_ms = ?4 WHERE company_id = ?1 AND passkey_mark = ?2"
)

PASSKEY_ROW = RowKind(
    "passkey", "operator_passkeys", "company_id", "passkey_mark", ("operator_id", "ended_at_ms"), ("content",)
)
ROW_WRITES: RowWrites = {
    ADD_PASSKEY: row_write(PASSKEY_ROW, 2, operator_id=3, content=5, ended_at_ms=6),
    CHANGE_PASSKEY: row_write(PASSKEY_ROW, 2, content=3, ended_at_ms=4),
}

# ---- rows -----------------------------------------------------------------------------------------------------------


def passkey_mark(cipher: Cipher, company_id: str, credential_id: bytes) -> bytes:
    """By what a passkey is found: a credential id may tell whose device it is."""
    return cipher.lookup_hash("operator", "passkey", company_id, credential_id)


def seal_passkey(box: Box, passkey: Passkey) -> bytes:
    """What is kept of a passkey."""
    return box.seal(f"operator_passkeys/{passkey.mark.hex()}/content", stored.passkey_content_of(passkey))


def passkey_of(box: Box, row: Row) -> Passkey:
    """Raises Tampered, StoredByNewer."""
    mark, operator_id, created_at_ms, content, ended_at_ms = row
    opened = box.open(f"operator_passkeys/{mark.hex()}/content", content)
    return stored.passkey_from(mark, operator_id, created_at_ms, opened, ended_at_ms)


# ---- reads ----------------------------------------------------------------------------------------------------------


class Passkeys:
    """Passkeys of one installation; `house` is its own company."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    def mark(self, company_id: str, credential_id: bytes) -> bytes:
        """What stands for a credential id."""
        return passkey_mark(self._cipher, company_id, credential_id)

    async def find(self, house: Company, mark: bytes) -> Passkey | None:
        """One by its mark, good or over."""
        rows = await self._engine.rows(PASSKEY, house.id, mark)
        return passkey_of(company_box(self._cipher, house), rows[0]) if rows else None

    async def of_operator(self, house: Company, operator_id: str) -> list[Passkey]:
        """All that an operator has or had, oldest first."""
        box = company_box(self._cipher, house)
        return [passkey_of(box, row) for row in await self._engine.rows(PASSKEYS_OF_OPERATOR, house.id, operator_id)]

    async def every(self, house: Company) -> list[Passkey]:
        """All that anybody has or had."""
        box = company_box(self._cipher, house)
        return [passkey_of(box, row) for row in await self._engine.rows(PASSKEYS, house.id)]


# ---- writes ---------------------------------------------------------------------------------------------------------


def add_passkeys(context: UnitContext, changes: Sequence[AddPasskey]) -> Iterator[Statement]:
    """New passkeys. Of two with one credential id the second is not written."""
    for change in changes:
        passkey = change.passkey
        content = seal_passkey(context.company_box, passkey)
        values = (context.company_id, passkey.mark, passkey.operator_id, passkey.created_at_ms, content)
        yield Statement(ADD_PASSKEY, (*values, passkey.ended_at_ms), Guard.COMPANY)


def change_passkeys(context: UnitContext, changes: Sequence[ChangePasskey]) -> Iterator[Statement]:
    """Passkeys as they shall be."""
    for change in changes:
        passkey = change.passkey
        content = seal_passkey(context.company_box, passkey)
        yield Statement(CHANGE_PASSKEY, (context.company_id, passkey.mark, content, passkey.ended_at_ms))
