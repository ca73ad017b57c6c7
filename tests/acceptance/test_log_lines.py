"""What a service logs of calls that offer or send what it does not take: lines that say something, and no others."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import until

WORD, TRACE_ID_DIGITS = "whatever-the-caller-sent", 32

OFFERS = {
    "h2c": (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQAAP__"),
    "websocket": (b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13"),
    "expectation": (b"Expect: a-miracle",),
}
BROKEN = {
    "no request": WORD.encode() + b"\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": bytes.fromhex("16030100c8010000c40303"),
}


@pytest.fixture(scope="module")
def service(module_services: Callable[..., RunningService]) -> RunningService:
    return module_services()


def lines_after(service: RunningService, data: bytes) -> list[dict[str, Any]]:
    """What is logged of these bytes, to the line of their answer; the start of the worker is not theirs."""
    before = len(service.log.read_bytes())
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as caller:
        caller.sendall(data)
        assert caller.recv(12).startswith(b"HTTP/1.1 ")
    until(lambda: b'"served"' in service.log.read_bytes()[before:], "a line of the call")  # written after the answer
    lines = [json.loads(line) for line in service.log.read_bytes()[before:].splitlines()]
    return [line for line in lines if line.get("kind") != "worker"]


@pytest.mark.parametrize("fields", OFFERS.values(), ids=OFFERS)
def test_a_call_that_offers_what_we_do_not_take_is_one_line(service: RunningService, fields: tuple[bytes, ...]) -> None:
    call = b"\r\n".join([b"GET /management/products HTTP/1.1", b"Host: x", *fields, b"", b""])
    (line,) = lines_after(service, call)
    assert (line["event"], line["operation"], line["status"]) == ("served", "read_catalogue", 401)
    assert len(line["trace_id"]) == TRACE_ID_DIGITS


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_is_no_call_is_logged_with_its_cause_and_without_what_was_sent(
    service: RunningService, data: bytes
) -> None:
    lines = lines_after(service, data)
    assert [(line["event"], line.get("cause"), line["status"]) for line in lines] == [
        ("not_taken", "malformed", 400),
        ("served", None, 400),
    ]
    assert len({line["trace_id"] for line in lines}) == 1
    assert WORD not in json.dumps(lines)
