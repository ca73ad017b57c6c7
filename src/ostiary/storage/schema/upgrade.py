"""`python -m ostiary.storage.schema.upgrade`: brings a database to a revision, both given on the standard input,
in a process of its own. (An address may hold a password, and arguments are seen by everybody on the machine.)
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError

from ostiary.prctl import hide_from_others
from ostiary.storage.postgres.reasons import reason


def main() -> None:
    """Two processes that start together must not both migrate: the second waits, and finds nothing to do.

    On PostgreSQL the migrations' own connection sees to that, by an advisory lock.
    """
    hide_from_others()  # the address that comes now may hold a password
    url, revision = sys.stdin.buffer.read().decode(errors="surrogateescape").strip().rpartition(" ")[::2]
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.attributes["url"] = url
    scheme, _, path = url.partition("://")
    if scheme != "sqlite":
        try:
            command.upgrade(config, revision)
        except (DBAPIError, asyncpg.PostgresError, OSError) as problem:  # a fault of ours keeps its traceback
            sys.exit(_words(problem))
        return
    lock = os.open(f"{path}.lock", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command.upgrade(config, revision)
    finally:
        os.close(lock)


def _words(problem: BaseException) -> str:
    """What the server said, without the statement and the calls that led there."""
    cause = problem.orig if isinstance(problem, DBAPIError) else problem
    server = getattr(cause, "__cause__", None) or cause  # SQLAlchemy's driver wraps the server's error once more
    return f"{reason(server)} ({server})" if reason(server) != type(server).__name__ else str(server)


if __name__ == "__main__":
    main()
