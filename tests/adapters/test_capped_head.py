"""What an endpoint may send before its answer: some interim answers, not interim answers without end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_network

import pytest

from ostiary.adapters.http_client.capped_head import (
    FRAMING_BYTES,
    MOST_FRAMING_BYTES,
    MOST_HEAD_BYTES,
    MOST_INTERIM,
    MOST_PIECES,
    SLICE_BYTES,
)
from ostiary.adapters.http_client.session import CallFailed, Outgoing, Request
from ostiary.adapters.webhooks.sender import WebhookSender
from tests.servers.sockets import taking

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n"
TAKEN = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\ntaken"


@asynccontextmanager
async def answering(before: bytes, times: int, answer: bytes) -> AsyncIterator[str]:
    """An endpoint that keeps its connections, and sends something so many times before each answer."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await reader.readuntil(b"{}")
                for _ in range(times):
                    writer.write(before)
                    await writer.drain()
                writer.write(answer)
                await writer.drain()
        writer.close()

    async with taking(take) as port:
        yield f"http://127.0.0.1:{port}/"


@asynccontextmanager
async def sending() -> AsyncIterator[WebhookSender]:
    sender = WebhookSender((ip_network("127.0.0.0/8"),))
    try:
        yield sender
    finally:
        await sender.close()


@pytest.mark.parametrize(
    ("before", "times"), [(b"", 0), (CONTINUE, 1), (CONTINUE, MOST_INTERIM), (HINTS, MOST_INTERIM)]
)
async def test_an_answer_may_follow_interim_ones_again_and_again(before: bytes, times: int) -> None:
    async with answering(before, times, TAKEN) as url, sending() as sender:
        for _ in range(3):
            sent = await sender.post(url, b"{}", {})
            assert (sent.status, sent.answer) == (200, b"taken")


@pytest.mark.parametrize("before", [CONTINUE, HINTS])
async def test_interim_answers_without_end_are_broken_off_at_once(before: bytes) -> None:
    turns, began = 0, time.process_time()
    async with answering(before, 10**9, b"") as url, sending() as sender:
        delivery = asyncio.create_task(sender.post(url, b"{}", {}))
        while not delivery.done():
            await asyncio.sleep(0)
            turns += 1
        sent = await delivery
    assert (sent.status, sent.problem) == (None, "HeadTooLarge")
    assert turns > MOST_HEAD_BYTES // (1 << 18), "others have their turn meanwhile"
    assert time.process_time() - began < 5, "and not only the time-out ends it"


async def test_a_long_body_is_no_long_head() -> None:
    length = 4 * MOST_HEAD_BYTES
    answer = b"HTTP/1.1 404 Not Found\r\ncontent-length: %d\r\n\r\n" % length + b"x" * length
    async with answering(b"", 0, answer) as url, sending() as sender:
        assert (await sender.post(url, b"{}", {})).status == 404


# ---- what a try costs, and what is around a body --------------------------------------------------------------------

CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
SMALL = 500


@asynccontextmanager
async def piecemeal(*pieces: bytes, then: bytes = b"") -> AsyncIterator[str]:
    """An endpoint that sends these, each read by itself, and then the same over and over."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            try:
                await reader.readuntil(b"{}")
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0.0005)
                while then:
                    writer.write(then)
                    await writer.drain()
            finally:
                writer.close()

    async with taking(take) as port:
        yield f"http://127.0.0.1:{port}/"


async def asked(url: str, most_bytes: int = 100_000) -> bytes:
    outgoing = Outgoing(timeout_s=30)
    try:
        return (await outgoing.call(Request("POST", url, most_bytes, {}, b"{}"))).body
    finally:
        await outgoing.close()


async def test_too_many_interim_answers_are_refused() -> None:
    async with answering(CONTINUE, SLICE_BYTES // len(CONTINUE) + 1, TAKEN) as url, sending() as sender:
        assert (await sender.post(url, b"{}", {})).problem == "HeadTooLarge"


async def test_interim_answers_that_come_at_once_are_not_all_parsed() -> None:
    """What a full socket holds: they would be parsed in one go, and others wait that long."""
    async with piecemeal(CONTINUE * 10_000) as url:
        began = time.process_time()
        with pytest.raises(CallFailed, match="HeadTooLarge"):
            await asked(url)
    assert time.process_time() - began < 1
    assert SLICE_BYTES // len(CONTINUE) < 10 * MOST_INTERIM


async def test_a_head_may_come_byte_by_byte() -> None:
    async with piecemeal(*(bytes([byte]) for byte in TAKEN)) as url:
        assert await asked(url) == b"taken"


async def test_a_head_in_pieces_without_end_is_broken_off() -> None:
    begun = b"HTTP/1.1 200 OK\r\nx: "
    async with piecemeal(begun, *[b"a"] * (4 * MOST_PIECES)) as url:
        with pytest.raises(CallFailed, match="HeadTooLarge"):
            await asked(url)


@pytest.mark.parametrize(
    "endless",
    [
        (CHUNKED + b"5;a=", b"x" * SMALL),
        (CHUNKED, b"1;" + b"a" * SMALL + b"\r\nx\r\n"),
        (CHUNKED + b"1\r\nx\r\n0\r\n", b"x-trailer: " + b"a" * SMALL + b"\r\n"),
    ],
    ids=["one extension", "an extension for every byte", "trailers"],
)
async def test_what_is_around_a_body_without_end_is_broken_off(endless: tuple[bytes, bytes]) -> None:
    before, again = endless
    async with piecemeal(before, then=again) as url:
        began = time.process_time()
        with pytest.raises(CallFailed) as raised:
            await asked(url)
    assert raised.value.problem != "TimeoutError"
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "body",
    [
        b"1\r\nx\r\n" * (2 * MOST_FRAMING_BYTES // FRAMING_BYTES),
        b"5;name=value\r\nxxxxx\r\n" * 1_000,
        b"10000\r\n" + b"x" * 0x10000 + b"\r\n",
    ],
    ids=["bytes by themselves", "a short extension each", "one large chunk"],
)
async def test_an_honest_body_in_chunks_is_read(body: bytes) -> None:
    async with piecemeal(CHUNKED + body + b"0\r\nx-trailer: a\r\n\r\n") as url:
        assert await asked(url) == b"x" * body.count(b"x")
