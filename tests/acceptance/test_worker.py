"""The worker as a process of its own: it delivers, survives what kills it, and ends politely."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.acceptance.conftest import END_S, OSTIARY, RunningService
from tests.acceptance.onboarding import submitted, until
from tests.acceptance.receiver import Receiver, listening

Start = Callable[..., RunningService]
LEASE_S, FIRST_WAIT_S = 30, 5
FULL = 8
"""More messages than are sent at once to an endpoint that has taken none yet."""


@pytest.fixture
def service(service_factory: Start) -> RunningService:
    """Serves without delivering."""
    return service_factory(embedded_worker=0, allowed_private_networks="127.0.0.0/8")


@contextmanager
def working(service: RunningService) -> Iterator[subprocess.Popen[bytes]]:
    """`ostiary worker` beside the service, killed in the end if it still runs."""
    with service.log.open("ab") as log:
        process = subprocess.Popen([str(OSTIARY), "worker"], env=service.variables, stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(END_S)


def subscribed(service: RunningService, receiver: Receiver) -> httpx.Client:
    partner = service.client()
    told = {"url": receiver.url, "webhook_key": "key"}
    answer = partner.post("/management/companies/webhook/subscribe", json=told)
    assert answer.status_code == 200, answer.text
    return partner


def ended(process: subprocess.Popen[bytes], by: signal.Signals = signal.SIGTERM) -> int:
    process.send_signal(by)
    return process.wait(END_S)


def statuses(receiver: Receiver) -> list[str]:
    return sorted(str(body["data"]["status"]) for _, _, body in receiver.came)


def test_a_separate_worker_delivers_and_stops_when_told(service: RunningService, receiver: Receiver) -> None:
    partner = subscribed(service, receiver)
    made = submitted(partner, "AB1234567")
    time.sleep(1.2)
    assert receiver.came == [], "serve itself delivers nothing"
    with working(service) as worker:
        until(lambda: statuses(receiver) == ["enabled", "in_kyc"], "both changes are told")
        assert partner.get(made.path).json()["status"] == "enabled"
        assert ended(worker) == 0
    assert len(set(receiver.ids())) == 2
    assert "Traceback" not in service.log.read_text()


def test_a_delivery_under_way_is_finished_when_the_worker_is_told_to_stop(
    service: RunningService, receiver: Receiver
) -> None:
    receiver.hangs = True
    submitted(subscribed(service, receiver), "REVIEW1")
    with working(service) as worker:
        until(lambda: receiver.came != [], "the endpoint is called")
        worker.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert worker.poll() is None, "it waits for what is under way"
        receiver.go.set()
        assert worker.wait(END_S) == 0
    with working(service) as worker:
        time.sleep(1.5)
        assert ended(worker) == 0
    assert len(receiver.came) == 1, "it was settled, so it does not come again"


def test_what_fails_is_tried_again_as_documented_also_by_the_next_worker(
    service: RunningService, receiver: Receiver
) -> None:
    """The schedule is in the database: a stop in between neither hastens nor loses a try."""
    receiver.answers = [500, 302]
    submitted(subscribed(service, receiver), "REVIEW1")
    with working(service) as worker:
        until(lambda: len(receiver.came) == 1, "the first try")
        assert ended(worker) == 0
    with working(service) as worker:
        until(lambda: len(receiver.came) == 2, "the second try", FIRST_WAIT_S + 5)
        assert ended(worker) == 0
    (first_id, first_s, first), (again_id, again_s, again) = receiver.came
    assert (first_id, first) == (again_id, again)
    assert FIRST_WAIT_S - 0.5 <= again_s - first_s <= FIRST_WAIT_S * 1.1 + 2
    counts = [line for line in httpx.get(service.url + "/metrics", trust_env=False).text.splitlines()
              if line.startswith("ostiary_messages_waiting{")]  # fmt: skip
    assert counts == ['ostiary_messages_waiting{state="pending",topic="webhook"} 1.0']


@pytest.mark.slow
def test_a_message_whose_worker_was_killed_comes_again_after_the_lease(
    service: RunningService, receiver: Receiver
) -> None:
    receiver.hangs = True
    submitted(subscribed(service, receiver), "REVIEW1")
    with working(service) as worker:
        until(lambda: receiver.came != [], "the endpoint is called")
        assert ended(worker, signal.SIGKILL) == -signal.SIGKILL
    receiver.hangs = False
    receiver.go.set()
    with working(service) as worker:
        until(lambda: len(receiver.came) > 1, "the message comes again", LEASE_S + 10)
        assert ended(worker) == 0
    (first_id, first_s, first), (again_id, again_s, again) = receiver.came
    assert (first_id, first) == (again_id, again)
    assert LEASE_S - 2 <= again_s - first_s <= LEASE_S + 6


def test_an_endpoint_that_hangs_keeps_neither_the_service_nor_another_endpoint_waiting(
    service_factory: Start, receiver: Receiver
) -> None:
    """One thing at a time is sent to an endpoint that has taken nothing yet; the others have places of their own."""
    service = service_factory(allowed_private_networks="127.0.0.0/8")
    receiver.hangs = True
    partner = subscribed(service, receiver)
    for at in range(FULL):
        submitted(partner, f"REVIEW{at}")
    until(lambda: len(receiver.came) == 1, "the first is sent")
    began = time.monotonic()
    assert httpx.get(service.url + "/health/live", trust_env=False, timeout=5).status_code == 200
    assert time.monotonic() - began < 1
    with listening() as other:
        healthy = service.client("production")
        told = {"url": other.url.replace("http:", "https:"), "webhook_key": "key"}
        assert healthy.post("/management/companies/webhook/subscribe", json=told).status_code == 200
        assert healthy.post("/management/companies/webhook/test").status_code == 200
        until(lambda: tried(healthy) == 1, "the other endpoint is not kept waiting")
    assert len(receiver.came) == 1
    receiver.go.set()
    until(lambda: len(set(receiver.ids())) == FULL, "all are told in the end", 20)


def tried(partner: httpx.Client) -> int:
    """How often the company's newest delivery was tried: a receiver without TLS takes none of them."""
    return int(partner.get("/management/companies/webhook/deliveries").json()[0]["tries"])
