"""A provider of one's own: the example in `examples/` really runs, and decides over HTTP."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook as Signer

from ostiary.adapters.providers.http_provider import HttpProvider, HttpSettings
from ostiary.domain.providers.provider import ProviderUnavailable
from tests.acceptance.conftest import END_S, RunningService
from tests.acceptance.onboarding import Onboarded, documented, submitted, until
from tests.provided import SECRET, catalogue, providers
from tests.servers.ports import free_port

Start = Callable[..., RunningService]
EXAMPLE = Path(__file__).parents[2] / "examples" / "provider.py"
VERDICTS = "/providers/acme/verdicts"


@contextmanager
def example(port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The example provider, as its docstring says to start it."""
    with log.open("ab") as out:
        line, variables = [sys.executable, str(EXAMPLE), str(port)], {**os.environ, "SECRET": SECRET}
        process = subprocess.Popen(line, env=variables, stdout=out, stderr=out)
    try:
        until(lambda: _listens(port), "the example listens")
        yield process
    finally:
        process.kill()
        process.wait(END_S)


def _listens(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def port() -> int:
    """Where the provider listens, when it does."""
    return free_port()


@pytest.fixture(scope="module")
def running(module_services: Start, tmp_path_factory: pytest.TempPathFactory, port: int) -> RunningService:
    folder = tmp_path_factory.mktemp("provided")
    return module_services(
        catalogue=catalogue(folder), providers=providers(folder, f"http://127.0.0.1:{port}/"),
        public_url="http://127.0.0.1:{port}", first_retry_seconds=1,
    )  # fmt: skip


@pytest.fixture
def service(running: RunningService) -> RunningService:
    return running.fresh()


def status(partner: httpx.Client, onboarded: Onboarded) -> str:
    return str(partner.get(onboarded.path).json()["status"])


def reference(service: RunningService, onboarded: Onboarded) -> str:
    return f"{service.company('production')}.{onboarded.client_id}.{onboarded.request_id}"


def tries(service: RunningService, onboarded: Onboarded) -> int:
    """How often its provider was tried in vain."""
    text = "SELECT count(*) FROM attempts a JOIN messages m USING (company_id, message_id) WHERE m.enablement_id = ?"
    with closing(sqlite3.connect(f"file:{service.data}/ostiary.sqlite3?mode=ro", uri=True)) as database:
        [(count,)] = database.execute(text, (onboarded.request_id,)).fetchall()
    return int(count)


def post(
    service: RunningService, body: dict[str, Any], secret: str = SECRET, at: float | None = None
) -> httpx.Response:
    """A verdict, signed as the provider would."""
    text, moment = json.dumps(body), datetime.fromtimestamp(time.time() if at is None else at, UTC)
    headers = {"webhook-id": "m1", "webhook-timestamp": str(int(moment.timestamp())),
               "webhook-signature": Signer(secret).sign("m1", moment, text)}  # fmt: skip
    return httpx.post(service.url + VERDICTS, content=text, headers=headers, trust_env=False)


def verdict(service: RunningService, onboarded: Onboarded, answer: str, **more: Any) -> dict[str, Any]:
    given = {"reference": reference(service, onboarded), "attempt": 1, "answer": answer}
    return {**given, "occurred_at": datetime.now(UTC).isoformat(), **more}


async def test_the_example_forgets_and_says_so(tmp_path: Path, port: int) -> None:
    provider = HttpProvider(HttpSettings("acme", f"http://127.0.0.1:{port}/", (SECRET,)))
    stranger = HttpProvider(HttpSettings("acme", f"http://127.0.0.1:{port}/", (f"whsec_{'B' * 44}",)))
    try:
        with example(port, tmp_path / "example.log"):
            assert await provider.forget("a.b.c") == "erased"
            with pytest.raises(ProviderUnavailable, match="401"):
                await stranger.forget("a.b.c")
    finally:
        await provider.close()
        await stranger.close()


def test_the_example_takes_a_submission_fetches_its_pictures_and_decides(
    service: RunningService, tmp_path: Path, port: int
) -> None:
    with example(port, tmp_path / "example.log"):
        partner = service.client("production")
        onboarded = submitted(partner, "AB1234567")
        until(lambda: status(partner, onboarded) == "enabled", "the verdict is applied")
        until(lambda: '"outcome": "applied"' in (tmp_path / "example.log").read_text(), "the example hears so")
    entries = service.answer(
        "audit", "show", "--company", service.company("production"), "--client", onboarded.client_id
    )
    actions = [(entry["action"], entry["actor"]) for entry in entries if entry["actor"] == "provider:acme"]
    assert actions == [("document_fetched", "provider:acme"), ("verdict_approve", "provider:acme")]


def test_a_provider_that_is_away_is_told_when_it_is_back(service: RunningService, tmp_path: Path, port: int) -> None:
    partner = service.client("production")
    onboarded = submitted(partner, "AB1234567")
    until(lambda: tries(service, onboarded) > 0, "it was looked for in vain")
    assert status(partner, onboarded) == "in_kyc"
    with example(port, tmp_path / "example.log"):
        until(lambda: status(partner, onboarded) == "enabled", "the verdict is applied")


def test_verdicts_twice_and_late_end_in_the_right_state(service: RunningService) -> None:
    partner = service.client("production")
    onboarded = submitted(partner, "AB1234567")
    back = verdict(service, onboarded, "returned", reasons=[{"code": "BAD_SELFIE"}], private="ring the client")
    assert [post(service, back).json()["outcome"] for _ in range(2)] == ["applied", "ignored"]
    asked = partner.get(onboarded.path, params={"expand": "rejected_items"}).json()
    assert (asked["status"], [item["code"] for item in asked["rejected_items"]]) == ("pending_documentation", ["other"])
    assert not [word for word in ("BAD_SELFIE", "ring the client") if word in json.dumps(asked)]
    assert post(service, verdict(service, onboarded, "pending")).json() == {"outcome": "noted"}
    assert post(service, verdict(service, onboarded, "approved", attempt=7)).json() == {"outcome": "ignored"}
    assert status(partner, onboarded) == "pending_documentation"


@pytest.mark.parametrize(
    ("secret", "late_s"), [("whsec_" + "A" * 32, 0), (SECRET, 400), (SECRET, -400)], ids=["wrong", "old", "early"]
)
def test_what_is_not_proved_gets_401_and_changes_nothing(service: RunningService, secret: str, late_s: int) -> None:
    partner = service.client("production")
    onboarded = submitted(partner, "AB1234567")
    answer = post(service, verdict(service, onboarded, "approved"), secret, time.time() - late_s)
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHORIZED")
    assert status(partner, onboarded) == "in_kyc"


def test_who_is_not_there_and_what_is_not_theirs_gets_404(service: RunningService) -> None:
    sandbox = service.client()
    other = submitted(sandbox, "REVIEW01")
    foreign = {**verdict(service, other, "approved"),
               "reference": f"{service.company()}.{other.client_id}.{other.request_id}"}  # fmt: skip
    for body in (foreign, {**foreign, "reference": "no.such.request"}, {**foreign, "reference": "x"}):
        assert post(service, body).status_code == 404
    assert httpx.post(service.url + "/providers/nobody/verdicts", trust_env=False).status_code == 404
    for token in ("x", "x.y", "a" * 700):
        assert httpx.get(f"{service.url}/providers/acme/documents/{token}", trust_env=False).status_code == 404


def test_a_verdict_that_makes_no_sense_is_told_so(service: RunningService) -> None:
    partner = service.client("production")
    onboarded = documented(partner, "AB1234567")
    for change in ({"answer": "perhaps"}, {"occurred_at": "yesterday"}, {"more": 1}, {"attempt": "one"}):
        answer = post(service, {**verdict(service, onboarded, "approved"), **change})
        assert (answer.status_code, next(iter(change)) in answer.json()["message"]) == (400, True), answer.text


def test_a_catalogue_that_names_an_unknown_provider_is_refused_at_the_start(
    service_factory: Start, tmp_path: Path
) -> None:
    with pytest.raises(AssertionError, match="names the provider nobody; declared are: builtin"):
        service_factory(catalogue=catalogue(tmp_path, provider="nobody"))
