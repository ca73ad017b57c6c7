"""PgBouncer in transaction mode, in front of a cluster."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import missing
from tests.servers.ports import free_port
from tests.servers.postgresql import END_S, HOW, START_S, Cluster, as_whom, belongs_to_server

SERVER_CONNECTIONS = 3
"""Far fewer than clients have, so that every client meets every server connection."""
KNOWS_STATEMENTS = (1, 21)
"""From this version on it can keep track of prepared statements itself; here it must not, as older ones cannot."""


@dataclass
class Pooler:
    """One that may be stopped and started again, on the same port. Skips or fails where it is missing."""

    cluster: Cluster
    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
        if program is None:
            missing(HOW)
        belongs_to_server(self.folder)
        settings = self.folder / "pgbouncer.ini"
        settings.write_text(self._settings(program))
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([program, str(settings)], stdout=log, stderr=log, cwd="/", **as_whom())
        self._wait(self.process)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """SIGTERM: at once, with a word to those connected; SIGKILL: without one."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(END_S)
            self.process = None

    def _settings(self, program: str) -> str:
        version_text = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        version = tuple(int(number) for number in version_text.split()[1].split(".")[:2])
        return f"""[databases]
* = host=127.0.0.1 port={self.cluster.port} user=ostiary
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {SERVER_CONNECTIONS}
max_client_conn = 200
{"max_prepared_statements = 0" if version >= KNOWS_STATEMENTS else ""}
"""

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        end, log = time.monotonic() + START_S, self.folder / "log"
        while time.monotonic() < end:
            assert process.poll() is None, log.read_text()[-2000:]
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise AssertionError(log.read_text()[-2000:])


@contextmanager
def pooling(cluster: Cluster, folder: Path) -> Iterator[Pooler]:
    """One that runs."""
    pooler = Pooler(cluster, folder)
    pooler.start()
    try:
        yield pooler
    finally:
        pooler.stop()


@contextmanager
def running(cluster: Cluster, folder: Path) -> Iterator[int]:
    """Its port."""
    with pooling(cluster, folder) as pooler:
        yield pooler.port
