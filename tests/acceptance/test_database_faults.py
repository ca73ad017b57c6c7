"""PostgreSQL dies, restarts, or is cut off while partners onboard: nothing answered is lost, nothing happens twice."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.acceptance.conftest import RunningService, process
from tests.acceptance.databases import migrated
from tests.acceptance.onboarding import documented, person, until
from tests.acceptance.storm import (
    CLIENTS,
    Query,
    assert_nothing_lost_or_doubled,
    at_work,
    until_onboarded,
    until_refused,
)
from tests.servers import pgbouncer
from tests.servers.cutting_proxy import CuttingProxy, Mode, cutting
from tests.servers.postgresql import Cluster, own

Start = Callable[..., RunningService]
PROGRAMS = 3
EVERY = pytest.mark.release
"""Other ways to the same: lines that are closed in order, and lines that break, stay."""
STATEMENT_S, KEY_LEASE_S = 3, 5
TIMES = {"database_timeout_seconds": STATEMENT_S, "key_lease_seconds": KEY_LEASE_S}
"""Shorter than usual, and long enough for a busy machine."""
LONGEST_ANSWER_S = STATEMENT_S + 10
"""What hangs is answered soon after the time of a statement."""
KEY = "A" * 43 + "="
CREATED, SUBMITTED = b"client_created", b"product_submitted"
"""An audit action stands in the clear in the statement that creates a client (or submits), and in no other."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with own() as server:
        yield server


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    name = migrated(cluster)
    yield name
    cluster.drop([name])


def asking(cluster: Cluster, database: str) -> Query:
    def rows(text: str) -> list[tuple[object, ...]]:
        lines = cluster.sql(database, text).splitlines()
        return [tuple(int(cell) if cell.isdigit() else cell for cell in line.split("|")) for line in lines]

    return rows


def on(cluster: Cluster, database: str, port: int | None = None, **settings: object) -> dict[str, object]:
    """Without a worker, unless the database goes away under it too."""
    settings = {"embedded_worker": 0, **settings}
    return {"database_url": cluster.url(database, port), "master_key": KEY, **TIMES, **settings}


@pytest.mark.parametrize(
    "how",
    [signal.SIGINT, pytest.param(signal.SIGQUIT, marks=EVERY), signal.SIGKILL],
    ids=["restart", "crash", "kill -9"],
)
def test_the_database_goes_away_under_load(
    service_factory: Start, cluster: Cluster, database: str, how: signal.Signals
) -> None:
    service = service_factory(**on(cluster, database, embedded_worker=1))
    with at_work([service], PROGRAMS) as programs:
        until_onboarded(programs)
        cluster.stop(how)
        until_refused(programs)
        ready = httpx.get(service.url + "/health/ready", trust_env=False)
        assert (ready.status_code, ready.headers["retry-after"]) == (503, "1")
        cluster.start()
        until_onboarded(programs)
    assert httpx.get(service.url + "/health/ready", trust_env=False).status_code == 200
    assert sum(len(program.refused) for program in programs) > 0, "it was noticed"
    assert_nothing_lost_or_doubled(service, asking(cluster, database), programs)


def test_a_process_that_serves_is_killed_and_another_goes_on(
    service_factory: Start, cluster: Cluster, database: str
) -> None:
    services = [service_factory(**on(cluster, database)) for _ in range(2)]
    with at_work(services, PROGRAMS) as programs:
        for _ in range(2):
            until_onboarded(programs)
            services[1].stop(signal.SIGKILL)
            until_refused(programs)
            services[1].start()
    assert sum(program.lost for program in programs) > 0, "it was noticed"
    assert_nothing_lost_or_doubled(services[0], asking(cluster, database), programs)


def test_every_connection_of_the_pooler_is_ended_under_load(
    service_factory: Start, cluster: Cluster, database: str
) -> None:
    folder = cluster.folder.parent / "pooler"
    with pgbouncer.running(cluster, folder) as port:
        service = service_factory(**on(cluster, database, port, database_direct_url=cluster.url(database)))
        with at_work([service], PROGRAMS) as programs:
            until_onboarded(programs)
            others = f"datname = '{database}' AND pid <> pg_backend_pid()"
            cluster.sql("postgres", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608
            until_onboarded(programs)
        assert_nothing_lost_or_doubled(service, asking(cluster, database), programs)


@pytest.mark.parametrize("how", [pytest.param(signal.SIGTERM, marks=EVERY), signal.SIGKILL], ids=["restart", "kill -9"])
def test_the_pooler_goes_away_under_load(
    service_factory: Start, cluster: Cluster, database: str, how: signal.Signals
) -> None:
    """It comes back with server connections that know no statement, before clients that do."""
    with pgbouncer.pooling(cluster, cluster.folder.parent / "pooler") as pooler:
        service = service_factory(**on(cluster, database, pooler.port, database_direct_url=cluster.url(database)))
        with at_work([service], PROGRAMS) as programs:
            for _ in range(2):
                until_onboarded(programs)
                pooler.stop(how)
                until_refused(programs)
                ready = httpx.get(service.url + "/health/ready", trust_env=False)
                assert (ready.status_code, ready.headers["retry-after"]) == (503, "1")
                pooler.start()
            until_onboarded(programs)
        assert sum(len(program.refused) for program in programs) > 0, "it was noticed"
        assert_nothing_lost_or_doubled(service, asking(cluster, database), programs)


@pytest.fixture
def proxied(service_factory: Start, cluster: Cluster, database: str) -> Iterator[tuple[RunningService, CuttingProxy]]:
    with cutting(cluster.port) as proxy:
        yield service_factory(**on(cluster, database, proxy.port)), proxy


def counted(rows: Query, statement: str, was_done: int | None) -> int:
    """How many there are, once that is as it was meant to be. Where a statement arrived and its answer did not, the
    database may be at it still."""
    if was_done:
        until(lambda: rows(statement) == [(was_done,)], "it was done")
    [(count,)] = rows(statement)
    assert count in ((0, 1) if was_done is None else (was_done,))
    return int(str(count))


def broken_off(answer: httpx.Response, was_done: int | None) -> int | None:
    """What a caller hears, and whether it was done, as far as that tells. Where both ends are cut at once the
    database's answer may be through already."""
    if was_done is None and answer.is_success:
        return 1
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1"), answer.text
    return was_done


@pytest.mark.parametrize(("mode", "was_done"), [("before", 0), ("during", None), ("after", 1), ("silent", 0)])
def test_the_line_to_the_database_is_cut_while_a_client_is_created(
    proxied: tuple[RunningService, CuttingProxy], cluster: Cluster, database: str, mode: Mode, was_done: int | None
) -> None:
    """It exists once under its key when the caller asks again, whether it had happened or not."""
    service, proxy = proxied
    partner, rows, key = service.client(), asking(cluster, database), {"Idempotency-Key": "the-first"}
    proxy.cut_at(CREATED, mode)
    began = time.monotonic()
    refused = partner.post(CLIENTS, json=person("cut"), headers=key)
    assert time.monotonic() - began < LONGEST_ANSWER_S
    was_done = broken_off(refused, was_done)
    assert proxy.cuts == [mode], "the line was cut where it was meant to be"
    count = counted(rows, "SELECT count(*) FROM clients", was_done)
    proxy.heal()
    again = partner.post(CLIENTS, json=person("cut"), headers=key)
    while again.status_code in (409, 503):
        assert "retry-after" in again.headers
        time.sleep(0.2)
        again = partner.post(CLIENTS, json=person("cut"), headers=key)
    assert again.status_code == 201, again.text
    assert again.headers.get("idempotency-replayed") == ("true" if count else None)
    assert rows("SELECT client_id FROM clients") == [(again.json()["id"],)]
    assert rows("SELECT count(*) FROM audit_entries WHERE action = 'client_created'") == [(1,)]
    assert service.answer("audit", "verify")["intact"]


@pytest.mark.parametrize(("mode", "was_done"), [("before", 0), ("during", None), ("after", 1)])
def test_the_line_to_the_database_is_cut_while_a_request_is_submitted(
    proxied: tuple[RunningService, CuttingProxy], cluster: Cluster, database: str, mode: Mode, was_done: int | None
) -> None:
    """Its provider is told once, however often the caller has to ask."""
    service, proxy = proxied
    partner, rows = service.client(), asking(cluster, database)
    onboarded = documented(partner, "AB1234567")
    proxy.cut_at(SUBMITTED, mode)
    refused = partner.post(onboarded.path + "/submit", headers={"Idempotency-Key": "the-first"})
    was_done = broken_off(refused, was_done)
    assert proxy.cuts == [mode], "the line was cut where it was meant to be"
    counted(rows, "SELECT count(*) FROM messages WHERE topic = 'provider'", was_done)
    for key in ("the-first", "another"):
        again = partner.post(onboarded.path + "/submit", headers={"Idempotency-Key": key})
        while again.status_code in (409, 503):
            assert "retry-after" in again.headers
            time.sleep(0.2)
            again = partner.post(onboarded.path + "/submit", headers={"Idempotency-Key": key})
        assert again.json()["product"]["status"] == "in_kyc", again.text
    assert rows("SELECT count(*) FROM messages WHERE topic = 'provider'") == [(1,)]
    assert rows("SELECT count(*) FROM audit_entries WHERE action = 'product_submitted'") == [(1,)]
    assert service.answer("audit", "verify")["intact"]


def test_a_line_that_is_cut_at_every_moment_of_an_onboarding(
    proxied: tuple[RunningService, CuttingProxy], cluster: Cluster, database: str
) -> None:
    service, proxy = proxied
    with at_work([service], PROGRAMS) as programs:
        end = time.monotonic() + 4
        while time.monotonic() < end:
            time.sleep(0.15)
            proxy.cut_all()
    assert sum(len(program.refused) for program in programs) > 0, "it was noticed"
    assert_nothing_lost_or_doubled(service, asking(cluster, database), programs)


def test_a_server_with_another_master_key_refuses_to_start_and_writes_nothing(
    service_factory: Start, cluster: Cluster, database: str
) -> None:
    service = service_factory(**on(cluster, database))
    rows = asking(cluster, database)
    before = rows("SELECT name FROM installation ORDER BY name")
    service.variables["OSTIARY_MASTER_KEY"] = "B" * 43 + "="
    refused = process(service.variables, "serve", "--port", "1")
    assert (refused.returncode, "master key does not fit" in refused.stderr) == (1, True), refused.stderr
    del service.variables["OSTIARY_MASTER_KEY"]
    service.variables["OSTIARY_DATA_DIR"] += "-of-another-server"
    refused = process(service.variables, "serve", "--port", "1")
    assert (refused.returncode, "no master key" in refused.stderr) == (1, True), refused.stderr
    assert rows("SELECT name FROM installation ORDER BY name") == before
