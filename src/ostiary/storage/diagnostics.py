"""What `doctor` and operators' commands ask a database, beside what the service itself asks."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.storage.engine import BlockingConnection

SCHEMA_OF = "SELECT version_num FROM alembic_version"
NEWEST_IDS = """SELECT max(company_id) FROM companies UNION ALL
 SELECT (SELECT max(k.client_id) FROM clients k WHERE k.company_id = c.company_id) FROM companies c"""
DISABLED = "SELECT company_id, disabled_because FROM queues WHERE disabled_at_ms IS NOT NULL ORDER BY disabled_at_ms"
OVERDUE = """SELECT count(*), min(due_at_ms) FROM messages
 WHERE state = 'pending' AND due_at_ms < ?1 AND leased_until_ms < ?1"""
DOCUMENT_IDS = "SELECT company_id, document_id FROM documents"


def schema_of(aside: BlockingConnection) -> str | None:
    """The revision that a database is at."""
    rows = aside.rows(SCHEMA_OF)
    return str(rows[0][0]) if rows else None


def newest_ids(aside: BlockingConnection) -> list[str]:
    """Of the newest company, and of each company's newest client."""
    return [str(row[0]) for row in aside.rows(NEWEST_IDS) if row[0] is not None]


def overdue(aside: BlockingConnection, before_ms: int) -> tuple[int, int]:
    """How many messages are due since before a moment and under nobody's lease, and since when the oldest
    is (0 where there is none)."""
    count, since_ms = aside.rows(OVERDUE, before_ms)[0]
    return int(count), since_ms or 0


def disabled_endpoints(aside: BlockingConnection) -> list[tuple[str, str]]:
    """Companies whose endpoint gets nothing more, and why, first the one that was disabled first."""
    return [(str(company_id), str(because)) for company_id, because in aside.rows(DISABLED)]


def document_ids(aside: BlockingConnection) -> Iterator[tuple[str, str]]:
    """Of every document: its company, and itself."""
    return ((str(company_id), str(document_id)) for company_id, document_id in aside.stream(DOCUMENT_IDS))
