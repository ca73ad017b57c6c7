"""An endpoint that behaves as its path says: `python -m tests.acceptance.misbehaving` prints its port.

/ok /500 /410 /429 (come again in a minute) /redirect (to /elsewhere) /close (without a word) /garbage (no HTTP)
/slow (the whole answer within the time, byte by byte) /drip (never done) /hang (nothing at all) /busy (interim answers
without end, in many small pieces). What came is printed, a line each: path and id.
"""

from __future__ import annotations

import asyncio
import socket
import sys

ANSWERS = {
    "/ok": b"HTTP/1.1 204 No Content\r\n\r\n",
    "/500": b"HTTP/1.1 500 Oops\r\nContent-Length: 11\r\n\r\nno such row",
    "/410": b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n",
    "/429": b"HTTP/1.1 429 Slow Down\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n",
    "/redirect": b"HTTP/1.1 307 There\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
    "/elsewhere": b"HTTP/1.1 204 No Content\r\n\r\n",
    "/garbage": b"\x16\x03\x01 this is no HTTP\r\n\r\n",
    "/close": b"",
}
INTERIM = b"HTTP/1.1 102 Processing\r\n\r\n"
SLOWLY = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:])}
    await reader.readexactly(int(fields["content-length"]))
    path = head.split(" ")[1]
    tell(f"{path} {fields['webhook-id']}")
    if path == "/hang":
        await asyncio.sleep(3_600)
    if path in ("/slow", "/drip"):
        for part in SLOWLY if path == "/slow" else b"HTTP/1.1 200 OK\r\nx-endless: " + b"a" * 1_000:
            writer.write(bytes([part]))
            await writer.drain()
            await asyncio.sleep(0.02 if path == "/slow" else 0.5)
    while path == "/busy":  # until the other side has had enough
        for part in INTERIM:
            writer.write(bytes([part]))
            await asyncio.sleep(0)
        await writer.drain()
    writer.write(ANSWERS.get(path, b""))
    await writer.drain()
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(take, "127.0.0.1", 0)
    tell(str(server.sockets[0].getsockname()[1]))
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
