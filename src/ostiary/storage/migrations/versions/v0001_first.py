"""The first schema: companies, clients, enablements, documents, messages, answers, audit."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # ids are compared by their bytes
WHOLE, BYTES = sa.BigInteger(), sa.LargeBinary()


def upgrade() -> None:
    _installation()
    _companies()
    _clients()
    _documents()
    _outgoing()
    _audit()


def _installation() -> None:
    """What belongs to no company: wrapped lookup keys, and every version of the catalogue that was ever current."""
    _table("installation", ["name"], name=TEXT, value=BYTES)
    _table("catalogues", ["version"], version=TEXT, source=TEXT, added_at_ms=WHOLE)


def _companies() -> None:
    _table(
        "companies", ["company_id"], company_id=TEXT, environment=TEXT, version=WHOLE, data_key=BYTES, settings=BYTES,
        chain_length=WHOLE, chain_head=BYTES, created_at_ms=WHOLE,
    )  # fmt: skip
    _table(
        "api_keys", ["company_id", "key_id"], ("revoked_at_ms", "expires_at_ms"),
        company_id=TEXT, key_id=TEXT, secret_hash=BYTES, level=WHOLE, allowed=TEXT, created_at_ms=WHOLE,
        revoked_at_ms=WHOLE, expires_at_ms=WHOLE,
    )  # fmt: skip
    op.create_index("api_keys_secret", "api_keys", ["company_id", "secret_hash"], unique=True)
    op.create_index("api_keys_id", "api_keys", ["key_id"], unique=True)


def _clients() -> None:
    _table(
        "clients", ["company_id", "client_id"], company_id=TEXT, client_id=TEXT, version=WHOLE, status=TEXT,
        email_mark=BYTES, data_key=BYTES, details=BYTES, chain_length=WHOLE, chain_head=BYTES, created_at_ms=WHOLE,
        updated_at_ms=WHOLE,
    )  # fmt: skip
    op.create_index("clients_email", "clients", ["company_id", "email_mark"], unique=True)
    op.create_index("clients_status", "clients", ["company_id", "status", "client_id"])
    _table(
        "enablements", ["company_id", "client_id", "enablement_id"], ("rejection", "review", "review_since_ms"),
        company_id=TEXT, client_id=TEXT, enablement_id=TEXT, product=TEXT, catalogue_version=TEXT, status=TEXT,
        attempt=WHOLE, sequence=WHOLE, rejection=BYTES, review=TEXT, review_since_ms=WHOLE, created_at_ms=WHOLE,
        updated_at_ms=WHOLE,
    )  # fmt: skip
    op.create_index(
        "enablements_live", "enablements", ["company_id", "client_id", "product"], unique=True,
        sqlite_where=sa.text("status <> 'rejected'"), postgresql_where=sa.text("status <> 'rejected'"),
    )  # fmt: skip
    op.create_index(
        "enablements_in_review", "enablements", ["company_id", "review_since_ms"],
        sqlite_where=sa.text("review IS NOT NULL"), postgresql_where=sa.text("review IS NOT NULL"),
    )  # fmt: skip


def _documents() -> None:
    _table(
        "documents", ["company_id", "client_id", "document_id"], company_id=TEXT, client_id=TEXT, document_id=TEXT,
        type=TEXT, status=TEXT, facts=BYTES, created_at_ms=WHOLE,
    )  # fmt: skip
    _table(
        "document_numbers", ["company_id", "number_mark"], company_id=TEXT, number_mark=BYTES, client_id=TEXT,
        document_id=TEXT,
    )  # fmt: skip
    op.create_index("document_numbers_holder", "document_numbers", ["company_id", "client_id", "document_id"])
    _table(
        "refused_pictures", ["company_id", "client_id", "picture_mark"], company_id=TEXT, client_id=TEXT,
        picture_mark=BYTES, at_ms=WHOLE,
    )  # fmt: skip


def _outgoing() -> None:
    _table(
        "messages", ["company_id", "message_id"], ("lease", "ended_at_ms"), company_id=TEXT, message_id=TEXT,
        topic=TEXT, client_id=TEXT, enablement_id=TEXT, sequence=WHOLE, state=TEXT, due_at_ms=WHOLE, lease=TEXT,
        leased_until_ms=WHOLE, attempts=WHOLE, body=BYTES, created_at_ms=WHOLE, ended_at_ms=WHOLE,
    )  # fmt: skip
    pending = sa.text("state = 'pending'")
    op.create_index("messages_due", "messages", ["due_at_ms"], sqlite_where=pending, postgresql_where=pending)
    op.create_index(
        "messages_waiting", "messages", ["company_id", "topic", "due_at_ms"], sqlite_where=pending,
        postgresql_where=pending,
    )  # fmt: skip
    failed = sa.text("state = 'failed'")
    op.create_index("messages_failed", "messages", ["topic"], sqlite_where=failed, postgresql_where=failed)
    _table(
        "answers", ["company_id", "mark"], ("lease", "status", "body"), company_id=TEXT, mark=BYTES, content=BYTES,
        lease=TEXT, leased_until_ms=WHOLE, status=WHOLE, body=BYTES, created_at_ms=WHOLE,
    )  # fmt: skip
    op.create_index("answers_age", "answers", ["created_at_ms"])


def _audit() -> None:
    _table(
        "audit_entries", ["company_id", "owner", "position"], company_id=TEXT, owner=TEXT, position=WHOLE, at_ms=WHOLE,
        action=TEXT, actor=TEXT, subject=TEXT, codes=TEXT, digest=BYTES, hash=BYTES,
    )  # fmt: skip


def _table(name: str, key: list[str], optional: tuple[str, ...] = (), /, **columns: sa.types.TypeEngine[Any]) -> None:
    """A table clustered by its key, which leads with the company wherever the rows are a company's."""
    described = [sa.Column(column, kind, nullable=column in optional) for column, kind in columns.items()]
    op.create_table(name, *described, sa.PrimaryKeyConstraint(*key), sqlite_with_rowid=False)
