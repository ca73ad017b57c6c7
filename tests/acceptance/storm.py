"""Partners' programs that go on whatever happens: what is not answered, or answered with 503, is sent again under the
same idempotency key until it is; and what must hold when all is over."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import person
from tests.material import picture

CLIENTS = "/management/clients/individuals"
PATIENCE_S = 100
"""Longer than the minute for which a process that was killed holds a key."""
PAUSE_S = 0.05
Query = Callable[[str], list[tuple[object, ...]]]


@dataclass
class Persistent:
    """One program. It onboards one client after the other until it is told to stop."""

    number: int
    urls: list[str]
    api_key: str
    stopping: threading.Event
    answered: dict[str, tuple[int, bytes]] = field(default_factory=dict)  # by idempotency key
    submitted: list[str] = field(default_factory=list)  # request ids
    clients: list[str] = field(default_factory=list)
    refused: list[httpx.Response] = field(default_factory=list)  # 503
    lost: int = 0  # calls whose answer never came
    failed: list[str] = field(default_factory=list)

    def work(self) -> None:
        try:
            while not self.stopping.is_set():
                self.onboard(f"p{self.number}n{len(self.answered)}")
        except Exception as problem:
            self.failed.append(f"{type(problem).__name__}: {problem}")

    def onboard(self, mark: str) -> None:
        client_id = str(self.call(CLIENTS, person(mark))["id"])
        self.clients.append(client_id)
        asked = self.call(f"{CLIENTS}/{client_id}/products", {"subproduct": "cards_individuals"})
        path, content = f"{CLIENTS}/{client_id}/products/{asked['id']}", picture(len(self.answered) % 9)
        front = "data:image/jpeg;base64," + base64.b64encode(content).decode()
        document = {"document_type": "passport", "image_front": front, "metadata": {"number": f"P{mark.upper()}"}}
        assert self.call(path + "/documentation", {"document": document})["rejected_items"] == []
        self.call(path + "/submit", None)
        self.submitted.append(str(asked["id"]))

    def call(self, path: str, body: dict[str, object] | None) -> dict[str, object]:
        """Again and again, with the same key, until there is an answer that is one."""
        key, end, at = f"{self.number}-{len(self.answered)}", time.monotonic() + PATIENCE_S, self.number
        while time.monotonic() < end:
            url, at = self.urls[at % len(self.urls)], at + 1
            try:
                headers = {"Idempotency-Key": key, "x-api-key": self.api_key}
                answer = httpx.post(url + path, json=body, headers=headers, timeout=20, trust_env=False)
            except httpx.TransportError:
                self.lost += 1
                time.sleep(PAUSE_S)
                continue
            if answer.status_code in (503, 409):
                self.refused.append(answer)
                time.sleep(PAUSE_S)
                continue
            assert answer.status_code in (200, 201), f"{path}: {answer.status_code} {answer.text}"
            self.answered[key] = answer.status_code, answer.content
            told: dict[str, object] = answer.json()
            return told
        raise AssertionError(f"{path} was never answered")


@contextmanager
def at_work(services: list[RunningService], programs: int) -> Iterator[list[Persistent]]:
    """Programs at work; at the end they finish the client they are at."""
    api_key, stopping = services[0].key(3, "production"), threading.Event()
    urls = [one.url for one in services]
    made = [Persistent(number, urls, api_key, stopping) for number in range(programs)]
    threads = [threading.Thread(target=one.work) for one in made]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        stopping.set()
        for thread in threads:
            thread.join(2 * PATIENCE_S)


def assert_nothing_lost_or_doubled(service: RunningService, rows: Query, programs: list[Persistent]) -> None:
    """What was answered is there, once; each submission told its provider once; the audit trail is intact."""
    failed = [why for one in programs for why in one.failed]
    assert not failed, failed
    clients = {one for program in programs for one in program.clients}
    submitted = {one for program in programs for one in program.submitted}
    assert len(submitted) >= len(programs), "there was a storm"
    assert {str(row[0]) for row in rows("SELECT client_id FROM clients")} == clients, "none lost, none doubled"
    told = rows("SELECT enablement_id, count(*) FROM messages WHERE topic = 'provider' GROUP BY enablement_id")
    assert {str(row[0]): row[1] for row in told} == dict.fromkeys(submitted, 1)
    assert service.told("audit", "verify")["intact"]
    for program in programs:
        for answer in program.refused:
            assert "retry-after" in answer.headers, answer.text
    assert "Traceback" not in service.log.read_text()
