"""PgBouncer in transaction mode, in front of a cluster."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.servers import missing
from tests.servers.ports import free_port
from tests.servers.postgresql import END_S, HOW, START_S, Cluster, as_whom, belongs_to_server

SERVER_CONNECTIONS = 3
"""Far fewer than clients have, so that every client meets every server connection."""


@contextmanager
def running(cluster: Cluster, folder: Path) -> Iterator[int]:
    """Its port. Skips or fails where it is missing."""
    found = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if found is None:
        missing(HOW)
    port = free_port()
    belongs_to_server(folder)
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"""[databases]
* = host=127.0.0.1 port={cluster.port} user=ostiary
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {SERVER_CONNECTIONS}
max_client_conn = 200
"""
    )
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([found, str(settings)], stdout=log, stderr=log, cwd="/", **as_whom())
    try:
        _wait(port, process, folder / "log")
        yield port
    finally:
        process.terminate()
        process.wait(END_S)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()[-2000:]
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text()[-2000:])
