"""What every measurement stands on: the folder, the contestants, the load as a child process, and progress."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.load import Target
from bench.material import photograph
from bench.processes import Peak
from bench.service import MAKERS, ROOT, Service
from bench.tally import Report

LOAD_S = 600


@dataclass(frozen=True)
class Bed:
    """`names` are the contestants in the order of each round; `tell` shows what is going on."""

    folder: Path
    names: tuple[str, ...]
    rounds: int
    quick: bool
    growth_large: int
    seeds: Path
    tell: Callable[[str], None]

    @contextmanager
    def running(self, where: str) -> Iterator[dict[str, Service]]:
        """Fresh services on fresh data, all at once: an idle one costs its rival next to nothing."""
        services: dict[str, Service] = {}
        try:
            for name in self.names:
                self.tell(f"starting {name}")
                services[name] = MAKERS[name](self.folder / where / name)
                services[name].start()
            yield services
        finally:
            for one in services.values():
                one.stop()

    def load(self, scenario: str, services: list[Service], *more: str) -> bytes:
        """Runs the load to its end and gives what it printed."""
        command = [sys.executable, "-m", "bench.load", scenario]
        for one in services:
            command += ["--url", one.server.url, "--key", one.key]
        done = subprocess.run([*command, *more], cwd=ROOT, capture_output=True, timeout=LOAD_S, check=False)
        assert done.returncode == 0, f"load {scenario}: {done.stderr.decode()[-2000:]}"
        return done.stdout

    def prepared(self, service: Service, number: int) -> Path:
        """Enablements to upload to, as a file for the load."""
        path = self.folder / f"targets-{service.name}.json"
        path.write_bytes(self.load("prepare", [service], "--count", str(number)))
        return path

    def picture(self) -> Path:
        path = self.folder / "page.jpg"
        if not path.exists():
            path.write_bytes(photograph())
        return path


@dataclass(frozen=True)
class Measured:
    """One run of the load against one service, with what the service spent on it."""

    report: Report
    cpu_ms: float  # processor time of the service for each successful request
    peak_mb: float


def measure(bed: Bed, service: Service, scenario: str, *more: str) -> Measured:
    """Fails when any request failed: a service that is fast because it refuses is not fast."""
    before = service.cpu_seconds()
    with Peak(service.pid) as peak:
        report = msgspec.json.decode(bed.load(scenario, [service], *more), type=Report)
    spent = service.cpu_seconds() - before
    assert report.requests, f"{service.name}: nothing succeeded: {report.errors}"
    assert not report.errors, f"{service.name}: {report.errors}"
    return Measured(report, spent / report.requests * 1000, peak.mb)


def write_targets(path: Path, targets: list[Target]) -> Path:
    path.write_bytes(msgspec.json.encode(targets))
    return path
