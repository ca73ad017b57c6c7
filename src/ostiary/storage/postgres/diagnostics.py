"""What is asked of a PostgreSQL server about itself."""

from __future__ import annotations

from ostiary.storage.engine import BlockingConnection

SERVER_SETTINGS = """SELECT current_setting('server_version_num')::int, current_setting('fsync'),
 current_setting('full_page_writes'), current_setting('synchronous_commit')"""

TRIGGERS = "SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal"


def triggers(aside: BlockingConnection) -> set[str]:
    """Their names."""
    return {str(row[0]) for row in aside.rows(TRIGGERS)}


def server_settings(aside: BlockingConnection) -> tuple[int, dict[str, str]]:
    """The version, and what decides whether a commit outlives a crash."""
    version, *switches = aside.rows(SERVER_SETTINGS)[0]
    return int(version), dict(zip(("fsync", "full_page_writes", "synchronous_commit"), switches, strict=True))
