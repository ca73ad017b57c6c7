"""What is asked of a PostgreSQL server about itself."""

from __future__ import annotations

from ostiary.storage.engine import BlockingConnection

SERVER_SETTINGS = """SELECT current_setting('server_version_num')::int, current_setting('fsync'),
 current_setting('full_page_writes'), current_setting('synchronous_commit')"""

TRIGGERS = """SELECT tgname::text, tgargs FROM pg_trigger
 WHERE NOT tgisinternal AND tgparentid = 0 AND tgenabled <> 'D' AND EXISTS (SELECT 1 FROM pg_class c
  WHERE c.oid = tgrelid AND pg_table_is_visible(c.oid))"""
"""Those that are at work on tables of ours, and not on those of another schema, with their arguments. Those of a split
table's parts are no other ones."""


def server_settings(aside: BlockingConnection) -> tuple[int, dict[str, str]]:
    """The version, and what decides whether a commit outlives a crash."""
    version, *switches = aside.rows(SERVER_SETTINGS)[0]
    return int(version), dict(zip(("fsync", "full_page_writes", "synchronous_commit"), switches, strict=True))
