"""The end of a process: it says so first, serves on for a while, finishes what it began, and hands back the rest."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from ostiary.adapters.webhooks.sender import WebhookSender
from ostiary.background.worker import PARTING_S, Worker
from ostiary.usecases.delivery.webhook import subscribe_webhook
from tests.acceptance.conftest import END_S, RunningService
from tests.acceptance.onboarding import documented, drawn, new_client, person, submitted, until
from tests.acceptance.receiver import Receiver
from tests.acceptance.test_worker import subscribed, working
from tests.acceptance.watched import asked, pids_of, watched
from tests.house import House, open_house

Start = Callable[..., RunningService]
DRAIN_S = 6
ENDS_WITHIN_S = 20
"""On a busy machine; less than the 25 s for which requests are waited for that have begun."""
WAITS_S = 8
"""A piece of a body is waited for 10 s."""
NETWORKS = "127.0.0.0/8"


def told_to_end(service: RunningService) -> float:
    """Sends SIGTERM; when that was."""
    assert service.process is not None
    service.process.send_signal(signal.SIGTERM)
    return time.monotonic()


def is_refused(service: RunningService) -> bool:
    """Also where a connection met the very end: the system takes it, and we close it unread."""
    try:
        asked(service)
    except httpx.TransportError:
        return True
    return False


def upload_of(partner: httpx.Client, begun: threading.Event, go_on: threading.Event) -> httpx.Response:
    """Sends a document in two halves, the second when it is told to."""
    client_id = new_client(partner, "slow")
    asked_for = {"subproduct": "cards_individuals"}
    product = partner.post(f"/management/clients/individuals/{client_id}/products", json=asked_for).json()
    details = json.dumps({"document_type": "passport", "metadata": {"number": "AB1234567"}})
    path = f"/management/clients/individuals/{client_id}/products/{product['id']}/documentation"
    whole = partner.build_request(
        "POST", path, data={"document": details}, files={"image_front": ("a.jpg", drawn("AB1234567"), "image/jpeg")}
    )
    content = whole.read()

    def halves() -> Iterator[bytes]:
        yield content[: len(content) // 2]
        begun.set()
        go_on.wait(WAITS_S)
        yield content[len(content) // 2 :]

    headers = {"content-type": whole.headers["content-type"], "content-length": str(len(content))}
    return partner.post(path, content=halves(), headers=headers)


# ---- the API --------------------------------------------------------------------------------------------------------


def test_it_says_no_at_once_serves_on_and_then_takes_nothing_more(service_factory: Start) -> None:
    service = service_factory(drain_seconds=DRAIN_S)
    partner = service.client()
    new_client(partner, "before")
    assert asked(service, "/health/ready").json() == {"status": "ready"}
    began = told_to_end(service)
    until(lambda: asked(service, "/health/ready").status_code == 503, "it is not ready", DRAIN_S)
    answer = asked(service, "/health/ready")
    assert (answer.json(), answer.headers["retry-after"]) == ({"status": "draining"}, "1")
    assert asked(service, "/health/live").status_code == 200
    answers = [partner.post("/management/clients/individuals", json=person(f"during{at}")) for at in range(3)]
    assert [(answer.status_code, answer.headers.get("connection")) for answer in answers] == [(201, "close")] * 3
    assert time.monotonic() - began < DRAIN_S, "all that was while it drained"
    until(lambda: is_refused(service), "it does not listen any more", DRAIN_S + ENDS_WITHIN_S)
    assert time.monotonic() - began >= DRAIN_S
    assert service.process is not None
    assert service.process.wait(END_S) == 0
    assert time.monotonic() - began < DRAIN_S + ENDS_WITHIN_S


def test_without_time_for_draining_it_takes_nothing_more_at_once(service_factory: Start) -> None:
    service = service_factory()
    began = told_to_end(service)
    until(lambda: is_refused(service), "it does not listen any more", ENDS_WITHIN_S)
    assert service.process is not None
    assert (service.process.wait(END_S), time.monotonic() - began < ENDS_WITHIN_S) == (0, True)


@pytest.mark.parametrize("signals", [1, 3], ids=["told once", "told three times"])
def test_an_upload_that_has_begun_is_answered(service_factory: Start, signals: int) -> None:
    service = service_factory()
    partner, begun, go_on, answers = service.client(), threading.Event(), threading.Event(), []
    sender = threading.Thread(target=lambda: answers.append(upload_of(partner, begun, go_on)))
    sender.start()
    assert begun.wait(END_S)
    for _ in range(signals):
        told_to_end(service)
        time.sleep(0.3)
    until(lambda: is_refused(service), "it does not listen any more", ENDS_WITHIN_S)
    assert answers == [], "and the upload is still under way"
    go_on.set()
    sender.join(END_S)
    [answer] = answers
    assert (answer.status_code, answer.json()["rejected_items"]) == (200, []), answer.text
    assert answer.headers["connection"] == "close"
    assert service.process is not None
    assert service.process.wait(END_S) == 0


def test_several_processes_drain_together(tmp_path: Path) -> None:
    with watched(tmp_path, drain_seconds=DRAIN_S) as service:
        children = service.children()
        began = told_to_end(service)
        until(lambda: asked(service, "/health/ready").status_code == 503, "it is not ready", DRAIN_S)
        answers = [asked(service, "/health/ready") for _ in range(8)]
        assert {answer.text for answer in answers} == {'{"status":"draining"}'}
        assert service.children() & children >= pids_of(service, "serve"), (
            "those that serve go on; who delivers may be gone"
        )
        until(lambda: is_refused(service), "none listens any more", DRAIN_S + ENDS_WITHIN_S)
        assert time.monotonic() - began >= DRAIN_S
        assert service.process is not None
        assert service.process.wait(END_S) == 0


# ---- messages -------------------------------------------------------------------------------------------------------


def test_while_it_drains_it_takes_up_no_message(service_factory: Start, receiver: Receiver) -> None:
    service = service_factory(drain_seconds=DRAIN_S, allowed_private_networks=NETWORKS)
    partner = subscribed(service, receiver)
    onboarded = documented(partner, "AB1234567")
    told_to_end(service)
    until(lambda: asked(service, "/health/ready").status_code == 503, "it is not ready", DRAIN_S)
    assert partner.post(onboarded.path + "/submit").status_code == 200
    assert service.process is not None
    assert service.process.wait(END_S) == 0
    assert receiver.came == [], "what was asked for meanwhile waits for another worker"
    with working(service) as worker:
        until(lambda: len(receiver.came) == 2, "both changes are told")
        worker.terminate()
        assert worker.wait(END_S) == 0


def test_a_delivery_under_way_ends_while_it_drains(service_factory: Start, receiver: Receiver) -> None:
    service = service_factory(allowed_private_networks=NETWORKS)
    receiver.hangs = True
    submitted(subscribed(service, receiver), "REVIEW1")
    until(lambda: receiver.came != [], "the endpoint is called")
    told_to_end(service)
    until(lambda: is_refused(service), "it does not listen any more", ENDS_WITHIN_S)
    time.sleep(0.3)
    assert service.process is not None
    assert service.process.poll() is None, "it waits for what is under way"
    receiver.go.set()
    assert service.process.wait(END_S) == 0
    with working(service) as worker:
        time.sleep(1.2)
        worker.terminate()
        assert worker.wait(END_S) == 0
    assert len(receiver.came) == 1, "it was settled, so it does not come again"


async def nothing() -> None:
    """No housekeeping."""


async def hooked(house: House, receiver: Receiver) -> None:
    """A company to be told of a request that waits for an operator; nothing else is pending."""
    await house.do(subscribe_webhook, receiver.url, "key", lambda url, plain: None)
    await house.refresh()
    await house.submitted()


async def worked(
    house: House, until_holds: Callable[[], bool], chores: Callable[[], Awaitable[None]] = nothing,
    parting_s: float = PARTING_S,
) -> None:  # fmt: skip
    """A worker that is stopped once something holds; waits for its end."""
    sender = WebhookSender(house.parts.settings.allowed_private_networks)
    worker = Worker(house.context, sender, chores, parting_s=parting_s)
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(END_S):
        while not until_holds():
            await asyncio.sleep(0.02)
        worker.stop()
        await running
    await sender.close()


async def test_what_does_not_end_in_time_is_handed_back_and_sent_by_another_worker_without_waiting_for_the_lease(
    tmp_path: Path, receiver: Receiver
) -> None:  # fmt: skip
    """The clock stands still: a lease never runs out here."""
    receiver.hangs = True
    with open_house(tmp_path / "data", OSTIARY_ALLOWED_PRIVATE_NETWORKS=NETWORKS) as house:
        house.caller = await house.found_company()
        await hooked(house, receiver)
        await worked(house, lambda: receiver.came != [], parting_s=0.5)
        held = house.rows(
            "SELECT attempts, lease, due_at_ms FROM messages WHERE topic = 'webhook' AND state = 'pending'"
        )
        assert (0, None, house.clock.now_ms) in held, "free, due, and the try not counted"
        receiver.hangs = False
        receiver.go.set()
        await worked(house, lambda: len(receiver.came) == 3)
        first, again, _ = receiver.ids()
        assert first == again
        assert set(house.messages("webhook")) == {"delivered"}


async def test_what_is_claimed_in_the_moment_of_the_end_is_handed_back_untried(
    tmp_path: Path, receiver: Receiver
) -> None:  # fmt: skip
    with open_house(tmp_path / "data", OSTIARY_ALLOWED_PRIVATE_NETWORKS=NETWORKS) as house:
        house.caller = await house.found_company()
        await hooked(house, receiver)
        sender = WebhookSender(house.parts.settings.allowed_private_networks)
        worker = Worker(house.context, sender, nothing)
        claiming = asyncio.create_task(worker._round())
        await asyncio.sleep(0)  # it has asked the database, and waits
        worker.stop()
        await claiming
        assert house.rows("SELECT count(*) FROM messages WHERE lease IS NOT NULL OR attempts > 0") == [(0,)]
        await sender.close()
    assert receiver.came == []


async def test_the_end_does_not_wait_for_housekeeping(tmp_path: Path) -> None:
    begun, broken_off = asyncio.Event(), asyncio.Event()

    async def sweep() -> None:
        begun.set()
        try:
            await asyncio.sleep(600)
        finally:
            broken_off.set()

    with open_house(tmp_path / "data") as house:
        sender = WebhookSender(house.parts.settings.allowed_private_networks)
        worker = Worker(house.context, sender, sweep)
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(5):
            await begun.wait()
            worker.stop()
            await running
        await sender.close()
    assert broken_off.is_set()


async def test_deliveries_do_not_wait_for_housekeeping(tmp_path: Path, receiver: Receiver) -> None:
    """Looking through an object store for what nobody refers to takes a call for each company and day."""
    begun = asyncio.Event()

    async def sweep() -> None:
        begun.set()
        await asyncio.sleep(600)

    with open_house(tmp_path / "data", OSTIARY_ALLOWED_PRIVATE_NETWORKS=NETWORKS) as house:
        house.caller = await house.found_company()
        await hooked(house, receiver)
        await worked(house, lambda: begun.is_set() and receiver.came != [], sweep)
    assert begun.is_set()
