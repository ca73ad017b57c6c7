"""The receivers in `examples/` that are made with frameworks, and the whole integration there: started as their first
lines say, before a real service."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.acceptance.conftest import COMMAND_S, END_S, OSTIARY, RunningService
from tests.acceptance.onboarding import until
from tests.acceptance.test_receivers import hang_up_in_the_middle
from tests.servers.ports import free_port

Start = Callable[..., RunningService]
ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PEERS, NODE = ROOT / ".venv-peers" / "bin", ROOT / ".node" / "node_modules"
CLIENT = str(ROOT / "clients" / "python" / "src")
WEBHOOK = "/management/companies/webhook"
CAME_WITHIN_S = 60
CODE_LINES = 40
LINES = {
    "fastapi_receiver.py": [str(PEERS / "uvicorn"), "--app-dir", str(EXAMPLES), "fastapi_receiver:app", "--port"],
    "django_receiver.py": [str(PEERS / "python"), str(EXAMPLES / "django_receiver.py"), "runserver", "--noreload"],
    "express_receiver.mjs": ["node", "express_receiver.mjs"],
}


@pytest.fixture(scope="module")
def service(module_services: Start) -> RunningService:
    return module_services(allowed_private_networks="127.0.0.0/8", first_retry_seconds=0.2)


class Receiver:
    """One of them, which keeps what came in a folder of its own, and is started again with other secrets."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder, self.port, self.out = name, folder, free_port(), folder / "out"
        folder.mkdir()
        if name.endswith(".mjs"):  # packages are looked for beside a module
            shutil.copy(EXAMPLES / name, folder)
            (folder / "node_modules").symlink_to(NODE)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    @contextmanager
    def running(self, *secrets: str) -> Iterator[None]:
        variables = {**os.environ, "SECRETS": ",".join(secrets), "PYTHONPATH": CLIENT}
        with self.out.open("ab") as output:
            line = [*LINES[self.name], str(self.port)]
            process = subprocess.Popen(line, env=variables, cwd=self.folder, stdout=output, stderr=output)
        try:
            until(self.listens, f"it listens: {self.out.read_text()}", CAME_WITHIN_S)
            yield
        finally:
            process.terminate()
            process.wait(END_S)

    def listens(self) -> bool:
        with socket.socket() as knock:
            return knock.connect_ex(("127.0.0.1", self.port)) == 0

    def handled(self, event_id: str) -> int:
        return self.out.read_text().count(f"webhook_test {event_id}")

    def handles_once(self, event_id: str) -> None:
        until(lambda: self.handled(event_id) == 1, f"it handles {event_id}: {self.out.read_text()}", CAME_WITHIN_S)


@pytest.fixture(params=LINES)
def receiver(request: pytest.FixtureRequest, tmp_path: Path) -> Receiver:
    needs = NODE / "express" if request.param.endswith(".mjs") else PEERS / "python"
    if not needs.exists():
        if os.environ.get("SKIP_NOTHING"):
            pytest.fail(f"there is no {needs}: `make .venv-peers/.ready .node/.ready` sets it up")
        pytest.skip(f"there is no {needs}: `make .venv-peers/.ready .node/.ready` sets it up")
    return Receiver(request.param, tmp_path / "receiver")


def test_a_receiver_handles_each_event_once_over_rotation_and_restart(
    service: RunningService, receiver: Receiver
) -> None:
    partner = service.fresh().client()

    def sent(what: str = "/test") -> str:
        answer = partner.post(f"{WEBHOOK}{what}")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def is_delivered(event_id: str) -> bool:
        return bool(partner.get(f"{WEBHOOK}/deliveries/{event_id}").json()["state"] == "delivered")

    def delivered(event_id: str) -> None:
        until(lambda: is_delivered(event_id), f"it is taken: {receiver.out.read_text()}", CAME_WITHIN_S)

    old = partner.get(f"{WEBHOOK}/signing-secret").json()["signing_secret"]
    with receiver.running(old):
        partner.post(f"{WEBHOOK}/subscribe", json={"url": receiver.url, "webhook_key": "k"})
        first = sent()
        delivered(first)
        delivered(sent(f"/deliveries/{first}/redeliver"))
        receiver.handles_once(first)
        hang_up_in_the_middle(receiver.port)
        now = str(int(time.time()))
        for headers in ({}, {"webhook-id": "x", "webhook-timestamp": now, "webhook-signature": "v1,AAAA v1,é"}):
            forged = httpx.post(
                receiver.url, headers=httpx.Headers(headers, encoding="utf-8"), json={}, trust_env=False
            )
            assert forged.status_code == 401
        rotated = partner.post(f"{WEBHOOK}/signing-secret/rotate", json={"overlap_hours": 1})
        second = sent()
        delivered(second)  # signed by both: who has the old secret alone still takes it
        receiver.handles_once(second)
    new = rotated.json()["signing_secret"]
    with receiver.running(new, old):
        delivered(sent(f"/deliveries/{first}/redeliver"))
        partner.post(f"{WEBHOOK}/signing-secret/rotate", json={"overlap_hours": 0})
        third = sent()
        tries = f"{WEBHOOK}/deliveries/{third}"
        until(lambda: partner.get(tries).json()["attempts"], "it is tried", CAME_WITHIN_S)
        assert {attempt["status"] for attempt in partner.get(tries).json()["attempts"]} == {401}
    assert [receiver.handled(event) for event in (first, second, third)] == [1, 1, 0], receiver.out.read_text()


def test_a_receiver_does_not_start_with_a_secret_that_everybody_has(receiver: Receiver) -> None:
    variables = {**os.environ, "SECRETS": "whsec_bmV3IHNlY3JldCE=,", "PYTHONPATH": CLIENT}
    line = [*LINES[receiver.name], str(receiver.port)]
    done = subprocess.run(
        line, env=variables, cwd=receiver.folder, capture_output=True, text=True, timeout=COMMAND_S, check=False
    )
    assert done.returncode == 1
    assert "whsec_ and base64" in done.stderr


def test_the_integration_in_forty_lines_ends_enabled(service: RunningService, tmp_path: Path) -> None:
    code = (EXAMPLES / "integration.py").read_text().split('"""')[2].splitlines()
    assert len([line for line in code if line.strip()]) <= CODE_LINES
    picture = tmp_path / "passport.jpg"
    subprocess.run([OSTIARY, "specimen", picture], check=True, capture_output=True, timeout=COMMAND_S)
    variables = {**os.environ, "PYTHONPATH": CLIENT, "OSTIARY_URL": service.url, "OSTIARY_API_KEY": service.key()}
    line = [sys.executable, str(EXAMPLES / "integration.py"), str(picture)]
    done = subprocess.run(line, env=variables, capture_output=True, text=True, timeout=COMMAND_S, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[1:] == ["enabled"]
