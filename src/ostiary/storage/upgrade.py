"""`python -m ostiary.storage.upgrade FILE`: brings a database's schema up to date, in a process of its own."""

from __future__ import annotations

import fcntl
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config


def main() -> None:
    """Two processes that start together must not both migrate: the second waits, and finds nothing to do."""
    path = Path(sys.argv[1])
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{path}".replace("%", "%%"))
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command.upgrade(config, "head")


if __name__ == "__main__":
    main()
