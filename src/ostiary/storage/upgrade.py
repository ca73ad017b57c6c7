"""`python -m ostiary.storage.upgrade FILE`: brings a database's schema up to date, in a process of its own."""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL


def main() -> None:
    """Two processes that start together must not both migrate: the second waits, and finds nothing to do."""
    path = Path(sys.argv[1])
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = URL.create("sqlite", database=str(path))
    lock = os.open(path.with_name(path.name + ".lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command.upgrade(config, "head")
    finally:
        os.close(lock)


if __name__ == "__main__":
    main()
