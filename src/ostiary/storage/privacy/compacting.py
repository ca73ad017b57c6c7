"""Writing the database's files anew without what was removed from them.

SQLite fills what is removed with zeros (`secure_delete`), but copies of rows that moved between pages may stay in the
gaps of pages until these are used again; PostgreSQL leaves removed rows where they are until their place is used. What
so stays is sealed; but the wrapped key of an erased client may be among it.
"""

from __future__ import annotations

from collections.abc import Callable

from ostiary.storage.engine import BlockingConnection
from ostiary.storage.postgres.earlier import wait_for_earlier
from ostiary.storage.privacy.kept import TABLES, End
from ostiary.storage.schema.tables import TABLES as EVERY

VACUUM = "VACUUM"
TRUNCATE_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
TABLES_TO_REWRITE = tuple(
    table.name for table in EVERY if TABLES[table.name].end in (End.REMOVED, End.EMPTIED) or table.name == "erasures"
)
"""Those with rows of clients."""
LONGEST_S = 6 * 3_600.0
"""A statement may take that long: all of a large table is written anew."""


def compact_file(aside: BlockingConnection) -> None:
    """Of SQLite: the file, and the log beside it. Writers wait meanwhile, readers do not."""
    aside.alone(VACUUM)
    empty_log(aside)


def empty_log(aside: BlockingConnection) -> None:
    """Brings what is in SQLite's log into the file, and cuts the log to nothing."""
    aside.rows(TRUNCATE_LOG)


def compact_tables(aside: BlockingConnection, tell: Callable[[int, int], None]) -> None:
    """Of PostgreSQL: each table, for which whoever needs it waits meanwhile. Its log and its archive it keeps as it is
    told to. Raises InvalidState while a transaction is open that began before."""
    wait_for_earlier(aside)
    for number, table in enumerate(TABLES_TO_REWRITE, 1):
        aside.alone(f"VACUUM (FULL) {table}")
        tell(number, len(TABLES_TO_REWRITE))
