"""Answers of one turn of the event loop go out at its end, in order, and none is lost when its connection ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from ostiary.web.answers_together import AnswersTogether, GatheredWrites

PATIENCE_S = 10.0
Caller = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connected(number: int = 1) -> AsyncIterator[tuple[list[GatheredWrites], list[Caller]]]:
    """So many connections of one loop, as the service and as its callers have them."""
    answers, ours, theirs = AnswersTogether(), asyncio.Queue[GatheredWrites](), list[Caller]()

    class Served(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            ours.put_nowait(GatheredWrites(transport, answers))

    server = await asyncio.get_running_loop().create_server(Served, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    served = list[GatheredWrites]()
    for _ in range(number):
        theirs.append(await asyncio.open_connection("127.0.0.1", port))
        served.append(await ours.get())
    try:
        yield served, theirs
    finally:
        for connection, (_, writer) in zip(served, theirs, strict=True):
            connection.abort()
            writer.close()
        server.close()


async def test_what_is_put_goes_out_at_the_end_of_the_turn() -> None:
    async with connected(3) as (served, callers):
        for number, connection in enumerate(served):
            connection.put(b"%d" % number)
            connection.put(b"!")
        for number, (reader, _) in enumerate(callers):
            assert await asyncio.wait_for(reader.readexactly(2), PATIENCE_S) == b"%d!" % number
        served[1].put(b"again")
        assert await asyncio.wait_for(callers[1][0].readexactly(5), PATIENCE_S) == b"again"


@pytest.mark.parametrize("end", [GatheredWrites.close, GatheredWrites.write_eof])
async def test_what_was_put_comes_before_the_end(end: Callable[[GatheredWrites], None]) -> None:
    async with connected() as ((connection,), ((reader, _),)):
        connection.put(b"answer")
        end(connection)
        assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b"answer"


async def test_what_is_written_comes_after_what_was_put() -> None:
    async with connected() as ((connection,), ((reader, _),)):
        connection.put(b"first ")
        connection.write(b"second")
        assert await asyncio.wait_for(reader.readexactly(12), PATIENCE_S) == b"first second"


async def test_a_connection_that_was_cut_off_gets_nothing_and_holds_up_nobody() -> None:
    async with connected(2) as ((gone, here), (_, (reader, _))):
        gone.put(b"nobody")
        here.put(b"somebody")
        gone.abort()
        assert await asyncio.wait_for(reader.readexactly(8), PATIENCE_S) == b"somebody"
