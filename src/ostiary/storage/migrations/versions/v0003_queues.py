"""Queues of messages with what is thought of their receivers, the tries of each message, and what screening found.

Messages that wait for an earlier one of their enablement are due when that one ended.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NEVER_MS = 1 << 53
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE, BYTES = sa.BigInteger(), sa.LargeBinary()


def upgrade() -> None:
    op.add_column("messages", sa.Column("queue", TEXT, nullable=False, server_default="webhook"))
    op.add_column("messages", sa.Column("woken", WHOLE, nullable=False, server_default="0"))
    op.execute("UPDATE messages SET queue = topic")
    op.add_column("enablements", sa.Column("private_note", BYTES, nullable=True))
    pending = sa.text("state = 'pending'")
    op.drop_index("messages_waiting", "messages")
    op.drop_index("messages_due", "messages")
    op.create_index(
        "messages_waiting", "messages", ["company_id", "queue", "due_at_ms"], sqlite_where=pending,
        postgresql_where=pending,
    )  # fmt: skip
    op.create_index(
        "messages_undelivered", "messages", ["company_id", "state", "message_id"],
        sqlite_where=sa.text("state <> 'delivered'"),
        postgresql_where=sa.text("state <> 'delivered' AND topic = 'webhook'"),  # who lists them sees no others
    )  # fmt: skip
    op.create_index("messages_of_request", "messages", ["company_id", "enablement_id", "queue", "sequence"])
    _queues()
    _attempts()
    _screening()
    op.execute(
        f"""UPDATE messages SET due_at_ms = {NEVER_MS} WHERE state = 'pending' AND EXISTS (SELECT 1 FROM messages e
         WHERE e.company_id = messages.company_id AND e.enablement_id = messages.enablement_id
         AND e.queue = messages.queue AND e.state = 'pending' AND e.sequence < messages.sequence)"""  # noqa: S608
    )
    op.execute(
        """INSERT INTO queues (company_id, queue, due_at_ms, lane) SELECT company_id, queue, min(due_at_ms),
         CASE queue WHEN 'webhook' THEN 1 ELSE 3 END FROM messages WHERE state = 'pending' GROUP BY company_id, queue"""
    )


def _queues() -> None:
    op.create_table(
        "queues",
        sa.Column("company_id", TEXT, nullable=False),
        sa.Column("queue", TEXT, nullable=False),
        sa.Column("due_at_ms", WHOLE, nullable=False),
        sa.Column("lane", WHOLE, nullable=False),
        sa.Column("failing_since_ms", WHOLE, nullable=True),
        sa.Column("succeeded_at_ms", WHOLE, nullable=True),
        sa.Column("disabled_at_ms", WHOLE, nullable=True),
        sa.Column("disabled_because", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("company_id", "queue"),
        sqlite_with_rowid=False,
    )
    op.create_index("queues_due", "queues", ["lane", "due_at_ms"])


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("company_id", TEXT, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("attempt_id", TEXT, nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("ms", WHOLE, nullable=False),
        sa.Column("status", WHOLE, nullable=True),
        sa.Column("problem", TEXT, nullable=False),
        sa.Column("answer", BYTES, nullable=True),
        sa.PrimaryKeyConstraint("company_id", "message_id", "attempt_id"),
        sqlite_with_rowid=False,
    )


def _screening() -> None:
    op.create_table(
        "screening_hits",
        sa.Column("company_id", TEXT, nullable=False),
        sa.Column("client_id", TEXT, nullable=False),
        sa.Column("hit_mark", BYTES, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("evidence", BYTES, nullable=False),
        sa.Column("found_at_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "client_id", "hit_mark"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "screenings",
        sa.Column("company_id", TEXT, nullable=False),
        sa.Column("client_id", TEXT, nullable=False),
        sa.Column("lists", TEXT, nullable=False),
        sa.Column("subject_mark", BYTES, nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "client_id"),
        sqlite_with_rowid=False,
    )
