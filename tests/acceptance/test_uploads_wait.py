"""More uploads at once than memory for them: they wait their turn, and nobody's slowness is everybody's."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import Onboarded, new_client
from tests.material import picture
from tests.provided import providers

Start = Callable[..., RunningService]
BUDGET_MB, UPLOADS = 2, 16
PADDING_BYTES = 600_000
"""So that three bodies fill the budget: bytes behind a JPEG's end are kept, and decoded by nobody."""
PATIENCE_S = 60


@pytest.fixture
def service(service_factory: Start, tmp_path: Path) -> RunningService:
    file = providers(tmp_path, "https://kyc.example.com/submissions")
    return service_factory(upload_budget_mb=BUDGET_MB, providers=file, public_url="http://127.0.0.1:{port}")


def requested(partner: httpx.Client, mark: object) -> Onboarded:
    client_id = new_client(partner, mark)
    asked = partner.post(
        f"/management/clients/individuals/{client_id}/products", json={"subproduct": "cards_individuals"}
    )
    return Onboarded(client_id, asked.json()["id"], b"")


def large_document(number: int) -> dict[str, object]:
    content = picture(number) + bytes(PADDING_BYTES)
    front = "data:image/jpeg;base64," + base64.b64encode(content).decode()
    metadata = {"number": f"AB{number:07}"}
    return {"document": {"document_type": "passport", "image_front": front, "metadata": metadata}}


def uploaded(service: RunningService, partner: httpx.Client, onboarded: Onboarded, number: int) -> httpx.Response:
    """Over a connection of its own."""
    headers = {"x-api-key": partner.headers["x-api-key"]}
    with httpx.Client(base_url=service.url, headers=headers, timeout=PATIENCE_S, trust_env=False) as alone:
        return alone.post(onboarded.path + "/documentation", json=large_document(number))


@contextmanager
def sending_slowly(
    service: RunningService, path: str, headers: dict[str, str], size: int, count: int
) -> Iterator[None]:
    """So many callers that declare a body and then hardly send any of it."""
    lines = [f"POST {path} HTTP/1.1", "host: ostiary", f"content-length: {size}", "content-type: application/json"]
    head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items())]) + "\r\n\r\n"
    with ExitStack() as held:
        for _ in range(count):
            caller = held.enter_context(socket.create_connection(("127.0.0.1", service.port)))
            caller.sendall(head.encode() + b'{"document": {"')
        yield


def test_sixteen_uploads_at_once_wait_and_all_are_taken(service: RunningService) -> None:
    partner = service.client()
    requests = [requested(partner, number) for number in range(UPLOADS)]
    with ThreadPoolExecutor(UPLOADS) as crowd:
        answers = list(crowd.map(lambda number: uploaded(service, partner, requests[number], number), range(UPLOADS)))
    assert [answer.status_code for answer in answers] == [200] * UPLOADS
    assert [answer.json()["rejected_items"] for answer in answers] == [[]] * UPLOADS


def test_one_companys_slow_uploads_do_not_hold_up_anothers(service: RunningService) -> None:
    slow, honest = service.client("sandbox"), service.client("production")
    path = requested(slow, "slow").path + "/documentation"
    mine = requested(honest, "honest")
    headers = {"x-api-key": slow.headers["x-api-key"]}
    with sending_slowly(service, path, headers, 10 * PADDING_BYTES, 12):
        answer = uploaded(service, honest, mine, 1)
    assert (answer.status_code, answer.json()["rejected_items"]) == (200, [])


def test_strangers_at_the_verdict_address_take_nothing_from_uploads(service: RunningService) -> None:
    partner = service.client()
    mine = requested(partner, "mine")
    with sending_slowly(service, "/providers/acme/verdicts", {}, 262_144, 60):
        answer = uploaded(service, partner, mine, 1)
        verdict = httpx.post(f"{service.url}/providers/acme/verdicts", json={}, timeout=PATIENCE_S, trust_env=False)
    assert (answer.status_code, answer.json()["rejected_items"]) == (200, [])
    assert verdict.status_code in (401, 429), json.dumps(verdict.json())
