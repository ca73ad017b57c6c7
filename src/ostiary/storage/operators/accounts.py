"""Operators: their rows, how they are read, and what is written of them. They belong to the installation's own company,
whose id is looked up here, and are sealed for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.companies.company import Company
from ostiary.domain.operators.changes import AddOperator, ChangeOperator
from ostiary.domain.operators.operator import Operator, normal_name
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.unit import Guard
from ostiary.storage.audit.row_kinds import RowKind, RowWrites, row_write
from ostiary.storage.engine import BlockingConnection, Engine, Row
from ostiary.storage.statement import Statement
from ostiary.storage.stored import operators as stored
from ostiary.storage.tables.installation import INSTALLED, OPERATORS_COMPANY, InstallationValues
from ostiary.storage.unit_context import UnitContext, company_box

# ---- statements -----------------------------------------------------------------------------------------------------

OPERATOR_COLUMNS = "o.operator_id, o.created_at_ms, o.updated_at_ms, o.content"
OPERATORS = f"SELECT {OPERATOR_COLUMNS} FROM operators o WHERE o.company_id = ?1 ORDER BY o.operator_id"  # noqa: S608
OPERATOR = f"SELECT {OPERATOR_COLUMNS} FROM operators o WHERE o.company_id = ?1 AND o.operator_id = ?2"  # noqa: S608
OPERATOR_BY_NAME = f"SELECT {OPERATOR_COLUMNS} FROM operators o WHERE o.company_id = ?1 AND o.name_mark = ?2"  # noqa: S608
ADD_OPERATOR = "INSERT INTO operators VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING"
ANY_OPERATOR = "SELECT 1 FROM operators WHERE company_id = ?1 LIMIT 1"
CHANGE_OPERATOR = "UPDATE operators SET content = ?3, updated_at_ms = ?4 WHERE company_id = ?1 AND operator_id = ?2"

OPERATOR_ROW = RowKind("operator", "operators", "company_id", "operator_id", (), ("name_mark", "content"))
ROW_WRITES: RowWrites = {
    ADD_OPERATOR: row_write(OPERATOR_ROW, 2, name_mark=3, content=4),
    CHANGE_OPERATOR: row_write(OPERATOR_ROW, 2, content=3),
}

# ---- rows -----------------------------------------------------------------------------------------------------------


def name_mark(cipher: Cipher, company_id: str, name: str) -> bytes:
    """By what an operator is found, however the name is written."""
    return cipher.lookup_hash("operator", "name", company_id, normal_name(name))


def seal_operator(box: Box, operator: Operator) -> bytes:
    """What is kept of an operator."""
    return box.seal(f"operators/{operator.id}/content", stored.content_of(operator))


def operator_of(box: Box, row: Row) -> Operator:
    """Raises Tampered, StoredByNewer."""
    operator_id, created_at_ms, updated_at_ms, content = row
    opened = box.open(f"operators/{operator_id}/content", content)
    return stored.operator_from(operator_id, created_at_ms, updated_at_ms, opened)


def house_id(look: BlockingConnection) -> str | None:
    """Whose operators are, for operators' commands; None as long as nobody is."""
    rows = look.rows(INSTALLED, OPERATORS_COMPANY)
    return bytes(rows[0][0]).decode() if rows else None


# ---- reads ----------------------------------------------------------------------------------------------------------


class Operators:
    """Operators of one installation; `house` is its own company."""

    def __init__(self, engine: Engine, cipher: Cipher, installation: InstallationValues) -> None:
        self._engine, self._cipher, self._installation = engine, cipher, installation
        self._house_id: str | None = None

    async def house_id(self, fresh: str | None = None) -> str | None:
        """Whose operators are; None as long as nobody is. `fresh` is what it becomes if there is none yet."""
        if self._house_id is None:  # once it is known it stays
            value = await self._installation.value(OPERATORS_COMPANY, None if fresh is None else fresh.encode())
            self._house_id = None if value is None else value.decode()
        return self._house_id

    async def every(self, house: Company) -> list[Operator]:
        """All, in the order in which they came."""
        box = company_box(self._cipher, house)
        return [operator_of(box, row) for row in await self._engine.rows(OPERATORS, house.id)]

    async def find(self, house: Company, operator_id: str) -> Operator | None:
        """One by its id."""
        rows = await self._engine.rows(OPERATOR, house.id, operator_id)
        return operator_of(company_box(self._cipher, house), rows[0]) if rows else None

    async def by_name(self, house: Company, name: str) -> Operator | None:
        """One by its name, however it is written."""
        rows = await self._engine.rows(OPERATOR_BY_NAME, house.id, name_mark(self._cipher, house.id, name))
        return operator_of(company_box(self._cipher, house), rows[0]) if rows else None


# ---- writes ---------------------------------------------------------------------------------------------------------


def add_operators(context: UnitContext, changes: Sequence[AddOperator]) -> Iterator[Statement]:
    """New operators. Of two of one name the second is not written."""
    for change in changes:
        operator = change.operator
        mark = name_mark(context.cipher, context.company_id, operator.name)
        content = seal_operator(context.company_box, operator)
        values = (context.company_id, operator.id, mark, content, operator.created_at_ms, operator.updated_at_ms)
        yield Statement(ADD_OPERATOR, values, Guard.COMPANY)


def change_operators(context: UnitContext, changes: Sequence[ChangeOperator]) -> Iterator[Statement]:
    """Operators as they shall be."""
    for change in changes:
        content = seal_operator(context.company_box, change.operator)
        yield Statement(CHANGE_OPERATOR, (context.company_id, change.operator.id, content, context.at_ms))
