"""The census of audit chains: how far each had come, and what a company and all of them add up to.

Runs before the new version starts; the old one goes on working beside it, since it knows nothing of these tables.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger()


def upgrade() -> None:
    _table("audit_census", ["company_id", "owner"], company_id=TEXT, owner=TEXT, length=WHOLE, seal=TEXT)
    _table("audit_tallies", ["company_id"], company_id=TEXT, content=TEXT)


def _table(name: str, key: list[str], /, **columns: sa.types.TypeEngine[Any]) -> None:
    """A table clustered by its key, which leads with the company."""
    described = [sa.Column(column, kind, nullable=False) for column, kind in columns.items()]
    op.create_table(name, *described, sa.PrimaryKeyConstraint(*key), sqlite_with_rowid=False, if_not_exists=True)
