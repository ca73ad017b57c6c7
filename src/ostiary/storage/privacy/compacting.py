"""Writing the database's files anew without what was removed from them.

SQLite fills what is removed with zeros (`secure_delete`), but copies of rows that moved between pages may stay in the
gaps of pages until these are used again; PostgreSQL leaves removed rows where they are until their place is used. What
so stays is sealed; but the wrapped key of an erased client may be among it.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

from ostiary.domain.errors import InvalidState
from ostiary.domain.sentences import sentence
from ostiary.storage.engine import BlockingConnection
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
MOMENT = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
EARLIER = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
 AND backend_xmin IS NOT NULL AND (extract(epoch FROM xact_start) * 1000000)::bigint < ?1"""
"""Transactions that may still see what was removed: for them PostgreSQL would copy it along."""
EARLIER_WAITED_S, EARLIER_ASKED_S = 60.0, 0.2
"""Ours end within seconds; one that does not is somebody's at a console, or a backup of another program."""


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
    _wait_for_earlier(aside)
    for number, table in enumerate(TABLES_TO_REWRITE, 1):
        aside.alone(f"VACUUM (FULL) {table}")
        tell(number, len(TABLES_TO_REWRITE))


def _wait_for_earlier(aside: BlockingConnection) -> None:
    """Those of other roles are seen by a superuser and by who is in `pg_read_all_stats` alone."""
    moment, end = aside.rows(MOMENT)[0][0], monotonic() + EARLIER_WAITED_S
    while count := int(aside.rows(EARLIER, moment)[0][0]):
        if monotonic() > end:
            raise InvalidState(
                sentence(
                    "Transactions that began earlier are still open (%(count)s), and what was removed would be kept for "
                    "them: end them (pg_stat_activity shows them), and try again.",
                    count=count,
                )
            )
        sleep(EARLIER_ASKED_S)
