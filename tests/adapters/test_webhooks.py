"""Sending deliveries to a real receiver on the loopback: signed, not redirected, never into a private network."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from ipaddress import ip_network

import pytest
from standardwebhooks import Webhook as Verifier

from ostiary.adapters.clock import now_ms
from ostiary.adapters.http_client.retry_after import retry_after_s
from ostiary.adapters.webhooks import sender as webhooks
from ostiary.adapters.webhooks.sender import WebhookSender
from ostiary.domain.companies.company import Company, IpNetwork, Webhook
from ostiary.domain.delivery.messages import Message, SendResult, status_changed
from ostiary.domain.onboarding.enablement import Status
from tests.material import NOW_MS, company, enablement, id_at
from tests.servers.sockets import silent, taking

LOOPBACK = (ip_network("127.0.0.0/8"),)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Receiver:
    """Answers every call with the same bytes, and keeps what came. `touched` counts connections."""

    answer: bytes = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
    touched: int = 0
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.touched += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            body = await reader.readexactly(int(headers["content-length"]))
            self.came.append((first, headers, body))
            writer.write(self.answer)
            await writer.drain()
        finally:
            writer.close()
            await writer.wait_closed()


@asynccontextmanager
async def receiving(answer: bytes | None = None) -> AsyncIterator[Receiver]:
    receiver = Receiver() if answer is None else Receiver(answer)
    server = await asyncio.start_server(receiver.take, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        await server.wait_closed()


def company_at(url: str | None, key: str | None = "the key") -> Company:
    return company(signing_secret=SECRET, webhook=Webhook(url, key))


def message() -> Message:
    after = enablement(Status.IN_KYC, rejection_description="Señal ✓")
    return status_changed(id_at(50), Status.PENDING_DOCUMENTATION, after, (), NOW_MS)


def told_of(result: SendResult) -> tuple[int | None, str]:
    return result.status, result.problem


async def sent(
    url: str | None, allowed: tuple[IpNetwork, ...] = LOOPBACK, key: str | None = "the key", timeout_s: float = 15
) -> SendResult:
    sender = WebhookSender(allowed, timeout_s=timeout_s)
    try:
        return await sender.send(company_at(url, key), message())
    finally:
        await sender.close()


async def test_a_delivery_carries_the_documented_headers_and_a_signature_that_verifies() -> None:
    before = now_ms()
    async with receiving() as receiver:
        assert (await sent(f"http://127.0.0.1:{receiver.port}/hook?of=mine")).status == 204
    ((first, headers, body),) = receiver.came
    assert first == "POST /hook?of=mine HTTP/1.1"
    assert headers["content-type"] == "application/json"
    assert headers["x-webhook-key"] == "the key"
    assert before - 1 <= int(headers["x-request-timestamp"]) <= now_ms()
    assert headers["webhook-id"] == message().id
    assert headers["webhook-timestamp"] == headers["x-request-timestamp"][:-3]
    assert Verifier(SECRET).verify(body.decode(), headers) == message().body
    assert "accept-encoding" not in headers or "Señal" in body.decode()


async def test_a_changed_body_does_not_verify() -> None:
    async with receiving() as receiver:
        await sent(f"http://127.0.0.1:{receiver.port}/")
    _, headers, body = receiver.came[0]
    with pytest.raises(Exception, match="No matching signature"):
        Verifier(SECRET).verify(body.decode().replace("in_kyc", "enabled"), headers)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    async with receiving() as elsewhere:
        location = f"Location: http://127.0.0.1:{elsewhere.port}/\r\n"
        head = f"HTTP/1.1 {status} Moved\r\n{location}Content-Length: 0\r\nConnection: close\r\n\r\n"
        async with receiving(head.encode()) as receiver:
            assert (await sent(f"http://127.0.0.1:{receiver.port}/")).status == status
    assert elsewhere.touched == 0


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 500 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno", SendResult(500, answer=b"no")),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 100_000, SendResult(200, answer=b"x" * 2_048)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", SendResult(200, answer=b"abc")),
        (b"not HTTP at all\r\n\r\n", None),
        (b"", SendResult(None, "ServerDisconnectedError")),
    ],
    ids=["500", "an endless answer", "half an answer", "no HTTP", "nothing"],
)
async def test_what_the_receiver_answers_is_told(answer: bytes, expected: SendResult | None) -> None:
    async with receiving(answer) as receiver:
        result = await sent(f"http://127.0.0.1:{receiver.port}/")
    assert replace(result, ms=0) == expected or (expected is None and result.status is None and result.problem)


async def test_a_receiver_that_does_not_answer_is_given_up() -> None:
    async with silent() as address:
        result = await sent(f"http://{address}/", timeout_s=0.1)
    assert result.status is None
    assert "Timeout" in result.problem


async def test_without_an_address_or_a_receiver_the_answer_says_so() -> None:
    async with receiving() as receiver:
        gone = receiver.port
    assert await sent(None) == SendResult(None, "no address")
    assert told_of(await sent(f"http://127.0.0.1:{gone}/")) == (None, "no connection")
    assert (await sent("http://")).status is None
    sender = WebhookSender(())
    await sender.close()  # never used: nothing to close


async def test_no_key_is_an_empty_header() -> None:
    async with receiving() as receiver:
        await sent(f"http://127.0.0.1:{receiver.port}/", key=None)
    assert receiver.came[0][1].get("x-webhook-key", "") == ""


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "017700000001", "0", "0.0.0.0",
        "localhost", "LOCALHOST.", "localhost.localdomain", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "169.254.169.254", "[::ffff:169.254.169.254]", "100.64.0.1",
        "10.0.0.1", "192.168.0.1", "[fe80::1]", "[fd00::1]", "[fd00:ec2::254]", "224.0.0.1", "255.255.255.255",
    ],
)  # fmt: skip
async def test_no_packet_leaves_for_a_private_address_however_it_is_written(host: str) -> None:
    async with receiving() as receiver:
        result = await sent(f"http://{host}:{receiver.port}/", allowed=())
    assert result.status is None
    assert result.problem
    assert receiver.touched == 0


@pytest.mark.parametrize("resolved", ["127.0.0.1", "::1", "10.0.0.7", "169.254.169.254", "::ffff:127.0.0.1"])
async def test_a_name_is_asked_about_once_and_what_it_stands_for_is_checked(
    monkeypatch: pytest.MonkeyPatch, resolved: str
) -> None:
    """A name that resolves to a public address when somebody checks it, and to a private one afterwards."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, port: int, *rest: object, **more: object) -> object:
        if host != "rebinding.example":
            return real(host, port, *rest, **more)  # type: ignore[arg-type]
        asked.append(host)
        family = socket.AF_INET6 if ":" in resolved else socket.AF_INET
        end = (resolved, port, 0, 0) if ":" in resolved else (resolved, port)
        return [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", end)]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    async with receiving() as receiver:
        result = await sent(f"http://rebinding.example:{receiver.port}/", allowed=())
    assert (result.status, result.problem) == (None, "forbidden address")
    assert (receiver.touched, asked) == (0, ["rebinding.example"])


# ---- connections that stay open -------------------------------------------------------------------------------------


@dataclass
class Keeping(Receiver):
    """Answers several calls over one connection, and closes it unasked after so many."""

    closes_after: int = 1_000

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.touched += 1
        for _ in range(self.closes_after):
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            except asyncio.IncompleteReadError:
                break
            length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
            self.came.append(("", {}, await reader.readexactly(length)))
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            await writer.drain()
        writer.close()


@pytest.mark.parametrize(("closes_after", "connections"), [(1_000, 1), (1, 3)])
async def test_a_connection_is_used_again_and_one_found_closed_costs_no_try(
    closes_after: int, connections: int
) -> None:
    receiver = Keeping(closes_after=closes_after)
    sender = WebhookSender(LOOPBACK)
    async with taking(receiver.take) as port:
        results = [await sender.send(company_at(f"http://127.0.0.1:{port}/"), message()) for _ in range(3)]
        await sender.close()
    assert [result.status for result in results] == [204, 204, 204]
    assert (len(receiver.came), receiver.touched) == (3, connections)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0), (" 7 ", 7.0), ("0", 0.0), ("-5", None), ("soon", None), ("", None), ("9" * 30, 999_999_999.0),
        ("Wed, 15 Apr 2026 10:31:00 GMT", 60.0), ("Wed, 15 Apr 2026 10:29:00 GMT", 0.0), ("1.5", None),
        ("Mon, 01 Jan 2029 00:00:00 +99999999999999", None), ("1 Jan 99999999999999999999 00:00:00 GMT", None),
        ("Mon, 01 Jan 2029 00:00:00 +9999", None), ("Mon, 99 Jan 2029 00:00:00 GMT", None),
        ("9" * 4_000, 999_999_999.0),
        ("1 Jan 2029 99999999999999999999:00:00 GMT", None), ("(" * 900, None),
        ("Mon, 01 Jan 2029 00:00:00 -", 85_671_000.0),
    ],
)  # fmt: skip
async def test_how_long_to_wait_is_a_number_or_a_date(header: str, seconds: float | None) -> None:
    assert retry_after_s(header, NOW_MS) == seconds
    answer = f"HTTP/1.1 503 No\r\nRetry-After: {header}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with receiving(answer.encode()) as receiver:
        result = await sent(f"http://127.0.0.1:{receiver.port}/")
    assert (result.status, result.retry_after_s is None) == (503, seconds is None)


UNTIL_MS = 60_000
"""By the clock that wrote it, whatever ours says: signatures bear our time."""


async def test_while_a_secret_rotates_both_sign() -> None:
    later = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
    rotating = replace(
        company(signing_secret=later, webhook=Webhook("https://x", "k")),
        previous_secret=SECRET,
        previous_until_ms=UNTIL_MS,
    )
    headers = webhooks.headers(rotating, "m1", "{}", UNTIL_MS - 1)
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (SECRET, later):
        Verifier(secret).verify("{}", headers)
    ended = webhooks.headers(rotating, "m1", "{}", UNTIL_MS)
    with pytest.raises(Exception, match="No matching signature"):
        Verifier(SECRET).verify("{}", ended)


async def test_a_network_that_is_open_to_sandboxes_is_closed_to_others() -> None:
    async with receiving() as receiver:
        sender = WebhookSender((), sandbox_allowed=LOOPBACK)
        url = f"http://127.0.0.1:{receiver.port}/"
        try:
            assert (await sender.post(url, b"{}", {}, in_sandbox=True)).status == 204
            assert (await sender.post(url, b"{}", {})).problem == "forbidden address"
        finally:
            await sender.close()
    assert receiver.touched == 1
