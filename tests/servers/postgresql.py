"""A PostgreSQL cluster of the tests' own, one for all processes of a run, and a database in it for each test that asks.

Not root: PostgreSQL refuses it. Without fsync, since no test cuts the machine's power: tests of durability kill
processes, which loses nothing that was written.
"""

from __future__ import annotations

import os
import pwd
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from glob import glob
from pathlib import Path
from typing import Any

from tests.servers import missing
from tests.servers.console import console
from tests.servers.ports import free_port
from tests.servers.sharing import place_of

HOW = "PostgreSQL 15 or later is needed for tests: apt-get install postgresql pgbouncer"
OLDEST = 15
START_S, END_S = 120, 60
QUIET = {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off", "shared_buffers": "64MB",
         "max_connections": "400", "autovacuum_naptime": "10s", "log_min_messages": "fatal"}  # fmt: skip


def program(name: str) -> str:
    """Where a program of PostgreSQL is. Skips or fails where it is missing."""
    places = sorted(glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda path: int(path.split("/")[4]), reverse=True)
    newest = next((place for place in places if int(place.split("/")[4]) >= OLDEST), None) or shutil.which(name)
    if newest is None:
        missing(HOW)
    return newest


def as_whom() -> dict[str, Any]:
    """How `subprocess` runs something as a user who is not root."""
    if os.geteuid() != 0:
        return {}
    return {"user": _nobody(), "group": pwd.getpwnam(_nobody()).pw_gid, "extra_groups": []}


def _nobody() -> str:
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def belongs_to_server(folder: Path) -> Path:
    """The folder, made over to the user that the server runs as."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        who = pwd.getpwnam(_nobody())
        os.chown(folder, who.pw_uid, who.pw_gid)
    return folder


@dataclass
class Cluster:
    """A cluster in a folder. `start` it; `kill` and `start` again as often as wanted."""

    folder: Path
    settings: dict[str, str] = field(default_factory=lambda: dict(QUIET))
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def make(self) -> Cluster:
        belongs_to_server(self.folder)
        line = [
            program("initdb"),
            "-D",
            str(self.data),
            "-U",
            "ostiary",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ]
        done = subprocess.run(line, capture_output=True, text=True, check=False, cwd="/", **as_whom())
        assert done.returncode == 0, done.stderr
        return self

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> Cluster:
        options = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": str(self.folder)}
        pairs = [part for name, value in {**self.settings, **options}.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [program("postgres"), "-D", str(self.data), *pairs], stdout=log, stderr=log, cwd="/", **as_whom()
            )
        self.wait()
        return self

    def wait(self) -> None:
        """Until it takes connections."""
        line = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        end = time.monotonic() + START_S
        while subprocess.run(line, check=False).returncode != 0:
            assert time.monotonic() < end, self.log.read_text()[-2000:]
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()[-2000:]
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: connections are closed; SIGQUIT: at once, as after a crash."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(END_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(END_S)

    def end(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str, port: int | None = None) -> str:
        return f"postgresql://ostiary@127.0.0.1:{port or self.port}/{database}"

    def sql(self, database: str, *texts: str) -> str:
        """Runs statements with psql; what they print, unaligned."""
        line = [program("psql"), "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", self.url(database)]
        pairs = [part for text in texts for part in ("-c", text)]
        done = subprocess.run([*line, *pairs], capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def create(self, template: str = "template0") -> str:
        """A new database; its name. Files are copied: without fsync that is much faster than logging them."""
        name = f"ostiary_{secrets.token_hex(6)}"
        console().execute(self.url("postgres"), f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, names: Sequence[str]) -> None:
        for name in names:
            console().execute(self.url("postgres"), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def own(**settings: str) -> Iterator[Cluster]:
    """One that a test may stop and start: with fsync, so that it comes back as it would.

    In a folder outside pytest's, which nobody but who runs it may look into.
    """
    folder = Path(tempfile.mkdtemp(prefix="ostiary-postgres-"))
    folder.chmod(0o755)
    cluster = Cluster(folder / "cluster", {**QUIET, "fsync": "on", "full_page_writes": "on", **settings})
    try:
        yield cluster.make().start()
    finally:
        cluster.end()
        shutil.rmtree(folder, ignore_errors=True)


@lru_cache(maxsize=1)
def shared() -> Cluster:
    """The one that all tests of a run share, which must not stop it. Skips or fails where it is missing."""
    program("postgres")
    place = place_of("postgresql")
    return Cluster(Path(place["folder"]), port=int(place["port"]))


def begin(folder: Path) -> Cluster:
    """One in the folder of a run, for its keeper."""
    return Cluster(folder / "postgresql").make().start()


def main() -> None:
    """Prints the address of a fresh database, which is there until nobody reads on: for the conformance suite."""
    with own(fsync="off", full_page_writes="off") as cluster:
        sys.stdout.write(cluster.url(cluster.create()) + "\n")
        sys.stdout.flush()
        poller = select.poll()
        poller.register(sys.stdout, select.POLLHUP | select.POLLERR)
        poller.poll()


if __name__ == "__main__":
    main()
