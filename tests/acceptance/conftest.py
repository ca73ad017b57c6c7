"""Whole services as their users meet them: a process, a port, a data folder, the command line."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any, BinaryIO

import httpx
import pytest

from tests.acceptance.receiver import Receiver, listening
from tests.commands import command
from tests.house import template
from tests.servers import warm
from tests.servers.ports import free_port
from tests.servers.warm import Forked

OSTIARY = Path(sys.executable).with_name("ostiary")
COMMAND = "tests.servers.warm_command:run"
READY_S, END_S, COMMAND_S = 120, 60, 180
"""On a machine whose cores are all busy with something else; nothing waits so long that ends as it should."""


def environment(data: Path, **settings: object) -> dict[str, str]:
    """Ours without any Ostiary setting but these: `rate_limit_per_second=0` is OSTIARY_RATE_LIMIT_PER_SECOND."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OSTIARY_")}
    asked = {f"OSTIARY_{name.upper()}": str(value) for name, value in settings.items()}
    return {**clean, "OSTIARY_DATA_DIR": str(data), **asked}


def process(variables: dict[str, str], *words: object) -> subprocess.CompletedProcess[str]:
    """Runs `ostiary` as a process of its own to its end, where that is what is tested."""
    return warm.run(COMMAND, str(OSTIARY), *map(str, words), variables=variables)


def begun(
    variables: dict[str, str], log: BinaryIO, *line: str, is_cold: bool = False, target: str = COMMAND
) -> Forked | Popen[bytes]:
    """A process that goes on: a program and its words. What it says goes to the log. One that `is_cold` begins with the
    program's first instruction, as it must where its start, or what the kernel knows of it, is tested; any other has
    imported all that it needs, which takes longer than the rest of a start."""
    if is_cold or "LD_PRELOAD" in variables:
        return subprocess.Popen(line, env=variables, stdout=log, stderr=log)
    with open(os.devnull, "rb") as nothing:
        files = (nothing.fileno(), log.fileno(), log.fileno())
        return warm.begun(target, *line, files=files, variables=variables)


@dataclass
class RunningService:
    """`ostiary serve` on 127.0.0.1, and commands beside it. `company` is a sandbox company made on first use."""

    data: Path
    variables: dict[str, str] = field(repr=False)
    port: int
    words: tuple[str, ...] = ()
    process: Forked | Popen[bytes] | None = None
    is_cold: bool = False
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

    def answer(self, *words: object) -> Any:
        """The JSON answer of a command that has to work."""
        done = self.cli(*words, "--json")
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return json.loads(done.stdout)

    def fresh(self) -> RunningService:
        """The same service with companies of their own: what other tests did is not seen by them."""
        self.companies = {}
        return self

    def company(self, kind: str = "sandbox") -> str:
        if kind not in self.companies:
            created = self.answer("company", "create", "--name", f"Acme {kind}", "--environment", kind)
            self.companies[kind] = created["company_id"]
        return self.companies[kind]

    def key(self, level: int = 3, kind: str = "sandbox") -> str:
        created = self.answer("key", "create", "--company", self.company(kind), "--level", level)
        return str(created["key"])

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
            self.process = begun(self.variables, log, *self.line(), is_cold=self.is_cold)
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


def installed(
    data: Path, *words: str, is_new: bool = False, is_cold: bool = False, **settings: object
) -> RunningService:
    """A service that does not run yet (`words` are for `serve`), on a database that is migrated unless `is_new`.

    `{port}` in a setting is the service's own.
    """
    if not is_new:
        shutil.copytree(template(), data)
    port = free_port()
    texts = {name: str(value).replace("{port}", str(port)) for name, value in settings.items()}
    return RunningService(
        data, environment(data, **{"rate_limit_per_second": 0, **texts}), port, words, is_cold=is_cold
    )


@contextmanager
def services(folder: Path) -> Iterator[Callable[..., RunningService]]:
    """Starts services, each in a folder of its own; what still runs at the end is ended. Parameters as `installed`."""
    running: list[RunningService] = []

    def start(*words: str, **settings: Any) -> RunningService:
        service = installed(folder / f"data{len(running)}", *words, **settings)
        running.append(service)
        service.start()
        return service

    try:
        yield start
    finally:
        for service in running:
            if service.process is not None and service.process.poll() is None:
                service.process.terminate()  # all at once, and then each is waited for
        for service in running:
            service.stop()


@pytest.fixture
def service_factory(tmp_path: Path) -> Iterator[Callable[..., RunningService]]:
    """For services that a test stops, spoils, or sets up in its own way."""
    with services(tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def module_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., RunningService]]:
    """For a service that the tests of a module share, each with companies of its own (`fresh`)."""
    with services(tmp_path_factory.mktemp("services")) as start:
        yield start


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as listener:
        yield listener
