"""Who abuses a service, a process of its own: `python -m bench.abuser WHAT --url http://127.0.0.1:8000`.

Begins when it reads a line `on`, ends everything it does at a line `off`, and itself when its input ends. It yields to
everybody (nice 19), as a real one would not sit on the service's own machine: what it costs is what the service spends
on it. It knows no key but those it is given, and comes from several addresses of the loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import resource
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import cycle
from pathlib import Path

import msgspec

from bench.load import Target
from bench.wire import Caller, Lost, Server

FLOODS, HELD, STRANGERS, UPLOADS = 100, 2_000, 64, 24
ADDRESSES = [f"127.0.0.{last}" for last in range(2, 10)]
WEBHOOK = "/management/companies/webhook"
VERDICTS = "/providers/acme/verdicts"
HOST = b"Host: x\r\n"
_CHUNKED = b"POST /management/clients/individuals HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
_LONG = b"GET /health/live HTTP/1.1\r\n" + HOST + b"Content-Length: 999999999\r\n\r\n"
_AHEAD = b"POST /health/ready HTTP/1.1\r\n" + HOST + b"Content-Length: 60000\r\n\r\n" + b"x" * 60_000
SENT_WITHOUT_END = (
    (b"", b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n" * 2_000),
    (b"", b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 500),
    (b"GET / HTTP/1.1\r\n" + HOST, b"a: b\r\n" * 10_000),
    (b"GET / HTTP/1.1\r\n" + HOST + b"a: ", b"x" * 60_000),
    (_LONG, b"x" * 60_000),
    (_CHUNKED, b"ea60\r\n" + b"x" * 60_000 + b"\r\n"),
    (_CHUNKED, b"1\r\nx\r\n" * 10_000),
    (_CHUNKED + b"0\r\n", b"a: b\r\n" * 10_000),
    (_CHUNKED + b"1;a=", b"x" * 60_000),
    (b"", _AHEAD),
)
"""What begins, and what is sent again and again: requests ahead, large answers unread, fields, bodies that nobody
reads, bodies without a key, small chunks, fields behind a body, extensions of chunks, bodies ahead."""
SENT_AND_LEFT = (
    b"", b"GET / HT", b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST " + VERDICTS.encode() + b" HTTP/1.1\r\n" + HOST + b"Content-Length: 60000\r\n\r\nx",
)  # fmt: skip
"""Silent, a slow head, idle after an answer, a slow body."""
SLOW_EVERY_S = 0.25
VERDICT_BYTES, SLOW_VERDICT = 262_144, 1_024
UPLOAD_BYTES, SLOW_UPLOAD = 6_000_000, 16_000
"""Bytes that are declared, and those sent each time: just above what the service takes for too slow."""
INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 1_000
DEAD = ".dead.example"
"""As bench/dead_names has it."""
EVENTS_EVERY_S = 0.25
"""Of each company that abuses: four events a second for an endpoint that does not take them."""

Abuse = Callable[[], Awaitable[None]]


async def opened(url: Server, source: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(*url.place, local_addr=(source, 0))


async def again(once: Abuse) -> None:
    """For ever: whoever is thrown out comes back."""
    while True:
        with suppress(OSError, TimeoutError, Lost, asyncio.IncompleteReadError):
            await once()
        await asyncio.sleep(0.05 + random.random() * 0.05)


def floods(server: Server) -> list[Abuse]:
    """Connections that send all they may and read nothing."""

    async def flood(source: str, begin: bytes, more: bytes) -> None:
        _, writer = await opened(server, source)
        try:
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            writer.write(begin)
            while not writer.transport.is_closing():
                writer.write(more)
                async with asyncio.timeout(0.5):
                    await writer.drain()
        finally:
            writer.transport.abort()

    kinds, sources = cycle(SENT_WITHOUT_END), cycle(ADDRESSES)
    return [_bound(flood, next(sources), *next(kinds)) for _ in range(FLOODS)]


def held(server: Server) -> list[Abuse]:
    """Idle and slow connections, kept until they are closed."""

    async def hold(source: str, sent: bytes) -> None:
        reader, writer = await opened(server, source)
        try:
            writer.write(sent)
            while await reader.read(65_536):
                pass
        finally:
            writer.transport.abort()

    kinds, sources = cycle(SENT_AND_LEFT), cycle(ADDRESSES)
    return [_bound(hold, next(sources), next(kinds)) for _ in range(HELD)]


def _slow(server: Server, source: str, head: bytes, length: int, piece: int) -> Abuse:
    async def send() -> None:
        reader, writer = await opened(server, source)
        try:
            writer.write(head + b"Content-Length: %d\r\n\r\n" % length)
            for _ in range(length // piece):
                writer.write(b"A" * piece)
                await writer.drain()
                with suppress(TimeoutError):
                    async with asyncio.timeout(SLOW_EVERY_S):
                        await reader.read(1)
                    return  # answered: it is refused
        finally:
            writer.transport.abort()

    return send


def strangers(server: Server) -> list[Abuse]:
    """Verdicts without end, from everywhere, that nobody signed."""
    head = f"POST {VERDICTS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n".encode()
    sources = cycle(ADDRESSES)
    return [_slow(server, next(sources), head, VERDICT_BYTES, SLOW_VERDICT) for _ in range(STRANGERS)]


def slow_uploads(server: Server, target: Target) -> list[Abuse]:
    """One company's documents, slower than anybody's line."""
    head = f"POST {target.path}/documentation HTTP/1.1\r\nHost: x\r\nX-API-Key: {server.key}\r\n"
    typed = (head + "Content-Type: application/json\r\n").encode()
    return [_slow(server, ADDRESSES[0], typed, UPLOAD_BYTES, SLOW_UPLOAD) for _ in range(UPLOADS)]


class Endless:
    """An endpoint of the abuser's: interim answers and nothing else, or 204 at once while nothing is abused."""

    def __init__(self) -> None:
        self.is_on = False

    async def begin(self) -> int:
        """Its port."""
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0, backlog=1_024)
        return int(server.sockets[0].getsockname()[1])

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                await reader.readexactly(length)
                while self.is_on:
                    writer.write(INTERIM)
                    await writer.drain()
                writer.write(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")
        writer.transport.abort()


async def subscribed(caller: Caller, url: str) -> None:
    answer = await caller.ask(f"POST {WEBHOOK}/subscribe", msgspec.json.encode({"url": url, "webhook_key": "key"}))
    if answer.status != 200:
        raise Lost(f"{answer.status}: {answer.body[:200]!r}")


async def endless_answers(servers: list[Server], endless: Endless) -> list[Abuse]:
    """A company for each key, whose endpoint never comes to its answer."""
    port = await endless.begin()

    def events_of(caller: Caller) -> Abuse:
        async def ask() -> None:
            await caller.ask(f"POST {WEBHOOK}/test")
            await asyncio.sleep(EVENTS_EVERY_S)

        return ask

    callers = [Caller(one) for one in servers]
    for number, caller in enumerate(callers):
        await subscribed(caller, f"http://127.0.0.1:{port}/{number}")
    return [events_of(caller) for caller in callers]


def dead_names(server: Server) -> list[Abuse]:
    """One company that moves from one dead name to the next, and has sent what it can to each."""
    caller, numbers = Caller(server), cycle(range(1_000_000))

    async def move() -> None:
        await subscribed(caller, f"https://n{next(numbers)}{DEAD}/hook")
        for _ in range(8):
            await caller.ask(f"POST {WEBHOOK}/test")
        await asyncio.sleep(EVENTS_EVERY_S)

    return [move]


def _bound(once: Callable[..., Awaitable[None]], *given: object) -> Abuse:
    async def ask() -> None:
        await once(*given)

    return ask


async def _obey(abuses: list[Abuse], endless: Endless) -> None:
    """Until the input ends."""
    running: list[asyncio.Task[None]] = []
    loop = asyncio.get_running_loop()
    while word := await loop.run_in_executor(None, sys.stdin.readline):
        endless.is_on = word.strip() == "on"
        if endless.is_on and not running:
            running = [asyncio.create_task(again(one)) for one in abuses]
        elif not endless.is_on:
            await _ended(running)
            running = []


async def _ended(running: list[asyncio.Task[None]]) -> None:
    """Cancels until all have heard: a time that is over at the same moment hides it."""
    waiting = set(running)
    while waiting:
        for one in waiting:
            one.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=0.2)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["memory", "connections", "verdicts", "uploads", "deliveries", "names"])
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--targets", type=Path)
    given = parser.parse_args()
    os.setpriority(os.PRIO_PROCESS, 0, 19)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    servers = [Server(given.url, key) for key in given.key or [""]]
    endless = Endless()
    if given.what == "deliveries":
        abuses = await endless_answers(servers, endless)
    elif given.what == "uploads":
        [target, *_] = msgspec.json.decode(given.targets.read_bytes(), type=list[Target])
        abuses = slow_uploads(servers[0], target)
    else:
        makers = {"memory": floods, "connections": held, "verdicts": strangers, "names": dead_names}
        abuses = makers[given.what](servers[0])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await _obey(abuses, endless)


if __name__ == "__main__":
    asyncio.run(main())
