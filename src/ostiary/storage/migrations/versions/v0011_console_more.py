"""More of the console: passkeys of operators; what waits for an approver.

Runs before the new version starts; the old one goes on working beside it, since it knows nothing of these tables.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE, BYTES = sa.BigInteger(), sa.LargeBinary()
SHORT_WAIT = "300ms"
"""As in 0006: who waits for the strictest lock of a table lets nobody else in."""
OF_NEW_TABLES = (("INDEX", "operator_passkeys_operator", "operator_passkeys (company_id, operator_id, created_at_ms)"),)
OF_SMALL_TABLES = (("review_claims_until", "review_claims (company_id, until_ms)"),)
"""Rows of people at work: an index is built in less time than a page is asked for."""


def upgrade() -> None:
    """Each step may find what an attempt that was broken off has done of it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}'")
    for name, place in OF_SMALL_TABLES:
        op.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {place}")
    _passkeys()
    _approvals()
    for kind, name, place in OF_NEW_TABLES:
        op.execute(f"CREATE {kind} IF NOT EXISTS {name} ON {place}")


def _passkeys() -> None:
    columns = _columns(company_id=TEXT, passkey_mark=BYTES, operator_id=TEXT, created_at_ms=WHOLE, content=BYTES)
    _table("operator_passkeys", 2, *columns, sa.Column("ended_at_ms", WHOLE, nullable=True))


def _approvals() -> None:
    key = _columns(company_id=TEXT, client_id=TEXT, enablement_id=TEXT, approval_id=TEXT)
    _table("approvals", 4, *key, *_columns(kind=TEXT, operator_id=TEXT, at_ms=WHOLE, content=BYTES))


def _columns(**columns: sa.types.TypeEngine[Any]) -> list[sa.Column[Any]]:
    return [sa.Column(column, kind, nullable=False) for column, kind in columns.items()]


def _table(name: str, keys: int, *columns: sa.Column[Any]) -> None:
    """A table clustered by its first columns, as many as `keys`, which lead with the company."""
    key = sa.PrimaryKeyConstraint(*(column.name for column in columns[:keys]))
    op.create_table(name, *columns, key, sqlite_with_rowid=False, if_not_exists=True)
