"""The documentation's examples do what it says of them."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

DOCS = Path(__file__).parents[2] / "docs"
INTEGRATING = (DOCS / "integrating.md").read_text()
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
BODY = '{"data":{"reason":"è"}}'


def example(language: str) -> str:
    match = re.search(rf"```{language}\n(.*?)```", INTEGRATING, re.DOTALL)
    assert match is not None
    return match[1]


@pytest.fixture
def delivered() -> dict[str, str]:
    """The headers of a delivery that was signed now."""
    now = datetime.now(UTC).replace(microsecond=0)
    return {
        "webhook-id": "0Gvgoym7Mm2tc3iHrAqZj3DSvJrlgWTe",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("0Gvgoym7Mm2tc3iHrAqZj3DSvJrlgWTe", now, BODY),
    }


@pytest.fixture
def is_genuine() -> Callable[..., bool]:
    names: dict[str, Any] = {}
    exec(example("python"), names)  # noqa: S102 (our own documentation)
    check: Callable[..., bool] = names["is_genuine"]
    return check


def test_the_python_example_takes_what_is_genuine(is_genuine: Callable[..., bool], delivered: dict[str, str]) -> None:
    assert is_genuine(SECRET, delivered, BODY.encode())


def test_the_python_example_refuses_another_body(is_genuine: Callable[..., bool], delivered: dict[str, str]) -> None:
    assert not is_genuine(SECRET, delivered, BODY.encode() + b" ")


def test_the_python_example_refuses_what_is_old(is_genuine: Callable[..., bool], delivered: dict[str, str]) -> None:
    old = datetime.fromtimestamp(int(delivered["webhook-timestamp"]) - 3_600, UTC)
    signature = Webhook(SECRET).sign(delivered["webhook-id"], old, BODY)
    changed = {**delivered, "webhook-timestamp": str(int(old.timestamp())), "webhook-signature": signature}
    assert not is_genuine(SECRET, changed, BODY.encode())


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_the_shell_example_gives_the_signature(tmp_path: Path, delivered: dict[str, str]) -> None:
    (tmp_path / "body.json").write_text(BODY)
    named = {
        "SECRET": SECRET,
        "WEBHOOK_ID": delivered["webhook-id"],
        "WEBHOOK_TIMESTAMP": delivered["webhook-timestamp"],
    }
    done = subprocess.run(
        ["sh", "-c", example("shell")],
        cwd=tmp_path,
        env={**os.environ, **named},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"v1,{done.stdout.strip()}" == delivered["webhook-signature"]
