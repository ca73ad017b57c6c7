"""Workers and machines that misbehave: a worker is stopped for longer than its lease, one is killed, the disk
is full. Nothing answered is lost, nothing has a double effect."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import httpx
import pytest

from tests.acceptance.conftest import RunningService
from tests.acceptance.databases import migrated
from tests.acceptance.onboarding import PATIENCE_S, person, submitted, until
from tests.acceptance.receiver import Receiver
from tests.acceptance.storm import CLIENTS, Query, assert_nothing_lost_or_doubled, at_work, of_server, until_onboarded
from tests.acceptance.test_worker import SHORT_LEASE, USUAL, USUAL_LEASE_S, subscribed, working
from tests.servers.postgresql import shared

Start = Callable[..., RunningService]
KEY = "A" * 43 + "="
QUIET_S, NOTICED_S = 0.3, 0.6
"""A worker looks by itself a second after what it did last: 0.7 s after a submission that begins when it was quiet for
0.3 s. Who hears of one sooner was told."""
MOST_LOOKS = 30
"""On a busy machine even what is told at once takes longer now and then."""
PROGRAMS = 2
LIMIT, MOST_CALLS = 5, 200


@pytest.fixture(params=["sqlite", "postgres"])
def installed(request: pytest.FixtureRequest) -> Iterator[tuple[dict[str, object], Callable[[RunningService], Query]]]:
    """Settings of an installation on either database, and a way to ask it."""
    if request.param == "sqlite":
        yield {}, of_file
        return
    name = migrated(shared())
    yield {"database_url": shared().url(name), "master_key": KEY}, lambda _: of_server(name)
    shared().drop([name])


def of_file(service: RunningService) -> Query:
    def rows(text: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{service.data}/ostiary.sqlite3?mode=ro", uri=True)) as database:
            return database.execute(text).fetchall()

    return rows


@pytest.mark.parametrize("installed", ["postgres"], indirect=True)
@pytest.mark.parametrize("times", [SHORT_LEASE, pytest.param({}, marks=USUAL)], ids=["short lease", "usual lease"])
@pytest.mark.parametrize("by", [signal.SIGSTOP, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_worker_that_loses_its_lease_changes_nothing_any_more(
    service_factory: Start, receiver: Receiver, by: signal.Signals, times: dict[str, object],
    installed: tuple[dict[str, object], Callable[[RunningService], Query]],
) -> None:  # fmt: skip
    """The message is sent again by another worker, who alone records how it went."""
    settings, asking = installed
    service = service_factory(embedded_worker=0, allowed_private_networks="127.0.0.0/8", **settings, **times)
    rows = asking(service)
    receiver.hangs = True
    submitted(subscribed(service, receiver), "REVIEW1")
    with working(service) as first:
        until(lambda: len(receiver.came) == 1, "the endpoint is called")
        first.send_signal(by)
        receiver.hangs = False
        with working(service) as second:
            until(lambda: len(receiver.came) > 1, "the message comes again", USUAL_LEASE_S + PATIENCE_S)
            until(
                lambda: rows("SELECT state FROM messages WHERE topic = 'webhook'") == [("delivered",)], "it is settled"
            )
            before = rows("SELECT message_id, attempt_id, status FROM attempts")
            receiver.go.set()
            if by is signal.SIGSTOP:
                first.send_signal(signal.SIGCONT)
                until(lambda: "lease_lost" in service.log.read_text(), "the first one learns of it")
            assert rows("SELECT message_id, attempt_id, status FROM attempts") == before
            assert len(before) == 1
            assert second.poll() is None
    assert len(set(receiver.ids())) == 1
    assert len(receiver.came) == 2
    assert rows("SELECT state, attempts FROM messages WHERE topic = 'webhook'") == [("delivered", 2)]
    assert service.answer("audit", "verify")["intact"]


def test_a_worker_of_another_process_is_told_at_once(
    service_factory: Start, receiver: Receiver,
    installed: tuple[dict[str, object], Callable[[RunningService], Query]],
) -> None:  # fmt: skip
    settings, _ = installed
    service = service_factory(embedded_worker=0, allowed_private_networks="127.0.0.0/8", **settings)
    partner = subscribed(service, receiver)
    with working(service):
        submitted(partner, "REVIEW1")
        until(lambda: len(receiver.came) == 1, "the worker runs")
        waits: list[float] = []
        while sum(wait < NOTICED_S for wait in waits) < 2:
            assert len(waits) < MOST_LOOKS, f"it waits for its own next look: {waits}"
            time.sleep(QUIET_S)
            began, count = time.monotonic(), len(receiver.came)
            submitted(partner, f"REVIEW{count + 1}")
            until(lambda count=count: len(receiver.came) > count, "told")  # type: ignore[misc]
            waits.append(receiver.came[-1][1] - began)


def test_a_full_disk_is_told_and_passes(service_factory: Start) -> None:
    """On SQLite: no file of the process may grow beyond what the database is, as when the disk is full. Its log of
    writes, begun anew now and then, may be longer by then: given that, it would do for a while."""
    service = service_factory(log_level="error", embedded_worker=0)  # the log is a file, too
    assert service.process is not None
    with at_work([service], PROGRAMS) as programs:
        until_onboarded(programs)
        limit(service.process.pid, str((service.data / "ostiary.sqlite3").stat().st_size))
        until(lambda: sum(len(program.refused) for program in programs) > 5, "calls are refused")
        read = httpx.get(f"{service.url}{CLIENTS}", headers={"x-api-key": programs[0].api_key}, trust_env=False)
        assert read.status_code == 200, "what is there can be read"
        limit(service.process.pid, "unlimited")
        until_onboarded(programs)
    assert all(
        answer.status_code == 503 for program in programs for answer in program.refused if answer.status_code != 409
    )
    assert_nothing_lost_or_doubled(service, of_file(service), programs)


def limit(pid: int, size: str) -> None:
    """How large a file of a process may become."""
    subprocess.run(["/usr/bin/prlimit", f"--fsize={size}:unlimited", f"--pid={pid}"], check=True)


def test_two_processes_share_the_rate_limit_and_its_blocks(service_factory: Start) -> None:
    """Neither is ever asked more often than the limit; both together are."""
    name = migrated(shared())
    settings = {"database_url": shared().url(name), "master_key": KEY, "rate_limit_per_second": LIMIT}
    services = [service_factory(**settings) for _ in range(2)]
    headers = {"x-api-key": services[0].key()}

    def are_blocked() -> bool:
        """Each time for longer than the last, so that a slow machine sees it in the end."""
        assert served_until_blocked(services, headers) < MOST_CALLS
        return [status_of(service, headers) for service in services] == [429, 429]

    until(are_blocked, "who is blocked in one is in all")
    for service in services:
        service.stop()
    shared().drop([name])


def status_of(service: RunningService, headers: dict[str, str]) -> int:
    return httpx.get(f"{service.url}{CLIENTS}", headers=headers, trust_env=False, timeout=20).status_code


def served_until_blocked(services: list[RunningService], headers: dict[str, str]) -> int:
    """Calls to one service and the other in turn, at the limit of one and a half; how many were served before one was
    refused."""
    began = time.monotonic()
    with httpx.Client(trust_env=False, headers=headers, timeout=20) as partner:
        for count in range(MOST_CALLS):
            time.sleep(max(0.0, began + count / (1.5 * LIMIT) - time.monotonic()))
            if partner.get(f"{services[count % 2].url}{CLIENTS}").status_code == 429:
                return count
    return MOST_CALLS


def test_who_runs_two_services_on_one_database_sees_each_others_clients(service_factory: Start) -> None:
    name = migrated(shared())
    settings = {"database_url": shared().url(name), "master_key": KEY}
    first, second = (service_factory(**settings) for _ in range(2))
    partner = first.client()
    created = partner.post(CLIENTS, json=person("both"), headers={"Idempotency-Key": "k"})
    headers = {"x-api-key": partner.headers["x-api-key"], "Idempotency-Key": "k"}
    again = httpx.post(second.url + CLIENTS, json=person("both"), headers=headers, trust_env=False)
    assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (201, created.json(), "true")
    for service in (first, second):
        service.stop()
    assert os.path.exists(first.data)
    shared().drop([name])
