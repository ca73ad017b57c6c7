"""What several processes do as one: counts, connections, deliveries."""

from __future__ import annotations

import asyncio
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.acceptance.conftest import END_S, OSTIARY, RunningService
from tests.acceptance.onboarding import submitted, until
from tests.acceptance.receiver import Receiver
from tests.acceptance.test_worker import subscribed
from tests.acceptance.watched import (
    WatchedService,
    asked,
    children_of,
    is_alive,
    kill,
    watched,
)

Start = Callable[..., RunningService]
TOGETHER = 16
BURSTS, SHARED = 9, 6
"""A connection is left for 2 ms to the process that holds fewer: on a busy machine that is too short now and then."""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[WatchedService]:
    with watched(tmp_path) as running:
        yield running


def served(service: WatchedService, operation: str) -> float:
    """How many requests one scrape counts, by any process."""
    families = {family.name: family for family in text_string_to_metric_families(asked(service, "/metrics").text)}
    samples = families["ostiary_requests"].samples if "ostiary_requests" in families else []
    return sum(
        sample.value for sample in samples if sample.name.endswith("_total") and sample.labels["operation"] == operation
    )


def test_a_scrape_counts_what_every_process_served_also_those_that_are_gone(service: WatchedService) -> None:
    def asked_by_several() -> set[int]:
        for _ in range(20):
            asked(service, "/health/ready")
        return {event["process"] for event in service.events("served") if event["operation"] == "ready"}

    until(lambda: len(asked_by_several()) == 2, "both processes have served")
    total = len([event for event in service.events("served") if event["operation"] == "ready"])
    assert {served(service, "ready") for _ in range(10)} == {total}
    kill(sorted(service.children())[0])
    service.until_ready(service.all + 1)
    asked(service, "/health/ready")
    assert {served(service, "ready") for _ in range(10)} == {total + 1}
    shown = asked(service, "/metrics").text
    assert 'ostiary_request_seconds_count{operation="ready"}' in shown
    assert "pid=" not in shown


async def burst(port: int, count: int) -> None:
    """Connections that are opened together, and stay until each was answered."""
    pairs = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", port) for _ in range(count)))
    for _, writer in pairs:
        writer.write(b"GET /health/live HTTP/1.1\r\nhost: here\r\n\r\n")
    await asyncio.gather(*(reader.readuntil(b"}") for reader, _ in pairs))
    for _, writer in pairs:
        writer.close()
        await writer.wait_closed()


async def test_connections_that_come_together_are_shared_out(service: WatchedService) -> None:
    counted: Counter[int] = Counter()
    shares = []
    for _ in range(BURSTS):
        await burst(service.port, TOGETHER)
        total = sum(counted.values()) + TOGETHER
        until(lambda total=total: len(service.events("served")) >= total, "all are answered")  # type: ignore[misc]
        await asyncio.sleep(0.3)
        now = Counter(event["process"] for event in service.events("served"))
        shares.append(sorted((now[1] - counted[1], now[2] - counted[2])))
        counted = now
    assert [sum(share) for share in shares] == [TOGETHER] * BURSTS
    assert sum(least >= TOGETHER // 4 for least, _ in shares) >= SHARED, shares


def test_the_folder_of_counts_goes_with_the_service(service: WatchedService, tmp_path: Path) -> None:
    assert len(list(tmp_path.glob("ostiary-counts-*"))) == 1
    assert service.stop() == 0
    assert list(tmp_path.glob("ostiary-counts-*")) == []


def test_several_workers_deliver_each_message_once(
    service_factory: Start, receiver: Receiver, tmp_path: Path
) -> None:  # fmt: skip
    service = service_factory(embedded_worker=0, allowed_private_networks="127.0.0.0/8")
    partner = subscribed(service, receiver)
    with service.log.open("ab") as log:
        workers = subprocess.Popen(
            [str(OSTIARY), "worker", "--processes", "2"], env=service.variables, stdout=log, stderr=log
        )
    try:
        for at in range(6):
            submitted(partner, f"AB{at}234567")
        until(lambda: len(receiver.came) == 12, "both changes of each are told")
        [first, _] = children_of(workers.pid)
        kill(first)
        until(lambda: not is_alive(first), "it is dead")
        for at in range(6):
            submitted(partner, f"CD{at}234567")
        until(lambda: len(receiver.came) == 24, "the others are told too")
        workers.terminate()
        assert workers.wait(END_S) == 0
    finally:
        workers.kill()
        workers.wait(END_S)
    assert len(set(receiver.ids())) == 24
