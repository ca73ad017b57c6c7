"""The documentation's examples do what it says of them, and the limits it names are the code's."""

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

from ostiary.adapters import addresses, picture_outline, webhooks
from ostiary.cli import listening, oversight, parting, supervise, supervisor
from ostiary.domain import clients, companies, deliveries, documents, limits
from ostiary.domain.pictures import PictureLimits
from ostiary.domain.queues import PLACES, Lane
from ostiary.domain.times import DAY_MS
from ostiary.http import bytes_in, calls, endpoint, idempotency, limiting, parts, reading
from ostiary.storage import answers, sqlite
from ostiary.usecases import deciding, delivering
from ostiary.worker import PARTING_S

DOCS = Path(__file__).parents[2] / "docs"
INTEGRATING = (DOCS / "integrating.md").read_text()
RUNNING = (DOCS / "running.md").read_text()
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
BODY = '{"data":{"reason":"è"}}'


def example(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", INTEGRATING, re.DOTALL)
    assert found is not None
    return found[1]


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
    found: Callable[..., bool] = names["is_genuine"]
    return found


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
        ["sh", "-c", example("shell")], cwd=tmp_path, env={**os.environ, **named}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert f"v1,{done.stdout.strip()}" == delivered["webhook-signature"]


PICTURE = PictureLimits()


def _places(*lanes: Lane) -> str:
    total, each = (" + ".join(str(getattr(PLACES[one], name)) for one in lanes) for name in ("total", "each"))
    return f"{total}; of one queue {each.replace(' + ', ', ')}"


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("bodies not counted", f"{bytes_in.SMALL_BYTES:,} bytes"),
        ("patience for one piece of a body", f"{bytes_in.PATIENCE_S:.0f} s"),
        ("slowest body", f"{bytes_in.SLOWEST_BYTES_PER_S:,} bytes/s after the first {bytes_in.PATIENCE_S:.0f} s"),
        ("query", f"{endpoint.MOST_QUERY_CHARACTERS:,} characters"),
        (
            "idempotency key",
            f"{idempotency.MOST_CHARACTERS} characters; answers kept {answers.KEPT_MS // 3_600_000} h, "
            f"lease {answers.LEASE_MS // 1000} s",
        ),
        (
            "multipart",
            f"{parts.MOST_PARTS} parts, {parts.MOST_PART_HEADERS} headers each, "
            f"{parts.MOST_PART_HEADER_BYTES:,} bytes a header",
        ),
        ("faults named in one answer", f"{reading.MOST_FAULTS}"),
        ("clients in one page", f"{calls.LARGEST_PAGE}, usually {calls.USUAL_PAGE}"),
        ("standings of the rate limit", f"{limiting.MOST_STANDINGS:,}"),
        ("longest block by the rate limit", f"{limits.LONGEST_PENALTY_S} s"),
        ("tries after a lost guard", f"{deciding.MOST_TRIES}"),
        ("networks on a key's allowlist", f"{companies.MOST_ALLOWED_NETWORKS}"),
        ("age", f"{clients.OLDEST_YEARS} years"),
        ("details of a document", f"{documents.MOST_DETAILS}"),
        (
            "a picture",
            f"{PICTURE.max_bytes:,} bytes, {PICTURE.max_pixels:,} pixels, "
            f"at least {PICTURE.min_long_side_px} x {PICTURE.min_short_side_px}",
        ),
        ("memory to decode one picture", f"{picture_outline.MOST_DECODED_BYTES:,} bytes"),
        ("deliveries at once", _places(Lane.PROVEN, Lane.UNTRIED, Lane.FAILING)),
        ("submissions before providers at once", _places(Lane.BUILTIN, Lane.PROVIDER, Lane.PROVIDER_FAILING)),
        ("a delivery", f"{webhooks.TIMEOUT_S} s; {webhooks.ANSWER_BYTES:,} bytes of the answer are read and kept"),
        ("an endpoint that fails", f"{deliveries.DISABLED_AFTER_MS // DAY_MS} days, then it is disabled"),
        ("a message for a disabled endpoint", f"{deliveries.MOST_HELD_MS // DAY_MS} days"),
        ("Retry-After of an endpoint", f"{deliveries.LONGEST_RETRY_AFTER_S / 3600:.0f} h"),
        ("lease of a message", f"{delivering.LEASE_MS // 1000} s"),
        ("webhook address", f"{addresses.LONGEST_URL:,} characters"),
        ("units in one commit", f"{sqlite.MOST_TOGETHER}"),
        ("wait for another process's commit", f"{sqlite.BUSY_MS // 1000} s"),
        ("requests that have begun, at the end", f"{parting.PARTING_S} s"),
        ("deliveries under way, at the end", f"{PARTING_S:.0f} s"),
        ("a kept connection of a process that is replaced", f"{parting.LEAVING_S:.0f} s"),
        ("start of a process that is to replace another", f"{supervisor.START_S:.0f} s"),
        ("deaths in a row of a process", f"{supervisor.Pace().most}, each within {supervisor.Pace().steady_s:.0f} s"),
        ("a connection left to a process that holds fewer", f"{listening.LET_OTHERS_S * 1000:.0f} ms"),
        ("connections waiting to be taken", f"{supervise.BACKLOG:,}"),
    ],
)
def test_a_documented_limit_is_the_one_in_force(limit: str, value: str) -> None:
    assert f"\n| {limit} | {value} |" in RUNNING


def test_the_documented_time_to_end_is_the_one_in_force() -> None:
    said, whole = " ".join(RUNNING.split()), parting.PARTING_S + parting.SLACK_S
    assert f"for at most {parting.PARTING_S} s, deliveries under way may finish for at most {PARTING_S:.0f} s," in said
    assert f"Allow `OSTIARY_DRAIN_SECONDS` + {whole} s before you kill" in said
    assert f"and end within {oversight.LEFT_AFTER_S} s" in said
