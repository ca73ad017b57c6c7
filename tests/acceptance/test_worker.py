"""The worker as a process of its own: it delivers, survives what kills it, and ends politely."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from subprocess import Popen

import httpx
import pytest

from ostiary import __version__
from tests.acceptance.conftest import END_S, OSTIARY, READY_S, RunningService, begun
from tests.acceptance.onboarding import PATIENCE_S, submitted, until
from tests.acceptance.receiver import Receiver, listening
from tests.servers.warm import Forked

Start = Callable[..., RunningService]
USUAL_LEASE_S, USUAL_FIRST_WAIT_S = 30, 5
LEASE_S = 5
"""For tests that wait until a lease has run out: long enough that a busy machine sends and settles well within."""
SHORT_LEASE = {"lease_seconds": LEASE_S, "endpoint_timeout_seconds": 3}
CLAIMED_BEFORE_S = 2
"""A lease begins with the claim, which a busy machine lets come this long before the endpoint hears."""
LATE_S = 60
"""What a busy machine may add to a wait."""
USUAL = pytest.mark.release
"""A test that waits for the real lease, or the real schedule: what is usual is proved once, for a release."""
ANSWERED_S = 5
"""Far less than an endpoint that hangs may take, also on a busy machine."""
BEGUN = '"event":"working"'
FULL = 8
"""More messages than are sent at once to an endpoint that has taken none yet."""


@pytest.fixture
def service(service_factory: Start) -> RunningService:
    """Serves without delivering."""
    return service_factory(embedded_worker=0, allowed_private_networks="127.0.0.0/8")


@contextmanager
def working(service: RunningService, *words: str) -> Iterator[Forked | Popen[bytes]]:
    """`ostiary worker` beside the service, from when it works; killed in the end if it still runs."""
    before = service.log.read_text().count(BEGUN)
    with service.log.open("ab") as log:
        process = begun(service.variables, log, str(OSTIARY), "worker", *words)
    try:
        until(lambda: service.log.read_text().count(BEGUN) > before, "the worker has begun", READY_S)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(END_S)


def subscribed(service: RunningService, receiver: Receiver) -> httpx.Client:
    partner = service.client()
    subscription = {"url": receiver.url, "webhook_key": "key"}
    answer = partner.post("/management/companies/webhook/subscribe", json=subscription)
    assert answer.status_code == 200, answer.text
    return partner


def ended(process: Forked | Popen[bytes], by: signal.Signals = signal.SIGTERM) -> int:
    process.send_signal(by)
    return process.wait(END_S)


def statuses(receiver: Receiver) -> list[str]:
    return sorted(str(body["data"]["status"]) for _, _, body in receiver.came)


def test_a_separate_worker_delivers_and_stops_when_told(service: RunningService, receiver: Receiver) -> None:
    partner = subscribed(service, receiver)
    onboarded = submitted(partner, "AB1234567")
    time.sleep(1.2)
    assert receiver.came == [], "serve itself delivers nothing"
    with working(service) as worker:
        until(lambda: statuses(receiver) == ["enabled", "in_kyc"], "both changes are told")
        assert partner.get(onboarded.path).json()["status"] == "enabled"
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


@pytest.mark.parametrize("first_wait_s", [2, pytest.param(USUAL_FIRST_WAIT_S, marks=USUAL)])
def test_what_fails_is_tried_again_as_documented_also_by_the_next_worker(
    service_factory: Start, receiver: Receiver, first_wait_s: int
) -> None:
    """The schedule is in the database: a stop in between neither hastens nor loses a try."""
    service = service_factory(
        embedded_worker=0, allowed_private_networks="127.0.0.0/8",
        **({} if first_wait_s == USUAL_FIRST_WAIT_S else {"first_retry_seconds": first_wait_s}),
    )  # fmt: skip
    receiver.answers = [500, 302]
    submitted(subscribed(service, receiver), "REVIEW1")
    with working(service) as worker:
        until(lambda: len(receiver.came) == 1, "the first try")
        assert ended(worker) == 0
    with working(service) as worker:
        until(lambda: len(receiver.came) == 2, "the second try", first_wait_s + PATIENCE_S)
        assert ended(worker) == 0
    (first_id, first_s, first), (again_id, again_s, again) = receiver.came
    assert (first_id, first) == (again_id, again)
    assert first_wait_s - 0.5 <= again_s - first_s <= first_wait_s * 1.1 + LATE_S
    counts = [line for line in httpx.get(service.url + "/metrics", trust_env=False).text.splitlines()
              if line.startswith("ostiary_messages_waiting{")]  # fmt: skip
    assert 'ostiary_messages_waiting{state="pending",topic="webhook"} 1.0' in counts
    assert sum(float(line.rpartition(" ")[2]) for line in counts) == 1.0, "and of everything else there is none"


@pytest.mark.parametrize("lease_s", [LEASE_S, pytest.param(USUAL_LEASE_S, marks=USUAL)])
def test_a_message_whose_worker_was_killed_comes_again_after_the_lease(
    service_factory: Start, receiver: Receiver, lease_s: int
) -> None:
    short = {} if lease_s == USUAL_LEASE_S else SHORT_LEASE
    service = service_factory(embedded_worker=0, allowed_private_networks="127.0.0.0/8", **short)
    receiver.hangs = True
    submitted(subscribed(service, receiver), "REVIEW1")
    with working(service) as worker:
        until(lambda: receiver.came != [], "the endpoint is called")
        assert ended(worker, signal.SIGKILL) == -signal.SIGKILL
    receiver.hangs = False
    receiver.go.set()
    with working(service) as worker:
        until(lambda: len(receiver.came) > 1, "the message comes again", lease_s + PATIENCE_S)
        assert ended(worker) == 0
    (first_id, first_s, first), (again_id, again_s, again) = receiver.came
    assert (first_id, first) == (again_id, again)
    assert lease_s - CLAIMED_BEFORE_S <= again_s - first_s <= lease_s + LATE_S


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
    assert httpx.get(service.url + "/health/live", trust_env=False, timeout=ANSWERED_S).status_code == 200
    with listening() as other:
        healthy = service.client("production")
        subscription = {"url": other.url.replace("http:", "https:"), "webhook_key": "key"}
        assert healthy.post("/management/companies/webhook/subscribe", json=subscription).status_code == 200
        assert healthy.post("/management/companies/webhook/test").status_code == 200
        until(lambda: tried(healthy) == 1, "the other endpoint is not kept waiting")
    assert len(receiver.came) == 1
    receiver.go.set()
    until(lambda: len(set(receiver.ids())) == FULL, "all are told in the end", 20)


def tried(partner: httpx.Client) -> int:
    """How often the company's newest delivery was tried: a receiver without TLS takes none of them."""
    return int(partner.get("/management/companies/webhook/deliveries").json()[0]["tries"])


@pytest.mark.parametrize("processes", [1, 2])
def test_a_worker_can_be_probed_and_scraped(service: RunningService, receiver: Receiver, processes: int) -> None:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = int(chosen.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    submitted(subscribed(service, receiver), "UT12345")

    def asked(path: str) -> httpx.Response | None:
        try:
            return httpx.get(url + path, trust_env=False)
        except httpx.TransportError:
            return None

    def handled() -> bool:
        answer = asked("/metrics")
        return answer is not None and 'ostiary_messages_total{outcome="delivered",topic="webhook"} 2.0' in answer.text

    with working(service, "--port", str(port), "--processes", str(processes)) as worker:
        until(lambda: (answer := asked("/health/ready")) is not None and answer.status_code == 200, "it is ready")
        until(handled, "what it delivered is counted")
        live, nowhere, metrics = asked("/health/live"), asked("/docs"), asked("/metrics")
        assert live is not None
        assert nowhere is not None
        assert metrics is not None
        assert (live.json(), nowhere.status_code) == ({"status": "alive"}, 404)
        for line in (
            f'ostiary_build_info{{version="{__version__}"}} 1.0',
            'ostiary_reviews_open{kind="submission"} 0.0',
            'ostiary_reviews_oldest_seconds{kind="submission"} 0.0',
            'ostiary_messages_waiting{state="failed",topic="provider"} 0.0',
            'ostiary_messages_total{outcome="failed",topic="webhook"} 0.0',
            'ostiary_reading_seconds_count{outcome="timed_out"} 0.0',
            'ostiary_provider_messages_total{outcome="failed",provider="builtin"} 0.0',
        ):
            assert line in metrics.text.splitlines()
        assert "_created" not in metrics.text
        assert ended(worker) == 0
        assert asked("/health/live") is None
