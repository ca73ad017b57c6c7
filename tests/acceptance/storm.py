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
from tests.acceptance.onboarding import person, until
from tests.material import picture
from tests.servers.console import console
from tests.servers.postgresql import shared

CLIENTS = "/management/clients/individuals"
PATIENCE_S = 100
"""Longer than the minute for which a process that was killed holds a key."""
PAUSE_S, BETWEEN_S = 0.05, 0.15
"""Before a call is sent again, and before the next client: calls are under way at any moment, and no more of them than
prove something, since each answer is asked for again in the end."""
ONCE = ("client_created", "document_accepted", "product_requested", "product_submitted")
"""What the audit trail says of each client that was onboarded, each a single time."""
SENT_BACK = "pending_documentation"
"""What a submission becomes where a worker has come to read its picture, which has no lines. That it was submitted, and
once, is seen in the trail and in what its provider was told."""
Query = Callable[[str], list[tuple[object, ...]]]


@dataclass(frozen=True)
class StoredResponse:
    """A call and its answer."""

    path: str
    body: dict[str, object] | None
    status: int
    content: bytes


@dataclass
class Persistent:
    """One program. It onboards one client after the other until it is told to stop."""

    number: int
    urls: list[str]
    api_key: str
    stopping: threading.Event
    answered: dict[str, StoredResponse] = field(default_factory=dict)  # by idempotency key
    submitted: list[str] = field(default_factory=list)  # request ids
    pages: list[str] = field(default_factory=list)  # addresses of what was submitted
    clients: list[str] = field(default_factory=list)
    refused: list[httpx.Response] = field(default_factory=list)  # 503
    lost: int = 0  # calls whose answer never came
    failed: list[str] = field(default_factory=list)

    def work(self) -> None:
        try:
            while not self.stopping.is_set():
                self.onboard(f"p{self.number}n{len(self.answered)}")
                self.stopping.wait(BETWEEN_S)
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
        self.pages.append(path)

    def call(self, path: str, body: dict[str, object] | None) -> dict[str, object]:
        """Again and again, with the same key, until there is an answer that is one."""
        key, end, at = f"{self.number}-{len(self.answered)}", time.monotonic() + PATIENCE_S, self.number
        while time.monotonic() < end:
            url, at = self.urls[at % len(self.urls)], at + 1
            try:
                answer = self.send(url, key, path, body)
            except httpx.TransportError:
                self.lost += 1
                time.sleep(PAUSE_S)
                continue
            if answer.status_code in (503, 409):
                self.refused.append(answer)
                time.sleep(PAUSE_S)
                continue
            assert answer.status_code in (200, 201), f"{path}: {answer.status_code} {answer.text}"
            self.answered[key] = StoredResponse(path, body, answer.status_code, answer.content)
            content: dict[str, object] = answer.json()
            return content
        raise AssertionError(f"{path} was never answered")

    def send(self, url: str, key: str, path: str, body: dict[str, object] | None) -> httpx.Response:
        """Over a connection of its own, in the clear. (Loading certificates would take longer than the call.)"""
        headers = {"Idempotency-Key": key, "x-api-key": self.api_key}
        return httpx.post(url + path, json=body, headers=headers, timeout=20, trust_env=False, verify=False)  # noqa: S501


@contextmanager
def at_work(services: list[RunningService], programs: int, kind: str = "production") -> Iterator[list[Persistent]]:
    """Programs at work; at the end they finish the client they are at."""
    api_key, stopping = services[0].key(3, kind), threading.Event()
    urls = [service.url for service in services]
    running = [Persistent(number, urls, api_key, stopping) for number in range(programs)]
    threads = [threading.Thread(target=program.work) for program in running]
    for thread in threads:
        thread.start()
    try:
        yield running
    finally:
        stopping.set()
        for thread in threads:
            thread.join(2 * PATIENCE_S)


def until_onboarded(programs: list[Persistent], count: int = 1) -> None:
    """Until each program has onboarded so many more clients (or has failed, which is told in the end)."""
    before = [len(program.submitted) for program in programs]

    def enough() -> bool:
        return all(
            program.failed or len(program.submitted) >= had + count
            for program, had in zip(programs, before, strict=True)
        )

    until(enough, f"each has onboarded {count} more", PATIENCE_S)


def until_refused(programs: list[Persistent]) -> None:
    """Until a program has met a service that cannot do its work, or none."""
    before = sum(len(program.refused) + program.lost for program in programs)
    until(
        lambda: sum(len(program.refused) + program.lost for program in programs) > before, "it is noticed", PATIENCE_S
    )


def of_server(name: str) -> Query:
    """Asks a database of the shared server. Digits are numbers, as from a file."""

    def rows(text: str) -> list[tuple[object, ...]]:
        asked = console().rows(shared().url(name), text)
        return [tuple(int(cell) if str(cell).isdigit() else cell for cell in row) for row in asked]

    return rows


def assert_nothing_lost_or_doubled(
    service: RunningService, rows: Query, programs: list[Persistent], status: str = "in_kyc"
) -> None:
    """What was answered is there, once, and is answered again; each submission told its provider once; no result was
    recorded twice; the audit trail is intact. `status` is what became of the submissions."""
    failed = [why for program in programs for why in program.failed]
    assert not failed, failed
    submitted = {path for program in programs for path in program.submitted}
    assert len(submitted) >= len(programs), "there was a storm"
    _assert_rows(rows, {client for program in programs for client in program.clients}, submitted)
    for program in programs:
        _assert_answers(service, program, status)
        for answer in program.refused:
            assert "retry-after" in answer.headers, answer.text
    report = service.answer("audit", "verify")
    assert (report["intact"], report["chains"] >= len(submitted)) == (True, True), report
    assert "Traceback" not in service.log.read_text()


def _assert_rows(rows: Query, clients: set[str], submitted: set[str]) -> None:
    def column(text: str) -> list[str]:
        return sorted(str(row[0]) for row in rows(text))

    assert column("SELECT client_id FROM clients") == sorted(clients), "none lost, none doubled"
    assert column("SELECT client_id FROM documents") == sorted(clients), "one each"
    assert column("SELECT enablement_id FROM enablements") == sorted(submitted), "one each"
    assert column("SELECT enablement_id FROM messages WHERE topic = 'provider'") == sorted(submitted), "told once"
    for action in ONCE:
        text = f"SELECT owner FROM audit_entries WHERE action = '{action}'"  # noqa: S608
        assert column(text) == sorted(clients), f"{action}, once for each"
    assert rows("SELECT message_id FROM attempts WHERE status = 200 GROUP BY message_id HAVING count(*) > 1") == []
    assert rows("SELECT message_id FROM messages WHERE state <> 'pending' AND lease IS NOT NULL") == []


def _assert_answers(service: RunningService, program: Persistent, status: str) -> None:
    headers = {"x-api-key": program.api_key}
    with httpx.Client(base_url=service.url, headers=headers, timeout=20, trust_env=False) as partner:
        for key, call in program.answered.items():
            again = partner.post(call.path, json=call.body, headers={"Idempotency-Key": key})
            assert (again.status_code, again.content) == (call.status, call.content), call.path
            assert again.headers["idempotency-replayed"] == "true", "from what was kept, not done again"
        for page in program.pages:
            assert partner.get(page).json()["status"] in (status, SENT_BACK), page
