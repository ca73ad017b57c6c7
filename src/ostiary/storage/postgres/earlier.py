"""Waiting until nobody sees what was removed: what an earlier transaction may still see, VACUUM copies along."""

from __future__ import annotations

from time import monotonic, sleep

from ostiary.domain.errors import InvalidState
from ostiary.domain.sentences import sentence
from ostiary.storage.engine import BlockingConnection

MOMENT = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
EARLIER = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
 AND backend_xmin IS NOT NULL AND (extract(epoch FROM xact_start) * 1000000)::bigint < ?1"""
"""Transactions that may still see what was removed: for them PostgreSQL would copy it along."""
EARLIER_WAITED_S, EARLIER_ASKED_S = 60.0, 0.2
"""Ours end within seconds; one that does not is somebody's at a console, or a backup of another program."""


def wait_for_earlier(aside: BlockingConnection) -> None:
    """Those of other roles are seen by a superuser and by who is in `pg_read_all_stats` alone. Raises InvalidState."""
    moment, end = aside.rows(MOMENT)[0][0], monotonic() + EARLIER_WAITED_S
    while count := int(aside.rows(EARLIER, moment)[0][0]):
        if monotonic() > end:
            raise InvalidState(
                sentence(
                    "Transactions that began earlier are still open (%(count)s), and what was removed would be kept "
                    "for them: end them (pg_stat_activity shows them), and try again.",
                    count=count,
                )
            )
        sleep(EARLIER_ASKED_S)
