"""What only versions before 0004 need is removed: the index that made an API key's id unique over all companies, which
a table split by company cannot have. (Ids are random; who looks one up by its id alone has another index.)

Runs after the new version is in place everywhere: `ostiary migrate --finish`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute("DROP INDEX CONCURRENTLY IF EXISTS api_keys_id")
    else:
        op.drop_index("api_keys_id", "api_keys")
    op.execute(
        sa.text("UPDATE installation SET value = :oldest WHERE name = 'oldest_schema'").bindparams(oldest=b"0004")
    )
