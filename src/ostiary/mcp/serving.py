"""Reads a host's lines and answers them, several at once, until the host closes the stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from ostiary.mcp.messages import (
    NO_REQUEST,
    OUR_FAULT,
    RequestId,
    RpcMessage,
    RpcRefused,
    error_line,
    id_in,
    read_message,
    result_line,
)
from ostiary.mcp.session import McpSession

MOST_LINE_BYTES = 24_000_000
"""Of a message: a document of two pictures in base64, as large as the API takes one."""
MOST_AT_ONCE = 8
"""Calls under way: a company has 15 a second for all it does."""
MOST_WAITING = 64
"""Messages taken in that wait for their turn; the host's further ones wait in its own stream."""
LAST_CALLS_S = 10.0
"""When the stream is closed, what is under way has so long to end."""
CANCELLED = "notifications/cancelled"


async def lines_of(pieces: AsyncIterator[bytes], most_bytes: int = MOST_LINE_BYTES) -> AsyncIterator[bytes | None]:
    """The lines within what comes in pieces; None in place of one that is too long, which is passed over."""
    waiting, is_too_long = bytearray(), False
    async for piece in pieces:
        *ended, rest = piece.split(b"\n")
        for end in ended:
            waiting += end
            if is_too_long or len(waiting) > most_bytes:
                yield None
            elif waiting.strip():
                yield bytes(waiting)
            waiting, is_too_long = bytearray(), False
        waiting += rest
        if len(waiting) > most_bytes:
            waiting, is_too_long = bytearray(), True
    if waiting.strip() and not is_too_long:
        yield bytes(waiting)


class Conversation:
    """With one host. `write` takes a line of ours."""

    def __init__(self, session: McpSession, write: Callable[[bytes], None]) -> None:
        self._session, self._write = session, write
        self._under_way = dict[RequestId, asyncio.Task[None]]()
        self._tasks = set[asyncio.Task[None]]()
        self._turns, self._places = asyncio.Semaphore(MOST_AT_ONCE), asyncio.Semaphore(MOST_WAITING)

    async def hold(self, pieces: AsyncIterator[bytes]) -> None:
        """Answers until the stream ends, and what is under way by then."""
        async for line in lines_of(pieces):
            if line is None:
                self._refuse(None, RpcRefused(NO_REQUEST, f"a message has more than {MOST_LINE_BYTES} bytes"))
            else:
                await self._take(line)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=LAST_CALLS_S)
            for task in late:
                task.cancel()

    async def _take(self, line: bytes) -> None:
        try:
            message = read_message(line)
        except RpcRefused as problem:
            return self._refuse(id_in(line), problem)
        if message is None or message.id is None:
            return self._hear(message)
        await self._places.acquire()
        task = asyncio.create_task(self._answer(message, message.id))
        self._tasks.add(task)
        self._under_way[message.id] = task
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._places.release()
        self._tasks.discard(task)
        for number in [number for number, each in self._under_way.items() if each is task]:
            del self._under_way[number]

    def _hear(self, message: RpcMessage | None) -> None:
        """Of notifications one means something here: a call that nobody waits for any more gets no answer."""
        if message is not None and message.method == CANCELLED:
            number = message.params.get("requestId")
            task = self._under_way.get(number) if isinstance(number, str | int) else None
            if task is not None:
                task.cancel()

    async def _answer(self, message: RpcMessage, number: RequestId) -> None:
        async with self._turns:
            try:
                self._write(result_line(number, await self._session.result(message)))
            except RpcRefused as problem:
                self._refuse(number, problem)
            except Exception as problem:  # ours: the host's other calls go on
                self._refuse(number, RpcRefused(OUR_FAULT, f"could not be answered: {type(problem).__name__}"))

    def _refuse(self, number: RequestId | None, problem: RpcRefused) -> None:
        self._write(error_line(number, problem))
