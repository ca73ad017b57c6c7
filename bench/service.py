"""Services under test: started in a folder of their own, asked until ready, ended by their process id."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from bench.processes import cpu_seconds
from bench.wire import Server
from ostiary.app import Installation, opened
from ostiary.cli.commands.companies import create_company, create_key
from ostiary.domain.companies.company import Environment
from ostiary.settings import read_settings

ROOT = Path(__file__).resolve().parent.parent
OSTIARY = Path(sys.executable).with_name("ostiary")
PEER_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
READY_S, END_S, COMMAND_S = 60, 15, 60
PEER_KEY = "bench-key-known-to-both-sides"


@dataclass
class Service:
    """One service on 127.0.0.1. Its output goes to `log`, which an assertion quotes when it does not come up."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(repr=False)
    log: Path
    port: int
    key: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def server(self) -> Server:
        return Server(f"http://127.0.0.1:{self.port}", self.key)

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> float:
        """Seconds from the start of the process until GET /health/ready is 200."""
        began = time.perf_counter()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, cwd=ROOT, stdout=log, stderr=log)
        while time.perf_counter() - began < READY_S:
            if self._is_ready():
                return time.perf_counter() - began
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        self.stop()
        raise AssertionError(f"{self.name} did not become ready: {self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)

    def _is_ready(self) -> bool:
        # A plain connection first: most of the waiting is for the port, and asking for that must cost nearly nothing.
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", self.port)):
                return False
        try:
            with urllib.request.urlopen(self.server.url + "/health/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def make_peer(folder: Path) -> Service:
    """The usual way, under uvicorn with uvloop and httptools. No access log: one expense less for the peer."""
    return _made_peer("peer", "fastapi_app:app", folder)


def make_bare(folder: Path) -> Service:
    """Nothing in between: an ASGI function over SQL, without what Ostiary does besides (`bench/peers/bare_app.py`)."""
    return _made_peer("bare", "bare_app:app", folder)


def _made_peer(name: str, app: str, folder: Path) -> Service:
    assert PEER_PYTHON.exists(), "the peers need their own environment: requirements/bench.txt in .venv-bench"
    port = free_port()
    command = [
        str(PEER_PYTHON), "-m", "uvicorn", app, "--app-dir", str(ROOT / "bench" / "peers"),
        "--host", "127.0.0.1", "--port", str(port), "--loop", "uvloop", "--http", "httptools",
        "--workers", "1", "--no-access-log", "--log-level", "warning",
    ]  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**_clean_environment(), "PEER_DATA_DIR": str(folder), "PEER_API_KEY": PEER_KEY}
    return Service(name, command, environment, folder / "serve.log", port, PEER_KEY)


def make_ostiary(folder: Path, key: str | None = None, program: str = str(OSTIARY), **variables: str) -> Service:
    """Ostiary as it ships, but for the rate limit. Without a key, a company and a key are made first. `program` is
    the `ostiary` command of another version, say; `variables` are added to the environment."""
    assert Path(program).exists(), f"{program} is missing: install the project into this environment first"
    folder.mkdir(parents=True, exist_ok=True)
    ours = {"OSTIARY_DATA_DIR": str(folder), "OSTIARY_RATE_LIMIT_PER_SECOND": "0", **variables}
    environment = {**_clean_environment(), **ours}
    port = free_port()
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port)]
    if key is None:
        words = ("company", "create", "--name", "B", "--environment", "sandbox")
        company = _told(program, environment, *words)["company_id"]
        key = _told(program, environment, "key", "create", "--company", company, "--level", "3")["key"]
    return Service("ostiary", command, environment, folder / "serve.log", port, key)


def new_keys(service: Service, number: int) -> list[str]:
    """Keys, of level 3, each of a company of its own in Ostiary's sandbox. Commands take long to begin."""
    ours = {name: value for name, value in service.environment.items() if name.startswith("OSTIARY_")}
    with opened(read_settings(ours)) as parts:
        return [asyncio.run(_new_key(parts)) for _ in range(number)]


async def _new_key(parts: Installation) -> str:
    company = await create_company(parts, "B", Environment.SANDBOX, None, "operator:bench")
    return (await create_key(parts, company.id, 3, (), "operator:bench")).secret


MAKERS = {"peer": make_peer, "bare": make_bare, "ostiary": make_ostiary}


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("OSTIARY_")}


def _told(program: str, environment: dict[str, str], *words: str) -> dict[str, str]:
    command = [program, *words, "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=COMMAND_S, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr[-2000:]}"
    answer: dict[str, str] = json.loads(done.stdout)
    return answer
