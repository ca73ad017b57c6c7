"""Our protocol on a real socket, over an application that says what it got."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from ostiary.web.connections import ConnectionLimits, OpenConnections
from ostiary.web.inlet import Inlet

GOOD = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with what was asked. `/deaf` reads no body; `/slow` waits before it answers; `/large` says a lot."""
    body, more = b"", scope["path"] not in ("/deaf", "/refuse")
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message.get("body", b""), message.get("more_body", False)
    if scope["path"] == "/slow":
        await asyncio.sleep(0.3)
    names = sorted({name.decode() for name, _ in scope["headers"]})
    echoed = {"path": scope["path"], "query": scope["query_string"].decode(), "body": len(body), "fields": names}
    text = b"x" * 4_000_000 if scope["path"] == "/large" else json.dumps(echoed).encode()
    length = (b"content-length", str(len(text)).encode())
    await send(
        {"type": "http.response.start", "status": 401 if scope["path"] == "/refuse" else 200, "headers": [length]}
    )
    await send({"type": "http.response.body", "body": text})


@asynccontextmanager
async def listening(app: ASGIApp = echo, **limits: Any) -> AsyncIterator[tuple[int, OpenConnections]]:
    """The port, and the connections there are."""
    crowd = OpenConnections(ConnectionLimits(**limits))
    config = uvicorn.Config(app, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    config.load()
    loop = asyncio.get_running_loop()

    def protocol() -> Inlet:
        return Inlet(config, server.server_state, {}, loop, crowd=crowd)

    listener = await loop.create_server(protocol, "127.0.0.1", 0)
    try:
        yield listener.sockets[0].getsockname()[1], crowd
    finally:
        listener.close()
        for caller in Caller.opened:
            caller.writer.transport.abort()
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0.02)
        Caller.opened.clear()
        await listener.wait_closed()


class Caller:
    """One connection, used by hand; closed with the service, or before by `close`."""

    opened: ClassVar[list[Caller]] = []

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.opened.append(self)

    @classmethod
    async def at(cls, port: int, address: str = "127.0.0.1") -> Caller:
        return cls(*await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0)))

    async def send(self, *pieces: bytes) -> Caller:
        for piece in pieces:
            self.writer.write(piece)
            await asyncio.sleep(0.01 if len(pieces) > 1 else 0)
        return self

    async def answer(self, wait_s: float = 5.0) -> tuple[int, Any]:
        """The next answer's status and JSON; interim ones are passed over."""
        async with asyncio.timeout(wait_s):
            head = await self.reader.readuntil(b"\r\n\r\n")
            status = int(head.split(b" ", 2)[1])
            if status == 100:
                return await self.answer(wait_s)
            self.head = head.lower()
            size = int(self.head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            body = await self.reader.readexactly(size)
        return status, json.loads(body) if body[:1] == b"{" else body

    async def rest(self, wait_s: float = 5.0) -> bytes:
        """Everything until the service ends the connection."""
        try:
            async with asyncio.timeout(wait_s):
                return await self.reader.read()
        except ConnectionError:
            return b""

    def close(self) -> None:
        self.writer.close()
