"""The worker that `serve` starts beside itself: callers feel nothing of it, and it comes back or goes with `serve`."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ostiary.runtime.worker_process import GIVES_WAY_BY
from tests.acceptance.conftest import END_S, RunningService
from tests.acceptance.onboarding import documented, new_client, submitted, until
from tests.acceptance.receiver import Receiver
from tests.acceptance.test_misbehaving_endpoints import Endpoint
from tests.acceptance.test_misbehaving_endpoints import subscribed as subscribed_at
from tests.acceptance.test_worker import SHORT_LEASE, statuses, subscribed
from tests.acceptance.watched import (
    SETTLED_S,
    WatchedService,
    asked,
    children_of,
    ended_within,
    events_of,
    is_alive,
    kill,
    pids_of,
    watched,
)

Start = Callable[..., RunningService]
NETWORKS = "127.0.0.0/8"
CALLS, ROUNDS = 60, 3
TIMES, SLACK_MS = 2, 10
"""How much slower the slowest calls may be beside something that callers shall not feel. Rounds take turns and the best
of each side counts: what else the machine does only makes a round worse."""
MEANWHILE_S = 1.5
BUSY_ENDPOINTS = 16
BUSY_ROUNDS = 5
BUSY_TRY_S = 0.05
"""Of processor time. One that is broken off only after 64 kB of interim answers, byte by byte, costs 0.1 to 0.2 s."""


def serving(service: RunningService) -> int:
    assert service.process is not None
    return service.process.pid


def worker_of(service: RunningService, start: int = 1) -> int:
    """The worker's process of the first, second, ... start, once it is ready."""
    until(lambda: len(events_of(service.log, "process_ready")) >= start, "the worker is ready", SETTLED_S)
    return int(events_of(service.log, "process_ready")[start - 1]["pid"])


def processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:13]) / os.sysconf("SC_CLK_TCK")


LEAST_RANK = 19
"""Of Linux: nothing gives way further."""


def test_the_worker_gives_way_to_who_answers(service_factory: Start) -> None:
    """But for the thread that commits, for which others wait."""
    service = service_factory()
    worker = worker_of(service)
    mine, its = (os.getpriority(os.PRIO_PROCESS, pid) for pid in (serving(service), worker))
    assert its == min(LEAST_RANK, mine + GIVES_WAY_BY)
    ranks = {os.getpriority(os.PRIO_PROCESS, int(thread)) for thread in os.listdir(f"/proc/{worker}/task")}
    assert mine in ranks


@contextmanager
def standing_still(pid: int) -> Any:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def slowest_ms(partner: httpx.Client, mark: str) -> float:
    """The 99th percentile over calls that write and calls that read."""
    took = []
    for at in range(CALLS):
        began = time.perf_counter()
        if at % 2:
            partner.get("/management/clients/individuals")
        else:
            new_client(partner, f"{mark}{at}")
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)[CALLS * 99 // 100]


def counted(service: RunningService, name: str, **labels: str) -> float:
    families = {family.name: family for family in text_string_to_metric_families(asked(service, "/metrics").text)}
    return sum(
        sample.value for sample in families[name].samples
        if sample.name.endswith("_total") and labels.items() <= sample.labels.items()
    )  # fmt: skip


# ---- what callers feel ----------------------------------------------------------------------------------------------


def test_serve_delivers_in_a_process_of_its_own_and_tells_of_what_it_did(
    service_factory: Start, receiver: Receiver
) -> None:
    service = service_factory(allowed_private_networks=NETWORKS)
    partner = subscribed(service, receiver)
    onboarded = submitted(partner, "AB1234567")
    until(lambda: statuses(receiver) == ["enabled", "in_kyc"], "both changes are told")
    assert partner.get(onboarded.path).json()["status"] == "enabled"
    assert children_of(serving(service)) >= {worker_of(service)}
    until(lambda: counted(service, "ostiary_messages", topic="webhook", outcome="delivered") == 2, "it is counted")
    assert counted(service, "ostiary_requests", operation="submit_product", status="200") == 1
    shown = asked(service, "/metrics").text.splitlines()
    for line in (
        'ostiary_messages_total{outcome="failed",topic="webhook"} 0.0',
        'ostiary_requests_total{operation="submit_product",status="500"} 0.0',
        'ostiary_reading_seconds_count{outcome="timed_out"} 0.0',
        "ostiary_conditions_failed_total 0.0",
    ):
        assert line in shown
    assert not [line for line in shown if "pid=" in line or "_created" in line]


def test_it_serves_before_the_worker_is_there(service_factory: Start) -> None:
    service = service_factory()
    assert asked(service, "/health/ready").status_code == 200
    worker_of(service)
    order = [
        event["event"]
        for event in events_of(service.log)
        if event["event"] in ("serving", "process_started", "working")
    ]
    assert order == ["serving", "process_started", "working"]


def test_calls_are_answered_as_usual_while_the_worker_stands_still(service_factory: Start, receiver: Receiver) -> None:
    """Whatever its loop is kept busy with, it cannot be slower than this."""
    service = service_factory(allowed_private_networks=NETWORKS)
    partner, worker = subscribed(service, receiver), worker_of(service)
    submitted(partner, "AB1234567")
    until(lambda: len(receiver.came) == 2, "it delivers")
    slowest_ms(partner, "warm")
    time.sleep(MEANWHILE_S)  # with nothing due it only reads, so it does not stop amid a commit
    usual_ms, beside_ms = [], []
    for at in range(ROUNDS):
        usual_ms.append(slowest_ms(partner, f"usual{at}"))
        with standing_still(worker):
            beside_ms.append(slowest_ms(partner, f"beside{at}"))
    with standing_still(worker):
        onboarded = submitted(partner, "CD1234567")
        time.sleep(MEANWHILE_S)
        assert len(receiver.came) == 2, "nobody else delivers"
    assert min(beside_ms) <= TIMES * min(usual_ms) + SLACK_MS
    until(lambda: len(receiver.came) == 4, "what was due meanwhile is delivered then")
    assert partner.get(onboarded.path).json()["status"] == "enabled"


def test_endpoints_that_keep_their_caller_busy_cost_the_api_nothing(service_factory: Start, tmp_path: Path) -> None:
    """And the worker little. In processor time, which a busy machine does not stretch as it does waiting.

    They are tried less and less often, so that they are set anew for every round; with endpoints that behave first, to
    see what setting them costs.
    """
    service = service_factory(
        allowed_private_networks=NETWORKS, endpoint_timeout_seconds=10, first_retry_seconds=0.1, log_level="warning"
    )
    endpoint = Endpoint(tmp_path)
    try:
        until(lambda: len(children_of(serving(service))) == 1, "there is a worker")
        [worker] = children_of(serving(service))
        partners = [subscribed_at(service, at, endpoint.url + "/ok") for at in range(BUSY_ENDPOINTS)]
        until(lambda: len(endpoint.came()) >= BUSY_ENDPOINTS, "all are called")
        spent = {}
        for path in ("/ok", "/busy"):
            api_s, worker_s, tries = processor_s(serving(service)), processor_s(worker), len(endpoint.came())
            for _ in range(BUSY_ROUNDS):
                call_all(partners, endpoint, path)
            attempts = len(endpoint.came()) - tries
            spent[path] = processor_s(serving(service)) - api_s, (processor_s(worker) - worker_s) / attempts
        assert spent["/busy"][0] <= TIMES * spent["/ok"][0] + SLACK_MS / 1000, "the API"
        assert spent["/busy"][1] <= BUSY_TRY_S, "the worker, for each try"
        assert partners[0].get("/management/clients/individuals").status_code == 200
    finally:
        endpoint.process.kill()
        endpoint.process.wait()


def call_all(partners: list[httpx.Client], endpoint: Endpoint, path: str) -> None:
    """Every company's endpoint is set to this path, and called."""
    tries = len(endpoint.came())
    for partner in partners:
        subscription = {"url": endpoint.url + path, "webhook_key": "key"}
        assert partner.post("/management/companies/webhook/subscribe", json=subscription).status_code == 200
        assert partner.post("/management/companies/webhook/test").status_code == 200
    until(lambda: len(endpoint.came()) - tries >= len(partners), "all are called", SETTLED_S)


# ---- dying ----------------------------------------------------------------------------------------------------------


def test_a_worker_that_is_killed_comes_back_with_nothing_lost_and_nothing_settled_twice(
    service_factory: Start, receiver: Receiver
) -> None:
    service = service_factory(allowed_private_networks=NETWORKS, **SHORT_LEASE)
    partner, worker = subscribed(service, receiver), worker_of(service)
    submitted(partner, "AB1234567")
    until(lambda: len(receiver.came) == 2, "it delivers")
    settled = set(receiver.ids())
    until(lambda: counted(service, "ostiary_messages", topic="webhook", outcome="delivered") == 2, "both are settled")
    receiver.hangs = True
    submitted(partner, "CD1234567")
    until(lambda: len(receiver.came) == 3, "the endpoint is called")
    kill(worker)
    receiver.hangs = False
    receiver.go.set()
    onboarded = documented(partner, "EF1234567")
    assert partner.post(onboarded.path + "/submit").status_code == 200, "the API goes on"
    again = worker_of(service, 2)
    assert again != worker
    until(lambda: len(set(receiver.ids())) == 6, "nothing is lost")
    assert {message_id: receiver.ids().count(message_id) for message_id in settled} == dict.fromkeys(settled, 1)
    assert max(receiver.ids().count(message_id) for message_id in receiver.ids()) <= 2, (
        "at least once: the one under way again"
    )
    assert [event["status"] for event in events_of(service.log, "process_ended")] == [-signal.SIGKILL]
    assert asked(service, "/health/live").status_code == 200


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGABRT, signal.SIGHUP])
def test_the_worker_goes_with_who_started_it_however_that_ends(
    service_factory: Start, receiver: Receiver, by: signal.Signals
) -> None:
    service = service_factory(allowed_private_networks=NETWORKS)
    partner, worker = subscribed(service, receiver), worker_of(service)
    receiver.hangs = True
    submitted(partner, "REVIEW1")
    until(lambda: receiver.came != [], "the endpoint is called")
    service.stop(by)
    time.sleep(0.5)
    assert is_alive(worker), "it finishes what it has begun"
    receiver.go.set()
    ended_within(worker)
    service.start()
    worker_of(service, 2)
    time.sleep(MEANWHILE_S)
    assert len(receiver.came) == 1, "which was settled, so it does not come again"


def test_told_to_end_both_do_and_what_is_under_way_may(service_factory: Start, receiver: Receiver) -> None:
    service = service_factory(allowed_private_networks=NETWORKS)
    partner, worker = subscribed(service, receiver), worker_of(service)
    receiver.hangs = True
    submitted(partner, "REVIEW1")
    until(lambda: receiver.came != [], "the endpoint is called")
    assert service.process is not None
    os.kill(serving(service), signal.SIGTERM)
    time.sleep(0.5)
    assert service.process.poll() is None
    receiver.go.set()
    assert service.process.wait(END_S) == 0
    assert not is_alive(worker)
    assert [event["status"] for event in events_of(service.log, "process_ended")] == [0]
    with socket.create_server(("127.0.0.1", service.port)):
        service.process = None


# ---- elsewhere ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "settings", "delivers"),
    [
        (("--worker", "inside"), {}, True),
        ((), {"embedded_worker": "inside"}, True),
        (("--worker", "inside"), {"embedded_worker": 0}, True),
        (("--worker", "elsewhere"), {}, False),
        ((), {"embedded_worker": "0"}, False),
        (("--worker", "elsewhere"), {"embedded_worker": 1}, False),
    ],
)
def test_there_is_no_process_beside_where_none_is_asked_for(
    service_factory: Start, receiver: Receiver, words: tuple[str, ...], settings: dict[str, object], delivers: bool
) -> None:
    service = service_factory(*words, allowed_private_networks=NETWORKS, **settings)
    submitted(subscribed(service, receiver), "REVIEW1")
    if delivers:
        until(lambda: receiver.came != [], "it delivers itself")
    else:
        time.sleep(MEANWHILE_S)
        assert receiver.came == []
    [child] = children_of(serving(service))
    assert b"measuring_child" in Path(f"/proc/{child}/cmdline").read_bytes(), "what it has is for pictures"
    assert asked(service, "/metrics").status_code == 200


def test_beside_several_processes_that_serve_there_is_one_worker(tmp_path: Path, receiver: Receiver) -> None:
    with watched(tmp_path) as service:
        partner = subscribed(service, receiver)
        submitted(partner, "AB1234567")
        until(lambda: len(receiver.came) == 2, "it delivers")
        until(lambda: counted(service, "ostiary_messages", topic="webhook", outcome="delivered") == 2, "it counts them")
        assert working(service) == 1
        [worker] = pids_of(service, "worker")
        kill(worker)
        service.until_ready(service.all + 1)
        submitted(partner, "CD1234567")
        until(lambda: len(set(receiver.ids())) == 4, "the next one does too")
        assert (len(pids_of(service, "serve")), len(pids_of(service, "worker"))) == (service.count, 2)
        until(lambda: counted(service, "ostiary_messages", topic="webhook", outcome="delivered") == 4, "counts go on")


def working(service: WatchedService) -> int:
    return len(service.events("working"))
