"""Reading a request's body under limits: size decided while it streams, a share of the byte budget, a minimum speed.

Nothing is buffered beyond the limit, and a body for which there is no room yet is not read until there is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping
from types import coroutine
from typing import Any

from starlette.types import Message, Receive

from ostiary.domain.errors import InvalidRequest, PayloadTooLarge
from ostiary.domain.sentences import N_, sentence
from ostiary.web.upload_budget import Share

SMALL_BYTES = 65_536
"""Bodies up to one read of the socket are not counted against the budget."""
PATIENCE_S = 10.0
"""How long one piece may take; with pieces of 64 kB and more, an honest client on a bad line keeps well within."""
SLOWEST_BYTES_PER_S = 2_048
"""Over its whole length a body must come at least this fast (after a first grace of PATIENCE_S)."""
LONGEST_S = 120
"""And fast enough to be whole in this time: what it takes of the budget is not held for hours."""


class Disconnected(Exception):
    """The caller went away before its request was read."""


class Body:
    """One request's body. `release` it when what was read is no longer held."""

    def __init__(
        self,
        receive: Receive,
        headers: Mapping[bytes, bytes],
        share: Share,
        most_bytes: int,
        uncounted_bytes: int = SMALL_BYTES,
    ) -> None:
        """Bodies up to `uncounted_bytes` are read without a place in the budget."""
        self._receive, self._share, self._most, self._uncounted = receive, share, most_bytes, uncounted_bytes
        self._declared = _declared_length(headers)
        self._slowest = max(SLOWEST_BYTES_PER_S, (self._declared or 0) // LONGEST_S)
        self.is_read = False

    async def read(self) -> bytes | bytearray:
        """The whole body. Raises PayloadTooLarge, Unavailable, InvalidRequest (too slow), Disconnected."""
        if self._declared is not None and self._declared > self._most:
            raise _too_large(self._most)
        if self._declared is not None and self._declared > self._uncounted:
            await self._share.reserve(self._declared)
        first, more = await self._next()
        if len(first) > self._most:
            self.is_read = not more
            raise _too_large(self._most)
        body = await self._rest(first) if more else first
        self.is_read = True
        self._share.whole()
        return body

    def release(self) -> None:
        """Gives the bytes back to the budget."""
        self._share.release()

    async def linger(self, most_bytes: int, seconds: float) -> None:
        """Reads on and forgets, so that a caller still sending gets to see the answer (RFC 9112 9.6)."""
        passed, deadline = 0, asyncio.get_running_loop().time() + seconds
        while not self.is_read and passed < most_bytes:
            try:
                async with asyncio.timeout_at(deadline):
                    message = await self._receive()
            except TimeoutError:
                return
            passed += len(message.get("body", b""))
            self.is_read = message["type"] == "http.disconnect" or not message.get("more_body", False)

    async def _rest(self, first: bytes) -> bytearray:
        """One buffer that doubles as bytes arrive: what a caller has only declared takes no memory."""
        clock = asyncio.get_running_loop().time
        began, size, more = clock(), len(first), True
        buffer = bytearray(first)
        began += await self._counted(size)
        while more:
            piece, more = await self._next()
            end = size + len(piece)
            if end > self._most:
                raise _too_large(self._most)
            began += await self._counted(end)
            if end > len(buffer):
                buffer.extend(bytes(min(max(self._declared or 0, end), 2 * end) - len(buffer)))
            buffer[size:end] = piece
            size = end
            if size < (clock() - began - PATIENCE_S) * self._slowest:
                raise _too_slow()
        del buffer[size:]
        return buffer

    async def _counted(self, size: int) -> float:
        """Counts the bytes so far against the budget; the seconds waited for it, which are not the caller's fault."""
        if max(self._declared or 0, size) <= self._uncounted:
            return 0.0
        clock = asyncio.get_running_loop().time
        asked = clock()
        await self._share.grow(size)
        return clock() - asked

    async def _next(self) -> tuple[bytes, bool]:
        """One piece, in time. A timer is begun only where one has to wait: a small body is there with its head, and
        beginning and ending a timer would cost more than all the rest of reading it."""
        waiting = self._receive().__await__()
        try:
            future = waiting.send(None)
        except StopIteration as end:
            message: Message = end.value
        else:
            message = await _in_time(waiting, future)
        if message["type"] == "http.disconnect":
            raise Disconnected
        return message.get("body", b""), message.get("more_body", False)


async def _in_time(waiting: Generator[Any, Any, Message], future: Any) -> Message:
    """What a coroutine gives that has begun to wait. Raises InvalidRequest when that takes too long."""
    task, is_late = asyncio.current_task(), False
    assert task is not None  # noqa: S101 (we are in one)

    def expire() -> None:
        nonlocal is_late
        is_late = True
        task.cancel()

    timer = asyncio.get_running_loop().call_later(PATIENCE_S, expire)
    try:
        return await _on(waiting, future)
    except asyncio.CancelledError:
        if is_late and not task.uncancel():
            raise _too_slow() from None
        raise
    finally:
        timer.cancel()


@coroutine
def _on(waiting: Generator[Any, Any, Message], future: Any) -> Generator[Any, Any, Message]:
    """Goes on with a coroutine that waits for a future."""
    try:
        while True:
            try:
                yield future
            except BaseException as problem:
                future = waiting.throw(problem)
            else:
                future = waiting.send(None)
    except StopIteration as end:
        message: Message = end.value
        return message


def _declared_length(headers: Mapping[bytes, bytes]) -> int | None:
    text = headers.get(b"content-length", b"")
    return int(text) if text.isdigit() else None


def _too_large(most_bytes: int) -> PayloadTooLarge:
    return PayloadTooLarge(
        sentence(
            "The body is larger than %(most)s MB, the most this service accepts.", most=f"{most_bytes / (1 << 20):g}"
        )
    )


def _too_slow() -> InvalidRequest:
    return InvalidRequest(N_("The body came too slowly: it must be whole within two minutes."))
