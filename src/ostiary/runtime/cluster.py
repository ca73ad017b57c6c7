"""`ostiary serve` and `ostiary worker`: which processes there are, and who looks after them.

One process that serves looks after its worker itself; of several, a supervisor does that looks after all.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from ostiary.runtime.listener import listen
from ostiary.runtime.supervision.children import ChildKind
from ostiary.runtime.supervision.companion import beside, line_of
from ostiary.runtime.supervision.shared_listener import ConnectionCounts
from ostiary.runtime.supervision.supervisor import Supervisor
from ostiary.runtime.welcome import Welcome
from ostiary.setting_readers import WorkerPlace
from ostiary.settings import Settings
from ostiary.telemetry import logs

COUNTS = "ostiary-counts-"
COUNTS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
JUST_MADE_S = 60
"""Between making such a folder and holding it lies a moment."""
POSTGRESQL = ("postgresql", "postgres")


def fault_of(options: argparse.Namespace, settings: Settings) -> str | None:
    """Why so many processes cannot serve; None where they can."""
    count = options.processes or settings.processes
    if options.command != "serve" or count == 1:
        return None
    if urlsplit(settings.database_url).scheme not in POSTGRESQL:
        return (
            f"--processes {count} needs PostgreSQL: SQLite has one writer, which all processes would wait for. Set "
            "OSTIARY_DATABASE_URL to postgresql://user:password@host/database, or leave --processes at 1."
        )
    if options.sandbox:
        return f"--sandbox is for one process: leave it out, or --processes {count}."
    return None


def run_cluster(options: argparse.Namespace, settings: Settings, welcome: Welcome) -> int:
    """The exit status, once every process has ended. `welcome` is called before a sandbox is served."""
    count = options.processes or settings.processes
    return supervised(options, settings, count) if count > 1 else _single(options, settings, welcome)


def _single(options: argparse.Namespace, settings: Settings, welcome: Welcome) -> int:
    """Imports what counts only once it is known where counts are shared."""
    from ostiary.runtime.supervision.supervisor_link import Oversight

    if options.command != "serve" or options.worker is not WorkerPlace.BESIDE:
        from ostiary.runtime.startup import start

        return start(options, settings, Oversight(), welcome)
    with counted() as counts:
        os.environ[COUNTS_FOLDER] = counts  # before what counts is imported
        from ostiary.runtime.startup import start

        return start(options, settings, Oversight(counts_shared=True), welcome)


def supervised(options: argparse.Namespace, settings: Settings, count: int) -> int:
    """Runs `count` processes until told to end. Raises Refused for an address that cannot be listened on."""
    logs.set_up(settings.log_level)
    listening = None if options.port is None else listen(options.host, options.port)
    with counted() as counts:
        path = Path(counts) / "connections"
        shares = ConnectionCounts.create(path)
        places = {
            "listening": None if listening is None else listening.fileno(),
            "shares": None if listening is None else str(path),
        }
        orders = {"command": options.command, "host": options.host, "port": options.port, **places}
        if options.command == "serve":
            is_inside = options.worker is WorkerPlace.INSIDE
            orders["worker"] = WorkerPlace.INSIDE if is_inside else WorkerPlace.ELSEWHERE
        kinds = [ChildKind(options.command, partial(line_of, orders), count)]
        if options.command == "serve" and options.worker is WorkerPlace.BESIDE:
            kinds.append(beside(is_sandbox=False))
        watch = Supervisor(
            kinds, listening, settings.drain_s, {**os.environ, COUNTS_FOLDER: counts}, absent=shares.absent
        )
        return asyncio.run(watch.run())


@contextmanager
def counted() -> Iterator[str]:
    """A folder of this service's counts, for as long as it lives; one of a service that was killed goes now."""
    for other in Path(tempfile.gettempdir()).glob(f"{COUNTS}*"):
        with suppress(OSError), _held(other, fcntl.LOCK_NB):  # somebody else's, or of a service that lives
            if time.time() - other.stat().st_mtime > JUST_MADE_S:
                shutil.rmtree(other, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=COUNTS) as folder, _held(Path(folder)):
        yield folder


@contextmanager
def _held(folder: Path, or_not: int = 0) -> Iterator[None]:
    """Locks it until the end or the death of this process. Raises OSError, with LOCK_NB also when another holds it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | or_not)
        yield
    finally:
        os.close(handle)
