"""What the planner knows of tables that grow fast.

A prepared statement keeps the plan made when it was first used a few times, and a plan made for an empty table may read
through a full one. PostgreSQL makes plans anew once a table was analysed. Its autovacuum looks once a minute; a burst
on a new installation fills a table in seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ostiary.storage.schema.tables import TABLES

if TYPE_CHECKING:
    from ostiary.storage.postgres.pool import Raw

FEWEST_CHANGES = 500
"""Below that any plan is fast."""
GROWN_BY = 2
"""Changes for each row that was there: a table that tripled. Ever rarer as it grows, and autovacuum is there, too."""
GROWN = """SELECT c.relname FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid
  LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class whole ON whole.oid = i.inhparent
 WHERE c.relnamespace = current_schema()::regnamespace AND coalesce(whole.relname, c.relname) = ANY($1)
 AND s.n_mod_since_analyze > $2 AND s.n_mod_since_analyze > $3 * c.reltuples AND pg_has_role(c.relowner, 'USAGE')"""
"""Only what belongs to us may be analysed. Where a table is split by company, its rows are in its parts."""
ANALYSED_S = 300.0
"""For one table: tens of thousands of its rows are read, from a cold disk at times."""
_NAMES = [table.name for table in TABLES]


async def refresh(connection: Raw) -> list[str]:
    """Analyses the tables that have grown much since that was done last; their names. Blocks no reads or writes."""
    grown = [str(row[0]) for row in await connection.fetch(GROWN, _NAMES, FEWEST_CHANGES, GROWN_BY)]
    for name in grown:
        # Another process may be at it. What is announced meanwhile is heard afterwards, and found by looking.
        async with connection.transaction():
            await connection.execute(f"SET LOCAL statement_timeout = '{ANALYSED_S:.0f}s'")  # whatever the role's is
            await connection.execute(f"ANALYZE (SKIP_LOCKED) {name}", timeout=ANALYSED_S)
    return grown
