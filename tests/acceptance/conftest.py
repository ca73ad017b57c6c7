"""Whole services as their users meet them: a process, a port, a data folder, the command line."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.receiver import Receiver, listening

OSTIARY = Path(sys.executable).with_name("ostiary")
READY_S, END_S, COMMAND_S = 30, 30, 60


def environment(data: Path, **settings: object) -> dict[str, str]:
    """Ours without any Ostiary setting but these: `rate_limit_per_second=0` is OSTIARY_RATE_LIMIT_PER_SECOND."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OSTIARY_")}
    asked = {f"OSTIARY_{name.upper()}": str(value) for name, value in settings.items()}
    return {**clean, "OSTIARY_DATA_DIR": str(data), **asked}


def command(variables: dict[str, str], *words: object) -> subprocess.CompletedProcess[str]:
    """Runs `ostiary` to its end."""
    line = [str(OSTIARY), *map(str, words)]
    return subprocess.run(line, env=variables, capture_output=True, text=True, timeout=COMMAND_S, check=False)


@dataclass
class RunningService:
    """`ostiary serve` on 127.0.0.1. `company` is a sandbox company made on first use."""

    data: Path
    variables: dict[str, str] = field(repr=False)
    port: int
    words: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    companies: dict[str, str] = field(default_factory=dict)
    partners: list[httpx.Client] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.with_name(self.data.name + ".log")

    def cli(self, *words: object) -> subprocess.CompletedProcess[str]:
        return command(self.variables, *words)

    def told(self, *words: object) -> Any:
        """The JSON answer of a command that has to work."""
        done = self.cli(*words, "--json")
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return json.loads(done.stdout)

    def company(self, kind: str = "sandbox") -> str:
        if kind not in self.companies:
            made = self.told("company", "create", "--name", f"Acme {kind}", "--environment", kind)
            self.companies[kind] = made["company_id"]
        return self.companies[kind]

    def key(self, level: int = 3, kind: str = "sandbox") -> str:
        made = self.told("key", "create", "--company", self.company(kind), "--level", level)
        return str(made["key"])

    def client(self, kind: str = "sandbox") -> httpx.Client:
        """A partner's connection, with a key of level 3; closed with the service."""
        headers = {"x-api-key": self.key(3, kind)}
        self.partners.append(httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False))
        return self.partners[-1]

    def line(self) -> list[str]:
        """What is run."""
        return [str(OSTIARY), "serve", "--host", "127.0.0.1", "--port", str(self.port), *self.words]

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.line(), env=self.variables, stdout=log, stderr=log)
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        self.stop(signal.SIGKILL)
        raise AssertionError(f"the service did not come up: {self.log.read_text()[-2000:]}")

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int | None:
        """The exit status; None when it did not run."""
        while self.partners:
            self.partners.pop().close()
        if self.process is None:
            return None
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(by)
        try:
            return process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


@pytest.fixture
def service_factory(tmp_path: Path) -> Iterator[Callable[..., RunningService]]:
    """Starts services, each in a folder of its own (`words` are for `serve`); what still runs at the end is ended.

    `{port}` in a setting is the service's own.
    """
    running: list[RunningService] = []

    def start(*words: str, **settings: object) -> RunningService:
        data = tmp_path / f"data{len(running)}"
        with socket.socket() as chosen:
            chosen.bind(("127.0.0.1", 0))
            port = int(chosen.getsockname()[1])
        known = {name: str(value).replace("{port}", str(port)) for name, value in settings.items()}
        service = RunningService(data, environment(data, **{"rate_limit_per_second": 0, **known}), port, words)
        running.append(service)
        service.start()
        return service

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as known:
        yield known
