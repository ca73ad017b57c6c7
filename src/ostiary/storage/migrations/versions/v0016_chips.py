"""Chips of documents: their files, by what they are found again, and challenges that chips are to sign.

Runs before the new version starts; the old one goes on working beside it: it knows nothing of these tables.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE, BYTES = sa.BigInteger(), sa.LargeBinary()


def upgrade() -> None:
    """Each step may find what an attempt that was broken off has done of it."""
    _table("document_chips", 3, company_id=TEXT, client_id=TEXT, document_id=TEXT, content=BYTES)
    _table("chip_marks", 4, company_id=TEXT, chip_mark=BYTES, client_id=TEXT, document_id=TEXT)
    _table(
        "chip_challenges",
        3,
        company_id=TEXT,
        client_id=TEXT,
        enablement_id=TEXT,
        challenge_id=TEXT,
        challenge=BYTES,
        expires_at_ms=WHOLE,
    )


def _table(name: str, keys: int, **kinds: sa.types.TypeEngine[Any]) -> None:
    """A table clustered by its first columns, as many as `keys`, which lead with the company."""
    columns = [sa.Column(column, kind, nullable=False) for column, kind in kinds.items()]
    key = sa.PrimaryKeyConstraint(*(column.name for column in columns[:keys]))
    op.create_table(name, *columns, key, sqlite_with_rowid=False, if_not_exists=True)
