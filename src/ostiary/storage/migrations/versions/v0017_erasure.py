"""The end of a client's data: erasures and holds, since when a client is erased, and whose a stored answer is.

Runs before the new version starts; the old one goes on working beside it, since it knows nothing of the new tables and
names the columns it writes. It would show an erased client as one that was refused, without a name.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE, BYTES = sa.BigInteger(), sa.LargeBinary()
SHORT_WAIT = "300ms"
"""As in 0006: who waits for the strictest lock of a table lets nobody else in."""
NEW_COLUMNS = (("clients", "erased_at_ms", WHOLE, "BIGINT"), ("answers", "client_id", TEXT, 'TEXT COLLATE "C"'))
OF_NEW_TABLES = (
    ("erasures_due", "erasures (company_id, due_at_ms, erasure_id)"),
    ("erasures_client", "erasures (company_id, client_id)"),
)
OF_OLD_TABLES = (
    ("answers", "client", "(company_id, client_id) WHERE client_id IS NOT NULL"),
    ("messages", "client", "(company_id, client_id)"),
    ("likenesses", "client", "(company_id, client_id)"),
    ("contested_numbers", "client", "(company_id, client_id)"),
    ("chip_marks", "client", "(company_id, client_id)"),
)


def upgrade() -> None:
    """Each step may find what an attempt that was broken off has done of it."""
    _table(
        "erasures",
        2,
        *_columns(company_id=TEXT, erasure_id=TEXT, client_id=TEXT, state=TEXT),
        *_columns(due_at_ms=WHOLE, leased_until_ms=WHOLE, attempts=WHOLE, requested_at_ms=WHOLE),
        *_columns(may_be_null=True, ended_at_ms=WHOLE),
        *_columns(content=BYTES),
        *_columns(may_be_null=True, receipt=TEXT),
    )
    _table(
        "holds",
        3,
        *_columns(company_id=TEXT, client_id=TEXT, hold_id=TEXT, from_ms=WHOLE, until_ms=WHOLE),
        *_columns(may_be_null=True, ended_at_ms=WHOLE),
        *_columns(content=BYTES),
    )
    for name, place in OF_NEW_TABLES:
        op.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {place}")
    if op.get_bind().dialect.name == "postgresql":
        _on_postgres()
        return
    for table, column, kind, _ in NEW_COLUMNS:
        op.add_column(table, sa.Column(column, kind, nullable=True))
    for table, end, columns in OF_OLD_TABLES:
        op.execute(f"CREATE INDEX {table}_{end} ON {table} {columns}")


def _on_postgres() -> None:
    op.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}'")
    for table, column, _, kind in NEW_COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} {kind}")
    for table, end, columns in OF_OLD_TABLES:
        if _first_column(f"SELECT 1 FROM pg_partitioned_table WHERE partrelid = '{table}'::regclass"):  # noqa: S608
            _part_by_part(table, end, columns)
            continue
        with op.get_context().autocommit_block():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {table}_{end}")
            op.execute(f"CREATE INDEX CONCURRENTLY {table}_{end} ON {table} {columns}")


def _part_by_part(table: str, end: str, columns: str) -> None:
    """On a split table no index is built concurrently, but on each of its parts; one of all parts is whole."""
    if _first_column(f"SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('{table}_{end}') AND indisvalid"):  # noqa: S608
        return
    if not _first_column(f"SELECT 1 FROM pg_class WHERE oid = to_regclass('{table}_{end}')"):  # noqa: S608
        op.execute(f"CREATE INDEX {table}_{end} ON ONLY {table} {columns}")
    parts = _first_column(
        f"SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = '{table}'::regclass ORDER BY 1"  # noqa: S608
    )
    done = _first_column("SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid")
    for part in parts:
        if f"{part}_{end}" not in done:
            with op.get_context().autocommit_block():
                op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {part}_{end}")
                op.execute(f"CREATE INDEX CONCURRENTLY {part}_{end} ON {part} {columns}")
    op.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}'")
    for part in parts:
        op.execute(f"ALTER INDEX {table}_{end} ATTACH PARTITION {part}_{end}")


def _first_column(question: str) -> list[str]:
    return [str(row[0]) for row in op.get_bind().execute(sa.text(question))]


def _columns(*, may_be_null: bool = False, **columns: sa.types.TypeEngine[Any]) -> list[sa.Column[Any]]:
    return [sa.Column(column, kind, nullable=may_be_null) for column, kind in columns.items()]


def _table(name: str, keys: int, *columns: sa.Column[Any]) -> None:
    """A table clustered by its first columns, as many as `keys`, which lead with the company."""
    key = sa.PrimaryKeyConstraint(*(column.name for column in columns[:keys]))
    op.create_table(name, *columns, key, sqlite_with_rowid=False, if_not_exists=True)
