"""Keeps a server for a run of tests: starts it, writes down where it is, ends it when the run's last user is gone."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import sys
from pathlib import Path

from tests.servers import object_store, postgresql
from tests.servers.sharing import VARIABLE


def keep(kind: str, folder: Path) -> None:
    """Until nobody holds the lock of the run's users any more."""
    server = postgresql.begin(folder) if kind == "postgresql" else object_store.begin(folder)
    try:
        part = folder / f"{kind}.part"
        part.write_text(json.dumps({"folder": str(server.folder), "port": str(server.port)}))
        part.rename(folder / f"{kind}.json")
        wait_for_the_last(folder)
    finally:
        server.end()
        (folder / f"{kind}.kept").unlink(missing_ok=True)
        if not list(folder.glob("*.kept")):
            shutil.rmtree(folder, ignore_errors=True)


def wait_for_the_last(folder: Path) -> None:
    """A folder that is gone has no users."""
    try:
        users = os.open(folder / "users", os.O_RDWR)
    except FileNotFoundError:
        return
    fcntl.flock(users, fcntl.LOCK_EX)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    keep(sys.argv[1], Path(os.environ[VARIABLE]))
