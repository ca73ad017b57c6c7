"""Endpoints that answer wrongly, slowly or not at all, in a process of their own: each is recorded, none in the way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import until

Start = Callable[..., RunningService]
ROOT = Path(__file__).parents[2]
ENDPOINT_S = 4
"""The usual 15 s are proved with each adapter; here it has to be longer than the slow one takes on a busy machine."""
OUTCOMES: dict[str, tuple[int | None, str, str, str]] = {
    # path: status, problem, answer, how the endpoint does afterwards
    "/ok": (204, "", "", "working"),
    "/slow": (200, "", "ok", "working"),
    "/500": (500, "", "no such row", "failing"),
    "/429": (429, "", "", "failing"),
    "/redirect": (307, "", "", "failing"),
    "/410": (410, "", "", "disabled"),
    "/close": (None, "ServerDisconnectedError", "", "failing"),
    "/garbage": (None, "ClientResponseError", "", "failing"),
    "/hang": (None, "TimeoutError", "", "failing"),
    "/drip": (None, "TimeoutError", "", "failing"),
}
LATE = ("/hang", "/drip")


class Endpoint:
    """The receiver's process."""

    def __init__(self, folder: Path) -> None:
        self._output = folder / "came"
        with self._output.open("wb") as out:
            line = [sys.executable, "-m", "tests.acceptance.misbehaving"]
            self.process = subprocess.Popen(line, stdout=out, cwd=ROOT)
        until(lambda: self._lines() != [], "the endpoint listens")
        self.url = f"http://127.0.0.1:{self._lines()[0]}"

    def came(self) -> list[str]:
        """The paths that were called, in order."""
        return [line.split()[0] for line in self._lines()[1:]]

    def _lines(self) -> list[str]:
        return self._output.read_text().splitlines()


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    endpoint = Endpoint(tmp_path)
    yield endpoint
    endpoint.process.kill()
    endpoint.process.wait()


def subscribed(service: RunningService, number: int, url: str) -> httpx.Client:
    """A company of its own with this endpoint, and a test event on its way."""
    company = service.answer("company", "create", "--name", f"Acme {number}", "--environment", "sandbox")["company_id"]
    key = service.answer("key", "create", "--company", company, "--level", "3")["key"]
    service.partners.append(httpx.Client(base_url=service.url, headers={"x-api-key": key}, timeout=30, trust_env=False))
    partner = service.partners[-1]
    subscription = {"url": url, "webhook_key": "key"}
    assert partner.post("/management/companies/webhook/subscribe", json=subscription).status_code == 200
    assert partner.post("/management/companies/webhook/test").status_code == 200
    return partner


def newest(partner: httpx.Client) -> Any:
    [listed] = partner.get("/management/companies/webhook/deliveries").json()
    return partner.get(f"/management/companies/webhook/deliveries/{listed['id']}").json()


def test_each_is_recorded_as_it_was_and_none_is_in_the_way(service_factory: Start, endpoint: Endpoint) -> None:
    service = service_factory(allowed_private_networks="127.0.0.0/8", endpoint_timeout_seconds=ENDPOINT_S)
    ordered = sorted(OUTCOMES, key=lambda path: path not in LATE)  # those that hang are called first
    partners = {path: subscribed(service, at, endpoint.url + path) for at, path in enumerate(ordered)}
    for path, partner in partners.items():
        until(lambda client=partner: newest(client)["attempts"] != [], f"{path} is tried")  # type: ignore[misc]
        delivery = newest(partner)
        first = delivery["attempts"][0]
        health = partner.get("/management/companies/webhook/health").json()["state"]
        outcome = (first.get("status"), first.get("problem", ""), first.get("answer", ""), health)
        assert outcome == OUTCOMES[path], path
        assert delivery["state"] == ("delivered" if health == "working" else "pending")
    assert "/elsewhere" not in endpoint.came()
    assert "Traceback" not in service.log.read_text()
