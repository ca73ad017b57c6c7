"""What many processes share on PostgreSQL: messages that arrive, and the standings of the rate limit. And a request is
found by its id alone.

Runs before the new version starts; the previous one goes on working beside it, and the database says so.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE, BYTES = sa.BigInteger(), sa.LargeBinary()
INDEXES = (
    ("enablements_id", "enablements", ["company_id", "enablement_id"]),
    ("api_keys_by_id", "api_keys", ["key_id"]),
)
OFTEN_CHANGED = ("messages", "queues", "arrivals", "answers")
VACUUMED_OFTEN = "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000"
FILLED = (("clients", 70), ("queues", 50))
"""Room for the next version of a row on its own page: then its indexes are left alone. (A message's or request's state
is in an index, so these change anyway.)"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _arrivals()
        _rate_limits()
        for table in OFTEN_CHANGED:
            op.execute(f"ALTER TABLE {table} SET ({VACUUMED_OFTEN})")
        for table, percent in FILLED:
            op.execute(f"ALTER TABLE {table} SET (fillfactor = {percent})")
    for name, table, columns in INDEXES:
        _index(name, table, columns)
    op.execute("DELETE FROM installation WHERE name = 'oldest_schema'")
    op.execute(sa.text("INSERT INTO installation VALUES ('oldest_schema', :oldest)").bindparams(oldest=b"0003"))


def _index(name: str, table: str, columns: list[str]) -> None:
    """Without holding up those who write, where they are many."""
    if op.get_bind().dialect.name != "postgresql":
        op.create_index(name, table, columns)
        return
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # what an attempt that was broken off may have left
        op.create_index(name, table, columns, postgresql_concurrently=True)


def _arrivals() -> None:
    """Messages whose queue has not heard of them yet. Only ever inserted into and emptied, so nobody waits for it."""
    op.create_table(
        "arrivals",
        sa.Column("company_id", TEXT, nullable=False),
        sa.Column("arrival_id", sa.Uuid(), nullable=False, server_default=sa.text("gen_random_uuid()")),
        sa.Column("queue", TEXT, nullable=False),
        sa.Column("due_at_ms", WHOLE, nullable=False),
        sa.Column("lane", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "arrival_id"),
        if_not_exists=True,  # an attempt that was broken off before the index below is made up for
    )


def _rate_limits() -> None:
    """Not logged: after a crash everybody starts anew, and nothing is written twice for a limit."""
    op.create_table(
        "rate_limits",
        sa.Column("who", BYTES, nullable=False),
        sa.Column("second", WHOLE, nullable=False),
        sa.Column("spent", WHOLE, nullable=False),
        sa.Column("spent_before", WHOLE, nullable=False),
        sa.Column("violations", WHOLE, nullable=False),
        sa.Column("violated_at_ms", WHOLE, nullable=False),
        sa.Column("blocked_until_ms", WHOLE, nullable=False),
        sa.Column("seen_at_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("who"),
        prefixes=["UNLOGGED"],
        if_not_exists=True,
    )
    op.create_index("rate_limits_age", "rate_limits", ["seen_at_ms"], if_not_exists=True)
