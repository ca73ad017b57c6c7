"""Under which version a client's details were sealed, so that older ones put back do not open.

Runs before the new version starts; the old one goes on working beside it: nothing is sealed in the new way before 0020.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

SHORT_WAIT = "300ms"
"""As in 0006: who waits for the strictest lock of a table lets nobody else in."""


def upgrade() -> None:
    """The step may find what an attempt that was broken off has done of it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}'")
        op.execute("ALTER TABLE clients ADD COLUMN IF NOT EXISTS details_version BIGINT")
    else:
        op.add_column("clients", sa.Column("details_version", sa.BigInteger(), nullable=True))
