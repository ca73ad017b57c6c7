"""Clients onboard on a page of ours: links to it, the sessions that they are exchanged for, and how each company's page
looks.

Runs before the new version starts; the old one goes on working beside it, since it knows nothing of these tables.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE, BYTES = sa.BigInteger(), sa.LargeBinary()
OF_NEW_TABLES = (
    ("UNIQUE INDEX", "onboarding_links_mark", "onboarding_links (company_id, link_mark)"),
    ("INDEX", "onboarding_links_due", "onboarding_links (due_at_ms)"),
    ("INDEX", "onboarding_sessions_link", "onboarding_sessions (company_id, link_id, created_at_ms)"),
)


def upgrade() -> None:
    """Each step may find what an attempt that was broken off has done of it."""
    _links()
    _table(
        "onboarding_sessions",
        2,
        *_columns(company_id=TEXT, session_mark=BYTES, client_id=TEXT, link_id=TEXT, via_id=TEXT),
        *_columns(created_at_ms=WHOLE, seen_at_ms=WHOLE, ends_at_ms=WHOLE),
    )
    _table(
        "company_brands",
        1,
        *_columns(company_id=TEXT, version=WHOLE, updated_at_ms=WHOLE),
        *(sa.Column(name, BYTES, nullable=True) for name in ("brand", "logo")),
    )
    for kind, name, place in OF_NEW_TABLES:
        op.execute(f"CREATE {kind} IF NOT EXISTS {name} ON {place}")


def _links() -> None:
    key = _columns(company_id=TEXT, client_id=TEXT, link_id=TEXT)
    standing = _columns(link_mark=BYTES, parent_id=TEXT, status=TEXT, sequence=WHOLE)
    times = _columns(created_at_ms=WHOLE, expires_at_ms=WHOLE, due_at_ms=WHOLE)
    ends = (sa.Column(name, WHOLE, nullable=True) for name in ("opened_at_ms", "ended_at_ms"))
    _table("onboarding_links", 3, *key, *standing, *times, *ends, *_columns(content=BYTES))


def _columns(**columns: sa.types.TypeEngine[Any]) -> list[sa.Column[Any]]:
    return [sa.Column(column, kind, nullable=False) for column, kind in columns.items()]


def _table(name: str, keys: int, *columns: sa.Column[Any]) -> None:
    """A table clustered by its first columns, as many as `keys`, which lead with the company."""
    key = sa.PrimaryKeyConstraint(*(column.name for column in columns[:keys]))
    op.create_table(name, *columns, key, sqlite_with_rowid=False, if_not_exists=True)
