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
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from ostiary.domain.errors import Unavailable

HOST = "127.0.0.1"
READY_S = 60
END_S = 30
LOG_CHARACTERS = 1_000
_START = "from ostiary.cli import main; main()"


@dataclass(frozen=True, slots=True)
class DemoService:
    """A running service: its address, and a key of level 3 for each kind of company there is in it."""

    url: str
    keys: Mapping[str, str] = field(repr=False)


@contextmanager
def temporary_service(environment: Mapping[str, str]) -> Iterator[DemoService]:
    """A fresh service with a sandbox company and a production one. Raises Unavailable when it does not come up."""
    with tempfile.TemporaryDirectory(prefix="ostiary-demo-") as temporary:
        folder, port = Path(temporary) / "data", _free_port()
        variables = {**environment, "OSTIARY_DATA_DIR": str(folder)}
        with (Path(temporary) / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                [sys.executable, "-c", _START, "serve", "--sandbox", "--host", HOST, "--port", str(port)],
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            _wait_until_ready(process, port, Path(temporary) / "log")
            sandbox = json.loads((folder / "sandbox.json").read_text())["keys"]["3"]
            yield DemoService(f"http://{HOST}:{port}", {"sandbox": sandbox, "production": _production_key(variables)})
        finally:
            _end(process)


def _production_key(variables: Mapping[str, str]) -> str:
    """A key of a production company, made as an operator makes one: on the command line, while the service runs."""
    company = _answer_of(variables, "company", "create", "--name", "Demo", "--environment", "production")["company_id"]
    return str(_answer_of(variables, "key", "create", "--company", company, "--level", "3")["key"])


def _answer_of(variables: Mapping[str, str], *words: str) -> dict[str, str]:
    done = subprocess.run(  # noqa: S603 (our own interpreter and module)
        [sys.executable, "-c", _START, *words, "--json"], env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Unavailable(f"The demo's own service cannot be set up: {done.stderr.strip()[-LOG_CHARACTERS:]}")
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


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
    """Asks the process to end, then kills it."""
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
