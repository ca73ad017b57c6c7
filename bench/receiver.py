"""An endpoint to deliver to, as a process of its own: `python -m bench.receiver` prints its port, then what came.

Each line after the first is the arrival of a delivery's first byte (seconds since 1970) and its id. What is posted to
a path that begins with /hang is taken and never answered.
"""

from __future__ import annotations

import asyncio
import sys
import time

ANSWER = b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n"


class Receiver(asyncio.Protocol):
    """As little HTTP as answers keep-alive POSTs with a length."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._held = b""
        self._at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if not self._held:
            self._at = time.time()
        self._held += data
        while self._take():
            pass

    def _take(self) -> bool:
        head, blank, rest = self._held.partition(b"\r\n\r\n")
        if not blank:
            return False
        lines = head.lower().split(b"\r\n")
        fields = dict(one.split(b": ", 1) for one in lines[1:])
        length = int(fields[b"content-length"])
        if len(rest) < length:
            return False
        self._held = rest[length:]
        if head.startswith(b"POST /hang"):
            return False
        message_id = head[head.lower().index(b"webhook-id: ") + 12 :].split(b"\r\n", 1)[0].decode()
        sys.stdout.write(f"{self._at:.6f} {message_id}\n")
        assert self._transport is not None
        self._transport.write(ANSWER)
        return bool(self._held)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", 0, backlog=4_096)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    while True:
        await asyncio.sleep(0.2)
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
