"""Everything at once, by two companies with the same people, through several processes on PostgreSQL, while processes,
connections and the server itself are killed: what was answered is there once, and nothing is there that must not be.

Another storm: STORM_SEED=8 STORM_SECONDS=120.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.conftest import RunningService, installed
from tests.acceptance.databases import migrated
from tests.acceptance.mixed_calls import SECRET_WORD, STREET, SURNAME, WEBHOOK, Side, Storm
from tests.acceptance.onboarding import until
from tests.acceptance.receiver import Receiver, listening
from tests.acceptance.reviewers import Reviewers
from tests.acceptance.storm import Query
from tests.acceptance.test_database_faults import KEY, TIMES, asking
from tests.acceptance.watched import children_of, events_of
from tests.servers.ports import free_port
from tests.servers.postgresql import Cluster, own

STORM_S, QUIET_S = 40.0, 180
SEED = 7
PROGRAMS = 5
SETTINGS = {"allowed_private_networks": "127.0.0.0/8", "first_retry_seconds": 0.5, "lease_seconds": 6,
            "endpoint_timeout_seconds": 3}  # fmt: skip
PERSONAL = (SURNAME, STREET, SECRET_WORD, "maria.", "Maria", "1984-11-21", "1168860622", "ref-", "REVIEW0", "RETRY0",
            "REJECT0", "osk_", "whsec_")  # fmt: skip
EFFECTS = {"create": "client_created", "request": "product_requested", "withdraw": "product_withdrawn",
           "subscribe": "webhook_subscribed", "rotate": "webhook_secret_rotated"}  # fmt: skip
STATUSES = {"requested", "pending_documentation", "in_kyc", "enabled", "rejected"}


class Scene:
    """Two services on one database and one folder: one of two processes with a worker beside, and one by itself."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self.cluster, self.database = cluster, migrated(cluster)
        self.rows: Query = asking(cluster, self.database)
        settings: dict[str, Any] = {"database_url": cluster.url(self.database), "master_key": KEY, **TIMES, **SETTINGS}
        first = installed(folder / "data", "--processes", "2", **settings)
        second = RunningService(folder / "second", dict(first.variables), free_port())
        self.services = [first, second]

    def processes(self) -> list[int]:
        """Those under the first one's supervisor."""
        running = self.services[0].process
        return sorted(children_of(running.pid)) if running is not None else []

    def lines(self) -> str:
        return "".join(service.log.read_text() for service in self.services)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with own() as cluster:
        scene = Scene(tmp_path, cluster)
        try:
            for service in scene.services:
                service.start()
            yield scene
        finally:
            for service in scene.services:
                service.stop()


def a_process(scene: Scene, chance: random.Random) -> None:
    if there := scene.processes():
        os.kill(chance.choice(there), signal.SIGKILL)


def a_service(scene: Scene, chance: random.Random) -> None:
    scene.services[1].stop(signal.SIGKILL)
    scene.services[1].start()


def connections(scene: Scene, chance: random.Random) -> None:
    some = f"datname = '{scene.database}' AND random() < {chance.random():.2f}"
    scene.cluster.sql("postgres", f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {some}")  # noqa: S608


def a_pause(scene: Scene, chance: random.Random) -> None:
    """Longer than a key's lease now and then."""
    if there := scene.processes():
        stopped = chance.choice(there)
        os.kill(stopped, signal.SIGSTOP)
        time.sleep(chance.uniform(0.5, 6))
        os.kill(stopped, signal.SIGCONT)


def the_server(scene: Scene, chance: random.Random) -> None:
    scene.cluster.stop(chance.choice([signal.SIGQUIT, signal.SIGINT, signal.SIGKILL]))
    time.sleep(chance.uniform(0, 2))
    scene.cluster.start()


DISTURBANCES = (a_process, a_process, a_service, connections, connections, a_pause, the_server)


def disturbed(scene: Scene, seconds: float, seed: int) -> Counter[str]:
    """Kills at random for so long; what was done."""
    chance, done, end = random.Random(seed), Counter[str](), time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(chance.uniform(0.3, 2))
        disturb = chance.choice(DISTURBANCES)
        disturb(scene, chance)
        done[disturb.__name__] += 1
    return done


@contextmanager
def stormed(scene: Scene, hooks: list[Receiver], seed: int) -> Iterator[tuple[dict[str, Side], Reviewers]]:
    """The two companies at work while the block runs, then until every call is answered."""
    sides, first = dict[str, Side](), scene.services[0]
    for hook in hooks:
        api_key = first.fresh().key()
        sides[first.company()] = Side(api_key, hook.url)
        subscription = {"url": hook.url, "webhook_key": SECRET_WORD}
        answer = httpx.post(f"{first.url}{WEBHOOK}/subscribe", json=subscription, headers={"x-api-key": api_key})
        assert answer.status_code == 200, answer.text
    storm = Storm(list(sides.values()), [service.url for service in scene.services], PROGRAMS, seed)
    reviewers = Reviewers(first.variables, sides, seed)
    threads = [threading.Thread(target=storm.run), threading.Thread(target=reviewers.run)]
    for thread in threads:
        thread.start()
    try:
        yield sides, reviewers
    finally:
        storm.stop()
        threads[0].join(QUIET_S)
        reviewers.stopping.set()
        threads[1].join(QUIET_S)


@pytest.mark.release
def test_everything_at_once_while_everything_is_killed(scene: Scene) -> None:
    seed = int(os.environ.get("STORM_SEED", SEED))
    with listening() as first, listening() as other:
        first.answers, other.answers = [500, 200, 503], [500]
        with stormed(scene, [first, other], seed) as (sides, reviewers):
            done = disturbed(scene, float(os.environ.get("STORM_SECONDS", STORM_S)), seed)
        waiting = "SELECT count(*) FROM messages WHERE state = 'pending'"
        until(lambda: scene.rows(waiting) == [(0,)], "every message ends", QUIET_S)
        heard = {side: hook for side, hook in zip(sides, (first, other), strict=True)}
    problems = [*reviewers.problems, *(why for side in sides.values() for why in side.problems)]
    assert not problems, (done, problems)
    assert_each_effect_once(scene.rows, sides)
    assert_possible(scene.rows)
    assert_decided_once(scene.rows, reviewers)
    assert_delivered(scene.rows, heard)
    assert_apart(scene, sides)
    assert_answered_again(scene, sides)
    for key in reviewers.revoked:
        assert read(scene, "/management/products", key).status_code == 401
    report = scene.services[0].answer("audit", "verify")
    assert report["intact"], report
    assert_quiet(scene)


def read(scene: Scene, path: str, api_key: str) -> httpx.Response:
    return httpx.get(scene.services[1].url + path, headers={"x-api-key": api_key}, trust_env=False, timeout=20)


def assert_each_effect_once(rows: Query, sides: dict[str, Side]) -> None:
    """As many entries as calls that were answered; of each client and request exactly one."""
    for company, side in sides.items():
        actions = Counter(
            {str(name): int(str(count)) for name, count in rows(
                f"SELECT action, count(*) FROM audit_entries WHERE company_id = '{company}' GROUP BY action"  # noqa: S608
            )}
        )  # fmt: skip
        for operation, action in EFFECTS.items():
            first = operation == "subscribe"  # the one before the storm
            assert actions[action] == len(side.ended(operation, 200, 201)) + first, action
        uploads = [answer.json()["rejected_items"] for answer in side.ended("upload", 200)]
        assert actions["document_accepted"] == uploads.count([])
        assert actions["document_refused"] >= len(uploads) - uploads.count([])
        assert column(rows, "client_id", "clients", company) == sorted(side.clients)
        assert column(rows, "enablement_id", "enablements", company) == sorted(
            request_id for _, request_id in side.requests
        )
        tests = "topic = 'webhook' AND enablement_id NOT IN (SELECT enablement_id FROM enablements)"
        [(count,)] = rows(f"SELECT count(*) FROM messages WHERE company_id = '{company}' AND {tests}")  # noqa: S608
        assert count == len(side.ended("test", 200, 201)), "test events"


def column(rows: Query, name: str, table: str, company: str) -> list[str]:
    return sorted(str(row[0]) for row in rows(f"SELECT {name} FROM {table} WHERE company_id = '{company}'"))  # noqa: S608


def assert_possible(rows: Query) -> None:
    """No request is where the table of states does not lead, and what goes with it is there."""
    for what in (
        f"SELECT status FROM enablements WHERE status NOT IN ({', '.join(map(repr, sorted(STATUSES)))})",  # noqa: S608
        "SELECT enablement_id FROM enablements WHERE review IS NOT NULL AND status = 'rejected'",
        "SELECT e.enablement_id FROM enablements e JOIN clients c USING (company_id, client_id)"
        " WHERE c.status = 'rejected' AND e.status <> 'rejected'",
        "SELECT client_id FROM enablements WHERE status <> 'rejected' GROUP BY company_id, client_id, product"
        " HAVING count(*) > 1",
        "SELECT enablement_id FROM messages WHERE topic = 'webhook' AND enablement_id <> ''"
        " GROUP BY company_id, enablement_id, sequence HAVING count(*) > 1 AND sequence > 0",
        "SELECT e.enablement_id FROM enablements e WHERE e.attempt <> (SELECT count(*) FROM audit_entries a"
        " WHERE a.company_id = e.company_id AND a.owner = e.client_id AND a.subject = e.enablement_id"
        " AND a.action = 'product_submitted' AND a.codes = 'in_kyc')",
        "SELECT e.enablement_id FROM enablements e WHERE e.attempt <> (SELECT count(*) FROM messages m"
        " WHERE m.company_id = e.company_id AND m.enablement_id = e.enablement_id AND m.topic = 'provider')",
        "SELECT enablement_id FROM enablements e LEFT JOIN (SELECT company_id, enablement_id, count(*) AS told,"
        " min(sequence) AS first, max(sequence) AS last FROM messages WHERE topic = 'webhook'"
        " GROUP BY company_id, enablement_id) m USING (company_id, enablement_id)"
        " WHERE e.sequence <> coalesce(m.last, e.sequence) OR m.told <> m.last - m.first + 1"
        " OR coalesce(m.first, e.sequence) > CASE WHEN m.first IS NULL THEN 1 ELSE 2 END",
        "SELECT message_id FROM attempts WHERE status = 200 GROUP BY message_id HAVING count(*) > 1",
        "SELECT message_id FROM messages WHERE state <> 'pending' AND lease IS NOT NULL",
        "SELECT company_id FROM document_numbers n WHERE NOT EXISTS (SELECT 1 FROM documents d"
        " WHERE d.company_id = n.company_id AND d.client_id = n.client_id AND d.document_id = n.document_id)",
    ):
        assert rows(what) == [], what


def assert_decided_once(rows: Query, reviewers: Reviewers) -> None:
    """Of two operators at once one decides; what was answered is on the record, and nothing that nobody decided."""
    entries = rows("SELECT subject, actor, action FROM audit_entries WHERE action LIKE 'verdict%'"
                   " AND actor LIKE 'operator:%'")  # fmt: skip
    recorded = Counter((str(subject), str(actor), str(action)) for subject, actor, action in entries)
    answered, lost = (
        Counter((request, who, f"verdict_{what}") for request, who, what in decisions)
        for decisions in (reviewers.decided, reviewers.unknown)
    )
    assert reviewers.decided, "somebody decided"
    assert not answered - recorded, "what was answered is there"
    assert not recorded - answered - lost, "nothing else is"


def assert_delivered(rows: Query, heard: dict[str, Receiver]) -> None:
    """Every message came to its company, the same under one id, and those of a request in order."""
    for company, receiver in heard.items():
        columns = "message_id, enablement_id, sequence, state"
        sent = rows(f"SELECT {columns} FROM messages WHERE topic = 'webhook' AND company_id = '{company}'")  # noqa: S608
        assert {str(row[3]) for row in sent} == {"delivered"}
        bodies = dict[str, object]()
        for message_id, _, body in receiver.came:
            assert bodies.setdefault(message_id, body) == body, "the same under one id"
        assert set(bodies) == {str(row[0]) for row in sent}
        first = {message_id: at for at, message_id in reversed(list(enumerate(receiver.ids())))}
        order = sorted((str(row[1]), int(str(row[2])), first[str(row[0])]) for row in sent if row[2])
        for (request, _, before), (same, _, after) in pairwise(order):
            assert request != same or before < after, "in order"


def assert_apart(scene: Scene, sides: dict[str, Side]) -> None:
    """Neither company sees anything of the other's, though their people and keys are the same."""
    first, other = sides.values()
    assert not first.ids() & other.ids()
    for mine, theirs in ((first, other), (other, first)):
        for client_id, request_id in theirs.requests[-10:]:
            path = f"/management/clients/individuals/{client_id}"
            for there in (path, f"{path}/products", f"{path}/products/{request_id}"):
                assert read(scene, there, mine.api_key).status_code == 404
        content = b"".join(each.content for each in mine.answered.values()).decode()
        assert not [each for each in theirs.ids() if each in content]


def assert_answered_again(scene: Scene, sides: dict[str, Side]) -> None:
    """From what was kept under its key."""
    for side in sides.values():
        headers = {"x-api-key": side.api_key}
        with httpx.Client(base_url=scene.services[1].url, headers=headers, timeout=20, trust_env=False) as partner:
            for key, call in side.answered.items():
                again = partner.post(call.path, json=call.body, headers={"idempotency-key": key})
                assert (again.status_code, again.content) == (call.status, call.content), call.path


def assert_quiet(scene: Scene) -> None:
    """Nothing is left behind in the server, and nothing personal in the logs."""
    left = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
    assert scene.rows(left) == []
    assert scene.rows("SELECT objid FROM pg_locks WHERE locktype = 'advisory'") == []
    lines = scene.lines()
    assert "Traceback" not in lines
    assert not [word for word in PERSONAL if word in lines]
    errors = [line for service in scene.services for line in events_of(service.log) if line["level"] == "error"]
    assert not [line for line in errors if line.get("error") != "Unavailable"]
