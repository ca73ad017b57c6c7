"""People work with the console: operators, their sessions and failures, what they claimed, notes being written, and
what waits for them in the order in which it came.

Runs before the new version starts; the old one goes on working beside it, since it knows nothing of these tables.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE, BYTES = sa.BigInteger(), sa.LargeBinary()
SHORT_WAIT = "300ms"
"""As in 0006: who waits for the strictest lock of a table lets nobody else in."""
OF_NEW_TABLES = (
    ("UNIQUE INDEX", "operators_name", "operators (company_id, name_mark)"),
    ("INDEX", "operator_sessions_operator", "operator_sessions (company_id, operator_id, created_at_ms)"),
    ("INDEX", "operator_sessions_end", "operator_sessions (company_id, ends_at_ms)"),
    ("INDEX", "sign_in_failures_age", "sign_in_failures (company_id, at_ms)"),
)
INDEXES = (
    ("enablements_waiting", "enablements",
     "(company_id, review_since_ms, enablement_id, review, review_kind, product, review_reasons, client_id) "
     "WHERE review IS NOT NULL"),
    ("enablements_urgent", "enablements",
     "(company_id, review_since_ms, enablement_id, product, review_reasons, client_id) "
     "WHERE review = 'change' AND review_kind = 'screening'"),
)  # fmt: skip


def upgrade() -> None:
    """Each step may find what an attempt that was broken off has done of it."""
    _tables()
    for kind, name, place in OF_NEW_TABLES:
        op.execute(f"CREATE {kind} IF NOT EXISTS {name} ON {place}")
    is_server = op.get_bind().dialect.name == "postgresql"
    for name, table, columns in INDEXES:
        if is_server:
            _concurrently(name, table, columns)
        else:
            op.execute(f"CREATE INDEX {name} ON {table} {columns}")


def _tables() -> None:
    _table(
        "operators",
        2,
        company_id=TEXT,
        operator_id=TEXT,
        name_mark=BYTES,
        content=BYTES,
        created_at_ms=WHOLE,
        updated_at_ms=WHOLE,
    )
    _table(
        "operator_sessions",
        2,
        company_id=TEXT,
        session_mark=BYTES,
        operator_id=TEXT,
        created_at_ms=WHOLE,
        seen_at_ms=WHOLE,
        ends_at_ms=WHOLE,
        content=BYTES,
    )
    _table("sign_in_failures", 2, company_id=TEXT, mark=BYTES, failures=WHOLE, at_ms=WHOLE, until_ms=WHOLE)
    _table(
        "review_claims",
        2,
        company_id=TEXT,
        enablement_id=TEXT,
        client_id=TEXT,
        operator_id=TEXT,
        claimed_at_ms=WHOLE,
        until_ms=WHOLE,
    )
    _table(
        "review_drafts", 4,
        company_id=TEXT, client_id=TEXT, enablement_id=TEXT, operator_id=TEXT, at_ms=WHOLE, content=BYTES,
    )  # fmt: skip


def _table(name: str, keys: int, /, **columns: sa.types.TypeEngine[Any]) -> None:
    """A table clustered by its first columns, as many as `keys`, which lead with the company."""
    described = [sa.Column(column, kind, nullable=False) for column, kind in columns.items()]
    key = sa.PrimaryKeyConstraint(*list(columns)[:keys])
    op.create_table(name, *described, key, sqlite_with_rowid=False, if_not_exists=True)


def _concurrently(name: str, table: str, columns: str) -> None:
    """Nobody waits for it. On a split table no index is built so, but on each of its parts."""
    op.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}'")
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
