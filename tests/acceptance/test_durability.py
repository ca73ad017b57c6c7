"""What was answered is there, whatever happens to the process: killed while many write, or told to stop."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

import httpx

from ostiary.app import opened
from ostiary.settings import read_settings
from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import documented, person, until
from tests.material import picture

Start = Callable[..., RunningService]
SEEDS = (11, 22)
WRITERS = 3
AT_ONCE_S = 15
"""On a busy machine; less than anything that is waited for at the end."""
CALMEST_S, LONGEST_S = 0.4, 1.6
"""When the process is killed, after a first submission: how long that takes says how busy the machine is."""
CLIENTS = "/management/clients/individuals"
UNFINISHED = (200, 201, 409)
"""What a repeat may hear whose first call was cut off: done now, done then, or still held by the lease."""


@dataclass
class Call:
    """One POST under an idempotency key, and what came back: None when the process died first."""

    path: str
    key: str
    body: dict[str, object] | None
    answer: tuple[int, bytes] | None = None

    def send(self, partner: httpx.Client) -> httpx.Response:
        return partner.post(self.path, json=self.body, headers={"Idempotency-Key": self.key})


@dataclass
class Writer:
    """A partner's program that onboards clients one after the other until the service is gone."""

    number: int
    calls: list[Call] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)  # by request id
    submitted: list[str] = field(default_factory=list)  # addresses

    def work(self, url: str, api_key: str) -> None:
        with httpx.Client(base_url=url, headers={"x-api-key": api_key}, timeout=20, trust_env=False) as partner:
            try:
                while True:
                    self.onboard(partner)
            except httpx.TransportError:
                return

    def onboard(self, partner: httpx.Client) -> None:
        mark = f"w{self.number}n{len(self.calls)}"
        client_id = self.call(partner, CLIENTS, person(mark))["id"]
        asked = self.call(partner, f"{CLIENTS}/{client_id}/products", {"subproduct": "cards_individuals"})
        path, content = f"{CLIENTS}/{client_id}/products/{asked['id']}", picture(self.number * 10 + len(self.calls) % 9)
        front = "data:image/jpeg;base64," + base64.b64encode(content).decode()
        document = {"document_type": "passport", "image_front": front, "metadata": {"number": f"P{mark.upper()}"}}
        taken = self.call(partner, path + "/documentation", {"document": document})
        assert taken["rejected_items"] == []
        self.pictures[str(asked["id"])] = content
        self.call(partner, path + "/submit", None)
        self.submitted.append(path)

    def call(self, partner: httpx.Client, path: str, body: dict[str, object] | None) -> dict[str, object]:
        call = Call(path, f"key-{self.number}-{len(self.calls)}", body)
        self.calls.append(call)
        answer = call.send(partner)
        assert answer.status_code in (200, 201), answer.text
        call.answer = answer.status_code, answer.content
        content: dict[str, object] = answer.json()
        return content


def storm(service: RunningService, api_key: str, seed: int) -> list[Writer]:
    """Writers at work until the process is killed at a moment that the seed chooses."""
    writers = [Writer(seed * 100 + at) for at in range(WRITERS)]
    threads = [threading.Thread(target=writer.work, args=(service.url, api_key)) for writer in writers]
    for thread in threads:
        thread.start()
    until(lambda: any(writer.submitted for writer in writers), "somebody has submitted something")
    time.sleep(random.Random(seed).uniform(CALMEST_S, LONGEST_S))
    assert service.stop(signal.SIGKILL) == -signal.SIGKILL
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return writers


def check_answers(partner: httpx.Client, writers: list[Writer]) -> None:
    """Repeats give what was answered, and what was submitted is in review: there is no worker, whose ends are
    `test_worker_faults.py` and what else is called `killed`."""
    for call in (call for writer in writers for call in writer.calls):
        again = call.send(partner)
        if call.answer is None:
            assert again.status_code in UNFINISHED, again.text
        else:
            assert (again.status_code, again.content) == call.answer
            assert again.headers["idempotency-replayed"] == "true"
    for path in (path for writer in writers for path in writer.submitted):
        shown = partner.get(path).json()
        assert shown["status"] == "in_kyc"


async def check_pictures(service: RunningService, company_id: str, pictures: dict[str, bytes]) -> None:
    """Every picture that a row refers to opens, and is the one that was sent; other files are whole or debris."""
    variables = {name: value for name, value in service.variables.items() if name.startswith("OSTIARY_")}
    with opened(read_settings(variables)) as parts:
        referenced = set()
        for client in await parts.store.clients.page(company_id, None, None, 10_000):
            dossier = await parts.store.dossier(company_id, client.id)
            assert dossier is not None
            for document in dossier.documents:
                [side] = document.sides
                content = await parts.files.fetch(client, document.id, side)
                referenced.add(side.file.rsplit("/", 1)[1])
                assert content == pictures.get(dossier.enablements[0].id, content)
        days = [folder.name for folder in (service.data / "pictures" / company_id).iterdir()]
        names = {stored.name.rpartition("/")[2] async for stored in parts.files.stored(company_id, days)}
        everything = {path.name for path in (service.data / "pictures").rglob("*") if path.is_file()}
    assert referenced <= names
    assert names == everything, "no file has a name that the sweep would not know"
    assert len(names - referenced) <= WRITERS * len(SEEDS), "at most what was under way at each kill"
    assert len(referenced) >= len(pictures)


def notifications(service: RunningService) -> dict[str, int]:
    """How often the provider is told of each request."""
    text = "SELECT enablement_id, count(*) FROM messages WHERE topic = 'provider' GROUP BY enablement_id"
    with closing(sqlite3.connect(service.data / "ostiary.sqlite3")) as database:
        return dict(database.execute(text).fetchall())


def test_what_was_answered_survives_a_kill_at_any_moment(service_factory: Start) -> None:
    service = service_factory(embedded_worker=0)
    company_id, api_key, writers = service.company("production"), service.key(3, "production"), list[Writer]()
    for seed in SEEDS:
        latest = storm(service, api_key, seed)
        writers += latest
        service.start()
        check_answers(service.client("production"), latest)
        assert service.answer("audit", "verify")["intact"]
    assert service.stop() == 0
    assert sum(len(writer.submitted) for writer in writers) >= len(SEEDS), "each storm reaches one"
    pictures = {request_id: content for writer in writers for request_id, content in writer.pictures.items()}
    asyncio.run(check_pictures(service, company_id, pictures))
    counts = notifications(service)
    assert set(counts.values()) == {1}
    assert {path.rsplit("/", 1)[1] for writer in writers for path in writer.submitted} <= set(counts)
    assert service.answer("audit", "verify")["intact"]
    assert "Traceback" not in service.log.read_text()


def test_an_operator_sees_the_picture_that_was_sent_before_a_kill(service_factory: Start) -> None:
    service = service_factory(embedded_worker=0)
    partner = service.client("production")
    onboarded = documented(partner, "AB1234567")
    assert partner.post(onboarded.path + "/submit").json()["product"]["status"] == "in_kyc"
    assert service.stop(signal.SIGKILL) == -signal.SIGKILL
    folder = service.data.with_name("saved")
    service.answer("review", "show", onboarded.request_id, "--operator", "ana", "--save", folder)
    [saved] = list(folder.iterdir())
    assert saved.read_bytes() == onboarded.picture


def test_an_upload_under_way_is_answered_when_the_service_is_told_to_stop(service_factory: Start) -> None:
    service = service_factory(embedded_worker=0)
    onboarded = documented(service.client(), "AB1234567")
    front = "data:image/jpeg;base64," + base64.b64encode(picture(900)).decode()
    document = {"document_type": "passport", "image_front": front, "metadata": {"number": "CD1234567"}}
    body = json.dumps({"document": document}).encode()
    head = (
        f"POST {onboarded.path}/documentation HTTP/1.1\r\nhost: x\r\nx-api-key: {service.key()}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as line:
        line.sendall(head.encode() + body[: len(body) // 2])
        time.sleep(0.3)
        assert service.process is not None
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert service.process.poll() is None, "it waits for what has begun"
        line.sendall(body[len(body) // 2 :])
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200 "), answer[:200]
    assert service.stop() == 0
    assert "Traceback" not in service.log.read_text()
    service.start()
    shown = service.client().get(onboarded.path, params={"expand": "explain"})
    assert shown.json()["missing_requirements"] == {"documents": [], "data": []}


def test_a_service_without_work_stops_at_once(service_factory: Start) -> None:
    service = service_factory(embedded_worker=0)
    began = time.monotonic()
    assert service.stop() == 0
    assert time.monotonic() - began < AT_ONCE_S
    assert "ended" in service.log.read_text()
