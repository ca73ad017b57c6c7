"""Services of several processes, and looking at processes from outside."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.acceptance.conftest import END_S, RunningService, environment
from tests.acceptance.databases import migrated
from tests.acceptance.onboarding import until
from tests.servers.ports import free_port
from tests.servers.postgresql import shared

ROOT = Path(__file__).parents[2]
SETTLED_S = 60


@dataclass
class WatchedService(RunningService):
    """`count` processes of `serve` under their supervisor, and `workers` beside them, on PostgreSQL."""

    count: int = 2
    workers: int = 1
    is_cold: bool = True

    @property
    def all(self) -> int:
        return self.count + self.workers

    def start(self) -> None:
        before = len(self.events("process_ready")) if self.log.exists() else 0
        super().start()
        self.until_ready(before + self.all)

    @property
    def supervisor(self) -> int:
        assert self.process is not None
        return self.process.pid

    def events(self, name: str) -> list[dict[str, Any]]:
        """The log's lines of one event, from the start of the service."""
        return events_of(self.log, name)

    def until_ready(self, count: int) -> None:
        """Until so many processes have said that they are ready, since the log began."""
        until(lambda: len(self.events("process_ready")) >= count, f"{count} processes are ready", SETTLED_S)

    def children(self) -> set[int]:
        return children_of(self.supervisor)


def events_of(log: Path, name: str = "") -> list[dict[str, Any]]:
    """A log's lines of one event, or of all."""
    whole = log.read_text().rpartition("\n")[0]  # of the last line only a part may be written yet
    lines = (json.loads(line) for line in whole.splitlines() if line.startswith("{"))
    return [line for line in lines if name in ("", line["event"])]


def pids_of(service: WatchedService, kind: str) -> set[int]:
    """Of every process of a kind that was ever started."""
    return {int(event["pid"]) for event in service.events("process_started") if event["kind"] == kind}


def children_of(pid: int) -> set[int]:
    """The living processes that a process started."""
    pids = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            pids.add(int(folder.name))
    return pids


def descendants_of(pid: int) -> set[int]:
    children = children_of(pid)
    return children.union(*(descendants_of(child) for child in children))


def is_alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


@contextmanager
def watched(tmp_path: Path, count: int = 2, **settings: object) -> Iterator[WatchedService]:
    """Such a service, in a folder of its own; what still runs at the end is ended."""
    port, data, database = free_port(), tmp_path / "watched", migrated(shared())
    usual = {"rate_limit_per_second": 0, "allowed_private_networks": "127.0.0.0/8"}
    variables = environment(data, **{**usual, "database_url": shared().url(database), **settings})
    words = ("--processes", str(count))
    service = WatchedService(data, {**variables, "TMPDIR": str(tmp_path)}, port, words, count=count)
    try:
        service.start()
        yield service
    finally:
        mine = descendants_of(service.supervisor) if service.process is not None else set()
        service.stop()
        left = {pid for pid in mine if is_alive(pid)}
        end = time.monotonic() + END_S
        while left and time.monotonic() < end:
            time.sleep(0.05)
            left = {pid for pid in left if is_alive(pid)}
        for pid in left:
            kill(pid)
        shared().drop([database])
        assert not left, "every process ends with the service"


def asked(service: RunningService, path: str = "/health/live") -> httpx.Response:
    """Over a connection of its own."""
    return httpx.get(service.url + path, trust_env=False, timeout=END_S)


def ended_within(pid: int, patience_s: float = END_S) -> float:
    """Seconds until a process is gone."""
    began = time.monotonic()
    until(lambda: not is_alive(pid), f"{pid} ends", patience_s)
    return time.monotonic() - began
