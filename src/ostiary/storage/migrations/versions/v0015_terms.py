"""Terms that clients accept: their texts, who accepted which, and in short what a client accepted.

Runs before the new version starts; the old one goes on working beside it: it knows nothing of these tables, and leaves
the new column of a client as it is.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE, BYTES = sa.BigInteger(), sa.LargeBinary()
SHORT_WAIT = "300ms"
"""As in 0006: who waits for the strictest lock of a table lets nobody else in."""


def upgrade() -> None:
    """Each step may find what an attempt that was broken off has done of it."""
    _table("terms_texts", 1, *_columns(sha256=TEXT, content=TEXT, added_at_ms=WHOLE))
    key = _columns(company_id=TEXT, client_id=TEXT, acceptance_id=TEXT)
    _table("terms_acceptances", 3, *key, *_columns(terms_id=TEXT, sha256=TEXT, at_ms=WHOLE, content=BYTES))
    _column_of_clients()


def _column_of_clients() -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.add_column("clients", sa.Column("terms", BYTES, nullable=True))
        return
    op.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}'")
    op.execute("ALTER TABLE clients ADD COLUMN IF NOT EXISTS terms BYTEA")


def _columns(**columns: sa.types.TypeEngine[Any]) -> list[sa.Column[Any]]:
    return [sa.Column(column, kind, nullable=False) for column, kind in columns.items()]


def _table(name: str, keys: int, *columns: sa.Column[Any]) -> None:
    """A table clustered by its first columns, as many as `keys`, which lead with the company."""
    key = sa.PrimaryKeyConstraint(*(column.name for column in columns[:keys]))
    op.create_table(name, *columns, key, sqlite_with_rowid=False, if_not_exists=True)
