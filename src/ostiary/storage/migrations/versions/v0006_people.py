"""What people decide by and what they said: earlier profiles and private notes, sealed; why a review is open; numbers
of documents that spoke against another client. Numbers that nothing holds any more are given free.

Runs before the new version starts; the old one goes on working beside it, since it names the columns it writes.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE, BYTES = sa.BigInteger(), sa.LargeBinary()


SHORT_WAIT = "300ms"
"""A column is added under the strictest lock: while the migration waits for it, everybody waits behind it. So it gives
up soon, and is tried again after a pause."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}'")
    op.add_column("enablements", sa.Column("review_kind", TEXT, nullable=True))
    op.add_column("enablements", sa.Column("review_reasons", TEXT, nullable=True))
    _table("past_profiles", ["company_id", "client_id", "version"],
           company_id=TEXT, client_id=TEXT, version=WHOLE, at_ms=WHOLE, profile=BYTES)  # fmt: skip
    _table("remarks", ["company_id", "client_id", "remark_id"],
           company_id=TEXT, client_id=TEXT, remark_id=TEXT, at_ms=WHOLE, content=BYTES)  # fmt: skip
    _table("contested_numbers", ["company_id", "number_mark", "client_id", "document_id"],
           company_id=TEXT, number_mark=BYTES, client_id=TEXT, document_id=TEXT)  # fmt: skip


def _table(name: str, key: list[str], /, **columns: sa.types.TypeEngine[Any]) -> None:
    """A table clustered by its key, which leads with the company."""
    described = [sa.Column(column, kind, nullable=False) for column, kind in columns.items()]
    op.create_table(name, *described, sa.PrimaryKeyConstraint(*key), sqlite_with_rowid=False)
