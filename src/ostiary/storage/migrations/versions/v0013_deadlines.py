"""Enabled requests are due again: one row for each that can be.

Runs before the new version starts; the old one goes on working beside it, since it knows nothing of this table. What it
approves meanwhile gets its deadline from the worker, as what was approved before does.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE, BYTES = sa.BigInteger(), sa.LargeBinary()
KEY = ("company_id", "client_id", "enablement_id")
INDEXES = (
    ("deadlines_next", "deadlines (company_id, next_at_ms, enablement_id)"),
    ("deadlines_due", "deadlines (company_id, due_at_ms, enablement_id)"),
    ("deadlines_product", "deadlines (company_id, product)"),
)


def upgrade() -> None:
    """Each step may find what an attempt that was broken off has done of it."""
    texts = (sa.Column(name, TEXT, nullable=False) for name in (*KEY, "product", "state"))
    times = (sa.Column(name, WHOLE, nullable=False) for name in ("due_at_ms", "next_at_ms"))
    rest = (sa.Column("terms", TEXT, nullable=False), sa.Column("content", BYTES, nullable=False))
    key = sa.PrimaryKeyConstraint(*KEY)
    op.create_table("deadlines", *texts, *times, *rest, key, sqlite_with_rowid=False, if_not_exists=True)
    for name, place in INDEXES:
        op.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {place}")
