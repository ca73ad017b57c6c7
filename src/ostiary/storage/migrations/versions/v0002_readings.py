"""Documents that were read: what was seen and judged, sealed; and what finds pictures that look alike.

Runs before the new version starts; the old one goes on working beside it, since it names the columns it writes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("documents", sa.Column("reading", sa.LargeBinary, nullable=True))
    op.create_table(
        "likenesses",
        sa.Column("company_id", TEXT, nullable=False),
        sa.Column("band_mark", sa.LargeBinary, nullable=False),
        sa.Column("client_id", TEXT, nullable=False),
        sa.Column("document_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "band_mark", "client_id", "document_id"),
        sqlite_with_rowid=False,
    )
