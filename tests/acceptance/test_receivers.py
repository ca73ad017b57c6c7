"""The receivers in `examples/`: started as their first lines say, beside a sandbox, whose webhook leads to them."""

from __future__ import annotations

import json
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

from tests.acceptance.conftest import END_S, RunningService
from tests.acceptance.onboarding import until
from tests.servers.ports import free_port

Start = Callable[..., RunningService]
EXAMPLES = Path(__file__).parents[2] / "examples"
KINDS = {"receiver.py": [sys.executable], "receiver.mjs": ["node"]}
WEBHOOK = "/management/companies/webhook"
CAME_WITHIN_S = 20


@contextmanager
def receiver(name: str, secret: str, port: int, out: Path) -> Iterator[None]:
    with out.open("wb") as output:
        line = [*KINDS[name], str(EXAMPLES / name), str(port)]
        process = subprocess.Popen(line, env={**os.environ, "SECRET": secret}, stdout=output, stderr=output)
    try:
        until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, "it listens", CAME_WITHIN_S)
        yield
    finally:
        process.terminate()
        process.wait(END_S)


def hang_up_in_the_middle(port: int) -> None:
    """A call that promises more than it sends: it ends nobody else's."""
    with socket.create_connection(("127.0.0.1", port), CAME_WITHIN_S) as caller:
        caller.sendall(b"POST /hooks HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")


@pytest.mark.parametrize("secret", ["", "whsec_"])
@pytest.mark.parametrize("name", KINDS)
def test_a_receiver_does_not_start_with_a_secret_that_everybody_has(name: str, secret: str) -> None:
    if shutil.which(KINDS[name][0]) is None:
        pytest.skip(f"{KINDS[name][0]} is not installed")
    line = [*KINDS[name], str(EXAMPLES / name), "0"]
    variables = {**os.environ, "SECRET": secret}
    done = subprocess.run(line, env=variables, capture_output=True, text=True, timeout=CAME_WITHIN_S, check=False)
    assert done.returncode == 1
    assert "SECRET must be whsec_ and base64" in done.stderr


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_receiver_takes_a_sandbox_s_events_once_and_nothing_forged(
    service_factory: Start, tmp_path: Path, name: str
) -> None:
    if shutil.which(KINDS[name][0]) is None:
        if os.environ.get("SKIP_NOTHING"):
            pytest.fail(f"{KINDS[name][0]} is not installed")
        pytest.skip(f"{KINDS[name][0]} is not installed")
    service, port, out = service_factory("--sandbox"), free_port(), tmp_path / "out"
    key = json.loads((service.data / "sandbox.json").read_text())["keys"]["3"]
    url = f"http://127.0.0.1:{port}/hooks"
    with httpx.Client(base_url=service.url, headers={"x-api-key": key}, trust_env=False, timeout=30) as partner:
        secret = partner.get(f"{WEBHOOK}/signing-secret").json()["signing_secret"]
        with receiver(name, secret, port, out):
            subscribed = partner.post(f"{WEBHOOK}/subscribe", json={"url": url, "webhook_key": "k"})
            assert subscribed.status_code == 200, subscribed.text
            test = partner.post(f"{WEBHOOK}/test").json()["id"]

            def state() -> str:
                return str(partner.get(f"{WEBHOOK}/deliveries/{test}").json()["state"])

            until(lambda: state() == "delivered", "the test event came", CAME_WITHIN_S)
            partner.post(f"{WEBHOOK}/deliveries/{test}/redeliver")
            until(lambda: state() == "delivered", "it came again", CAME_WITHIN_S)
            hang_up_in_the_middle(port)
            now = str(int(time.time()))
            for headers in ({}, {"webhook-id": "x", "webhook-timestamp": now, "webhook-signature": "v1,AAAA v1,é"}):
                forged = httpx.post(url, headers=httpx.Headers(headers, encoding="utf-8"), json={}, trust_env=False)
                assert forged.status_code == 401
    assert out.read_text().count("webhook_test") == 1, out.read_text()
