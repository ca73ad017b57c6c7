"""Catalogues are published: which version is in force from when on, who said so and why.

Runs before the new version starts; the old one goes on working beside it, by the file that it was started with.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger()


def upgrade() -> None:
    """It may find what an attempt that was broken off has done of it."""
    needed: dict[str, sa.types.TypeEngine[Any]]
    needed = {"company_id": TEXT, "publication_id": TEXT, "version": TEXT, "state": TEXT, "from_ms": WHOLE}
    needed |= {"at_ms": WHOLE, "author": TEXT, "note": TEXT}
    op.create_table(
        "publications",
        *(sa.Column(name, kind, nullable=False) for name, kind in needed.items()),
        sa.Column("approver", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("company_id", "publication_id"),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
