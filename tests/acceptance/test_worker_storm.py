"""Several workers on one PostgreSQL while partners onboard: one is killed, one is stopped for longer than its lease,
the line to the database is cut around a COMMIT. Every message ends, each result is recorded once, by who held the
lease."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.acceptance.conftest import END_S, OSTIARY, RunningService
from tests.acceptance.databases import migrated
from tests.acceptance.onboarding import PATIENCE_S, submitted, until
from tests.acceptance.receiver import Receiver
from tests.acceptance.storm import Query, assert_nothing_lost_or_doubled, at_work, of_server
from tests.acceptance.test_worker import USUAL_LEASE_S, subscribed, working
from tests.acceptance.watched import children_of, is_alive, kill
from tests.servers.cutting_proxy import Mode, cutting
from tests.servers.postgresql import shared

Start = Callable[..., RunningService]
WORKERS, PROGRAMS, STORM_S = 3, 2, 2.0
CUT_LEASE_S = 8
"""Shorter than usual. A busy machine takes seconds to let the endpoint go, which must not be given up before."""
NETWORKS = "127.0.0.0/8"
KEY = "A" * 43 + "="


@pytest.fixture
def served(service_factory: Start, request: pytest.FixtureRequest) -> Iterator[tuple[RunningService, Query]]:
    """A service that delivers nothing itself, and a way to ask its database. A parameter has times other than usual."""
    name = migrated(shared())
    times: dict[str, object] = getattr(request, "param", {})
    service = service_factory(
        database_url=shared().url(name), master_key=KEY, embedded_worker=0, allowed_private_networks=NETWORKS, **times
    )
    yield service, of_server(name)
    service.stop()
    shared().drop([name])


@contextmanager
def workers(service: RunningService) -> Iterator[int]:
    """`ostiary worker --processes`; the supervisor's id. Ends in order, also after what happened to its processes."""
    with service.log.open("ab") as log:
        line = [str(OSTIARY), "worker", "--processes", str(WORKERS)]
        process = subprocess.Popen(line, env=service.variables, stdout=log, stderr=log)
    try:
        until(lambda: service.log.read_text().count("process_ready") == WORKERS, "all are ready", 30)
        yield process.pid
        process.terminate()
        assert process.wait(END_S) == 0
    finally:
        process.kill()
        process.wait(END_S)


def waiting(rows: Query, topic: str) -> int:
    [(count,)] = rows(f"SELECT count(*) FROM messages WHERE topic = '{topic}' AND state = 'pending'")  # noqa: S608
    return int(str(count))


@pytest.mark.release
def test_a_worker_is_killed_and_another_stopped_past_its_lease(
    served: tuple[RunningService, Query], receiver: Receiver
) -> None:  # fmt: skip
    service, rows = served
    subscribed(service, receiver)
    with workers(service) as supervisor:
        with at_work([service], PROGRAMS, "sandbox") as programs:
            until(lambda: len(receiver.came) > 0, "the endpoint has proven itself")
            time.sleep(STORM_S)
            receiver.hangs = True
            time.sleep(STORM_S)
        until(lambda: waiting(rows, "provider") == 0, "every verdict is there, and to be told", 30)
        held = "SELECT DISTINCT lease FROM messages WHERE lease IS NOT NULL AND state = 'pending'"
        until(lambda: len(rows(held)) >= WORKERS, "several workers hold some", 20)
        under_way = len(rows("SELECT message_id FROM messages WHERE lease IS NOT NULL"))
        killed, stopped, _ = sorted(children_of(supervisor))
        os.kill(stopped, signal.SIGSTOP)
        kill(killed)
        receiver.hangs = False
        receiver.go.set()
        until(lambda: waiting(rows, "webhook") == 0, "the others deliver it all", USUAL_LEASE_S + 40)
        before = rows("SELECT message_id, attempt_id, status FROM attempts ORDER BY 1, 2")
        os.kill(stopped, signal.SIGCONT)
        until(lambda: "lease_lost" in service.log.read_text(), "the stopped one learns of it", 20)
        assert is_alive(stopped)
        assert rows("SELECT message_id, attempt_id, status FROM attempts ORDER BY 1, 2") == before
    assert rows("SELECT DISTINCT state FROM messages") == [("delivered",)]
    messages = rows("SELECT message_id FROM messages WHERE topic = 'webhook'")
    assert set(receiver.ids()) == {row[0] for row in messages}
    assert len(receiver.came) - len(messages) <= under_way, "only what a lease ran out for came again"
    assert len(before) == len(messages)
    assert_nothing_lost_or_doubled(service, rows, programs, status="enabled")


@pytest.mark.parametrize("served", [{"lease_seconds": CUT_LEASE_S, "endpoint_timeout_seconds": 6}], indirect=True)
@pytest.mark.parametrize(
    ("at", "mode"), [("claim", "during"), ("claim", "after"), ("result", "before"), ("result", "after")]
)
def test_the_line_is_cut_at_the_commit_of_a_worker(
    served: tuple[RunningService, Query], receiver: Receiver, at: str, mode: Mode
) -> None:  # fmt: skip
    """Of its claim, or of what it records when the endpoint has answered."""
    service, rows = served
    partner = subscribed(service, receiver)
    receiver.hangs = at == "result"
    direct = service.variables["OSTIARY_DATABASE_URL"]
    with cutting(shared().port) as proxy:
        service.variables["OSTIARY_DATABASE_URL"] = direct.replace(f":{shared().port}/", f":{proxy.port}/")
        with working(service) as worker:
            if at == "claim":
                proxy.cut_at(b"COMMIT", mode)
            submitted(partner, "REVIEW1")
            if at == "result":
                until(lambda: len(receiver.came) == 1, "the endpoint is called")
                until(lambda: waiting(rows, "provider") == 0, "nothing else is under way")
                proxy.cut_at(b"COMMIT", mode)
                receiver.hangs = False
                receiver.go.set()
            until(lambda: proxy.cuts == [mode], "the line was cut where it was meant to be")
            until(
                lambda: rows("SELECT DISTINCT state FROM messages") == [("delivered",)],
                "all ends",
                CUT_LEASE_S + PATIENCE_S,
            )
            assert worker.poll() is None, "it goes on"
            worker.terminate()
            assert worker.wait(END_S) == 0
        service.variables["OSTIARY_DATABASE_URL"] = direct
    assert rows("SELECT topic, count(*) FROM messages GROUP BY topic ORDER BY 1") == [("provider", 1), ("webhook", 1)]
    assert rows("SELECT status, count(*) FROM attempts GROUP BY status") == [(200, 1)]
    assert len(set(receiver.ids())) == 1
    assert len(receiver.came) == (2 if (at, mode) == ("result", "before") else 1), "told again only where it must be"
    assert service.answer("audit", "verify")["intact"]
