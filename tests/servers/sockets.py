"""A server of bytes on this machine, for what no HTTP server would say: what is said to a connection is the test's."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

Take: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def taking(take: Take, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port on 127.0.0.1 whose connections are each given to `take`; with a `context` over TLS."""
    server = await asyncio.start_server(take, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@asynccontextmanager
async def silent() -> AsyncIterator[str]:
    """Host and port of a server that takes connections and says nothing."""
    held: list[asyncio.StreamWriter] = []

    async def hold(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    async with taking(hold) as port:
        try:
            yield f"127.0.0.1:{port}"
        finally:
            for writer in held:
                writer.close()
