"""`ostiary serve` and `ostiary worker`, in one process or in several under a supervisor."""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from ostiary import logs
from ostiary.cli import EXIT_OK, EXIT_USAGE
from ostiary.cli.listening import Shares
from ostiary.cli.supervisor import Supervisor
from ostiary.domain.errors import Refused
from ostiary.settings import Settings

BACKLOG = 1024
"""Connections waiting to be taken."""
COUNTS = "ostiary-counts-"
JUST_MADE_S = 60
"""Between making such a folder and holding it lies a moment."""
POSTGRESQL = ("postgresql", "postgres")


def do(options: argparse.Namespace, settings: Settings) -> int:
    signal.signal(signal.SIGTERM, _end_early)
    count = options.processes or settings.processes
    if count == 1:
        from ostiary.cli.oversight import Oversight
        from ostiary.cli.serve import run

        return run(options, settings, Oversight())
    if options.command == "serve":
        fault = _fault(options, settings, count)
        if fault is not None:
            from ostiary.cli.running import failed

            return failed(options, fault, EXIT_USAGE)
    return supervised(options, settings, count)


def supervised(options: argparse.Namespace, settings: Settings, count: int) -> int:
    """Runs `count` processes until told to end. Raises Refused for an address that cannot be listened on."""
    logs.set_up(settings.log_level)
    listening = listen(options.host, options.port) if options.command == "serve" else None
    with counted() as counts:
        path = Path(counts) / "connections"
        shares = Shares.made(path)

        def line_of(number: int, descriptor: int) -> list[str]:
            asked = {
                "command": options.command,
                "number": number,
                "line": descriptor,
                "listening": None,
                "shares": None,
            }
            if listening is not None:
                asked |= {"listening": listening.fileno(), "shares": str(path)}
                asked |= {"host": options.host, "port": options.port, "sandbox": False}
            return [sys.executable, "-m", "ostiary.cli.child", json.dumps(asked)]

        environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": counts}
        watch = Supervisor(line_of, count, listening, settings.drain_s, environment, absent=shares.absent)
        return asyncio.run(watch.run())


@contextmanager
def counted() -> Iterator[str]:
    """A folder of this service's counts, for as long as it lives; one of a service that was killed goes now."""
    for other in Path(tempfile.gettempdir()).glob(f"{COUNTS}*"):
        with suppress(OSError), _held(other, fcntl.LOCK_NB):  # somebody else's, or of a service that lives
            if time.time() - other.stat().st_mtime > JUST_MADE_S:
                shutil.rmtree(other, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=COUNTS) as made, _held(Path(made)):
        yield made


@contextmanager
def _held(folder: Path, or_not: int = 0) -> Iterator[None]:
    """Locks it until the end or the death of this process. Raises OSError, with LOCK_NB also when another holds it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | or_not)
        yield
    finally:
        os.close(handle)


def listen(host: str, port: int) -> socket.socket:
    """Listens; what connects waits until a process takes it. Raises Refused, with what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as fault:
        why = getattr(fault, "strerror", None) or fault
        raise Refused(
            f"Port {port} of {host} cannot be used: {why}. Is Ostiary running there already? --port chooses another."
        ) from None


def _end_early(*_: object) -> None:
    """Until there is an event loop that hears it. As the first process of a container we would not end otherwise: the
    system keeps signals from it that it has no handler for."""
    raise SystemExit(EXIT_OK)


def _fault(options: argparse.Namespace, settings: Settings, count: int) -> str | None:
    if urlsplit(settings.database_url).scheme not in POSTGRESQL:
        return (
            f"--processes {count} needs PostgreSQL: SQLite has one writer, which all processes would wait for. Set "
            "OSTIARY_DATABASE_URL to postgresql://user:password@host/database, or leave --processes at 1."
        )
    if options.sandbox:
        return f"--sandbox is for one process: leave it out, or --processes {count}."
    return None
