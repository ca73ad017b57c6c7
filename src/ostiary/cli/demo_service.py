"""A service for the time of a demo: its own process, port and data folder, all gone afterwards."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from ostiary.domain.errors import Unavailable

HOST = "127.0.0.1"
READY_S = 60
END_S = 30
LOG_CHARACTERS = 1_000
_START = "from ostiary.cli import main; main()"


@contextmanager
def temporary_service(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The address of a fresh sandbox and a key of level 3. Raises Unavailable when it does not come up."""
    with tempfile.TemporaryDirectory(prefix="ostiary-demo-") as made:
        folder, port = Path(made) / "data", _free_port()
        with (Path(made) / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                [sys.executable, "-c", _START, "serve", "--sandbox", "--host", HOST, "--port", str(port)],
                env={**environment, "OSTIARY_DATA_DIR": str(folder)}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            _wait_until_ready(process, port, Path(made) / "log")
            keys = json.loads((folder / "sandbox.json").read_text())["keys"]
            yield f"http://{HOST}:{port}", keys["3"]
        finally:
            _end(process)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_S
    while process.poll() is None and time.monotonic() < deadline:
        if _is_ready(port):
            return
        time.sleep(0.05)
    raise Unavailable(f"The demo's own service did not come up: {log.read_text('utf-8', 'replace')[-LOG_CHARACTERS:]}")


def _is_ready(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Politely, then not."""
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind((HOST, 0))
        return int(chosen.getsockname()[1])
