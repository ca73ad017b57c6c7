"""Heads that are too large or never come: the connection is closed before anybody asks for a key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from ostiary.http import wire
from ostiary.http.wire import MOST_HEAD_BYTES, CarefulProtocol

GOOD = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    config = uvicorn.Config(answering, port=0, http=CarefulProtocol, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    config.load()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: CarefulProtocol(config, server.server_state, {}, loop), "127.0.0.1", 0)
    yield listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()


async def told(port: int, *pieces: bytes, wait_s: float = 3.0) -> bytes:
    """What comes back until the service closes or nothing more comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    got = b""
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)
        async with asyncio.timeout(wait_s):
            while piece := await reader.read(65_536):
                got += piece
                if got.endswith(b"ok"):
                    break
    except ConnectionError:
        pass
    finally:
        writer.close()
    return got


async def test_an_honest_head_is_answered_also_in_pieces(port: int) -> None:
    assert (await told(port, GOOD)).startswith(b"HTTP/1.1 200")
    assert (await told(port, GOOD[:9], GOOD[9:20], GOOD[20:])).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "line", [b"a: " + b"x" * 200 + b"\r\n", b"abc", b"x" * 1_000], ids=["many headers", "one name", "one long line"]
)
async def test_a_head_without_end_is_cut_off(port: int, line: bytes) -> None:
    head = GOOD[:-2] + line * (5 * MOST_HEAD_BYTES // len(line))
    pieces = [head[at : at + 16_384] for at in range(0, len(head), 16_384)]
    assert b" 200 " not in await told(port, *pieces)


async def test_a_head_that_does_not_come_is_not_waited_for(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEAD_PATIENCE_S", 0.1)
    assert await told(port, b"") == b""
    assert await told(port, GOOD[:10]) == b""


async def test_a_large_body_is_not_taken_for_a_head(port: int) -> None:
    body = b"x" * (4 * MOST_HEAD_BYTES)
    head = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body)
    assert (await told(port, head, body)).startswith(b"HTTP/1.1 200")
