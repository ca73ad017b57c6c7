"""Honest callers, a process of its own: calls that begin at set times, each printed as a line of JSON when it ended.

    python -m bench.honest calls      --url http://127.0.0.1:8000 --key KEY --per-second 60
    python -m bench.honest uploads    --url ... --key KEY --per-second 3 --picture page.jpg --targets targets.json
    python -m bench.honest deliveries --url ... --key KEY --per-second 20 --receiver http://localhost:9000

A line is [kind, when it was due, seconds from then, what went wrong or ""]. Times are seconds since 1970. Counted from
when a call was due, not from when it could begin: what waits behind a slow one waits too. Ends when its input does.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import cycle
from pathlib import Path

import msgspec
import pybase64
import uvloop

from bench.load import CLIENTS, Made, Target, marks
from bench.material import passport_around, person
from bench.wire import Answer, Caller, Lost, Server

CALLERS, UPLOADERS = 16, 8
HEALTH_EVERY_S = 0.25
WEBHOOK = "/management/companies/webhook"
Ask = Callable[[Caller], Awaitable[tuple[str, int, Answer]]]


def tell(kind: str, due: float, problem: str = "", *, seconds: float | None = None) -> None:
    took = time.time() - due if seconds is None else seconds
    sys.stdout.write(msgspec.json.encode([kind, due, took, problem]).decode() + "\n")
    sys.stdout.flush()


class Crowd:
    """So many callers at most; who finds none free waits for one, and its time runs."""

    def __init__(self, server: Server, number: int) -> None:
        self._free: asyncio.Queue[Caller] = asyncio.Queue()
        for _ in range(number):
            self._free.put_nowait(Caller(server))
        self._running: set[asyncio.Task[None]] = set()

    async def every(self, seconds: float, asks: Ask) -> None:
        """Begins a call at each of these times, for ever."""
        due = time.time()
        while True:
            due += seconds
            await asyncio.sleep(max(0.0, due - time.time()))
            task = asyncio.create_task(self._one(due, asks))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _one(self, due: float, asks: Ask) -> None:
        caller = await self._free.get()
        try:
            kind, wanted, answer = await asks(caller)
            tell(kind, due, "" if answer.status == wanted else str(answer.status))
        except Lost as problem:
            tell("lost", due, f"lost ({problem})")
        finally:
            self._free.put_nowait(caller)


async def health(server: Server) -> None:
    """A probe as an orchestrator makes it: on a connection of its own."""
    due = time.time()
    while True:
        due += HEALTH_EVERY_S
        await asyncio.sleep(max(0.0, due - time.time()))
        caller = Caller(server)
        try:
            answer = await caller.ask("GET /health/ready")
            tell("health", due, "" if answer.status == 200 else str(answer.status))
        except Lost as problem:
            tell("health", due, f"lost ({problem})")
        caller.close()


async def calls(server: Server) -> Ask:
    """Reads and writes by turns."""
    fresh = marks()
    first = Caller(server)
    made = msgspec.json.decode((await first.ask(f"POST {CLIENTS}", person(next(fresh)))).body, type=Made)
    first.close()
    turns = cycle((True, False))

    async def ask(caller: Caller) -> tuple[str, int, Answer]:
        if next(turns):
            return "read", 200, await caller.ask(f"GET {CLIENTS}/{made.id}/products")
        return "write", 201, await caller.ask(f"POST {CLIENTS}", person(next(fresh)))

    return ask


async def uploads(picture: bytes, targets: list[Target]) -> Ask:
    encoded, waiting, numbers = pybase64.b64encode(picture), cycle(targets), marks()

    async def ask(caller: Caller) -> tuple[str, int, Answer]:
        before, after = passport_around(next(numbers).upper())
        line = f"POST {next(waiting).path}/documentation"
        return "upload", 200, await caller.ask(line, before, encoded, after)

    return ask


async def deliveries(server: Server, receiver: str) -> Ask:
    """Each call asks for an event; when it comes in, its receiver says. The line says which one, and when it began."""
    first = Caller(server)
    body = msgspec.json.encode({"url": receiver + "/hook", "webhook_key": "key"})
    answer = await first.ask(f"POST {WEBHOOK}/subscribe", body)
    assert answer.status == 200, answer.body
    first.close()

    async def ask(caller: Caller) -> tuple[str, int, Answer]:
        began = time.time()
        answer = await caller.ask(f"POST {WEBHOOK}/test")
        if answer.status == 200:
            tell("sent", began, msgspec.json.decode(answer.body, type=Made).id, seconds=0.0)
        return "write", 200, answer

    return ask


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["calls", "uploads", "deliveries"])
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--per-second", type=float, required=True)
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--targets", type=Path)
    parser.add_argument("--receiver", default="")
    given = parser.parse_args()
    server = Server(given.url, given.key)
    if given.what == "calls":
        asks = await calls(server)
    elif given.what == "uploads":
        targets = msgspec.json.decode(given.targets.read_bytes(), type=list[Target])
        asks = await uploads(given.picture.read_bytes(), targets)
    else:
        asks = await deliveries(server, given.receiver)
    crowd = Crowd(server, UPLOADERS if given.what == "uploads" else CALLERS)
    beside = [asyncio.create_task(crowd.every(1 / given.per_second, asks)), asyncio.create_task(health(server))]
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for one in beside:
        one.cancel()


if __name__ == "__main__":
    uvloop.run(main())
