"""From here on details of clients are sealed for their version: what versions before 0019 cannot open, so that these no
longer work with this database.

Runs after the new version is in place everywhere: `ostiary migrate --finish`. Processes seal so from their next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.execute(
        sa.text("UPDATE installation SET value = :oldest WHERE name = 'oldest_schema'").bindparams(oldest=b"0019")
    )
