"""Several processes under a supervisor: one that dies is replaced, all are replaced in turn, none is left behind."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from ostiary.runtime.supervision import supervisor
from ostiary.runtime.supervision.children import ChildKind, RestartPolicy
from ostiary.runtime.supervision.supervisor import Supervisor
from tests.acceptance.conftest import END_S, OSTIARY, environment, process
from tests.acceptance.onboarding import until
from tests.acceptance.watched import (
    ROOT,
    SETTLED_S,
    WatchedService,
    asked,
    children_of,
    descendants_of,
    ended_within,
    kill,
    watched,
)
from tests.house import template
from tests.servers.ports import free_port
from tests.servers.postgresql import Cluster

QUIET_S, BETWEEN_S = 0.4, 0.01
"""Of a caller that says nothing: far less than the 5 s for which a connection is kept that nobody uses. And of each
that is a load, between two calls."""
POSTGRESQL = "postgresql://127.0.0.1:1/ostiary"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[WatchedService]:
    with watched(tmp_path) as running:
        yield running


# ---- what is asked for ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "settings", "expected"),
    [
        (("--processes", "2"), {}, "--processes 2 needs PostgreSQL"),
        ((), {"processes": 3}, "Set OSTIARY_DATABASE_URL to postgresql://user:password@host/database"),
        (("--processes", "2", "--sandbox"), {"database_url": POSTGRESQL}, "--sandbox is for one process"),
        (("--processes", "0"), {}, "processes must be a whole number from 1 to 64"),
        ((), {"processes": "many"}, "OSTIARY_PROCESSES must be a whole number from 1 to 64"),
    ],
)
def test_what_cannot_be_says_why(
    tmp_path: Path, words: tuple[str, ...], settings: dict[str, str], expected: str
) -> None:
    done = process(environment(tmp_path / "data", **settings), "serve", *words)
    assert (done.returncode, expected in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("serve", "ostiary: The database postgresql://127.0.0.1:1/ostiary cannot be used"),  # it may hold the catalogue
        ("worker", "ostiary: /no/such/catalogue.yaml"),
    ],
)
def test_what_no_process_can_start_with_is_said_once_and_ends_it(tmp_path: Path, kind: str, fault: str) -> None:
    settings = {"catalogue": "/no/such/catalogue.yaml", "processes": 3}
    url = {"database_url": POSTGRESQL} if kind == "serve" else {}
    shutil.copytree(template(), tmp_path / "data")
    port = ("--port", free_port()) if kind == "serve" else ()
    done = process(environment(tmp_path / "data", **settings, **url), kind, *port)
    assert (done.returncode, done.stderr.count(fault)) == (1, 1), done.stderr


def test_the_setting_counts_where_the_option_says_nothing(tmp_path: Path) -> None:
    line = [str(OSTIARY), "worker"]
    shutil.copytree(template(), tmp_path / "data")
    with (tmp_path / "log").open("ab") as log:
        process = subprocess.Popen(line, env=environment(tmp_path / "data", processes=3), stdout=log, stderr=log)
    try:
        until(lambda: (tmp_path / "log").read_text().count("process_ready") == 3, "three are ready", SETTLED_S)
        assert len(children_of(process.pid)) == 3
        process.terminate()
        assert process.wait(END_S) == 0
    finally:
        process.kill()
        process.wait(END_S)


# ---- dying ----------------------------------------------------------------------------------------------------------


def test_a_process_that_is_killed_is_replaced_and_nobody_is_refused_meanwhile(service: WatchedService) -> None:
    before = service.children()
    assert len(before) == service.all == 3
    for pid in before:
        kill(pid)
    assert asked(service).status_code == 200, "it waited until there was a process again"
    service.until_ready(2 * service.all)
    after = service.children()
    assert (len(after), after & before) == (service.all, set())
    assert [event["status"] for event in service.events("process_ended")] == [-9] * service.all
    assert {event["pid"] for event in service.events("process_started")} == before | after


def test_when_the_supervisor_is_killed_no_process_stays_and_the_port_is_free(service: WatchedService) -> None:
    assert service.process is not None
    all_of_them = descendants_of(service.supervisor)
    assert len(all_of_them) >= 2
    kill(service.supervisor)
    service.process.wait(END_S)
    for pid in all_of_them:
        ended_within(pid)
    with socket.create_server(("127.0.0.1", service.port)):
        service.process = None
    [left] = Path(service.variables["TMPDIR"]).glob("ostiary-counts-*")
    os.utime(left, (0, 0))
    service.start()
    [counts_folder] = Path(service.variables["TMPDIR"]).glob("ostiary-counts-*")
    assert counts_folder != left, "what the one that was killed could not remove, the next one does"


def test_a_terminal_that_goes_away_ends_nothing(service: WatchedService) -> None:
    """It sends SIGHUP to all; only the supervisor understands it."""
    before = service.children()
    for pid in before:
        os.kill(pid, signal.SIGHUP)
    time.sleep(0.5)
    assert service.children() == before


def test_a_database_that_goes_away_and_comes_back_costs_no_process(tmp_path: Path) -> None:
    with TemporaryDirectory(prefix="ostiary-postgres-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "cluster").make().start()
        try:
            with watched(tmp_path, database_url=cluster.url(cluster.create())) as service:
                before = service.children()
                cluster.stop(signal.SIGQUIT)
                until(lambda: asked(service, "/health/ready").status_code == 503, "it is not ready")
                assert asked(service, "/health/ready").json() == {"status": "not ready"}
                assert asked(service, "/health/live").status_code == 200
                cluster.start()
                until(lambda: {asked(service, "/health/ready").status_code for _ in range(5)} == {200}, "it is again")
                assert service.children() == before
        finally:
            cluster.end()


PROCESS = "import os, sys, signal, time; line = int(sys.argv[1]); {}"
DIES = PROCESS.format("os.write(line, b'ready'); sys.exit(3)")
HANGS = PROCESS.format("signal.signal(15, signal.SIG_IGN); os.write(line, b'ready'); time.sleep(600)")
OBEYS = PROCESS.format("signal.signal(15, lambda *_: sys.exit(0)); os.write(line, b'ready'); time.sleep(600)")


def minds_sigterm(pid: int) -> bool:
    """Whether a process catches or ignores it by now."""
    try:
        fields = dict(line.split(":\t") for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    except OSError:
        return False
    return bool((int(fields["SigCgt"], 16) | int(fields["SigIgn"], 16)) >> (signal.SIGTERM - 1) & 1)


async def supervised(
    program: str, meanwhile: Callable[[int], None], **restart_policy: float
) -> tuple[int, float, set[int]]:
    """Exit status, seconds, and what is left of two such processes; `meanwhile` is told our id once they run."""

    def line_of(_: int, descriptor: int) -> list[str]:
        return [sys.executable, "-c", program, str(descriptor)]

    before = children_of(os.getpid())
    began = time.monotonic()
    policy = RestartPolicy(**restart_policy) if restart_policy else None  # type: ignore[arg-type]
    kinds = [ChildKind("serve", line_of, 2)]
    running = asyncio.create_task(Supervisor(kinds, None, 0, dict(os.environ), policy).run())
    async with asyncio.timeout(END_S):
        while not running.done() and sum(map(minds_sigterm, children_of(os.getpid()) - before)) < 2:
            await asyncio.sleep(0.05)
    meanwhile(os.getpid())
    async with asyncio.timeout(END_S):
        status = await running
    return status, time.monotonic() - began, children_of(os.getpid()) - before


async def test_processes_that_die_at_once_are_started_ever_more_slowly_and_then_given_up() -> None:
    status, seconds, left = await supervised(DIES, lambda _: None, first_wait_s=0.2, most=5)
    assert (status, left) == (1, set())
    assert seconds >= 0.2 + 0.4 + 0.8, "it waited in between"


async def test_all_ended_in_order_is_status_0() -> None:
    status, seconds, left = await supervised(OBEYS, lambda me: os.kill(me, signal.SIGTERM))
    assert (status, left) == (0, set())
    assert seconds < END_S


async def test_what_hangs_at_the_end_is_killed_and_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PARTING_S", 0.5)
    monkeypatch.setattr(supervisor, "SLACK_S", 0.5)
    status, seconds, left = await supervised(HANGS, lambda me: os.kill(me, signal.SIGINT))
    assert (status, left) == (1, set())
    assert 1.0 < seconds < END_S


@pytest.mark.parametrize(
    ("died", "wait_s"), [(1, 0.0), (2, 0.5), (3, 1.0), (4, 2.0), (8, 30.0), (9, 30.0)]
)  # fmt: skip
def test_the_waits_grow(died: int, wait_s: float) -> None:
    assert RestartPolicy().wait_s(died) == wait_s


# ---- replacing ------------------------------------------------------------------------------------------------------


@dataclass
class Load:
    """Callers that ask again soon after each answer; `kept` over one connection each, else over a new one each time."""

    service: WatchedService
    kept: bool
    over: threading.Event = field(default_factory=threading.Event)
    answers: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def call(self) -> None:
        headers = {} if self.kept else {"connection": "close"}
        with httpx.Client(base_url=self.service.url, headers=headers, timeout=END_S, trust_env=False) as caller:
            while not self.over.is_set():
                try:
                    self.answers.append(caller.get("/health/ready").status_code)
                except httpx.HTTPError as problem:
                    self.failures.append(repr(problem))
                self.over.wait(BETWEEN_S)


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept alive", "new connections"])
def test_a_rolling_restart_under_load_fails_no_request(service: WatchedService, is_kept: bool) -> None:
    before, load = service.children(), Load(service, is_kept)
    callers = [threading.Thread(target=load.call) for _ in range(8)]
    for caller in callers:
        caller.start()
    os.kill(service.supervisor, signal.SIGHUP)
    service.until_ready(2 * service.all)
    until(lambda: len(service.events("process_ended")) == service.all, "the old ones have gone", SETTLED_S)
    time.sleep(0.3)
    load.over.set()
    for caller in callers:
        caller.join(END_S)
    assert (load.failures, set(load.answers)) == ([], {200})
    assert len(load.answers) > 100
    after = service.children()
    assert (len(after), after & before) == (service.all, set())
    assert [event["status"] for event in service.events("process_ended")] == [0] * service.all


def test_a_quiet_connection_gets_a_last_answer_from_the_process_that_is_replaced(service: WatchedService) -> None:
    callers = [HTTPConnection("127.0.0.1", service.port, timeout=END_S) for _ in range(6)]
    assert [answer_of(caller) for caller in callers] == [(200, None)] * 6
    os.kill(service.supervisor, signal.SIGHUP)
    answers: set[tuple[int, str | None]] = set()

    def are_replaced() -> bool:
        time.sleep(QUIET_S)
        answers.update(answer_of(caller) for caller in callers)
        return len(service.events("process_ended")) == 2

    until(are_replaced, "both are replaced", SETTLED_S)
    assert answers in ({(200, None), (200, "close")}, {(200, "close")}), "none was closed before its last answer"
    for caller in callers:
        caller.close()


def answer_of(caller: HTTPConnection) -> tuple[int, str | None]:
    """Status, and what the answer says of the connection. Fails on one that has been closed."""
    caller.request("GET", "/health/ready")
    answer = caller.getresponse()
    answer.read()
    return answer.status, answer.headers["connection"]


def test_the_supervisor_loads_nothing_that_a_request_could_reach() -> None:
    heavy = {"aiohttp", "alembic", "asyncpg", "cryptography", "numpy", "sqlite3", "starlette", "uvicorn", "yaml"}
    program = (
        f"import ostiary.cli.dispatch, ostiary.cli.commands.serve, sys; print(sorted({heavy!r} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=END_S, check=True)
    assert done.stdout == "[]\n"


def test_a_process_that_cannot_be_replaced_stays(tmp_path: Path) -> None:
    """The catalogue has become unreadable: the new process ends, the old ones go on."""
    catalogue = tmp_path / "catalogue.yaml"
    catalogue.write_text((ROOT / "src/ostiary/adapters/config/default_catalogue.yaml").read_text())
    with watched(tmp_path, catalogue=catalogue) as service:
        before = service.children()
        catalogue.write_text("no: [")
        os.kill(service.supervisor, signal.SIGHUP)
        until(lambda: service.events("not_replaced") != [], "it is told of", SETTLED_S)
        until(lambda: service.children() == before, "the old ones stay, and only they", SETTLED_S)
        assert asked(service).status_code == 200
