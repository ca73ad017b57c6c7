"""An HTTP/1.1 client that costs little: on shared cores what the load costs is taken from the service.

It understands what both services speak: kept-alive connections and answers with a Content-Length.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from typing import NamedTuple, cast
from urllib.parse import urlsplit

PATIENCE_S = 60.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_RETRY = re.compile(rb"\r\nretry-after: *(\d+)", re.IGNORECASE)


class Answer(NamedTuple):
    """One answer. `seconds` runs from the first byte sent to the last byte received."""

    status: int
    body: bytes
    seconds: float
    retry_after_s: int | None


class Lost(Exception):
    """The connection ended, or stayed silent, before a whole answer came."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a service listens, and the key it knows."""

    url: str
    key: str

    @property
    def place(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 80


class _Wire(asyncio.Protocol):
    """One connection with at most one request on its way."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.answered: asyncio.Future[tuple[bytes, bytes]] | None = None
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own, which is none by inheritance

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or self.answered is None or self.answered.done():
            return
        head = bytes(self._buffer[: end + 2])
        length = _LENGTH.search(head)
        if length is None:
            self.answered.set_exception(Lost("an answer without Content-Length"))
            return
        last = end + 4 + int(length[1])
        if len(self._buffer) >= last:
            body = bytes(self._buffer[end + 4 : last])
            del self._buffer[:last]
            self.answered.set_result((head, body))

    def connection_lost(self, problem: Exception | None) -> None:
        self.transport = None
        if self.answered is not None and not self.answered.done():
            self.answered.set_exception(Lost(str(problem or "closed")))


class Caller:
    """Asks one server, one question at a time, on one connection that is opened again when it ends."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._wire: _Wire | None = None
        common = f" HTTP/1.1\r\nhost: {'{}:{}'.format(*server.place)}\r\nx-api-key: {server.key}\r\n"
        self._bare = common.encode()
        self._with_body = (common + "content-type: application/json\r\n").encode()

    async def ask(self, line: str, *body: bytes) -> Answer:
        """`line` is method and path. The body may come in pieces, so that a big shared one is never copied."""
        wire = await self._connected()
        assert wire.transport is not None
        length = sum(map(len, body))
        head = line.encode() + (self._with_body if body else self._bare) + b"content-length: %d\r\n\r\n" % length
        wire.answered = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        wire.transport.writelines([head, *body])
        try:
            head, content = await asyncio.wait_for(wire.answered, PATIENCE_S)
        except TimeoutError:
            self.close()
            raise Lost("no answer in time") from None
        seconds = time.perf_counter() - began
        # An answer may come before the body went out (a refusal); the rest of that body is of no use to anyone.
        if _CLOSE.search(head) or (wire.transport is not None and wire.transport.get_write_buffer_size()):
            self.close()
        retry = _RETRY.search(head)
        return Answer(int(head[9:12]), content, seconds, int(retry[1]) if retry else None)

    async def _connected(self) -> _Wire:
        if self._wire is None or self._wire.transport is None or self._wire.transport.is_closing():
            try:
                _, self._wire = await asyncio.get_running_loop().create_connection(_Wire, *self._server.place)
            except OSError as problem:
                raise Lost(str(problem)) from problem
        return self._wire

    def close(self) -> None:
        if self._wire is not None and self._wire.transport is not None:
            self._wire.transport.abort()
        self._wire = None
