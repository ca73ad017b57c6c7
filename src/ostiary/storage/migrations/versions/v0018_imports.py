"""Imports: many clients of one file, its rows, and by which keys rows were carried out already.

Runs before the new version starts; the old one goes on working beside it: it knows nothing of these tables.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE, BYTES = sa.BigInteger(), sa.LargeBinary()
COUNTED = ("waiting", "good", "faulty", "created", "done", "repeated")
INDEXES = (
    ("imports_next", "imports (next_at_ms)"),
    ("import_rows_state", "import_rows (company_id, import_id, state, position)"),
    ("import_rows_client", "import_rows (company_id, client_id) WHERE client_id IS NOT NULL"),
    ("import_keys_client", "import_keys (company_id, client_id)"),
)


def upgrade() -> None:
    """Each step may find what an attempt that was broken off has done of it."""
    maybe: dict[str, sa.types.TypeEngine[Any]] = {
        "ended_at_ms": WHOLE,
        "next_at_ms": WHOLE,
        "lease": TEXT,
        "client_id": TEXT,
        "content": BYTES,
    }
    _table(
        "imports",
        2,
        _columns(company_id=TEXT, import_id=TEXT, state=TEXT, actor=TEXT, form=BYTES, created_at_ms=WHOLE),
        [sa.Column(name, maybe[name]) for name in ("ended_at_ms", "next_at_ms", "lease")],
        _columns(**dict.fromkeys(COUNTED, WHOLE)),
    )
    rows = _columns(company_id=TEXT, import_id=TEXT, position=WHOLE, state=TEXT)
    _table("import_rows", 3, rows, [sa.Column(name, maybe[name]) for name in ("client_id", "content")])
    _table("import_keys", 2, _columns(company_id=TEXT, key_mark=BYTES, client_id=TEXT, content=BYTES))
    for name, place in INDEXES:
        op.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {place}")


def _columns(**columns: sa.types.TypeEngine[Any]) -> list[sa.Column[Any]]:
    return [sa.Column(column, kind, nullable=False) for column, kind in columns.items()]


def _table(name: str, keys: int, *groups: Any) -> None:
    """A table clustered by its first columns, as many as `keys`, which lead with the company."""
    columns = [column for group in groups for column in group]
    key = sa.PrimaryKeyConstraint(*(column.name for column in columns[:keys]))
    op.create_table(name, *columns, key, sqlite_with_rowid=False, if_not_exists=True)
