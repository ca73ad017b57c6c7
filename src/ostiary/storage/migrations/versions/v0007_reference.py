"""A company's own reference of a client: its keyed hash beside that of the e-mail, unique where there is one.

Runs before the new version starts; the old one goes on working beside it, since it names the columns it writes. Where
there is no reference yet the index is empty, so it is soon built; still nobody waits for it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BYTES = sa.LargeBinary()
SHORT_WAIT = "300ms"
"""As in 0006: who waits for the strictest lock of a table lets nobody else in."""
INDEX = "clients_reference"
COLUMNS = "(company_id, reference_mark) WHERE reference_mark IS NOT NULL"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _on_postgres()
    else:
        op.add_column("clients", sa.Column("reference_mark", BYTES, nullable=True))
        op.execute(f"CREATE UNIQUE INDEX {INDEX} ON clients {COLUMNS}")


def _on_postgres() -> None:
    """Each step may find what an attempt that was broken off has done of it."""
    op.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}'")
    if not _first_column(
        "SELECT 1 FROM pg_attribute WHERE attrelid = 'clients'::regclass AND attname = 'reference_mark'"
    ):
        op.add_column("clients", sa.Column("reference_mark", BYTES, nullable=True))
    if not _first_column("SELECT 1 FROM pg_partitioned_table WHERE partrelid = 'clients'::regclass"):
        with op.get_context().autocommit_block():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
            op.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {INDEX} ON clients {COLUMNS}")
        return
    _part_by_part()


def _part_by_part() -> None:
    """On a split table no index is built concurrently, but on each of its parts."""
    if not _first_column("SELECT 1 FROM pg_class WHERE oid = to_regclass('clients_reference')"):
        op.execute(f"CREATE UNIQUE INDEX {INDEX} ON ONLY clients {COLUMNS}")
    parts = _first_column(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'clients'::regclass ORDER BY 1"
    )
    done = _first_column("SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid")
    for part in parts:
        if f"{part}_reference" not in done:
            with op.get_context().autocommit_block():
                op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {part}_reference")
                op.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {part}_reference ON {part} {COLUMNS}")
    op.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}'")
    for part in parts:
        op.execute(f"ALTER INDEX {INDEX} ATTACH PARTITION {part}_reference")


def _first_column(question: str) -> list[str]:
    return [str(row[0]) for row in op.get_bind().execute(sa.text(question))]
