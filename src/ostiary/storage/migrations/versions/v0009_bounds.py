"""What one company may make much of is bounded: messages are woken a batch at a time, test events that wait are found
by themselves, and what documents take is kept beside them and summed up.

Runs before the new version starts; the old one goes on working beside it, since it names the columns it writes. Of
documents that were there, or that the old one adds, the size is not known: it stands sealed in their rows, so the new
version looks it up once it runs.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger()
SHORT_WAIT = "300ms"
"""As in 0006: who waits for the strictest lock of a table lets nobody else in."""
COLUMNS = (
    ("queues", sa.Column("wake_from_ms", WHOLE, nullable=True)),
    ("queues", sa.Column("wakes_all", WHOLE, nullable=False, server_default="0")),
    ("documents", sa.Column("bytes", WHOLE, nullable=True)),
)
INDEXES = (
    ("messages_tests", "messages", "(company_id, message_id) WHERE client_id = '' AND state = 'pending'"),
    ("messages_delivered", "messages", "(company_id, message_id) WHERE state = 'delivered' AND topic = 'webhook'"),
    ("documents_unsized", "documents", "(company_id, client_id, document_id) WHERE bytes IS NULL"),
)


def upgrade() -> None:
    """Each step may find what an attempt that was broken off has done of it."""
    is_server = op.get_bind().dialect.name == "postgresql"
    if is_server:
        op.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}'")
    for table, column in COLUMNS:
        if not is_server or not _first_column(
            f"SELECT 1 FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attname = '{column.name}'"  # noqa: S608
        ):
            op.add_column(table, column)
    _table("stored_bytes", company_id=TEXT, key=("company_id",))
    if is_server:
        _table("stored_changes", company_id=TEXT, change_id=sa.Uuid(), key=("company_id", "change_id"))
    for name, table, columns in INDEXES:
        if is_server:
            _concurrently(name, table, columns)
        else:
            op.execute(f"CREATE INDEX {name} ON {table} {columns}")


def _table(name: str, *, key: tuple[str, ...], **columns: sa.types.TypeEngine[Any]) -> None:
    """Sums, or what is to be added to them: changes are only ever inserted and taken away, so nobody waits for one."""
    fresh = {"change_id": sa.text("gen_random_uuid()")}
    described = [
        sa.Column(column, kind, nullable=False, server_default=fresh.get(column)) for column, kind in columns.items()
    ]
    counted = [sa.Column(column, WHOLE, nullable=False) for column in ("bytes", "documents")]
    op.create_table(
        name, *described, *counted, sa.PrimaryKeyConstraint(*key), sqlite_with_rowid=False, if_not_exists=True
    )


def _concurrently(name: str, table: str, columns: str) -> None:
    """Nobody waits for it. On a split table no index is built so, but on each of its parts."""
    if not _first_column(f"SELECT 1 FROM pg_partitioned_table WHERE partrelid = '{table}'::regclass"):  # noqa: S608
        _built(name, table, columns)
        return
    if _first_column(f"SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('{name}') AND indisvalid"):  # noqa: S608
        return  # with all its parts
    if not _first_column(f"SELECT 1 FROM pg_class WHERE oid = to_regclass('{name}')"):  # noqa: S608
        op.execute(f"CREATE INDEX {name} ON ONLY {table} {columns}")
    whole = f"'{table}'::regclass"
    parts = _first_column(f"SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = {whole} ORDER BY 1")  # noqa: S608
    done = _first_column("SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid")
    names = {part: f"{part}_{name.removeprefix(table + '_')}" for part in parts}
    for part, index in names.items():
        if index not in done:
            _built(index, part, columns)
    op.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}'")
    for index in names.values():
        op.execute(f"ALTER INDEX {name} ATTACH PARTITION {index}")


def _built(name: str, table: str, columns: str) -> None:
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {table} {columns}")


def _first_column(question: str) -> list[str]:
    return [str(row[0]) for row in op.get_bind().execute(sa.text(question))]
